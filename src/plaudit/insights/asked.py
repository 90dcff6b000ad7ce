"""One transfer that somebody asks about, with what every answer needs: its chain, unit, place and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.cases.rules import answered_by
from plaudit.earning.models import RuleSet
from plaudit.foundation import clock
from plaudit.insights.names import names_of
from plaudit.insights.reasons import Authority, Because, Input, Link, Sum, question_words
from plaudit.insights.wording import date_words, day_words, expiry_words, last_day
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.statements import Chain, LotUse, StatementLine, transfer_chain
from plaudit.ledger.units import UnitPolicy, unit_named
from plaudit.people.queries import organisation
from plaudit.planning.models import ProgrammeVersion
from plaudit.planning.queries import programme_behind


@dataclass(frozen=True, slots=True)
class Asked:
    """A transfer, whose it is, and how its organisation counts points and days."""

    organisation_id: int
    zone: ZoneInfo
    unit: UnitPolicy
    chain: Chain

    @property
    def line(self) -> StatementLine:
        return self.chain.line

    @property
    def said(self) -> str:
        """How much was moved, such as "50 points"."""
        return self.unit.say(self.line.amount)

    @property
    def change(self) -> int:
        """What the member gained or lost by it: what is set aside for them, or earned and pending, counts."""
        gained = self.line.target is Place.AVAILABLE or (
            self.line.target is Place.PENDING and self.line.source is not Place.AVAILABLE
        )
        return self.line.amount if gained else -self.line.amount

    def day(self, moment: datetime) -> str:
        """The day of a moment where the organisation is."""
        return day_words(moment, self.zone)

    def until(self, expires_at: datetime) -> str:
        """The last day on which points that expire then can be spent."""
        return date_words(last_day(expires_at, self.zone))

    def name(self, reference: str | None) -> str:
        """What to call whoever is behind a reference; nothing where nobody is named."""
        return names_of(self.organisation_id, [reference]).get(reference or "", "")

    def answer(
        self,
        kind: str,
        *,
        sentence: str,
        inputs: Iterable[Input],
        authority: Authority,
        would_change: Iterable[str],
        sums: Iterable[Sum] = (),
        total: str = "",
        links: Iterable[Link] = (),
    ) -> Because:
        """The reason in its six layers; without `sums` the amount itself is the only line."""
        lines = tuple(sums) or (Sum(sentence.partition(":")[0], amount=self.change),)
        reference = self.line.reference
        due = answered_by(clock.now().astimezone(self.zone).date())
        return Because(
            reference=reference,
            kind=kind,
            member_id=self.chain.member_id,
            unit=self.unit,
            happened_at=self.line.occurred_at,
            sentence=sentence,
            inputs=tuple(inputs),
            authority=authority,
            sums=lines,
            total=Sum(
                total or (_("Added to your balance") if self.change > 0 else _("Taken")), amount=self.change
            ),
            would_change=tuple(one for one in would_change if one),
            question=question_words(reference, due),
            answer_by=due,
            aloud=_("{sentence} That was on {day}.").format(
                sentence=sentence, day=self.day(self.line.occurred_at)
            ),
            links=(*links, *self._neighbours()),
        )

    def _neighbours(self) -> list[Link]:
        """The lines this one undoes or settles, and those that undo or settle it."""
        found = []
        if self.chain.undoes is not None:
            found.append(Link(_WHAT_IT_DID[self.line.kind], self.chain.undoes.reference))
        for other in self.chain.undone_by:
            day = self.day(other.occurred_at)
            found.append(
                Link(
                    _("{what} on {day}").format(what=_(_WHAT_CAME_OF_IT[other.kind]), day=day),
                    other.reference,
                )
            )
        return found

    def about(self, line: StatementLine, label: str) -> Input:
        """Another line of the same wallet, as something that was looked at."""
        return Input(label, self.unit.say(line.amount), _("Statement"), line.occurred_at, line.reference)


_WHAT_IT_DID = {
    Kind.REVERSAL: gettext_noop("The line that this takes back"),
    Kind.CAPTURE: gettext_noop("Where the points were set aside"),
    Kind.RELEASE: gettext_noop("Where the points were set aside"),
    Kind.ACTIVATION: gettext_noop("Where the points were earned"),
    Kind.UNMERGE: gettext_noop("Where the points had left"),
    Kind.EXTENSION: gettext_noop("Where the points were first good until"),
    Kind.WRITE_OFF: gettext_noop("What had been earned"),
}
_WHAT_CAME_OF_IT = {
    Kind.REVERSAL: gettext_noop("Taken back"),
    Kind.CAPTURE: gettext_noop("Spent"),
    Kind.RELEASE: gettext_noop("Given back"),
    Kind.ACTIVATION: gettext_noop("Made yours to spend"),
    Kind.UNMERGE: gettext_noop("Moved back"),
    Kind.EXTENSION: gettext_noop("Extended"),
    Kind.WRITE_OFF: gettext_noop("Written off"),
}


_VERSIONS_READ_MAX = 20


def asked(organisation_id: int, reference: str) -> Asked:
    """The transfer with this reference. Raises `NotFound`. Ask inside `in_organisation`."""
    chain = transfer_chain(organisation_id, reference)
    mine = organisation(organisation_id)
    unit = unit_named(organisation_id, chain.unit)
    return Asked(organisation_id, ZoneInfo(mine.time_zone), unit, chain)


def rule_authority(
    organisation_id: int, programme: str, version: int, *, key: str, name: str, words: str
) -> Authority:
    """A published rule as what decided: since when its version is in force, and who published it."""
    rule_set = RuleSet.objects.filter(
        organisation_id=organisation_id, programme=programme, number=version
    ).first()
    return Authority(
        name=name,
        words=words,
        version=version,
        since=rule_set.published_at if rule_set else None,
        approved_by=_publisher(organisation_id, programme, version),
        programme=programme,
        key=key,
    )


def unit_authority(asked_: Asked, name: str, words: str, *, at: datetime, programme: str = "") -> Authority:
    """A policy of the unit as what decided: the version, then newest, of the programme that declares it.

    With `programme` that programme's, for what only one of several programmes says, such as a price.
    """
    published = ProgrammeVersion.objects.filter(
        organisation_id=asked_.organisation_id, published_at__lte=at
    ).select_related("programme")
    if programme:
        published = published.filter(programme__key=programme)
    for version in published.order_by("-published_at", "-id")[:_VERSIONS_READ_MAX]:
        if asked_.unit.key in {unit.key for unit in programme_behind(version).units}:
            by = names_of(asked_.organisation_id, [version.published_by]).get(version.published_by, "")
            key = version.programme.key
            return Authority(name, words, version.number, version.published_at, by, programme=key)
    return Authority(name, words)


def how_long_words(unit: UnitPolicy) -> str:
    """How long points last, as a sentence."""
    return _("{points} last {time}.").format(points=unit.many.capitalize(), time=expiry_words(unit.expiry))


def by_expiry(uses: Iterable[LotUse]) -> dict[datetime | None, list[LotUse]]:
    """The uses of lots together by the moment the lots expire, in the order they were used."""
    found: dict[datetime | None, list[LotUse]] = {}
    for use in uses:
        found.setdefault(use.other.expires_at, []).append(use)
    return found


def earned_words(asked_: Asked, uses: Sequence[LotUse]) -> str:
    """When the points of some lots were earned: "earned 6 January 2026 to 3 March 2026"."""
    moments = [use.other.occurred_at for use in uses]
    first, last = asked_.day(min(moments)), asked_.day(max(moments))
    return (
        _("earned {first}").format(first=first)
        if first == last
        else _("earned {first} to {last}").format(first=first, last=last)
    )


def _publisher(organisation_id: int, programme: str, version: int) -> str:
    row = ProgrammeVersion.objects.filter(
        organisation_id=organisation_id, programme__key=programme, number=version
    ).first()
    return names_of(organisation_id, [row.published_by]).get(row.published_by, "") if row else ""
