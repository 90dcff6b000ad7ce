"""Names every change of a model that no migration makes yet; it asks no database.

Django's own `makemigrations --check` wants to compare with a live database first, and waits for one.
"""

from __future__ import annotations

import os
import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def pending() -> list[str]:
    """The missing operations, each as a sentence with its app."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    told = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = told.changes(graph=loader.graph)
    return [
        f"{app}: {operation.describe()}"
        for app, migrations in sorted(changes.items())
        for migration in migrations
        for operation in migration.operations
    ]


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "plaudit.settings"
    django.setup()
    missing = pending()
    for sentence in missing:
        print(sentence)
    if missing:
        sys.exit("These changes have no migration. Make one: .venv/bin/python -m django makemigrations")
