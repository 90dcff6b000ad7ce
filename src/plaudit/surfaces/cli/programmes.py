"""Commands about programmes: their files planned, applied, compared and given back."""

from __future__ import annotations

import difflib
from pathlib import Path

import typer

from plaudit.surfaces.cli.output import manner, say, show, show_rows, translated
from plaudit.surfaces.cli.setting_up import ACTOR, organisation_id, set_up

programme = typer.Typer(no_args_is_help=True, help="Programmes and their files.")


def mount(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(programme, name="programme")


@programme.command("templates")
def list_templates() -> None:
    """List the programme files that come with Plaudit."""
    with translated():
        set_up()
        from plaudit.planning.templates import templates  # noqa: PLC0415  # needs Django set up

        rows = [{"key": one.key, "name": one.name} for one in templates()]
        show_rows(rows, ["key", "name"], empty="There are none.")


@programme.command("create")
def create(
    file: Path = typer.Argument(help="The file to write."),
    template: str = typer.Option("points-basics", "--from", help="The template to start from."),
    key: str = typer.Option("", help="The programme's key; by default the file's name."),
    name: str = typer.Option("", help="What people call it."),
) -> None:
    """Write a programme file of your own, from a template.

    Example:  plaudit programme create autumn.yaml --from points-basics
    """
    with translated():
        set_up()
        from plaudit.planning.templates import new_file  # noqa: PLC0415  # needs Django set up

        if file.exists():
            say(f"{file} exists already; name another file.")
            raise typer.Exit(5)
        own = key or file.stem
        file.write_text(new_file(template, key=own, name=name or own.replace("-", " ").capitalize()))
        show({"file": str(file)}, sentence=f"Wrote {file}.")
        say(f"Change what you like, then:  plaudit programme plan {file}")


@programme.command("list")
def list_programmes() -> None:
    """List the organisation's programmes."""
    with translated():
        set_up()
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415  # needs Django set up
        from plaudit.planning.queries import programmes  # noqa: PLC0415

        one = organisation_id()
        with in_organisation(one):
            rows = [
                {"key": p.key, "name": p.name, "state": p.state, "version": p.version}
                for p in programmes(one)
            ]
        show_rows(
            rows,
            ["key", "name", "state", "version"],
            empty="No programme yet; see `plaudit programme create`.",
        )


@programme.command("validate")
def validate(file: Path) -> None:
    """Check a programme file by itself: every fault at once, each with its line."""
    with translated():
        set_up()
        from plaudit.planning.plans import validate as check  # noqa: PLC0415  # needs Django set up

        found = check(file.read_text())
        counts = {"programme": found.key, "rules": len(found.rules), "activities": len(found.activities)}
        show(counts, sentence=f"{file} is right: {found.key}, {len(found.rules)} rules.")


@programme.command("plan")
def plan(file: Path) -> None:
    """Say what applying a file would change; nothing is changed."""
    with translated():
        set_up()
        from plaudit.planning.plans import plan as planned  # noqa: PLC0415  # needs Django set up

        found = planned(organisation_id(), file.read_text())
        sentences = found.sentences()
        body = {"programme": found.programme.key, "live": found.live, "changes": sentences}
        show(body, sentence="\n".join(f"• {one}" for one in sentences))
        if not found.changes_nothing:
            say(f"\nPut it in force as version {found.next}:  plaudit programme apply {file}")


@programme.command("apply")
def apply(
    file: Path,
    reason: str = typer.Option("", help="Why, for the record."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would change, and change nothing."),
) -> None:
    """Put a programme file in force, as its next version."""
    if dry_run:
        plan(file)
        return
    with translated():
        set_up()
        from plaudit.planning.actions.apply import apply as put_in_force  # noqa: PLC0415  # needs Django set up

        done = put_in_force(organisation_id(), file.read_text(), actor=ACTOR, reason=reason)
        key = done.plan.programme.key
        body = {"programme": key, "version": done.version, "published": done.published}
        if done.published:
            show(body, sentence=f"{key} is now version {done.version}.")
            say("Next:  plaudit activity import FILE --mapping FILE")
        else:
            show(body, sentence=f"Nothing changes: this file is version {done.version} of {key}.")


@programme.command("export")
def export(key: str, version: int = typer.Option(0, help="Which version; by default the newest.")) -> None:
    """Give a programme's file back, exactly as it was applied."""
    with translated():
        set_up()
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415  # needs Django set up
        from plaudit.planning.queries import export as give_back  # noqa: PLC0415

        one = organisation_id()
        with in_organisation(one):
            text = give_back(one, key, version=version or None)
        if manner.json:
            show({"programme": key, "file": text})
        else:
            typer.echo(text, nl=False)


@programme.command("diff")
def diff(
    key: str,
    older: int = typer.Argument(help="A version."),
    newer: str = typer.Argument(help="A later version, or a file."),
) -> None:
    """Compare two versions, or a version and a file, line by line."""
    with translated():
        set_up()
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415  # needs Django set up
        from plaudit.planning.queries import export as give_back  # noqa: PLC0415

        one = organisation_id()
        with in_organisation(one):
            left = give_back(one, key, version=older)
            right = give_back(one, key, version=int(newer)) if newer.isdigit() else Path(newer).read_text()
        lines = list(
            difflib.unified_diff(
                left.splitlines(), right.splitlines(), f"version {older}", newer, lineterm=""
            )
        )
        show({"lines": lines}, sentence="\n".join(lines) if lines else "They are alike.")
