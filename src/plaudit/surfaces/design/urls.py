"""Addresses of the design system: the gallery of components, and how pages look."""

from __future__ import annotations

from django.urls import path

from plaudit.surfaces.design import views

app_name = "design"

urlpatterns = [
    path("console/dev/components", views.gallery, name="gallery"),
    path("me/appearance", views.appearance_page, name="appearance-page"),
    path("me/appearance/theme", views.appearance, name="appearance"),
]
