"""Pages here are drawn with plain static files and the design system's own addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

# Without the door that asks who is there: these pages are for everybody and need no rows.
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
CONTEXT = "plaudit.surfaces.design.context.design"


@pytest.fixture(autouse=True)
def _own_pages():
    engine: dict[str, Any] = settings.TEMPLATES[0]
    processors = engine["OPTIONS"]["context_processors"]
    with override_settings(
        ROOT_URLCONF="plaudit.surfaces.design.tests.addresses",
        STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        TEMPLATES=[
            {**engine, "OPTIONS": {"context_processors": [*[p for p in processors if p != CONTEXT], CONTEXT]}}
        ],
        MIDDLEWARE=MIDDLEWARE,
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        ALLOWED_HOSTS=["testserver"],
    ):
        yield


@pytest.fixture
def client():
    return Client()
