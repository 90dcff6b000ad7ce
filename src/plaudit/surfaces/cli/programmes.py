"""Commands about programmes: their files planned, applied, compared and given back, and their life."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from plaudit.foundation.refusals import Conflict
from plaudit.foundation.tenancy import in_organisation
from plaudit.planning import queries
from plaudit.planning.actions import lifecycle
from plaudit.planning.actions.apply import apply as put_in_force
from plaudit.planning.plans import plan as planned
from plaudit.planning.plans import validate as checked
from plaudit.planning.programme_file.translating import notices, untranslated
from plaudit.planning.programme_file.writing import translations_text
from plaudit.planning.templates import new_file, templates
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.output import confirm, manner, say, show, show_rows, text_of

programme = typer.Typer(no_args_is_help=True, help="Programmes and their files.")

File = Annotated[Path, typer.Argument(help="A programme file; - is standard input.")]
Key = Annotated[str, typer.Argument(help="The programme's key.")]
Reason = Annotated[str, typer.Option(help="Why, for the record.")]


class FileExists(Conflict):
    code = "file_exists"
    sentence = "{file} exists already."
    way_forward = "Name another file."

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


@programme.command("templates")
def list_templates() -> None:
    """List the programme files that come with Plaudit."""
    rows = [{"key": one.key, "name": one.name} for one in templates()]
    show_rows(rows, ["key", "name"], empty="There are none.")


@programme.command("create")
def create(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    template: Annotated[str, typer.Option("--from", help="The template to start from.")] = "points-basics",
    key: Annotated[str, typer.Option(help="The programme's key; by default the file's name.")] = "",
    name: Annotated[str, typer.Option(help="What people call it.")] = "",
) -> None:
    """Write a programme file of your own, from a template.

    Example:  plaudit programme create autumn.yaml --from points-basics
    """
    if file.exists():
        raise FileExists(file=str(file))
    own = key or file.stem
    text = new_file(template, key=own, name=name or own.replace("-", " ").capitalize())
    file.write_text(text, encoding="utf-8")
    show({"file": str(file)}, sentence=f"Wrote {file}.")
    say(f"Change what you like, then:  plaudit programme plan {file}")


@programme.command("list")
def list_programmes() -> None:
    """List the organisation's programmes."""
    here = organisation_id()
    with in_organisation(here):
        found = queries.programmes(here)
    rows = [
        {"key": one.key, "name": one.name, "state": one.state, "version": one.version, "draft": one.has_draft}
        for one in found
    ]
    empty = "No programme yet; see `plaudit programme create`."
    show_rows(rows, ["key", "name", "state", "version", "draft"], empty=empty)


@programme.command("versions")
def list_versions(key: Key) -> None:
    """List a programme's versions, newest first."""
    here = organisation_id()
    with in_organisation(here):
        found = queries.versions(here, key)
    rows = [
        {
            "version": one.number,
            "published": f"{one.published_at:%Y-%m-%d %H:%M}",
            "by": one.published_by,
            "reason": one.reason,
            "digest": one.digest,
        }
        for one in found
    ]
    show_rows(rows, ["version", "published", "by", "reason", "digest"], empty="It was never applied.")


@programme.command("validate")
def validate(file: File) -> None:
    """Check a programme file by itself: every fault at once, each with its line."""
    found = checked(text_of(file))
    counts = {"programme": found.key, "rules": len(found.rules), "activities": len(found.activities)}
    told = notices(found)
    show({**counts, "notices": told}, sentence=f"{file} is right: {found.key}, {len(found.rules)} rules.")
    for one in told:
        say(f"• {one}")


@programme.command("texts")
def texts(
    file: File,
    into: Annotated[str, typer.Option("--into", help="The language that is missing texts, such as de.")],
) -> None:
    """Print the texts of a file that are not in a language yet, as they go under `translations`.

    Example:  plaudit programme texts autumn.yaml --into de
    """
    found = checked(text_of(file))
    missing = untranslated(found, into)
    show({"language": into, "texts": missing}, sentence=translations_text(into, missing))


@programme.command("plan")
def plan(file: File) -> None:
    """Say what applying a file would change; nothing is changed."""
    found = planned(organisation_id(), text_of(file))
    sentences = found.sentences()
    body = {"programme": found.programme.key, "live": found.live, "changes": sentences}
    show(body, sentence="\n".join(f"• {one}" for one in sentences))
    if not found.changes_nothing:
        say(f"\nPut it in force as version {found.next}:  plaudit programme apply {file}")


@programme.command("apply")
def apply(
    file: File,
    reason: Reason = "",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
) -> None:
    """Put a programme file in force, as its next version. Applied again it changes nothing."""
    if dry_run:
        plan(file)
        return
    done = put_in_force(organisation_id(), text_of(file), actor=ACTOR, reason=reason)
    key = done.plan.programme.key
    body = {"programme": key, "version": done.version, "published": done.published}
    if not done.published:
        show(body, sentence=f"Nothing changes: this file is version {done.version} of {key}.")
        return
    show(body, sentence=f"{key} is now version {done.version}.")
    say("Next:  plaudit activity import FILE --mapping FILE")


@programme.command("export")
def export(
    key: Key, version: Annotated[int, typer.Option(help="Which version; 0 is the newest.")] = 0
) -> None:
    """Give a programme's file back, exactly as it was applied."""
    here = organisation_id()
    with in_organisation(here):
        text = queries.export(here, key, version=version or None)
    if manner.json:
        show({"programme": key, "file": text})
    else:
        typer.echo(text, nl=False)


@programme.command("diff")
def diff(
    key: Key,
    older: Annotated[int, typer.Argument(help="A version.")],
    newer: Annotated[str, typer.Argument(help="A later version, or a file.")],
) -> None:
    """Compare two versions, or a version and a file, line by line."""
    here = organisation_id()
    with in_organisation(here):
        left = queries.export(here, key, version=older)
        right = queries.export(here, key, version=int(newer)) if newer.isdigit() else text_of(Path(newer))
    before, after = left.splitlines(), right.splitlines()
    lines = list(difflib.unified_diff(before, after, f"version {older}", newer, lineterm=""))
    show({"lines": lines}, sentence="\n".join(lines) if lines else "They are alike.")


@programme.command("draft")
def keep_draft(file: File) -> None:
    """Keep a file that is still being worked on, for others to see; nothing is put in force."""
    key = lifecycle.keep_draft(organisation_id(), text_of(file), actor=ACTOR)
    show({"programme": key}, sentence=f"Kept as the draft of {key}.")


@programme.command("pause")
def pause(key: Key, reason: Reason = "") -> None:
    """Let a programme's rules rest: activity is recorded and earns nothing until it is resumed."""
    lifecycle.pause(organisation_id(), key, actor=ACTOR, reason=reason)
    show({"programme": key, "state": "paused"}, sentence=f"{key} rests.")
    say(f"Go on:  plaudit programme resume {key}")


@programme.command("resume")
def resume(key: Key, reason: Reason = "") -> None:
    """Put a paused programme's newest rules back in force."""
    lifecycle.resume(organisation_id(), key, actor=ACTOR, reason=reason)
    show({"programme": key, "state": "live"}, sentence=f"{key} is live again.")


@programme.command("retire")
def retire(key: Key, reason: Reason = "") -> None:
    """End a programme for good; what members hold stays theirs. Asks first."""
    here = organisation_id()
    confirm(f"End {key} for good? It cannot be brought back.")
    lifecycle.retire(here, key, actor=ACTOR, reason=reason)
    show({"programme": key, "state": "retired"}, sentence=f"{key} has ended.")
