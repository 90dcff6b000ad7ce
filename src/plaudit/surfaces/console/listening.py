"""Listening in the console: what staff say deeds deserve, beside what today's rules give."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import units_by_key
from plaudit.listening.actions.baselines import close_baseline, open_baseline
from plaudit.listening.definitions import Deed, Reward
from plaudit.listening.models import Baseline
from plaudit.listening.published import programmes, todays_rules
from plaudit.listening.queries.baselines import DeedResult, baseline, baselines, result_of, took_part
from plaudit.listening.refusals import AnswersNotShown
from plaudit.listening.rules.designs import SIZES
from plaudit.listening.rules.wanting import Verdict
from plaudit.people.models import MemberKind

READS_LISTENING = (RoleName.MANAGER, RoleName.DESK, RoleName.AUDITOR)
RUNS_LISTENING = (RoleName.MANAGER,)
VERDICTS = {
    Verdict.UNDER: (gettext_lazy("Under-rewarded"), "warn"),
    Verdict.NOT_WANTED: (gettext_lazy("Not wanted"), "bad"),
    Verdict.OVER: (gettext_lazy("More than expected"), "warn"),
    Verdict.ALIGNED: (gettext_lazy("Aligned"), "good"),
    Verdict.FORMULA: (gettext_lazy("By a formula"), "neutral"),
}
KINDS = {
    MemberKind.STAFF: gettext_lazy("Staff"),
    MemberKind.CUSTOMER: gettext_lazy("Customers"),
    MemberKind.PARTNER: gettext_lazy("Partners"),
}
# What most programmes may give; whoever asks changes it.
_REWARDS = (
    (gettext_lazy("Nothing"), 0),
    (gettext_lazy("Words of thanks"), 0),
    (gettext_lazy("A little"), 20),
    (gettext_lazy("Something"), 100),
    (gettext_lazy("A lot"), 500),
)


class BaselineForm(forms.Form):
    """What is asked: deeds and rewards, each on a line of its own."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    programme = forms.ChoiceField(label=gettext_lazy("Programme"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Who is asked"), choices=[(kind.value, words) for kind, words in KINDS.items()]
    )
    deeds = forms.CharField(
        label=gettext_lazy("Deeds"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Write a deed on each line.")},
    )
    rewards = forms.CharField(
        label=gettext_lazy("What a deed may deserve"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One on each line with its points, from 0 upwards, such as: A little = 20"),
        error_messages={"required": gettext_lazy("Write a reward on each line.")},
    )


def parts_of(current: str) -> list[dict[str, object]]:
    """The pages about listening, as tabs."""
    named = (
        ("listening", _("Expectations")),
        ("remarks", _("Remarks")),
        ("codings", _("Coding")),
        ("focus-groups", _("Focus groups")),
        ("ideas", _("Ideas")),
    )
    return [
        {"label": label, "url": reverse(f"console:{name}"), "current": name == current}
        for name, label in named
    ]


def trail(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Where a page stands."""
    first = {"label": _("Listening"), "url": reverse("console:listening")}
    return [first, *({"label": label, "url": url} for label, url in more)]


@require_GET
@allows(roles=READS_LISTENING, to="see what staff expect")
def expectations(request: HttpRequest) -> HttpResponse:
    """Everything that was asked, and a form to ask anew."""
    return expectations_shown(request)


def expectations_shown(
    request: HttpRequest, refusal: Refusal | None = None, form: BaselineForm | None = None
) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    actor = actor_of(request)
    found = baselines(actor.organisation_id)
    people = took_part(actor.organisation_id, [one.id for one in found])
    if form is None and refusal is not None:
        form = _form(actor.organisation_id, request.POST)
    shown = {
        "title": _("Listening"),
        "lead": _("Which deeds deserve which reward, in the words of those who do them."),
        "parts": parts_of("listening"),
        "rows": [{"one": one, "url": _address(one), "people": people.get(one.id, 0)} for one in found],
        "form": (form or _form(actor.organisation_id)) if actor.has_role(*RUNS_LISTENING) else None,
        "faulty": form if form is not None and form.errors else None,
        "sizes": ", ".join(map(str, SIZES)),
        "refusal": refusal,
    }
    status = 422 if shown["faulty"] else refusal.status if refusal else 200
    return render(request, "console/listening.html", shown, status=status)


def _address(one: Baseline) -> str:
    return reverse("console:baseline", args=[ids.show("bsl", one.id)])


def _form(organisation_id: int, *data: Any) -> BaselineForm:
    form = BaselineForm(*data)
    known = programmes(organisation_id)
    rules = todays_rules(organisation_id, known[0]) if known else {}
    form.initial = {
        "deeds": "\n".join(f"{rule.name} = {key}" for key, rule in rules.items() if "/" not in key),
        "rewards": "\n".join(f"{name} = {points}" for name, points in _REWARDS),
    }
    field = form.fields["programme"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(one, one) for one in known]
    form.fields["deeds"].help_text = _(
        "One on each line; after = the key of the rule that pays for it today. As many as one of {sizes}."
    ).format(sizes=", ".join(map(str, SIZES)))
    return form


@require_POST
@allows(roles=RUNS_LISTENING, to="ask what deeds deserve")
@refusals_shown_by(expectations_shown)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask everybody of a kind."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        form = _form(actor.organisation_id, request.POST)
        if not form.is_valid():
            return expectations_shown(request, form=form)
        units = list(units_by_key(actor.organisation_id))
    made = open_baseline(
        actor.organisation_id,
        programme=form.cleaned_data["programme"],
        title=form.cleaned_data["title"],
        deeds=[Deed(name, rule) for name, rule in pairs_in(form.cleaned_data["deeds"])],
        rewards=[Reward(name, _points(text)) for name, text in pairs_in(form.cleaned_data["rewards"])],
        unit=units[0] if units else "",
        audience=[form.cleaned_data["kind"]],
        actor=actor.ref,
    )
    messages.success(request, _("It is asked; they find it under Help shape it."))
    return HttpResponseRedirect(_address(made))


def pairs_in(text: str) -> list[tuple[str, str]]:
    """The lines of a text, each in what stands before and after its last `=`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        before, sign, after = line.rpartition("=")
        found.append((before.strip(), after.strip()) if sign else (line, ""))
    return found


def _points(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Problem("Write each reward with its points, such as: A little = 20")
    return int(text)


@require_GET
@allows(roles=READS_LISTENING, to="see what staff expect")
def baseline_page(request: HttpRequest, baseline_id: str) -> HttpResponse:
    """What is wanted for each deed beside what is given today, with how each figure comes about."""
    actor = actor_of(request)
    one = baseline(actor.organisation_id, ids.read("bsl", baseline_id, kind="baseline"))
    people = took_part(actor.organisation_id, [one.id]).get(one.id, 0)
    team = request.GET.get("team", "")
    team_id = int(team) if team.isascii() and team.isdigit() and len(team) < 10 else None
    try:
        result, hidden = result_of(actor.organisation_id, one, team_id=team_id), None
    except AnswersNotShown as refusal:
        result, hidden = None, refusal
    shown = {
        "title": one.title,
        "trail": trail((one.title, "")),
        "one": one,
        "reference": baseline_id,
        "people": people,
        "share": Decimal(people) / one.asked if one.asked else None,
        "rows": [row_of(one, deed) for deed in result.deeds] if result else [],
        "result": result,
        "hidden": hidden if one.closed_at is not None else None,
        "team_id": team_id,
        "may_run": actor.has_role(*RUNS_LISTENING),
        "kinds": ", ".join(str(KINDS[MemberKind(kind)]) for kind in one.audience),
    }
    return render(request, "console/listening_baseline.html", shown)


def row_of(one: Baseline, deed: DeedResult) -> dict[str, Any]:
    """A deed as it is shown, with its verdict in words and how its figures come about."""
    words, kind = VERDICTS[deed.verdict]
    return {
        "one": deed,
        "verdict": words,
        "verdict_kind": kind,
        "chosen": [
            {"name": reward["name"], "count": count}
            for reward, count in zip(one.rewards, deed.chosen, strict=True)
            if count
        ],
        "shown": deed.standing.shown,
        "score": deed.standing.score.quantize(Decimal("0.01")),
        "error": deed.standing.error.quantize(Decimal("0.01")),
        "because": because_of(deed),
    }


def because_of(deed: DeedResult) -> str:
    """Why the verdict is what it is, in one sentence."""
    want = deed.wanted
    wanted = ngettext(
        "Half of {people} who answered want at least {middle} point (between {low} and {high} with 95 % confidence)",
        "Half of {people} who answered want at least {middle} points (between {low} and {high} with 95 % confidence)",
        want.middle,
    ).format(people=want.people, middle=want.middle, low=want.low, high=want.high)
    if deed.today is None:
        return _("{wanted}; today's rule gives {formula}.").format(wanted=wanted, formula=deed.formula)
    return _("{wanted}; today's rule gives {today}.").format(wanted=wanted, today=deed.today)


@require_POST
@allows(roles=RUNS_LISTENING, to="close what is asked")
def close(request: HttpRequest, baseline_id: str) -> HttpResponse:
    """Take no more answers, and see what came of them."""
    actor = actor_of(request)
    one = close_baseline(
        actor.organisation_id,
        baseline_id=ids.read("bsl", baseline_id, kind="baseline"),
        actor=actor.ref,
    )
    messages.success(request, _("No more answers are taken."))
    return HttpResponseRedirect(_address(one))


def verdict_counts(deeds: Sequence[DeedResult]) -> list[dict[str, Any]]:
    """How many deeds have each verdict."""
    counted = [
        (words, kind, sum(one.verdict is each for one in deeds)) for each, (words, kind) in VERDICTS.items()
    ]
    return [{"words": words, "kind": kind, "count": count} for words, kind, count in counted if count]
