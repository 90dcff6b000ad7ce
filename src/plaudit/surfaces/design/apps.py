"""Tells Django where the design system's templates, tags and static files are."""

from __future__ import annotations

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "plaudit.surfaces.design"
    label = "design"
