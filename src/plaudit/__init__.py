"""Plaudit: customer-service reward programmes, from what people do to what it was worth."""
