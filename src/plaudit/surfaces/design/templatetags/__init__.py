"""Where Django looks for ``{% load plaudit %}``."""
