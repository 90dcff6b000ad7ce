"""Where Django looks for ``{% load live %}``."""
