"""Lets time pass for certificates and lists: ends are announced, certificates end, words are forgotten."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.models import Certificate
from plaudit.learning.offered import day_of, learning_of
from plaudit.learning.roll_models import RollRow
from plaudit.learning.rules.periods import days_announced, when_due

AT_A_TIME = 200
TAKEN_BACK_WITHIN = timedelta(days=30)
_WORDS = {"said_name": "", "said_email": "", "said_id": ""}


def fall_due(organisation_id: int, *, at_a_time: int = AT_A_TIME) -> Counter[str]:
    """Do what is due at the organisation's clock; how many certificates were announced or ended.

    A page of certificates is one transaction; what another is changing just now is left for the next time.
    """
    done: Counter[str] = Counter()
    while page := _page(organisation_id, at_a_time):
        done.update(page)
    forget_rows(organisation_id)
    return done


def _page(organisation_id: int, at_a_time: int) -> list[str]:
    with in_organisation(organisation_id):
        due = Certificate.objects.select_for_update(skip_locked=True).filter(
            organisation_id=organisation_id, due_at__lte=clock.now()
        )
        return [_pass(one) for one in due.order_by("due_at", "id")[:at_a_time]]


def _pass(one: Certificate) -> str:
    learning = learning_of(one.organisation_id, one.programme)
    assert learning is not None, "what is certified was offered"
    offering = learning.offering(one.offering)
    zone, notice = ZoneInfo(learning.time_zone), offering.notice_days if offering is not None else 0
    assert one.last_day is not None, "what never ends is never due"
    today = day_of(learning, clock.now())
    said = "ended" if today > one.last_day else "ending"
    one.announced_days = days_announced(one.last_day, notice_days=notice, today=today)
    one.due_at = (
        when_due(one.last_day, announced=one.announced_days, notice_days=notice, zone=zone)
        if said == "ending"
        else None
    )
    one.save(update_fields=["announced_days", "due_at"])
    told = {
        "member": show("mem", one.member_id),
        "certificate": show("crt", one.id),
        "programme": one.programme,
        "offering": one.offering,
        "last_day": str(one.last_day),
    }
    tell(one.organisation_id, f"certificate.{said}", told, happened_at=clock.now())
    return said


def forget_rows(organisation_id: int) -> int:
    """Forget whom lists named that can no longer be taken back; how many rows were emptied."""
    with in_organisation(organisation_id):
        old = RollRow.objects.filter(
            organisation_id=organisation_id, roll__made_at__lt=clock.now() - TAKEN_BACK_WITHIN
        ).exclude(**_WORDS)
        return old.update(**_WORDS)
