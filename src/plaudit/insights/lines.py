"""The lines of a statement in words: what happened, and what became of it since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.activity.told import ToldEvent, events_in_ranges
from plaudit.activity.types import declared_types
from plaudit.earning.explaining import facts_told, fill_because
from plaudit.earning.published import published_rule
from plaudit.foundation.told import told
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.statements import StatementLine, taken_back
from plaudit.rewards.models import Redemption, RedemptionState

_PLAINLY = {
    Kind.EXPIRY: gettext_noop("Expired"),
    Kind.OPENING: gettext_noop("Balance brought along"),
    Kind.EXTENSION: gettext_noop("Given longer to live"),
    Kind.WRITE_OFF: gettext_noop("Written off: spent before it was taken back"),
}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line of a statement as its member reads it.

    `undone` is how much of it was taken back since, in the unit's smallest part. `waits_until` is when a
    pending line becomes spendable. `standing` is that of its redemption: ordered, fulfilled, cancelled.
    """

    line: StatementLine
    title: str
    undone: int = 0
    waits_until: datetime | None = None
    standing: str = ""

    @property
    def is_undone(self) -> bool:
        """Whether nothing of it stands any more."""
        return self.undone >= self.line.amount or self.standing == RedemptionState.CANCELLED


def told_lines(organisation_id: int, lines: Sequence[StatementLine]) -> list[ToldLine]:
    """These lines of one wallet in words. Costs the same few queries for one line and for two hundred."""
    if not lines:
        return []
    telling = _Telling(organisation_id, lines)
    undone = taken_back(organisation_id, lines[0].wallet_id, [line.line for line in lines])
    return [
        ToldLine(
            line,
            telling.title(line),
            undone=undone.get(line.line, 0),
            waits_until=line.spendable_at if line.target is Place.PENDING else None,
            standing=telling.standing(line),
        )
        for line in lines
    ]


class _Telling:
    """Finds the words for some lines, everything they need loaded at once."""

    def __init__(self, organisation_id: int, lines: Sequence[StatementLine]) -> None:
        self.organisation_id = organisation_id
        self.events = _events_of(organisation_id, {line.event_id for line in lines if line.event_id})
        self.redemptions = _redemptions_of(
            organisation_id,
            [line.reference for line in lines if line.kind in {Kind.HOLD, Kind.CAPTURE, Kind.RELEASE}],
        )
        self.types = declared_types(organisation_id)

    def title(self, line: StatementLine) -> str:
        """What the line is about, in a few words."""
        match line.kind:
            case Kind.ACCRUAL | Kind.DEDUCTION:
                return self._by_rule(line)
            case Kind.ACTIVATION:
                return _("Yours to spend now: {what}").format(what=self._by_rule(line))
            case Kind.REVERSAL:
                return self._reversed(line)
            case Kind.HOLD | Kind.CAPTURE | Kind.RELEASE:
                return self._redeemed(line)
            case Kind.ADJUSTMENT:
                return line.reason or _("Adjusted by hand")
            case Kind.MERGE | Kind.UNMERGE:
                return (
                    _("Moved to your other account")
                    if line.source is Place.AVAILABLE
                    else _("Moved from your other account")
                )
        return _(_PLAINLY[line.kind])

    def standing(self, line: StatementLine) -> str:
        """What became of the redemption that a line set points aside for."""
        redemption = self.redemptions.get(line.reference) if line.kind is Kind.HOLD else None
        return redemption.state if redemption else ""

    def _by_rule(self, line: StatementLine) -> str:
        if line.rule_id is None:
            return _("Earned")
        rule = published_rule(self.organisation_id, line.rule_id).rule
        event = self.events.get(line.event_id)
        if not rule.because or event is None:
            return rule.name
        return fill_because(rule.because, facts_told(event.data, {})).rstrip(".")

    def _reversed(self, line: StatementLine) -> str:
        if line.source is Place.EXPIRED:
            return _("Brought back from what had expired")
        event = self.events.get(line.event_id)
        if event is None:
            return line.reason or _("Taken back")
        declared = self.types.get(event.type)
        title = (declared.title if declared else "") or event.type
        if line.rule_id is None:
            return title
        return f"{title}: {published_rule(self.organisation_id, line.rule_id).rule.name}"

    def _redeemed(self, line: StatementLine) -> str:
        redemption = self.redemptions.get(line.reference)
        what = told(redemption.reward.name) if redemption else (line.reason or _("Points set aside"))
        if line.kind is Kind.HOLD:
            return what
        return f"{what}: {_('with you') if line.kind is Kind.CAPTURE else _('cancelled')}"


def _events_of(organisation_id: int, ids: Collection[UUID]) -> dict[UUID | None, ToldEvent]:
    if not ids:
        return {}
    found = events_in_ranges(organisation_id, [(one, one) for one in sorted(ids)], at_most=len(ids))
    return {event.id: event for event in found}


def _redemptions_of(organisation_id: int, references: Collection[str]) -> dict[str, Redemption]:
    if not references:
        return {}
    rows = Redemption.objects.filter(organisation_id=organisation_id).filter(
        Q(hold__in=references) | Q(captured__in=references) | Q(released__in=references)
    )
    found: dict[str, Redemption] = {}
    for row in rows.select_related("reward"):
        found |= dict.fromkeys((row.hold, row.captured, row.released), row)
    return found
