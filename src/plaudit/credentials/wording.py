"""A credential in words: what is said of it, and why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plaudit.credentials.addresses import credential_at
from plaudit.credentials.checking import State, Verdict
from plaudit.credentials.models import Credential
from plaudit.credentials.queries import credential_ref

STATES = {
    State.VALID: (gettext_lazy("Valid"), "good"),
    State.ENDED: (gettext_lazy("Expired"), "warn"),
    State.REVOKED: (gettext_lazy("Revoked"), "bad"),
    State.WITHDRAWN: (gettext_lazy("Revoked"), "bad"),
    State.BROKEN: (gettext_lazy("The signature does not match"), "bad"),
}


def because(row: Credential, verdict: Verdict, issuer: str) -> str:
    """Why that is said of it, in one or two sentences."""
    if verdict.state is State.BROKEN:
        return _("It is not what {issuer} signed: something in it was changed. Do not rely on it.").format(
            issuer=issuer
        )
    if verdict.state is State.REVOKED:
        assert verdict.since is not None
        return _("{issuer} took it back on {day}: {reason}").format(
            issuer=issuer, day=_day(verdict.since), reason=row.reason
        )
    if verdict.state is State.WITHDRAWN:
        return _("What it shows was taken back after it was given.")
    if verdict.state is State.ENDED:
        return _("{issuer} signed it, and it held through {day}.").format(issuer=issuer, day=_last_day(row))
    return _("{issuer} signed it, nothing in it was changed, and nobody took it back.").format(issuer=issuer)


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


def _last_day(row: Credential) -> str:
    return date_format(last, "DATE_FORMAT") if (last := last_day(row)) else ""


def last_day(row: Credential) -> date | None:
    """The last day through which it holds; None for ever. It ends when the next one begins."""
    if row.valid_until is None:
        return None
    return localtime(row.valid_until - timedelta(microseconds=1)).date()


def drawn(row: Credential, verdict: Verdict) -> dict[str, Any]:
    """One credential for a page."""
    words, kind = STATES[verdict.state]
    return {
        "one": row,
        "reference": credential_ref(row.id),
        "address": credential_at(row.secret),
        "last_day": last_day(row),
        "state": words,
        "state_kind": kind,
        "stands": verdict.stands,
    }
