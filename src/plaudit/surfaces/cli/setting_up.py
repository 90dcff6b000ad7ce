"""Readies this process to act: the database started and up to date, and Django set up."""

from __future__ import annotations

import os
from importlib import import_module

import django

from plaudit.foundation import postgres
from plaudit.surfaces.cli import own_server


def set_up_django() -> None:
    """Django, so that modules that name tables can be imported; no table is looked at."""
    own_server.hold()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    django.setup()


def set_up() -> None:
    """Django, with the server it needs running and its database there; nothing is migrated."""
    set_up_django()
    postgres.ready()


def set_up_to_date() -> None:
    """The same, with every migration run and every guard set."""
    set_up()
    # It names tables, and can be imported only now.
    import_module("plaudit.foundation.schema").migrate()
