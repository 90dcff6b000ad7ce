"""Closes a period for ever: counts it, sums it, and chains a digest of every row in it to the last one.

Sealing makes nobody wait while rows are read. Postings that began before the period's end hold a shared
lock; taking the exclusive one for a moment lets them finish. The digest is then made unlocked, and only
the last step, which finds the count unchanged and writes the seal, keeps postings out.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Seal
from plaudit.ledger.months import months_of
from plaudit.ledger.refusals import PeriodNotOver, PeriodSealed
from plaudit.ledger.sealing import FIRST, Period, anchor_of, digest_of, sums_of
from plaudit.people.models import Organisation

_ONE_AT_A_TIME = "select pg_advisory_xact_lock(%s, hashtext('sealing'))"
_LET_FINISH = "select pg_advisory_lock(%s, hashtext('seal')), pg_advisory_unlock(%s, hashtext('seal'))"
_KEEP_OUT = "select pg_advisory_xact_lock(%s, hashtext('seal'))"


def seal(organisation_id: int, *, actor: str, until: datetime | None = None) -> Seal:
    """Seal what was recorded before `until` (now, if none is given) and not yet sealed.

    Nothing is ever recorded into a sealed period again (see `posting.open_books`). Raises `PeriodSealed`
    where it is sealed already, and `PeriodNotOver`.
    """
    with in_organisation(organisation_id):
        # Read before the lock: whoever posts with an earlier time already holds the shared one.
        now = clock.now()
        with connection.cursor() as cursor:
            cursor.execute(_ONE_AT_A_TIME, [organisation_id])
            cursor.execute(_LET_FINISH, [organisation_id, organisation_id])
        end = now if until is None else until
        if end > now:
            raise PeriodNotOver(until=end)
        last = Seal.objects.filter(organisation_id=organisation_id).order_by("-number").first()
        if last is not None and end <= last.sealed_until:
            raise PeriodSealed(until=last.sealed_until)
        period = Period(last.sealed_until if last else None, end)
        previous = bytes(last.digest) if last else FIRST
        transfers, sums = sums_of(organisation_id, period)
        time_zone = Organisation.objects.values_list("time_zone", flat=True).get(id=organisation_id)
        months = months_of(organisation_id, period, time_zone=time_zone)
        digest = digest_of(organisation_id, period, previous)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_OUT, [organisation_id])
        if sums_of(organisation_id, period) != (transfers, sums):
            # A clock ran behind and posted into the period meanwhile; nobody posts now.
            transfers, sums = sums_of(organisation_id, period)
            months = months_of(organisation_id, period, time_zone=time_zone)
            digest = digest_of(organisation_id, period, previous)
        sealed = Seal.objects.create(
            organisation_id=organisation_id,
            number=last.number + 1 if last else 1,
            sealed_from=period.since,
            sealed_until=period.until,
            transfers=transfers,
            sums=sums,
            months=months,
            time_zone=time_zone,
            previous_digest=previous,
            digest=digest,
            sealed_at=now,
            sealed_by=actor,
        )
        _make_known(sealed, actor)
        return sealed


def _make_known(sealed: Seal, actor: str) -> None:
    code = Organisation.objects.values_list("code", flat=True).get(id=sealed.organisation_id)
    anchor = anchor_of(code, sealed)
    tell(sealed.organisation_id, "ledger.sealed", {"anchor": anchor}, happened_at=sealed.sealed_at)
    audit.note(actor=actor, act="ledger.sealed", subject=f"seal {sealed.number}", details={"anchor": anchor})
