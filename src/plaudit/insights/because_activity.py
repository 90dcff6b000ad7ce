"""Why an activity earned what it did, or why nothing: what every rule it met said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.cases.rules import answered_by
from plaudit.earning.explaining import RuleVerdict, Verdict
from plaudit.earning.words import in_sentence
from plaudit.foundation import clock
from plaudit.insights.because_earned import authority_of, sums_of, would_have_changed
from plaudit.insights.looked_at import Explained, explained, inputs_of
from plaudit.insights.reasons import Authority, Because, Link, RuleWords, Sum, question_words
from plaudit.insights.wording import day_words, list_words, steps_words
from plaudit.ledger.places import Kind
from plaudit.ledger.references import show_transfer
from plaudit.ledger.told import ToldTransfer, transfers_of_events
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.queries import organisation


@dataclass(frozen=True, slots=True)
class _Layers:
    """The layers in which an activity that earns differs from a correction that takes back."""

    sentence: str
    authority: Authority
    sums: list[Sum]
    total: Sum
    would_change: list[str]
    unit: UnitPolicy | None


def of_activity(organisation_id: int, event_id: UUID) -> Because:
    """The reason in its six layers, with every rule's own words in `rules`."""
    one = explained(organisation_id, event_id)
    mine = organisation(organisation_id)
    units = units_by_key(organisation_id)
    transfers = transfers_of_events(organisation_id, [event_id])
    nearest = _nearest(one)
    found = one.rule(nearest.rule_id) if nearest else None
    takes_back = one.event.corrects_key is not None and not any(v.paid for v in one.event.verdicts)
    if takes_back:
        layers = _taken_back(one, transfers, units)
    else:
        layers = _earned(organisation_id, one, nearest, units)
    zone = ZoneInfo(mine.time_zone)
    day, due = day_words(one.event.occurred_at, zone), answered_by(clock.now().astimezone(zone).date())
    return Because(
        reference=one.reference,
        kind="activity",
        member_id=one.event.member_id,
        unit=layers.unit,
        happened_at=one.event.occurred_at,
        sentence=layers.sentence,
        inputs=tuple(inputs_of(one, found[1] if found else None)),
        authority=layers.authority,
        sums=tuple(layers.sums),
        total=layers.total,
        would_change=tuple(layers.would_change),
        question=question_words(one.reference, due),
        answer_by=due,
        aloud=_("{sentence} That was on {day}.").format(sentence=layers.sentence, day=day),
        links=tuple(_link(transfer, units) for transfer in transfers),
        rules=tuple(
            RuleWords(
                verdict.name, verdict.verdict.value, verdict.sentence, verdict.would_change, verdict.paid
            )
            for verdict in one.event.verdicts
        ),
    )


_CLOSEST = (
    Verdict.GRANTED,
    Verdict.TAKEN,
    Verdict.CUT,
    Verdict.NOTHING,
    Verdict.CONDITION,
    Verdict.WINDOW,
    Verdict.AUDIENCE,
)


def _nearest(one: Explained) -> RuleVerdict | None:
    """The verdict that says most: one that paid, else the rule that came closest to paying."""
    return min(one.event.verdicts, key=lambda verdict: _CLOSEST.index(verdict.verdict), default=None)


def _earned(
    organisation_id: int, one: Explained, nearest: RuleVerdict | None, units: dict[str, UnitPolicy]
) -> _Layers:
    granted = _by_unit((verdict.unit, verdict.granted) for verdict in one.event.verdicts if verdict.paid)
    unit = units[next(iter(granted))] if len(granted) == 1 else None
    if unit is not None:
        total = Sum(_("Earned"), amount=granted[unit.key])
    else:
        total = Sum(_("Earned"), value=_say(granted, units) or _("nothing"))
    if nearest is not None:
        authority = authority_of(organisation_id, one, nearest, units[nearest.unit])
    else:
        what = in_sentence(one.event.title)
        authority = Authority(
            _("No rule"), _("No rule in force was about a {what} when it arrived.").format(what=what)
        )
    return _Layers(
        sentence=_earned_sentence(one, nearest),
        authority=authority,
        sums=_earned_sums(one, unit, nearest, units),
        total=total,
        would_change=_would_change(one, nearest, units),
        unit=unit,
    )


def _earned_sentence(one: Explained, nearest: RuleVerdict | None) -> str:
    paid = [verdict for verdict in one.event.verdicts if verdict.paid]
    title = in_sentence(one.event.title)
    if paid:
        return " ".join(verdict.sentence for verdict in paid)
    if one.event.member_id is None:
        return _("This {title} earned nothing: it names no member.").format(title=title)
    if nearest is None:
        return _("This {title} earned nothing: no rule is about it.").format(title=title)
    if nearest.sentence.startswith(f"{_('Nothing')}: "):
        why = nearest.sentence.removeprefix(f"{_('Nothing')}: ")
        return _("This {title} earned nothing: {why}").format(title=title, why=why)
    return _("This {title} earned nothing. {sentence}").format(title=title, sentence=nearest.sentence)


def _earned_sums(
    one: Explained, unit: UnitPolicy | None, nearest: RuleVerdict | None, units: dict[str, UnitPolicy]
) -> list[Sum]:
    """Amounts where one unit was earned; else what each rule gave, in words; else the nearest rule's steps."""
    paid = [verdict for verdict in one.event.verdicts if verdict.paid]
    if unit is not None:
        return [line for verdict in paid for line in sums_of(verdict)]
    if paid:
        return [
            Sum(_("By “{rule}”").format(rule=verdict.name), value=units[verdict.unit].say(verdict.granted))
            for verdict in paid
        ]
    if nearest is None:
        return [Sum(_("Rules about it"), value=_("none"))]
    given = Sum(_("By “{rule}”").format(rule=nearest.name), value=units[nearest.unit].say(0))
    return [*(Sum(done, value=result) for done, result in steps_words(nearest.arithmetic)), given]


def _would_change(one: Explained, nearest: RuleVerdict | None, units: dict[str, UnitPolicy]) -> list[str]:
    if nearest is None:
        return [_("A rule about a {title}.").format(title=in_sentence(one.event.title))]
    if nearest.paid:
        return would_have_changed(one, nearest, units[nearest.unit])
    said = [verdict.would_change for verdict in one.event.verdicts if verdict.would_change]
    return said or [_("Nothing: no rule about this is for you.")]


def _taken_back(one: Explained, transfers: list[ToldTransfer], units: dict[str, UnitPolicy]) -> _Layers:
    """A correction earns nothing: it takes back what was earned by what it corrects."""
    title, of = one.event.title, one.event.corrects_key
    back = [transfer for transfer in transfers if transfer.kind is Kind.REVERSAL]
    amounts = _by_unit((transfer.unit, -transfer.amount) for transfer in back)
    unit = units[next(iter(amounts))] if len(amounts) == 1 else None
    said = _say({key: -amount for key, amount in amounts.items()}, units)
    if said:
        sentence = _("{said} taken back: {title} of {of}.").format(said=said, title=title, of=of)
        would_change = [_("Without the {title} it would all have stayed.").format(title=in_sentence(title))]
    else:
        sentence = _("{title}: it corrects {of}, which had earned nothing or is not there yet.").format(
            title=title, of=of
        )
        would_change = [_("If {of} arrives later, what it earns is taken back as this says.").format(of=of)]
    return _Layers(
        sentence=sentence,
        authority=Authority(_("Corrections"), _("A correction takes back exactly what was recorded.")),
        sums=[_taken_line(transfer, unit, units) for transfer in back]
        or [Sum(_("Earned by it"), value=_("nothing"))],
        total=Sum(_("Taken back"), amount=amounts[unit.key])
        if unit
        else Sum(_("Taken back"), value=said or _("nothing")),
        would_change=would_change,
        unit=unit,
    )


def _taken_line(transfer: ToldTransfer, unit: UnitPolicy | None, units: dict[str, UnitPolicy]) -> Sum:
    label = _("From line {line}").format(line=transfer.reverses_line)
    if unit is not None:
        return Sum(label, amount=-transfer.amount)
    return Sum(label, value=units[transfer.unit].say(-transfer.amount))


def _by_unit(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, amount in amounts:
        found[key] = found.get(key, 0) + amount
    return found


def _say(amounts: dict[str, int], units: dict[str, UnitPolicy]) -> str:
    said = [units[key].say(amount) for key, amount in amounts.items() if amount]
    return list_words(said) if said else ""


_LINKED = {
    Kind.ACCRUAL: gettext_noop("Earned"),
    Kind.DEDUCTION: gettext_noop("Taken"),
    Kind.REVERSAL: gettext_noop("Taken back"),
}


def _link(transfer: ToldTransfer, units: dict[str, UnitPolicy]) -> Link:
    words = _(_LINKED.get(transfer.kind, transfer.kind.label.capitalize()))
    said = units[transfer.unit].say(transfer.amount)
    return Link(f"{words}: {said}", show_transfer(transfer.wallet_id, transfer.line))
