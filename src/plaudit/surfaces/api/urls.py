"""Where the API's addresses lead; they are mounted under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from plaudit.surfaces.api import views
from plaudit.surfaces.api.application import api

_operations, app_name, _ = api.urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", views.openapi, name="openapi"),
    path("docs", views.reference, name="reference"),
    *_operations,
]
