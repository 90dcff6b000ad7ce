"""Commands about members and the people who sign in."""

from __future__ import annotations

from datetime import timedelta

import typer

from plaudit.surfaces.cli.output import say, show, show_rows, translated
from plaudit.surfaces.cli.setting_up import ACTOR, member_named, organisation_id, set_up, set_up_to_date

member = typer.Typer(no_args_is_help=True, help="Who earns.")
user = typer.Typer(no_args_is_help=True, help="Who signs in, and as what.")
key = typer.Typer(no_args_is_help=True, help="Keys for programs.")


def mount(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.add_typer(member, name="member")
    app.add_typer(user, name="user")
    app.add_typer(key, name="key")


def init(
    slug: str = typer.Argument(help="A short name for the organisation, such as harbour."),
    name: str = typer.Option("", help="Its full name."),
    manager: str = typer.Option(..., help="The e-mail address of whoever runs the programme."),
    time_zone: str = typer.Option("UTC", help="Where its days begin and end, such as Europe/London."),
) -> None:
    """Make the database and the first organisation, and a sign-in link for its manager.

    Example:  plaudit init harbour --manager priya@harbour.example --time-zone Europe/London
    """
    with translated():
        set_up_to_date()
        from plaudit.people.actions.organisations import create_organisation  # noqa: PLC0415  # needs Django set up

        made = create_organisation(slug, name=name or slug.capitalize(), time_zone=time_zone, actor=ACTOR)
        link = _link(made.id, manager, ["manager", "operator", "developer"])
        show(
            {"organisation": made.slug, "sign_in": link},
            sentence=f"{made.name} is there. {manager} signs in at {link}",
        )
        say("Next:  plaudit serve    and, for a programme,  plaudit programme create my.yaml")


@member.command("find")
def find(text: str = typer.Argument(help="Part of a name, an external id or an e-mail address.")) -> None:
    """Find members."""
    with translated():
        set_up()
        from django.db.models import Q  # noqa: PLC0415  # needs Django set up

        from plaudit.foundation.ids import show as reference  # noqa: PLC0415
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415
        from plaudit.people.models import Member  # noqa: PLC0415

        one = organisation_id()
        wanted = Q(name__icontains=text) | Q(email__iexact=text) | Q(identities__external_id=text)
        with in_organisation(one):
            found = Member.objects.filter(wanted, organisation_id=one).distinct().order_by("name")[:50]
            rows = [
                {"member": reference("mem", m.id), "name": m.name, "kind": m.kind, "state": m.state}
                for m in found
            ]
        show_rows(
            rows, ["member", "name", "kind", "state"], empty="Nobody is found; try an id or part of a name."
        )


@member.command("show")
def show_member(name: str = typer.Argument(help="mem_…, source:id, or an e-mail address.")) -> None:
    """Show a member with every balance."""
    with translated():
        set_up()
        from plaudit.foundation.ids import show as reference  # noqa: PLC0415  # needs Django set up
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415
        from plaudit.ledger.balances import balances  # noqa: PLC0415

        one = organisation_id()
        found = member_named(one, name)
        with in_organisation(one):
            held = {
                b.unit: {"available": b.available, "pending": b.pending, "held": b.held}
                for b in balances(one, found.id)
            }
        body = {
            "member": reference("mem", found.id),
            "name": found.name,
            "kind": found.kind,
            "state": found.state,
        }
        show({**body, "balances": held, "attributes": found.attributes})


def _link(organisation: int, email: str, roles: list[str], days: int = 1) -> str:
    from plaudit.foundation import config as configuration  # noqa: PLC0415  # kept out of the start
    from plaudit.people.actions.roles import invite_user  # noqa: PLC0415
    from plaudit.people.actions.signing_in import make_link  # noqa: PLC0415

    config = configuration.load()
    person = invite_user(organisation, email=email, roles=roles, actor=ACTOR)
    secret = make_link(organisation, user_id=person.id, actor=ACTOR, good_for=timedelta(days=days))
    return f"{config.base_url or f'http://localhost:{config.port}'}/sign-in/{secret}"


@user.command("invite")
def invite(
    email: str, role: list[str] = typer.Option(["manager"], help="A role; may be given several times.")
) -> None:
    """Give a person roles, and print a one-time sign-in link for them."""
    with translated():
        set_up()
        link = _link(organisation_id(), email, role)
        show({"email": email, "roles": role, "sign_in": link}, sentence=link)


@key.command("create")
def create_key(
    name: str = typer.Argument(help="What it is for."),
    scope: list[str] = typer.Option(["activity:write"], help="What it may do; may be given several times."),
) -> None:
    """Make a key. It is shown once, here."""
    with translated():
        set_up()
        from plaudit.people.actions.keys import create_key as make  # noqa: PLC0415  # needs Django set up

        made = make(organisation_id(), name=name, scopes=scope, actor=ACTOR)
        show({"name": name, "scopes": scope, "key": made.secret}, sentence=made.secret)
        say("Keep it now: nobody can see it again.")


@key.command("list")
def list_keys() -> None:
    """List keys, without their secrets."""
    with translated():
        set_up()
        from plaudit.foundation.ids import show as reference  # noqa: PLC0415  # needs Django set up
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415
        from plaudit.people.models import ApiKey  # noqa: PLC0415

        one = organisation_id()
        with in_organisation(one):
            rows = [
                {
                    "key": reference("key", k.id),
                    "name": k.name,
                    "scopes": ", ".join(k.scopes),
                    "last_used": k.last_used_at.isoformat() if k.last_used_at else None,
                    "revoked": k.revoked_at is not None,
                }
                for k in ApiKey.objects.filter(organisation_id=one).order_by("created_at")
            ]
        show_rows(rows, ["key", "name", "scopes", "last_used", "revoked"], empty="No key yet.")
