"""Keeps answers without names apart from whoever gave them: they wait sealed, are mixed, and come out in eights.

Who answered is known, and when may be too: the activity of completing has its time. So an answer must not be
found by time, order, number or transaction. It is written into the one sealed row of its team, among others and in
random order; only when sixteen wait do eight of them, drawn at random, become rows, in one statement. What stays
behind keeps the next ones company. (A threshold pool mix, as anonymous mail has: Diaz and Serjantov, 2003.)
"""

from __future__ import annotations

from collections.abc import Sequence
from random import SystemRandom
from typing import Any, TypeVar

from django.db import connection

from plaudit.foundation.exact import decode, encode
from plaudit.foundation.sealing import seal, unseal
from plaudit.surveys.models import Invitation, Urn, Voice
from plaudit.surveys.rules.hiding import SMALLEST, labels_kept

_PAGE = 4_096
_random = SystemRandom()

Thing = TypeVar("Thing")


def put_in_urn(invitation: Invitation, answers: dict[str, Any]) -> None:
    """Mix one answer in with those that wait, and pour some of them once there are enough."""
    assert invitation.anonymous, "what has a name is not hidden"
    of: dict[str, Any] = {
        "organisation_id": invitation.organisation_id,
        "programme": invitation.programme,
        "survey": invitation.survey,
    }
    _lock(invitation.organisation_id, invitation.programme, invitation.survey)
    urn = Urn.objects.filter(**of, team=invitation.team).first()
    waiting = mixed([*(_opened(urn) if urn is not None else []), answers])
    poured = urn.poured if urn is not None else 0
    if len(waiting) >= 2 * SMALLEST:
        _pour(of, {invitation.team: waiting[:SMALLEST]})
        waiting, poured = waiting[SMALLEST:], poured + SMALLEST
    Urn.objects.update_or_create(
        **of,
        team=invitation.team,
        defaults={"sealed": _sealed(of["survey"], waiting), "held": len(waiting), "poured": poured},
    )


def pour_all(organisation_id: int, programme: str, survey: str) -> int:
    """Pour what waits when a survey closes for good; fewer than eight in all are never opened. How many came out."""
    of: dict[str, Any] = {"organisation_id": organisation_id, "programme": programme, "survey": survey}
    _lock(organisation_id, programme, survey)
    urns = list(Urn.objects.filter(**of).order_by("team"))
    labels = labels_kept({urn.team: urn.held for urn in urns}, {urn.team: urn.poured for urn in urns})
    together: dict[str, list[dict[str, Any]]] = {}
    for urn in urns if labels is not None else ():
        if urn.held:
            assert labels is not None, "what is not poured is not looked at"
            together.setdefault(labels[urn.team], []).extend(_opened(urn))
    count = _pour(of, together)
    Urn.objects.filter(**of).delete()
    return count


def mixed(several: Sequence[Thing]) -> list[Thing]:
    """The same in an order that nothing tells: drawn from the system's own source of randomness."""
    drawn = list(several)
    _random.shuffle(drawn)
    return drawn


def _lock(organisation_id: int, programme: str, survey: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(%s))", [organisation_id, f"urn {programme} {survey}"]
        )


def _pour(of: dict[str, Any], by_team: dict[str, list[dict[str, Any]]]) -> int:
    """Make rows of these, in random order, by one statement."""
    rows = [
        Voice(**of, team=team, answers=answers) for team, several in by_team.items() for answers in several
    ]
    Voice.objects.bulk_create(mixed(rows), batch_size=max(len(rows), 1))
    return len(rows)


def _sealed(survey: str, waiting: Sequence[dict[str, Any]]) -> bytes:
    """Of one length, up to the next page: how long an answer is says nothing."""
    text = encode(waiting)
    return seal(_purpose(survey), text + " " * (-len(text.encode()) % _PAGE))


def _opened(urn: Urn) -> list[dict[str, Any]]:
    opened: list[dict[str, Any]] = decode(unseal(_purpose(urn.survey), bytes(urn.sealed)))
    return opened


def _purpose(survey: str) -> str:
    return f"answers without names {survey}"
