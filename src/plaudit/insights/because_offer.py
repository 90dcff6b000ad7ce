"""Why an offer holds for a member or does not: how they were drawn, whether they took it, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from plaudit.foundation import clock
from plaudit.insights.file_words import offer_words
from plaudit.insights.reasons import Because, Input, Link, Sum
from plaudit.insights.standing import Standing, authority, decided
from plaudit.insights.wording import day_words
from plaudit.planning.programme_file.offers import Offer as FileOffer
from plaudit.planning.programme_file.programme import Programme
from plaudit.targeting.definitions import Offer as Definition
from plaudit.targeting.definitions import read_offer
from plaudit.targeting.models import Drawn, Offer
from plaudit.targeting.queries.offers import MadeOffer, OfferState, drawn_for, offer, offer_row


def of_offer(organisation_id: int, member_id: UUID, programme: str, key: str) -> Because:
    """Why an offer holds for a member, or why not. Raises `NotFound`."""
    row = offer_row(organisation_id, programme, key)
    version, file, _found = decided(organisation_id, programme, lambda one: _offer(one, key))
    definition, zone = read_offer(row.definition), ZoneInfo(file.time_zone)
    drawn, state = drawn_for(organisation_id, row.id, member_id), offer(organisation_id, programme, key).state
    holds = _holds(organisation_id, programme, key, drawn)
    standing = Standing(organisation_id, member_id, f"offer:{programme}/{key}", zone)
    segment = f"segment:{programme}/{definition.segment}"
    words = _("{offer} is {how}.").format(offer=definition.name, how=offer_words(_file_offer(file, key)))
    if definition.control_percent:
        words += " " + _("Who gets nothing is drawn by chance, once, and nobody can steer it.")
    return standing.answer(
        "offer",
        sentence=_sentence(definition, drawn, state, zone, holds=holds),
        inputs=_inputs(file, row, definition, drawn),
        authority=authority(organisation_id, version, programme, definition.name, words),
        sums=_steps(definition, drawn, state),
        total=Sum(_("It holds"), value=_("yes") if holds else _("no")),
        would_change=_would_change(definition, drawn, state, zone),
        happened_at=(drawn.accepted_at or drawn.drawn_at) if drawn is not None else clock.now(),
        links=[Link(_("Whether they are in its segment"), segment)] if definition.segment else [],
    )


def _offer(programme: Programme, key: str) -> FileOffer | None:
    return next((one for one in programme.offers if one.key == key), None)


def _file_offer(programme: Programme, key: str) -> FileOffer:
    return next(one for one in programme.offers if one.key == key)


def _holds(organisation_id: int, programme: str, key: str, drawn: Drawn | None) -> bool:
    if drawn is None or drawn.is_control:
        return False
    return MadeOffer(offer(organisation_id, programme, key), drawn.drawn_at, drawn.accepted_at).holds


def _sentence(
    definition: Definition, drawn: Drawn | None, state: OfferState, zone: ZoneInfo, *, holds: bool
) -> str:
    name = definition.name
    if drawn is None:
        return _("{name} was not made to this member.").format(name=name)
    day = day_words(drawn.drawn_at, zone)
    if drawn.is_control:
        many = _("{percent} of 100").format(percent=definition.control_percent)
        return _(
            "{name} was not made to this member: on {day} they were drawn among the {many} who get nothing, so that what it brings can be measured."
        ).format(name=name, day=day, many=many)
    if holds:
        taken = (
            _(", and taken on {day}").format(day=day_words(drawn.accepted_at, zone))
            if drawn.accepted_at
            else ""
        )
        return _("{name} holds: it was made to this member on {day}{taken}.").format(
            name=name, day=day, taken=taken
        )
    why = _("it is over") if state is OfferState.OVER else _("it has not been taken")
    return _("{name} does not hold: it was made to this member on {day}, and {why}.").format(
        name=name, day=day, why=why
    )


def _inputs(file: Programme, row: Offer, definition: Definition, drawn: Drawn | None) -> list[Input]:
    inputs = [Input(_("Made to"), definition.segment or _("single people"), _("The offer"))]
    if row.starts_at is not None:
        inputs.append(Input(_("Begins"), "", _("The offer"), row.starts_at))
    if row.ends_at is not None:
        inputs.append(Input(_("Ends"), "", _("The offer"), row.ends_at))
    if drawn is not None:
        what = (
            (_("Drawn by chance"), _("to get nothing"))
            if drawn.is_control
            else (_("Made"), _("to this member"))
        )
        inputs.append(Input(*what, "", drawn.drawn_at))
        if drawn.accepted_at is not None:
            inputs.append(Input(_("Taken"), _("by the member"), "", drawn.accepted_at))
    return inputs + [
        Input(_("What it gives"), words, _("The programme")) for words in _gives(file, definition)
    ]


def _gives(file: Programme, definition: Definition) -> Iterator[str]:
    """The rules, rewards and challenges that ask whether it holds."""
    asked = re.compile(rf"\bmember\.{re.escape(definition.standing_name)}\b")
    yield from (rule.name for rule, _ in file.all_rules() if asked.search(rule.when))
    yield from (
        one.name for one in (*file.challenges, *file.streaks, *file.competitions) if asked.search(one.when)
    )
    yield from (one.name for one in file.rewards if asked.search(one.eligible))


def _steps(definition: Definition, drawn: Drawn | None, state: OfferState) -> list[Sum]:
    lines = [Sum(_("It was made to them"), value=_("no") if drawn is None or drawn.is_control else _("yes"))]
    if definition.accept and drawn is not None and not drawn.is_control:
        lines.append(Sum(_("Taken"), value=_("yes") if drawn.accepted_at else _("no")))
    return [*lines, Sum(_("It runs"), value=_("yes") if state is OfferState.RUNNING else _("no"))]


def _would_change(
    definition: Definition, drawn: Drawn | None, state: OfferState, zone: ZoneInfo
) -> list[str]:
    if state is OfferState.OVER:
        return [_("It is over; nothing would change it now.")]
    if drawn is None:
        who = (
            _("Whoever comes to be in {segment} while it runs is drawn").format(segment=definition.segment)
            if definition.segment
            else _("Somebody at the desk can make it to them")
        )
        return [f"{who}."]
    if drawn.is_control:
        return [_("Nothing: who was drawn stays as they were drawn.")]
    if definition.accept and drawn.accepted_at is None:
        return [_("Taking it would.")]
    last = (
        " "
        + _("It holds to {day}.").format(day=day_words(definition.ends_at - timedelta(microseconds=1), zone))
        if definition.ends_at
        else ""
    )
    return [_("Nothing: it is theirs.") + last]
