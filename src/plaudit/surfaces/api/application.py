"""The API: the routers of every package under one address, read strictly and answered exactly."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError

from plaudit.credentials.api import router as credentials
from plaudit.earning.api import router as earning
from plaudit.engagement.api import router as engagement
from plaudit.foundation.access.problems import translate_in
from plaudit.foundation.api.strictness import strictly
from plaudit.foundation.refusals import Refusal
from plaudit.insights.api import router as insights
from plaudit.learning.api import router as learning
from plaudit.ledger.api import router as ledger
from plaudit.listening.api import router as listening
from plaudit.membership.api import router as membership
from plaudit.outreach.api import router as outreach
from plaudit.people.api import router as people
from plaudit.planning.api import router as planning
from plaudit.recognition.api import router as recognition
from plaudit.rewards.api import router as rewards
from plaudit.surfaces.api.approvals import router as approvals
from plaudit.surfaces.api.cases import router as cases
from plaudit.surfaces.api.reading import ExactRenderer, StrictParser
from plaudit.surfaces.api.standing import router as standing
from plaudit.surveys.api import router as surveys
from plaudit.targeting.api import router as targeting

# In this order Django tries them: an address that names something stands before one that takes a reference.
ROUTERS = (
    standing, outreach, people, membership, engagement, recognition, learning, credentials, surveys, listening, targeting, ledger,
    rewards, planning, earning, cases, approvals, insights,
)  # fmt: skip


def make_api() -> NinjaAPI:
    """The whole API, with every package's operations."""
    api = NinjaAPI(
        title="Plaudit",
        version="1.0.0",
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
        parser=StrictParser(),
        renderer=ExactRenderer(),
    )
    translate_in(api)
    api.add_exception_handler(HttpError, _raise_what_is_behind)
    api.add_decorator(strictly, mode="view")
    for router in ROUTERS:
        api.add_router("", router)
    return api


def _raise_what_is_behind(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """Ninja wraps what its parser raises; what is behind it is the refusal."""
    if isinstance(error, HttpError) and isinstance(error.__cause__, Refusal):
        raise error.__cause__
    raise error


api = make_api()
