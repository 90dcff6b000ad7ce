"""Answers about programmes: which there are, their versions, and the files they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from plaudit.foundation.exact import decode
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.told import told_through
from plaudit.planning.models import Programme as ProgrammeRow
from plaudit.planning.models import ProgrammeState, ProgrammeVersion, Simulation
from plaudit.planning.programme_file.parse import programme_of
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.writing import write_programme
from plaudit.planning.refusals import NotPublic
from plaudit.rewards.models import Reward

VERSIONS_MAX = 500


@dataclass(frozen=True, slots=True)
class ProgrammeSummary:
    """A programme in a list. `version` is the newest published one, None where none ever was."""

    key: str
    name: str
    state: str
    version: int | None
    changed_at: datetime
    has_draft: bool


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A published version in a list."""

    number: int
    digest: str
    rules_digest: str
    published_at: datetime
    published_by: str
    reason: str


def programmes(organisation_id: int) -> list[ProgrammeSummary]:
    """Every programme of the organisation, by key. Ask inside `in_organisation`, as for all of these."""
    rows = ProgrammeRow.objects.filter(organisation_id=organisation_id).annotate(
        newest=Max("versions__number")
    )
    return [
        ProgrammeSummary(row.key, row.name, row.state, row.newest, row.changed_at, bool(row.draft))
        for row in rows.order_by("key")
    ]


def programme_row(organisation_id: int, key: str) -> ProgrammeRow:
    """The programme with this key. Raises `NotFound`."""
    row = ProgrammeRow.objects.filter(organisation_id=organisation_id, key=key).first()
    if row is None:
        raise NotFound(kind="programme", ref=key)
    return row


def versions(organisation_id: int, key: str) -> list[VersionSummary]:
    """The published versions of a programme, newest first. Raises `NotFound`."""
    rows = programme_row(organisation_id, key).versions.order_by("-number")[:VERSIONS_MAX]
    return [
        VersionSummary(
            row.number, row.digest, row.rules_digest, row.published_at, row.published_by, row.reason
        )
        for row in rows
    ]


def version_row(organisation_id: int, key: str, number: int | None = None) -> ProgrammeVersion:
    """One published version of a programme, by default its newest. Raises `NotFound`."""
    rows = programme_row(organisation_id, key).versions.order_by("-number")
    row = rows.first() if number is None else rows.filter(number=number).first()
    if row is None:
        raise NotFound(kind="version of this programme", ref=number if number is not None else key)
    return row


def export(organisation_id: int, key: str, *, version: int | None = None) -> str:
    """The file of a version, exactly as it was applied, comments and all. Raises `NotFound`."""
    return version_row(organisation_id, key, version).source


def regenerate(organisation_id: int, key: str, *, version: int | None = None) -> str:
    """A file that means the same, written anew from the stored data: without comments. Raises `NotFound`."""
    return write_programme(programme_behind(version_row(organisation_id, key, version)))


def programme_behind(version: ProgrammeVersion) -> Programme:
    """The programme a version published."""
    return programme_of(decode(version.document))


def standing_programmes(organisation_id: int) -> dict[str, Programme]:
    """The newest version of every programme that is live or paused, by key, told to whoever reads."""
    return {
        row.programme.key: told_through(programme_behind(row)) for row in _newest_standing(organisation_id)
    }


def _newest_standing(organisation_id: int) -> QuerySet[ProgrammeVersion]:
    rows = ProgrammeVersion.objects.filter(
        organisation_id=organisation_id,
        programme__state__in=(ProgrammeState.LIVE, ProgrammeState.PAUSED),
    )
    return rows.select_related("programme").order_by("programme_id", "-number").distinct("programme_id")


def public_programmes(organisation_id: int) -> list[tuple[ProgrammeVersion, Programme]]:
    """The newest version of every programme that anybody may see, by name."""
    found = [(row, told_through(programme_behind(row))) for row in _newest_standing(organisation_id)]
    return sorted(((row, one) for row, one in found if one.public is not None), key=lambda pair: pair[1].name)


def newest_public(organisation_id: int, key: str) -> tuple[ProgrammeVersion, Programme]:
    """The newest version of a programme that anybody may see. Raises `NotPublic`, whatever is there instead."""
    for row in _newest_standing(organisation_id).filter(programme__key=key):
        programme = programme_behind(row)
        if programme.public is not None:
            return row, programme
    raise NotPublic


def rewards_taken(organisation_id: int, key: str) -> dict[str, int]:
    """How many were taken of each reward of a programme, by the reward's key."""
    rows = Reward.objects.filter(organisation_id=organisation_id, programme=key)
    return dict(rows.values_list("key", "taken"))


def simulations(organisation_id: int, *, before: UUID | None = None, limit: int = 50) -> list[Simulation]:
    """Replays, newest first, without their drafts and results. `limit` is at most 201."""
    found = Simulation.objects.filter(organisation_id=organisation_id).defer("draft", "result")
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def simulation(organisation_id: int, simulation_id: UUID) -> Simulation:
    """One replay with its result. Raises `NotFound`."""
    found = Simulation.objects.filter(organisation_id=organisation_id, id=simulation_id).first()
    if found is None:
        raise NotFound(kind="simulation", ref=show("sim", simulation_id))
    return found
