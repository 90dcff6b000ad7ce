"""Tells Django where the design system's templates, tags and static files are."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class DesignConfig(AppConfig):
    name = "plaudit.surfaces.design"
    label = "design"


class ServedFilesConfig(StaticFilesConfig):
    """Collects of what other packages ship only what our pages name: every file is compressed twice at every start."""

    ignore_patterns = [  # noqa: RUF012  # as Django has it
        *StaticFilesConfig.ignore_patterns,
        "htmx-4*",
        "htmax*",
        "ext",
        "htmx-2.js",
        "django-htmx.js",
    ]
