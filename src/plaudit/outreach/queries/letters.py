"""What news says to the member it is about: a sentence, and the page on which there is more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from plaudit.engagement.definitions import Kind
from plaudit.engagement.published import published_sets
from plaudit.foundation import written
from plaudit.foundation.ids import read
from plaudit.rewards.models import Redemption
from plaudit.targeting.definitions import read_ladder, read_offer
from plaudit.targeting.models import Ladder, Offer

Facts = Mapping[str, Any]


def sentence_of(organisation_id: int, topic: str, facts: Facts) -> tuple[str, str]:
    """The sentence and the path of the page; the names are those of now. Ask inside `in_organisation`."""
    say, page = _SAID[topic]
    return say(organisation_id, facts), page


def members_of_redemptions(organisation_id: int, references: list[str]) -> dict[str, Any]:
    """Whose these redemptions are, by their references."""
    ids = {read("rdm", reference, kind="redemption"): reference for reference in references}
    rows = Redemption.objects.filter(organisation_id=organisation_id, id__in=list(ids))
    return {ids[id]: member_id for id, member_id in rows.values_list("id", "member_id")}


def _level(organisation_id: int, facts: Facts, key: str) -> str:
    row = Ladder.objects.filter(
        organisation_id=organisation_id, programme=facts["programme"], key=facts["ladder"]
    ).first()
    levels = read_ladder(row.definition).levels if row is not None else ()
    return next((one.name for one in levels if one.key == key), key)


def _reached(organisation_id: int, facts: Facts) -> str:
    return _("You have reached a level: {level}.").format(
        level=_level(organisation_id, facts, facts["level"])
    )


def _will_leave(organisation_id: int, facts: Facts) -> str:
    last = date.fromisoformat(facts["falls_on"]) - timedelta(days=1)
    level = _level(organisation_id, facts, facts["level"])
    return _("Your level {level} is yours through {day}, unless more counts until then.").format(
        level=level, day=written.day(last)
    )


def _left(organisation_id: int, facts: Facts) -> str:
    if not facts["level"]:
        return _("You stand on no level any more.")
    return _("Your level is {level} from now on.").format(
        level=_level(organisation_id, facts, facts["level"])
    )


def _part(organisation_id: int, facts: Facts, kind: Kind) -> str:
    for one, part in published_sets(organisation_id).newest_forms.values():
        if (one.programme, part.kind, part.key) == (facts["programme"], kind, facts[kind.value]):
            return part.name
    return str(facts[kind.value])


def _completed(organisation_id: int, facts: Facts) -> str:
    name = _part(organisation_id, facts, Kind.CHALLENGE)
    return _("You have reached a goal: {name}.").format(name=name)


def _in_a_row(organisation_id: int, facts: Facts) -> str:
    name = _part(organisation_id, facts, Kind.STREAK)
    return _("{length} in a row: {name}.").format(name=name, length=facts["length"])


def _won(organisation_id: int, facts: Facts) -> str:
    name = _part(organisation_id, facts, Kind.COMPETITION)
    return _("You came to place {place}: {name}.").format(name=name, place=facts["place"])


def _offered(organisation_id: int, facts: Facts) -> str:
    row = Offer.objects.filter(
        organisation_id=organisation_id, programme=facts["programme"], key=facts["offer"]
    ).first()
    name = read_offer(row.definition).name if row is not None else facts["offer"]
    return _("Something is offered to you: {name}.").format(name=name)


def _fulfilled(organisation_id: int, facts: Facts) -> str:
    id = read("rdm", facts["redemption"], kind="redemption")
    made = Redemption.objects.select_related("reward").get(organisation_id=organisation_id, id=id)
    return _("Your reward is on its way, or there: {reward}.").format(reward=made.reward.name)


_SAID: Mapping[str, tuple[Callable[[int, Facts], str], str]] = {
    "tier.reached": (_reached, "/tier"),
    "tier.will_leave": (_will_leave, "/tier"),
    "tier.left": (_left, "/tier"),
    "challenge.completed": (_completed, "/challenges"),
    "streak.reached": (_in_a_row, "/challenges"),
    "competition.decided": (_won, "/challenges"),
    "offer.made": (_offered, "/challenges"),
    "redemption.fulfilled": (_fulfilled, "/redemptions"),
}
