"""Lets time pass for surveys: whoever has not answered is reminded once, and what closes is settled."""

from __future__ import annotations

from plaudit.foundation import clock
from plaudit.foundation.news import tell_each
from plaudit.foundation.tenancy import in_organisation
from plaudit.surveys.models import Invitation, Standing
from plaudit.surveys.queries.invitations import told_of
from plaudit.surveys.urns import pour_all

AT_A_TIME = 1_000


def remind(organisation_id: int, *, at_a_time: int = AT_A_TIME) -> int:
    """Remind whoever is due and can still answer; how many. A page of them is one transaction."""
    reminded = 0
    while page := _remind_page(organisation_id, at_a_time):
        reminded += page
    return reminded


def _remind_page(organisation_id: int, at_a_time: int) -> int:
    with in_organisation(organisation_id):
        now = clock.now()
        due = (
            Invitation.objects.select_for_update(skip_locked=True)
            .filter(organisation_id=organisation_id, remind_at__lte=now)
            .order_by("remind_at", "id")
        )
        page = list(due[:at_a_time])
        Invitation.objects.filter(organisation_id=organisation_id, id__in=[one.id for one in page]).update(
            remind_at=None
        )
        told = [told_of(one) for one in page if not one.answered and one.ends_at > now]
        tell_each(organisation_id, "survey.reminded", told, happened_at=now)
        return len(page)


def settle(organisation_id: int) -> int:
    """Close for good what is due: answers without names that still wait are poured; how many surveys."""
    settled = 0
    while _settle_one(organisation_id):
        settled += 1
    return settled


def _settle_one(organisation_id: int) -> bool:
    with in_organisation(organisation_id):
        due = Standing.objects.select_for_update(skip_locked=True).filter(
            organisation_id=organisation_id, due_at__lte=clock.now(), settled=False
        )
        one = due.order_by("due_at", "survey").first()
        if one is None:
            return False
        one.settled = True
        one.save(update_fields=["settled"])
        pour_all(organisation_id, one.programme, one.survey)
        return True
