"""What learning decides: credits, periods, steps, who is meant by a name. No database and no clock."""
