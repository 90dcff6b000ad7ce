"""Commands about who recognises one another more than chance would bring: looked for, asked about, decided."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from plaudit.foundation.tenancy import in_organisation
from plaudit.recognition.actions.reviewing import ask_those_concerned, count_now, decide_finding, look_now
from plaudit.recognition.queries import reviews as kept
from plaudit.recognition.queries.reviews import finding_id_of, finding_ref
from plaudit.recognition.reviews import RUNNING, Finding, FindingState
from plaudit.recognition.rules.rings import FALSE_FINDINGS
from plaudit.surfaces.cli.acting import ACTOR, names_of, organisation_id
from plaudit.surfaces.cli.output import say, show, show_rows

finding = typer.Typer(no_args_is_help=True, help="Who recognises one another more than chance would bring.")

FindingRef = Annotated[str, typer.Argument(help="A finding, fnd_….")]
_SHOWN = 200
_RATE = f"Where chance alone decides, at most one look in {round(1 / FALSE_FINDINGS)} finds anything at all."


@finding.command("list")
def list_findings(
    *,
    decided: Annotated[bool, typer.Option("--decided", help="Those that are decided.")] = False,
) -> None:
    """List what waits to be looked into, or what was decided, the newest first."""
    here = organisation_id()
    states = [FindingState.DECIDED] if decided else RUNNING
    with in_organisation(here):
        found = kept.findings(here, states=states, limit=_SHOWN)
    called = names_of(here, {UUID(person) for one in found for person in one.people.split()})
    rows = [_row(one, called) for one in found]
    names = ["finding", "members", "state", "one_in", "found", "outcome"]
    show_rows(rows, names, empty="Nobody stands out.")


def _row(one: Finding, called: dict[UUID, str]) -> dict[str, object]:
    return {
        "finding": finding_ref(one.id),
        "members": ", ".join(called[UUID(person)] for person in one.people.split()),
        "state": one.state,
        "one_in": one.one_in,
        "found": f"{one.found_at:%Y-%m-%d}",
        "outcome": one.outcome,
    }


@finding.command("show")
def show_finding(reference: FindingRef) -> None:
    """Show who recognised whom how often, and how often chance would bring it."""
    here = organisation_id()
    with in_organisation(here):
        one = kept.finding(here, finding_id_of(reference))
        rows = [
            {
                "giver": link.giver,
                "recipient": link.recipient,
                "observed": link.times,
                "expected": str(link.expected),
                "one_in": link.one_in,
                "points": link.points,
            }
            for link in kept.shown_links(here, one)
        ]
    show_rows(
        rows, ["giver", "recipient", "observed", "expected", "one_in", "points"], empty="Nothing was counted."
    )
    say(
        f"{one.since:%Y-%m-%d} to {one.until:%Y-%m-%d}, {one.state}. Chance brings it in one look in {one.one_in:,}."
    )
    say(f"{_RATE} It says how often, never why: ask them.")


@finding.command("look")
def look() -> None:
    """Look through the recognitions of the last half year now; every quarter it happens by itself."""
    here = organisation_id()
    made = look_now(here, count_now(here), actor=ACTOR)
    body = {
        "since": f"{made.since:%Y-%m-%d}",
        "until": f"{made.until:%Y-%m-%d}",
        "recognitions": made.recognitions,
        "findings": made.findings,
    }
    show(
        body, sentence=f"{made.recognitions:,} recognitions were looked through; {made.findings:,} stand out."
    )
    say(_RATE)


@finding.command("ask")
def ask(reference: FindingRef) -> None:
    """Let those it names see what was counted and say what is behind it."""
    here = organisation_id()
    ask_those_concerned(here, finding_id_of(reference), actor=ACTOR, member_id=None)
    show(
        {"finding": reference, "state": _state(here, reference)},
        sentence=f"Those {reference} names are asked.",
    )


@finding.command("decide")
def decide(
    reference: FindingRef,
    outcome: Annotated[str, typer.Argument(help="nothing_wrong, talked_about or passed_on.")],
    because: Annotated[str, typer.Option(help="Why; those it names read this.")],
) -> None:
    """Say what came of it. Nothing else happens by itself.

    Example:  plaudit finding decide fnd_01… nothing_wrong --because "They share a desk."
    """
    here = organisation_id()
    decide_finding(
        here, finding_id_of(reference), outcome=outcome, words=because, actor=ACTOR, member_id=None
    )
    show(
        {"finding": reference, "state": _state(here, reference)},
        sentence=f"{reference} is decided: {outcome}.",
    )


def _state(here: int, reference: str) -> str:
    with in_organisation(here):
        return kept.finding(here, finding_id_of(reference)).state
