"""What there is to learn, over HTTP."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Page, whole
from plaudit.learning.api.shapes import OnlyKey, ShownOffering, shown_offering
from plaudit.learning.offered import all_learning

router = Router(tags=["Learning"])


@router.get(
    "/learning/offerings",
    response=Page[ShownOffering],
    operation_id="list_offerings",
    summary="List what there is to learn",
)
@allows(scopes=["learning:read"], to="read what there is to learn")
def list_offerings(request: HttpRequest, programme: OnlyKey = "") -> Page[ShownOffering]:
    """Every offering of every programme, in the order of its file."""
    return whole(
        shown_offering(learning, one)
        for learning in all_learning(actor_of(request).organisation_id)
        if programme in ("", learning.programme)
        for one in learning.offerings
    )
