"""Where every address leads."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("plaudit.surfaces.api.urls")),
    path("scim/v2/", include("plaudit.surfaces.api.scim")),
    path("xapi/", include("plaudit.surfaces.api.xapi")),
    path("", include("plaudit.surfaces.design.urls")),
    path("", include("plaudit.surfaces.live.urls")),
    path("public/", include("plaudit.surfaces.public.urls")),
    path("console/", include("plaudit.surfaces.console.urls")),
    path("", include("plaudit.surfaces.portal.urls")),
]

# What goes wrong outside a view has pages too; under the API's address they become problem documents.
handler400 = "plaudit.surfaces.portal.faults.not_understood"
handler403 = "plaudit.surfaces.portal.faults.not_allowed"
handler404 = "plaudit.surfaces.portal.faults.not_found"
handler500 = "plaudit.surfaces.portal.faults.our_fault"
