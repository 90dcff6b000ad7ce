"""What was said to recognitions, for whoever may see them; and what waits for somebody to look into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.recognition.models import ReactionKind, Report, ReportState

REPLIES_MAX = 100
REPORTS_MAX = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One line under a recognition; `corrected` where a newer one stands instead of it."""

    id: UUID
    member_id: UUID
    name: str
    words: str
    said_at: datetime
    corrected: bool
    is_correction: bool
    hidden_for: str


@dataclass(slots=True)
class Talk:
    """How often each thing was tapped, which of them by whoever asks, and how many lines there are."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ReactionKind.values, 0))
    mine: set[str] = field(default_factory=set)
    replies: int = 0


_TALK = """
    select recognition_id, kind, count(*), bool_or(member_id = %(me)s) from recognition_reaction
     where organisation_id = %(organisation)s and recognition_id = any(%(ids)s) group by 1, 2
    union all
    select recognition_id, '', count(*), false from recognition_reply
     where organisation_id = %(organisation)s and recognition_id = any(%(ids)s)
       and hidden_at is null and corrects is null group by 1
"""


def talk_of(organisation_id: int, recognitions: Collection[UUID], me: UUID) -> Mapping[UUID, Talk]:
    """What was said to each of these, in one statement."""
    found = {one: Talk() for one in recognitions}
    with connection.cursor() as cursor:
        cursor.execute(_TALK, {"organisation": organisation_id, "ids": list(recognitions), "me": me})
        for recognition_id, kind, count, is_mine in cursor.fetchall():
            talk = found[recognition_id]
            if not kind:
                talk.replies = count
                continue
            talk.counts[kind] = count
            if is_mine:
                talk.mine.add(kind)
    return found


_REPLIES = """
    select r.id, r.member_id, coalesce(m.name, ''), r.words, r.said_at,
           exists (select from recognition_reply c
                    where c.organisation_id = r.organisation_id and c.corrects = r.id),
           r.corrects is not null, r.hidden_for
      from recognition_reply r
      left join people_member m on m.organisation_id = r.organisation_id and m.id = r.member_id
     where r.organisation_id = %s and r.recognition_id = %s and (r.hidden_at is null or r.member_id = %s)
     order by r.id limit %s
"""


def replies(organisation_id: int, recognition_id: UUID, me: UUID) -> Sequence[Said]:
    """The lines under one, the oldest first; a hidden one for its author alone."""
    with connection.cursor() as cursor:
        cursor.execute(_REPLIES, [organisation_id, recognition_id, me, REPLIES_MAX])
        return [Said(*row) for row in cursor.fetchall()]


def reports(organisation_id: int, *, waiting: bool) -> Sequence[Report]:
    """What waits for somebody to decide, the oldest first; or what was decided, the newest first."""
    found = Report.objects.filter(organisation_id=organisation_id)
    if waiting:
        return list(found.filter(state=ReportState.WAITING).order_by("id")[:REPORTS_MAX])
    return list(found.exclude(state=ReportState.WAITING).order_by("-decided_at", "-id")[:REPORTS_MAX])


def report(organisation_id: int, report_id: UUID) -> Report:
    """One report. Raises `NotFound`."""
    found = Report.objects.filter(organisation_id=organisation_id, id=report_id).first()
    if found is None:
        raise NotFound(kind="report", ref=show("rpt", report_id))
    return found
