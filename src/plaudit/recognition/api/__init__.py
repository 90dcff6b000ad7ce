"""Recognition over HTTP: the behaviour standard, giving, and what was given."""

from ninja import Router

from plaudit.recognition.api.giving import router as giving

router = Router()
for part in (giving,):
    router.add_router("", part)
