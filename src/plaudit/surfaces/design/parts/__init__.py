"""The template tags, by what they are for; ``templatetags/plaudit.py`` gathers them."""
