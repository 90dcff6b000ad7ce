"""What keeps people going, in the console: challenges, streaks, competitions and offers, what comes of each, and their end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.insights.file_words import people
from plaudit.insights.going_on import Offered, Pursued, Standing, offered, pursued
from plaudit.planning.plans import plan
from plaudit.planning.programme_file.ending import ended
from plaudit.planning.queries import programme_behind, version_row
from plaudit.surfaces.console.programmes import APPLIES, READS, FileForm, shown_plan
from plaudit.surfaces.design.writing import number
from plaudit.targeting.rules.comparing import Difference, Share

SECTIONS = {"challenge": "challenges", "streak": "streaks", "competition": "competitions"}
STOPPABLE = (Standing.RUNNING, Standing.YET)


@require_GET
@allows(roles=READS, to="see what keeps members going")
def going_on(request: HttpRequest) -> HttpResponse:
    """Every challenge, streak, competition and offer: state, audience, how many take part, what it brought."""
    actor = actor_of(request)
    may_stop = actor.has_role(*APPLIES)
    wanted = request.GET.get("state", "")
    found = pursued(actor.organisation_id)
    made = offered(actor.organisation_id)
    shown = {
        "title": _("Challenges and offers"),
        "lead": _("What keeps members going, how many take part, and what it brought."),
        "pursuits": [_pursuit(one, may_stop=may_stop) for one in found if _wanted(one.standing, wanted)],
        "offers": [_offer(one, may_stop=may_stop) for one in made if _wanted(one.standing, wanted)],
        "is_empty": not found and not made,
        "may_apply": may_stop,
        "states": [("", _("All")), *((state.value, standing_words(state)) for state in Standing)],
        "state": wanted,
    }
    return render(request, "console/going_on.html", shown)


def _wanted(standing: Standing, wanted: str) -> bool:
    return wanted not in set(Standing) or standing == wanted


def standing_words(standing: Standing) -> str:
    """The state in a word or two."""
    return {
        Standing.YET: _("Not yet"),
        Standing.RUNNING: _("Running"),
        Standing.PAUSED: _("Paused"),
        Standing.OVER: _("Over"),
        Standing.GONE: _("Taken out"),
    }[standing]


_SIGNS = {Standing.RUNNING: "good", Standing.YET: "info", Standing.PAUSED: "warn"}


def _state(standing: Standing) -> dict[str, str]:
    return {"state": standing_words(standing), "state_kind": _SIGNS.get(standing, "neutral")}


def _pursuit(one: Pursued, *, may_stop: bool) -> dict[str, object]:
    kinds = {"challenge": _("Challenge"), "streak": _("Streak"), "competition": _("Competition")}
    return {
        **_state(one.standing),
        "one": one,
        "kind": kinds[one.kind.value],
        "audience": people(one.audience),
        "section": SECTIONS[one.kind.value],
        "may_stop": may_stop and one.standing in STOPPABLE,
    }


def _offer(one: Offered, *, may_stop: bool) -> dict[str, object]:
    report = one.report
    return {
        **_state(one.standing),
        "one": one,
        "made": report.exposed.of,
        "kept_back": report.control.of,
        "effect": effect_words(report.exposed, report.control, report.difference)
        if one.definition.goal is not None
        else "",
        "section": "offers",
        "may_stop": may_stop and one.standing in STOPPABLE,
    }


def effect_words(exposed: Share, control: Share, difference: Difference | None) -> str:
    """What an offer brought, with the interval the truth lies in at 95 %; in honest words where nobody can tell."""
    if difference is None:
        return _(
            "{share} % of {of} did it; without a control group nobody can say what the offer brought."
        ).format(share=_percent(exposed.rate), of=number(exposed.of))
    between = _("{difference} percentage points ({low} to {high})").format(
        difference=_points(difference.rate), low=_points(difference.low), high=_points(difference.high)
    )
    both = _("{share} % did it, {control} % of the control group").format(
        share=_percent(exposed.rate), control=_percent(control.rate)
    )
    clear = _("more than chance") if difference.is_clear else _("it may be chance")
    return f"{both}: {between}; {clear}."


def _percent(rate: Decimal) -> str:
    return number(rate * 100, decimals=1)


def _points(rate: Decimal) -> str:
    return f"{'+' if rate > 0 else ''}{number(rate * 100, decimals=1)}"


@require_GET
@allows(roles=APPLIES, to="change programmes")
def stop_page(request: HttpRequest, key: str, section: str, part: str) -> HttpResponse:
    """What ending one of them now would change: the programme file with its end in it, to be applied or not."""
    organisation_id = actor_of(request).organisation_id
    version = version_row(organisation_id, key)
    zone = ZoneInfo(programme_behind(version).time_zone)
    # The next whole minute: what happens until the file is applied still counts.
    now = clock.now().astimezone(zone).replace(second=0, microsecond=0, tzinfo=None) + timedelta(minutes=1)
    source = ended(version.source, section, part, at=now)
    form = FileForm({"source": source, "reason": _("Ended: {part}").format(part=part)})
    assert form.is_valid(), "the file in force is a file"
    return shown_plan(request, form, plan(organisation_id, source))
