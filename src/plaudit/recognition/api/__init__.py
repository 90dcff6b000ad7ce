"""Recognition over HTTP: the behaviour standard, giving, noticing, nominations, reviews and links from outside."""

from ninja import Router

from plaudit.recognition.api.giving import router as giving
from plaudit.recognition.api.nominations import router as nominations
from plaudit.recognition.api.noticing import router as noticing
from plaudit.recognition.api.reviews import router as reviews

router = Router()
for part in (giving, nominations, noticing, reviews):
    router.add_router("", part)
