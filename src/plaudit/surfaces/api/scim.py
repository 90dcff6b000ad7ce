"""Where the addresses of provisioning lead; they are mounted under /scim/v2/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from plaudit.foundation.access.problems import translate_in
from plaudit.people.api.scim import router

_api = NinjaAPI(title="Provisioning", version="2.0", docs_url=None, openapi_url=None, urls_namespace="scim")
translate_in(_api)
_api.add_router("", router)

_operations, app_name, _ = _api.urls

urlpatterns: list[URLPattern | URLResolver] = [*_operations]
