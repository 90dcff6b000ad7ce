"""Learning over HTTP: what there is to learn, sessions, completions, certificates, claims, lists and scenarios."""

from ninja import Router

from plaudit.learning.api.catalogue import router as catalogue
from plaudit.learning.api.completions import router as completions
from plaudit.learning.api.scenarios import router as scenarios
from plaudit.learning.api.sessions import router as sessions

router = Router()
for part in (catalogue, sessions, completions, scenarios):
    router.add_router("", part)
