"""Commands about tiers, segments and offers: who stands where, who is in, and what an offer brought."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member_ids_of
from plaudit.surfaces.cli.acting import ACTOR, member_named, names_of, organisation_id
from plaudit.surfaces.cli.output import say, show, show_rows, text_of
from plaudit.targeting.actions.offering import accept_offer, make_offers
from plaudit.targeting.actions.publish_segments import take_snapshot
from plaudit.targeting.queries import offers as made
from plaudit.targeting.queries import places
from plaudit.targeting.queries import segments as kept
from plaudit.targeting.rules.comparing import Share, shown

tier = typer.Typer(no_args_is_help=True, help="Levels that members climb.")
segment = typer.Typer(no_args_is_help=True, help="Members for whom a condition holds.")
offer = typer.Typer(no_args_is_help=True, help="What is made to some members and not to others.")

Key = Annotated[str, typer.Argument(help="Its key; PROGRAMME/KEY where several programmes have one.")]
Who = Annotated[str, typer.Argument(help="mem_…, source:id, or an e-mail address.")]
_AT_A_TIME = 1_000


@tier.command("list")
def list_tiers() -> None:
    """List every level of every ladder, with how many members are on it."""
    here = organisation_id()
    with in_organisation(here):
        rows = [
            {
                "programme": one.programme,
                "ladder": one.definition.key,
                "level": level.key,
                "name": level.name,
                "from": level.reached_from,
                "members": one.members.get(level.key, 0),
            }
            for one in places.ladders(here)
            for level in one.definition.levels
        ]
    names = ["programme", "ladder", "level", "name", "from", "members"]
    show_rows(rows, names, empty="There are no tiers; they stand in the programme file.")


@segment.command("list")
def list_segments() -> None:
    """List the segments, with how many members are in each."""
    here = organisation_id()
    with in_organisation(here):
        rows = [_segment(one) for one in kept.segments(here)]
    names = ["programme", "key", "name", "members", "looked_on"]
    show_rows(rows, names, empty="There are no segments; they stand in the programme file.")


@segment.command("show")
def show_segment(key: Key) -> None:
    """Show one segment: whom it is for, how many are in it, and the day of the last look at everybody."""
    here = organisation_id()
    programme, name = _named(here, key, "segment")
    with in_organisation(here):
        found = kept.segment(here, programme, name)
    show({**_segment(found), "when": found.definition.when, "teams": list(found.definition.teams)})


@segment.command("members")
def list_members(
    key: Key,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
    *,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody who is in it.")] = False,
) -> None:
    """List who is in a segment now, since when."""
    here = organisation_id()
    programme, name = _named(here, key, "segment")
    most = _AT_A_TIME if everybody else limit
    rows: list[dict[str, Any]] = []
    last = None
    while True:
        with in_organisation(here):
            found = kept.members_of(here, programme, name, after=last, limit=most + 1)
        page = found[:most]
        known = names_of(here, [one.member_id for one in page])
        rows += [
            {
                "member": as_reference("mem", one.member_id),
                "name": known[one.member_id],
                "since": f"{one.since:%Y-%m-%d}",
            }
            for one in page
        ]
        if not everybody or len(found) <= most:
            break
        last = page[-1].member_id
    show_rows(rows, ["member", "name", "since"], empty="Nobody is in it.")
    if len(found) > most:
        say("There are more; take them all with --all.")


@segment.command("snapshot")
def keep(
    key: Key, name: Annotated[str, typer.Argument(help="What to call it, such as a campaign's name.")]
) -> None:
    """Keep who is in a segment now; a name once taken stays as it was.

    Example:  plaudit segment snapshot regulars spring-2026
    """
    here = organisation_id()
    programme, segment_key = _named(here, key, "segment")
    taken = take_snapshot(here, programme, segment_key, name=name, actor=ACTOR)
    body = {"segment": segment_key, "snapshot": taken.name, "members": taken.members}
    show(body, sentence=f"{taken.members:,} members were in {segment_key} on {taken.taken_at:%Y-%m-%d}.")


@offer.command("list")
def list_offers() -> None:
    """List the offers, and where each is in its time."""
    here = organisation_id()
    with in_organisation(here):
        rows = [_offer(one) for one in made.offers(here)]
    names = ["programme", "key", "name", "segment", "control_percent", "state", "ends"]
    show_rows(rows, names, empty="There are no offers; they stand in the programme file.")


@offer.command("show")
def show_offer(key: Key) -> None:
    """Show one offer: to how many it was made, who took it, and what it brought beside the control group."""
    here = organisation_id()
    programme, name = _named(here, key, "offer")
    with in_organisation(here):
        found = made.offer(here, programme, name)
        report = made.report_of(here, programme, name)
    difference = report.difference
    figures: dict[str, Any] = {
        "made_to": report.exposed.of,
        "accepted": report.accepted,
        "kept_back": report.control.of,
        "reached_the_goal": _rate(report.exposed),
        "without_it": _rate(report.control),
        "difference": f"{shown(difference.rate)} ({shown(difference.low)} to {shown(difference.high)})"
        if difference is not None
        else None,
        "is_clear": difference.is_clear if difference is not None else None,
    }
    show({**_offer(found), **figures})
    if difference is not None and not difference.is_clear:
        say("We cannot tell whether it made a difference: chance alone may have done it.")


@offer.command("make")
def make(
    key: Key,
    who: Annotated[list[str] | None, typer.Argument(help="mem_…, source:id, or an e-mail address.")] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(help="A file of members, one a line: mem_… or source:id; - is standard input."),
    ] = None,
) -> None:
    """Make a running offer to people, whether or not they are in its segment.

    Example:  plaudit offer make spring till:C0001 till:C0002
    """
    here = organisation_id()
    programme, name = _named(here, key, "offer")
    members = {member_named(here, one).id for one in who or []}
    listed = [line.strip() for line in text_of(file).splitlines() if line.strip()] if file is not None else []
    for start in range(0, len(listed), _AT_A_TIME):
        part = [_reference(one) for one in listed[start : start + _AT_A_TIME]]
        with in_organisation(here):
            members |= set(member_ids_of(here, part).values())
    new = make_offers(here, programme, name, members=members, actor=ACTOR)
    body = {"offer": name, "made": new, "drawn_before": len(members) - new}
    show(body, sentence=f"Made to {new:,} members; {len(members) - new:,} had been drawn before.")


@offer.command("accept")
def accept(key: Key, who: Who) -> None:
    """Take an offer for a member to whom it was made."""
    here = organisation_id()
    programme, name = _named(here, key, "offer")
    found = member_named(here, who)
    taken = accept_offer(here, programme, name, member_id=found.id)
    body = {"offer": name, "member": as_reference("mem", found.id), "accepted_at": taken.accepted_at}
    show(body, sentence=f"{found.name or who} took {name}.")


def _named(here: int, key: str, kind: str) -> tuple[str, str]:
    """The programme and the key that somebody means. Raises `NotFound` where none, or more than one, is called so."""
    programme, slash, name = key.rpartition("/")
    if slash:
        return programme, name
    with in_organisation(here):
        known = kept.segments(here) if kind == "segment" else made.offers(here)
        owners = [one.programme for one in known if one.definition.key == key]
    if len(owners) != 1:
        raise NotFound(kind=kind, ref=key)
    return owners[0], key


def _reference(text: str) -> str:
    """A member as the API names them: `source:id` is an external id."""
    return text if text.startswith(("mem_", "ext:")) else f"ext:{text}"


def _segment(one: kept.KeptSegment) -> dict[str, Any]:
    told = one.definition
    looked_on = one.looked_on.isoformat() if one.looked_on is not None else None
    return {
        "programme": one.programme,
        "key": told.key,
        "name": told.name,
        "members": one.members,
        "looked_on": looked_on,
    }


def _offer(one: made.KeptOffer) -> dict[str, Any]:
    told = one.definition
    return {
        "programme": one.programme,
        "key": told.key,
        "name": told.name,
        "segment": told.segment or None,
        "control_percent": told.control_percent,
        "state": one.state.value,
        "ends": f"{told.ends_at:%Y-%m-%d %H:%M}" if told.ends_at is not None else None,
    }


def _rate(one: Share) -> str:
    return f"{one.did:,} of {one.of:,} ({shown(one.rate)})"
