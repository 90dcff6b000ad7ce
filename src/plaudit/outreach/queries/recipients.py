"""Which colleagues a piece of news is for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from plaudit.cases.models import ApprovalRequest
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import read, show
from plaudit.people.models import Member, Role
from plaudit.recognition.queries.nominations import deciders_of

_APPROVE = (RoleName.MANAGER, RoleName.FINANCE)
_ANSWER = (RoleName.MANAGER, RoleName.DESK)
_REVIEW = (RoleName.MANAGER,)


def approvers(organisation_id: int) -> list[int]:
    """Everybody who may be the second person, by their sign-in."""
    return _with_role(organisation_id, *_APPROVE)


def askers_of(organisation_id: int, references: Collection[str]) -> dict[str, int]:
    """Who asked for each of these requests; programs, which read no inbox, are left out."""
    ids = [read("apr", reference, kind="request") for reference in references]
    rows = ApprovalRequest.objects.filter(organisation_id=organisation_id, id__in=ids)
    return {
        show("apr", id): int(asked_by.removeprefix("usr_"))
        for id, asked_by in rows.values_list("id", "asked_by")
        if asked_by.startswith("usr_") and asked_by.removeprefix("usr_").isdigit()
    }


def waited_for(organisation_id: int, told: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[int, int]]:
    """For whom each of these, by its topic and facts, waits: as its place among them, and a sign-in."""
    found = []
    answer, decide = _with_role(organisation_id, *_ANSWER), _with_role(organisation_id, *_REVIEW)
    nominees = {
        read("mem", facts["nominee"], kind="member") for topic, facts in told if topic == "nomination.made"
    }
    deciders = _deciders(organisation_id, nominees) if nominees else {}
    for place, (topic, facts) in enumerate(told):
        if topic == "case.opened":
            found += [(place, user_id) for user_id in answer]
        elif topic == "recognition.reported":
            found += [(place, user_id) for user_id in decide]
        elif topic == "nomination.made":
            found += [
                (place, user_id)
                for member, user_id in deciders.get(facts["nominee"], ())
                if member not in (facts["member"], facts["nominee"])
            ]
    return found


def _with_role(organisation_id: int, *names: RoleName) -> list[int]:
    found = Role.objects.filter(organisation_id=organisation_id, name__in=names, user__is_active=True)
    return sorted(set(found.values_list("user_id", flat=True)))


def _deciders(organisation_id: int, nominees: Collection[UUID]) -> dict[str, list[tuple[str, int]]]:
    """Of each nominee, who may decide, with their sign-in; whoever has none is not told."""
    pairs = deciders_of(organisation_id, nominees)
    known = Member.objects.filter(
        organisation_id=organisation_id,
        id__in={decider for _, decider in pairs},
        state="active",
        user__is_active=True,
    )
    users = dict(known.values_list("id", "user_id"))
    found: dict[str, list[tuple[str, int]]] = {}
    for nominee, decider in pairs:
        user_id = users.get(decider)
        if user_id is not None:
            found.setdefault(show("mem", nominee), []).append((show("mem", decider), user_id))
    return found
