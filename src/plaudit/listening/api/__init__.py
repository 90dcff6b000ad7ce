"""Listening over HTTP: baselines of expectations, remarks and their coding, focus groups, ideas, what was done."""

from ninja import Router

from plaudit.listening.api.baselines import router as baselines
from plaudit.listening.api.codings import router as codings
from plaudit.listening.api.remarks import router as remarks
from plaudit.listening.api.voices import router as voices

router = Router()
for part in (baselines, remarks, codings, voices):
    router.add_router("", part)
