"""The design system's own addresses, mounted as the product mounts them."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("plaudit.surfaces.design.urls"))]
