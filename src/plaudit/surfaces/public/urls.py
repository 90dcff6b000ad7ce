"""Where the public addresses lead, under /public/."""

from __future__ import annotations

from django.urls import URLPattern, path

from plaudit.surfaces.public import answering, joining, pages, verifying

app_name = "public"

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/", pages.programme_list, name="list"),
    path("<slug:slug>/verify", verifying.verify, name="verify"),
    path("<slug:slug>/survey/<str:secret>", answering.survey_page, name="survey"),
    path("<slug:slug>/<slug:key>/", pages.about, name="about"),
    path("<slug:slug>/<slug:key>/rules", pages.rules, name="rules"),
    path("<slug:slug>/<slug:key>/faq", pages.questions, name="questions"),
    path("<slug:slug>/<slug:key>/join", joining.join_page, name="join"),
    path("<slug:slug>/<slug:key>/join/sent", joining.sent, name="join-sent"),
    path("<slug:slug>/<slug:key>/join/<str:secret>", joining.confirm, name="confirm"),
]
