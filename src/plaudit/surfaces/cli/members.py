"""Commands about members: found, shown, enrolled, imported, exported, merged and separated."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from plaudit.foundation.exact import decode
from plaudit.foundation.ids import read
from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because_of_standing
from plaudit.ledger.balances import balances
from plaudit.membership.actions.erase import erase_member
from plaudit.membership.actions.merge import merge_members, separate_members
from plaudit.people import queries
from plaudit.people.actions.importing import import_members
from plaudit.people.actions.members import enrol_member
from plaudit.people.actions.merging import merge_ref
from plaudit.people.exporting import as_csv as csv_lines
from plaudit.people.exporting import as_ndjson, export_members
from plaudit.people.rows import MemberRow, RowStatus
from plaudit.surfaces.cli.acting import ACTOR, member_named, organisation_id
from plaudit.surfaces.cli.output import INVALID, confirm, say, show, show_rows
from plaudit.surfaces.cli.reasons import show_reason
from plaudit.targeting.queries.offers import offers_to
from plaudit.targeting.queries.places import Place, places_of
from plaudit.targeting.queries.segments import segments_of_member

member = typer.Typer(no_args_is_help=True, help="Who earns.")

Who = Annotated[str, typer.Argument(help="mem_…, source:id, or an e-mail address.")]
Because = Annotated[str, typer.Option(help="Why, for the record.")]
_AT_A_TIME = 2_000


@member.command("find")
def find(
    text: Annotated[str, typer.Argument(help="How a name begins, an external id or an e-mail address.")] = "",
    kind: Annotated[str, typer.Option(help="customer, staff or partner.")] = "",
    team: Annotated[str, typer.Option(help="Only who is in this team now, by its key.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
) -> None:
    """Find members.

    Example:  plaudit member find Ada
    """
    here = organisation_id()
    with in_organisation(here):
        page = queries.members(here, search=text, kind=kind, team=team, limit=limit)
    rows = [
        {
            "member": as_reference("mem", one.id),
            "name": one.name,
            "kind": one.kind,
            "state": one.state,
            "known_as": " ".join(f"{i.source}:{i.external_id}" for i in one.identities.all()),
        }
        for one in page.members
    ]
    names = ["member", "name", "kind", "state", "known_as"]
    show_rows(rows, names, empty="Nobody is found; try an id or how the name begins.")
    if page.after is not None:
        say("There are more; narrow the search, or take them all:  plaudit member export")


@member.command("show")
def show_member(who: Who) -> None:
    """Show a member with every balance, tier, segment and offer."""
    here = organisation_id()
    found = member_named(here, who)
    with in_organisation(here):
        stands = {
            "tiers": {
                one.definition.key: one.level.key if one.level else None for one in places_of(here, found.id)
            },
            "segments": [one.key for _, one, _ in segments_of_member(here, found.id)],
            "offers": [one.offer.definition.key for one in offers_to(here, found.id) if one.holds],
        }
        held = {
            one.unit: {"available": one.available, "pending": one.pending, "held": one.held}
            for one in balances(here, found.id)
        }
    body = {
        "member": as_reference("mem", found.id),
        "name": found.name,
        "email": found.email,
        "kind": found.kind,
        "state": found.state,
    }
    show({**body, "balances": held, **stands, "attributes": found.attributes})


@member.command("tiers")
def show_tiers(who: Who) -> None:
    """Show where a member stands on every ladder: what keeps the level, until when, and what raises it."""
    here = organisation_id()
    found = member_named(here, who)
    with in_organisation(here):
        rows = [_place(one) for one in places_of(here, found.id)]
    names = ["ladder", "level", "since", "amount", "goes_on", "keep", "keep_by", "next", "missing"]
    show_rows(rows, names, empty="There is no ladder for them; tiers stand in the programme file.")


def _place(one: Place) -> dict[str, Any]:
    climbed, above = one.climbed, one.above
    return {
        "programme": one.programme,
        "ladder": one.definition.key,
        "level": one.level.key if one.level else None,
        "since": climbed.since.isoformat() if one.level and climbed.since else None,
        "amount": climbed.amount,
        "goes_on": climbed.falls_on.isoformat() if climbed.falls_on else None,
        "keep": one.keep.amount if one.keep else None,
        "keep_by": one.keep.by.isoformat() if one.keep else None,
        "next": above[0].key if above else None,
        "missing": above[1] if above else None,
    }


@member.command("because")
def show_because(
    who: Who,
    what: Annotated[
        str, typer.Argument(help="tier:PROGRAMME/KEY, segment:PROGRAMME/KEY or offer:PROGRAMME/KEY.")
    ],
) -> None:
    """Say why a member stands on a level, is in a segment or has an offer, and why not.

    Example:  plaudit member because till:C0901 tier:points-rewards/status
    """
    here = organisation_id()
    found = member_named(here, who)
    with in_organisation(here):
        reason = because_of_standing(here, found.id, what)
    show_reason(reason)


@member.command("create")
def create(
    kind: Annotated[str, typer.Option(help="customer, staff or partner.")] = "customer",
    name: Annotated[str, typer.Option(help="What to call them.")] = "",
    email: Annotated[str, typer.Option(help="Where to write to.")] = "",
    known_as: Annotated[list[str] | None, typer.Option(help="source:id; may be given several times.")] = None,
) -> None:
    """Enrol a member.

    Example:  plaudit member create --name "Ada Berg" --known-as till:C0901
    """
    ids = [(source, external) for source, _, external in (one.partition(":") for one in known_as or [])]
    made = enrol_member(organisation_id(), kind=kind, name=name, email=email, external_ids=ids, actor=ACTOR)
    reference = as_reference("mem", made.id)
    show({"member": reference, "name": made.name}, sentence=f"{name or reference} is enrolled: {reference}")


@member.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="NDJSON as `member export` writes it.")],
    kind: Annotated[str, typer.Option(help="What those are whose row does not say.")] = "customer",
) -> None:
    """Enrol or change members from a file; the same file again changes nothing.

    A file of your own columns is imported with a mapping instead:  plaudit activity import.
    """
    here = organisation_id()
    counts = dict.fromkeys((one.value for one in RowStatus), 0)
    refused: list[dict[str, Any]] = []
    with file.open(encoding="utf-8") as lines:
        numbered = ((number, _row(line)) for number, line in enumerate(lines, 1) if line.strip())
        while part := list(islice(numbered, _AT_A_TIME)):
            outcomes = import_members(here, [row for _, row in part], actor=ACTOR, kind=kind)
            for (number, _), outcome in zip(part, outcomes, strict=True):
                counts[outcome.status.value] += 1
                if outcome.refusal is not None:
                    refused.append({"row": number, "said": outcome.refusal.say()})
    show({**counts, "refusals": refused}, sentence=", ".join(f"{n:,} {what}" for what, n in counts.items()))
    for one in refused[:20]:
        say(f"  row {one['row']}: {one['said']}")
    if refused:
        raise typer.Exit(INVALID)


def _row(line: str) -> MemberRow:
    told = decode(line)
    teams = [stay["team"] for stay in told["teams"] if not stay.get("until")] if "teams" in told else None
    return MemberRow(
        external_ids=tuple((one["source"], one["id"]) for one in told.get("external_ids", [])),
        kind=told.get("kind"),
        name=told.get("name"),
        email=told.get("email"),
        attributes=told.get("attributes"),
        teams=tuple(teams) if teams is not None else None,
    )


@member.command("export")
def export(
    who: Annotated[str, typer.Argument(help="One member; everybody where none is named.")] = "",
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="A CSV file rather than NDJSON.")] = False,
) -> None:
    """Write every member, with external ids and teams, one JSON object a line. That the data left is noted.

    Example:  plaudit member export > members.ndjson
    """
    here = organisation_id()
    only = [member_named(here, who).id] if who else None
    everybody = export_members(here, actor=ACTOR, only=only)
    lines: Iterator[str] = csv_lines(everybody) if as_csv else as_ndjson(everybody)
    sys.stdout.writelines(lines)


@member.command("merge")
def merge(
    survivor: Annotated[str, typer.Argument(help="Who they are from now on.")],
    absorbed: Annotated[str, typer.Argument(help="Who they were as well.")],
    because: Because,
) -> None:
    """Let one member live on as another, with all they hold. It can be undone."""
    here = organisation_id()
    to, gone = member_named(here, survivor), member_named(here, absorbed)
    done = merge_members(here, survivor_id=to.id, absorbed_id=gone.id, reason=because, actor=ACTOR)
    reference = merge_ref(done.merge.id)
    moved = ", ".join(f"{amount:,} {unit}" for unit, amount in done.points.items()) or "no points"
    show({"merge": reference, "points": done.points}, sentence=f"They are one; {moved} moved ({reference}).")
    say(f'To undo it:  plaudit member separate {reference} --because "…"')


@member.command("separate")
def separate(
    merge: Annotated[str, typer.Argument(help="A merge, such as mrg_01…")], because: Because
) -> None:
    """Undo a merge: names and what is left of the points go back to whom they meant."""
    here = organisation_id()
    prefix = merge.split("_")[0]
    done = separate_members(here, merge_id=read(prefix, merge, kind="merge"), reason=because, actor=ACTOR)
    moved = ", ".join(f"{amount:,} {unit}" for unit, amount in done.points.items()) or "no points"
    show({"points": done.points}, sentence=f"They are two again; {moved} went back.")


@member.command("erase")
def erase(who: Who, because: Because) -> None:
    """Forget who a member is, for good; the books stay. Asks first."""
    here = organisation_id()
    found = member_named(here, who)
    confirm(f"Forget who {found.name or who} is, for good?")
    gone = erase_member(here, member_id=found.id, reason=because, actor=ACTOR)
    show(
        {"erased": [as_reference("mem", one) for one in gone]}, sentence="Forgotten; the books still add up."
    )
