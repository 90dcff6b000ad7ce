"""Where the addresses of the Experience API lead; they are mounted under /xapi/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from plaudit.foundation.access.problems import translate_in
from plaudit.learning.api.documents import router as documents
from plaudit.learning.api.statements import router

_api = NinjaAPI(title="Statements", version="1.0.3", docs_url=None, openapi_url=None, urls_namespace="xapi")
translate_in(_api)
_api.add_router("", router)
_api.add_router("", documents)

_operations, app_name, _ = _api.urls

urlpatterns: list[URLPattern | URLResolver] = [*_operations]
