"""Why points were taken back: by a correction of what happened, by somebody, or to bring back what expired."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.activity.queries import BookedEvent, booked_event
from plaudit.activity.recording import CorrectionLink, corrections_of
from plaudit.activity.shares import share_of
from plaudit.activity.types import types_by_id
from plaudit.earning.published import published_rule
from plaudit.earning.words import in_sentence, value_words
from plaudit.foundation.ids import show
from plaudit.insights.asked import Asked, rule_authority
from plaudit.insights.reasons import Authority, Because, Input, Link, Sum
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.statements import StatementLine, transfer_chain

_EXACT = gettext_noop(
    "A correction takes back exactly what was recorded, never what the rules of today would say."
)


def of_reversal(asked: Asked) -> Because:
    """A reversal of any kind."""
    original = asked.chain.undoes
    assert original is not None, "a reversal says what it reverses"
    if asked.line.source is Place.EXPIRED:
        return _brought_back(asked, original)
    if asked.line.event_id is not None:
        return _corrected(asked, original, booked_event(asked.organisation_id, asked.line.event_id))
    return _by_hand(asked, original)


def of_write_off(asked: Asked) -> Because:
    """What a correction wanted, was spent already, and is owed by nobody."""
    original = asked.chain.undoes
    assert original is not None and asked.line.event_id is not None, "a write-off says what for"
    correction = booked_event(asked.organisation_id, asked.line.event_id)
    title = correction.title or correction.type
    return asked.answer(
        "write_off",
        sentence=_("{said} written off: they were spent before {title} of {day}.").format(
            said=asked.said, title=title, day=asked.day(correction.occurred_at)
        ),
        inputs=[
            Input(title, correction.key, correction.source, correction.occurred_at, _act(correction)),
            asked.about(original, _("What had been earned")),
        ],
        authority=Authority(
            _("Corrections"),
            _("What a correction takes back and is spent already is written off; nobody owes it."),
        ),
        sums=[Sum(_("Written off"), amount=asked.change)],
        would_change=[_("With as many points left to spend, nothing would have been written off.")],
        links=[Link(_("The correction: {title}").format(title=title), _act(correction))],
    )


def _corrected(asked: Asked, original: StatementLine, correction: BookedEvent) -> Because:
    title = correction.title or correction.type
    return asked.answer(
        "correction",
        sentence=_("{said} taken back: {title} of {day}.").format(
            said=asked.said, title=title, day=asked.day(correction.occurred_at)
        ),
        inputs=[
            Input(title, correction.key, correction.source, correction.occurred_at, _act(correction)),
            *_parts(asked, original, correction),
            asked.about(original, _("What had been earned")),
        ],
        authority=_original_rule(asked, original),
        sums=_shares(asked, original),
        would_change=[
            _("Without the {title} the {amount} would have stayed.").format(
                title=in_sentence(title), amount=asked.unit.say(original.amount)
            ),
            _shortfall(asked),
        ],
        links=[Link(_("The correction: {title}").format(title=title), _act(correction))],
    )


def _parts(asked: Asked, original: StatementLine, correction: BookedEvent) -> list[Input]:
    """The two numbers that say how much was undone, where the correction undoes a part."""
    link = next((one for one in _history(asked, original) if one.correction_id == correction.id), None)
    part = types_by_id(asked.organisation_id)[link.correction_type_id].part if link else ""
    this, _slash, of = part.partition("/")
    if link is None or not part:
        return []
    undone, whole = link.correction_data.get(this), link.corrected_data.get(of)
    return [
        Input(
            this.capitalize(),
            _("{part} of {whole}").format(part=value_words(undone), whole=value_words(whole)),
            correction.source,
        )
    ]


def _history(asked: Asked, original: StatementLine) -> list[CorrectionLink]:
    return corrections_of(asked.organisation_id, original.event_id) if original.event_id else []


def _shares(asked: Asked, original: StatementLine) -> list[Sum]:
    """How much of what was earned the corrections undo together, and what of it was taken before."""
    before = sum(
        other.amount
        for other in transfer_chain(asked.organisation_id, original.reference).undone_by
        if other.kind is Kind.REVERSAL and other.line < asked.line.line
    )
    in_all, unit = before + asked.line.amount, asked.unit
    sums = [Sum(_("Earned then"), value=unit.say(original.amount))]
    share, words = _share_until(asked, original)
    if share != 1 and int(original.amount * share) == in_all:
        done = _("{part} of {whole}").format(part=words, whole=unit.say(original.amount))
        sums.append(Sum(done, note=_("rounded down"), value=unit.say(in_all)))
    if before:
        sums.append(Sum(_("To be taken back in all"), value=unit.say(in_all)))
        sums.append(Sum(_("Already taken back before"), value=unit.say(before)))
    return [*sums, Sum(_("Taken back now"), amount=asked.change)]


def _share_until(asked: Asked, original: StatementLine) -> tuple[Fraction, str]:
    """The share that the corrections undo, up to and including the one that this line is for; as written."""
    share, undone, whole = Fraction(0), list[str](), ""
    for link in _history(asked, original):
        part = types_by_id(asked.organisation_id)[link.correction_type_id].part
        share += share_of(part, link.correction_data, link.corrected_data)
        this, _slash, of = part.partition("/")
        undone.append(value_words(link.correction_data.get(this)))
        whole = value_words(link.corrected_data.get(of))
        if link.correction_id == asked.line.event_id:
            break
    added = undone[0] if len(undone) == 1 else f"({' + '.join(undone)})"
    return min(Fraction(1), share), f"{added} ÷ {whole}"


def _shortfall(asked: Asked) -> str:
    if asked.unit.may_owe or asked.unit.writes_off:
        return ""
    return _("A balance never goes below zero here: what is already spent is not taken back.")


def _original_rule(asked: Asked, original: StatementLine) -> Authority:
    if original.rule_id is None:
        return Authority(_("Corrections"), _(_EXACT))
    ruled = published_rule(asked.organisation_id, original.rule_id)
    return rule_authority(
        asked.organisation_id,
        ruled.programme,
        ruled.version,
        key=ruled.rule.key,
        name=ruled.rule.name,
        words=_(_EXACT),
    )


def _brought_back(asked: Asked, original: StatementLine) -> Because:
    """An expiry undone, so that a correction can take these very points and no others."""
    return asked.answer(
        "correction",
        sentence=_("{said} brought back: they had expired, and a correction takes them now.").format(
            said=asked.said
        ),
        inputs=[asked.about(original, _("What had expired"))],
        authority=Authority(_("Corrections"), _(_EXACT)),
        sums=[Sum(_("Brought back from what expired"), amount=asked.change)],
        would_change=[_("Without the correction they would have stayed expired.")],
    )


def _by_hand(asked: Asked, original: StatementLine) -> Because:
    by = asked.name(asked.line.actor)
    back = _("{said} given back: {reason}.") if asked.change > 0 else _("{said} taken back: {reason}.")
    reason = asked.line.reason or _("No reason was written down")
    return asked.answer(
        "reversal",
        sentence=back.format(said=asked.said, reason=reason.rstrip(".")),
        inputs=[
            Input(_("Reason"), reason, by, asked.line.recorded_at),
            asked.about(original, _("What is undone")),
        ],
        authority=Authority(
            _("A reversal by hand"),
            _(
                "Nothing in the books is ever changed: to undo a line, another is written against it, with a reason."
            ),
            since=asked.line.recorded_at,
            approved_by=by,
        ),
        sums=[
            Sum(_("The line that is undone"), value=asked.unit.say(original.amount)),
            Sum(_("Of that, undone now"), amount=asked.change),
        ],
        would_change=[_("This was decided by a person; no rule would have changed it.")],
    )


def _act(event: BookedEvent) -> str:
    return show("act", event.id)
