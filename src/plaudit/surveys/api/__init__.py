"""Surveys over HTTP: what is asked, who is asked, answers given elsewhere, and results."""

from ninja import Router

from plaudit.surveys.api.asking import router as asking
from plaudit.surveys.api.results import router as results

router = Router()
for part in (asking, results):
    router.add_router("", part)
