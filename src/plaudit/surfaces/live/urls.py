"""Where open pages follow what is new."""

from __future__ import annotations

from django.urls import path

from plaudit.surfaces.live import views

app_name = "live"

urlpatterns = [
    path("live", views.follow, name="follow"),
    path("live/asked", views.ask, name="ask"),
]
