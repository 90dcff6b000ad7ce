"""Commands about surveys: what is asked, asking people, and what they said. What is asked stands in the programme file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import typer
from django.conf import settings
from django.urls import reverse

from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member_id_of, organisation
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.output import say, show, show_rows
from plaudit.surveys.actions.invite import invite as ask_one
from plaudit.surveys.actions.invite import invite_everyone
from plaudit.surveys.asked import all_surveys, survey_of
from plaudit.surveys.links import PREFIX, secret_of
from plaudit.surveys.queries.results import QuestionResult, Results, results_of, standings
from plaudit.surveys.rules.figures import Interval

survey = typer.Typer(no_args_is_help=True, help="What people are asked, and what they say.")

Which = Annotated[str, typer.Argument(help="A survey, such as corner-shop/our-call.")]

_ROWS = ["question", "answer", "value", "low", "high", "of"]


@survey.command("list")
def list_surveys() -> None:
    """List what is asked now, with how many were asked and how many answered."""
    here = organisation_id()
    with in_organisation(here):
        counted = standings(here)
        rows = []
        for surveys in all_surveys(here):
            for one in surveys.surveys:
                asked, answered, settled = counted.get((surveys.programme, one.key), (0, 0, False))
                rows.append(
                    {
                        "survey": f"{surveys.programme}/{one.key}",
                        "name": one.name,
                        "kind": one.kind.value,
                        "asked": asked,
                        "answered": answered,
                        "closed": settled,
                    }
                )
    names = ["survey", "name", "kind", "asked", "answered", "closed"]
    show_rows(rows, names, empty="Nothing is asked; write `surveys:` into a programme file.")


@survey.command("invite")
def invite(
    which: Which,
    member: Annotated[str, typer.Option(help="Whom: mem_… or ext:source:id.")] = "",
    about: Annotated[str, typer.Option(help="Who is asked about, where the survey is about somebody.")] = "",
    contact: Annotated[str, typer.Option(help="What it is about, such as a call's number.")] = "",
    *,
    everyone: Annotated[bool, typer.Option("--everyone", help="Everybody whom the survey is for.")] = False,
) -> None:
    """Ask one member, whose link is shown, or everybody it is for. Whoever was asked is not asked again.

    Example:  plaudit survey invite corner-shop/our-call --member ext:till:ada --contact call-4711
    """
    if everyone == bool(member):
        raise typer.BadParameter("Say --member, or --everyone.")
    here = organisation_id()
    programme, key = _parts(which)
    if everyone:
        invited = invite_everyone(here, programme=programme, survey=key, actor=ACTOR)
        show({"survey": which, "invited": invited}, sentence=f"{invited:,} more were asked.")
        return
    with in_organisation(here):
        whom, whose = member_id_of(here, member), member_id_of(here, about) if about else None
        slug = organisation(here).slug
    made = ask_one(
        here, programme=programme, survey=key, member_id=whom, about_id=whose, contact=contact, actor=ACTOR
    )
    page = reverse("public:survey", args=[slug, secret_of(here, made.id)])
    link = f"{settings.BASE_URL}{page}"
    show({"invitation": as_reference(PREFIX, made.id), "survey": which, "link": link})


@survey.command("results")
def results(which: Which) -> None:
    """Show what was answered, each figure with its bounds. Answers without names are shown from eight on.

    Example:  plaudit survey results corner-shop/our-call --json
    """
    here = organisation_id()
    programme, key = _parts(which)
    with in_organisation(here):
        _surveys, one = survey_of(here, programme, key)
        found = results_of(here, programme, one)
    say(f"{one.name} {_answers(found)}")
    show_rows(
        [row for each in found.questions for row in _figures(each)], _ROWS, empty="Nothing can be shown."
    )


def _parts(which: str) -> tuple[str, str]:
    programme, slash, key = which.partition("/")
    if not slash:
        raise typer.BadParameter("Name a survey as programme/survey.")
    return programme, key


def _answers(found: Results) -> str:
    answered = f"{found.answered:,} of {found.asked:,} who were asked answered."
    return f"{answered} Fewer than eight are not shown." if found.hidden else answered


def _figures(one: QuestionResult) -> Iterator[dict[str, Any]]:
    """The figures of one question, a row each; none where it is hidden."""
    if one.hidden or not one.of:
        return
    for option in one.options:
        yield _row(one, option.name, option.share)
    summed = (
        ("mean", one.mean),
        ("satisfied", one.good),
        ("net promoters", one.net.score if one.net is not None else None),
    )
    for name, figure in summed:
        if figure is not None:
            yield _row(one, name, figure)


def _row(one: QuestionResult, name: str, figure: Interval) -> dict[str, Any]:
    return {
        "question": one.question.key,
        "answer": name,
        "value": _number(figure.value),
        "low": _number(figure.low),
        "high": _number(figure.high),
        "of": figure.of,
    }


def _number(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.0001")))
