"""Commands that make an organisation and let people into it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from plaudit.foundation import config as configuration
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.roles import grant_role, invite_user, withdraw_role
from plaudit.people.actions.signing_in import make_link
from plaudit.people.actions.ways_in import forget_ways_in
from plaudit.people.models import User
from plaudit.people.queries import people
from plaudit.people.tasks import ask_for_link, tell_of_way_in
from plaudit.surfaces.cli.acting import ACTOR, organisation, organisation_id
from plaudit.surfaces.cli.output import say, show, show_rows
from plaudit.surfaces.cli.setting_up import set_up_to_date

user = typer.Typer(no_args_is_help=True, help="Who signs in, and as what.")


def init(
    slug: Annotated[str, typer.Argument(help="A short name for the organisation, such as harbour.")],
    manager: Annotated[str, typer.Option(help="The e-mail address of whoever runs the programme.")],
    name: Annotated[str, typer.Option(help="Its full name.")] = "",
    time_zone: Annotated[str, typer.Option(help="Where its days begin and end: Europe/London.")] = "UTC",
    language: Annotated[str, typer.Option(help="What its people are spoken to in: en-gb or de.")] = "",
) -> None:
    """Make the database and an organisation.

    Prints a one-time sign-in link for its manager.

    Example:  plaudit init harbour --manager priya@harbour.example --time-zone Europe/London
    """
    set_up_to_date()
    made = create_organisation(
        slug, name=name or slug.capitalize(), time_zone=time_zone, language=language, actor=ACTOR
    )
    link = _link(made.id, manager, ["manager", "operator", "developer"])
    body = {"organisation": made.slug, "manager": manager, "sign_in": link}
    show(body, sentence=f"{made.name} is there. {manager} signs in at {link}")
    say("Next:  plaudit serve")
    say("and, for a programme:  plaudit programme create my.yaml")


def _link(here: int, email: str, roles: list[str]) -> str:
    person = invite_user(here, email=email, roles=roles, actor=ACTOR)
    secret = make_link(here, user_id=person.id, actor=ACTOR, good_for=timedelta(days=1))
    return f"{_base_url()}/sign-in/{secret}"


def _base_url() -> str:
    config = configuration.load()
    return config.base_url.rstrip("/") or f"http://localhost:{config.port}"


Role = Annotated[list[str], typer.Option(help="A role; may be given several times.")]
Email = Annotated[str, typer.Argument(help="An e-mail address.")]


@user.command("list")
def list_users() -> None:
    """List the people who sign in, with their roles."""
    here = organisation_id()
    with in_organisation(here):
        found = people(here)
    rows = [{"email": one.user.email, "name": one.user.name, "roles": ", ".join(one.roles)} for one in found]
    show_rows(rows, ["email", "name", "roles"], empty="Nobody signs in yet; see `plaudit user invite`.")


@user.command("invite")
def invite(
    email: Email,
    role: Role,
    *,
    printed: Annotated[
        bool, typer.Option("--print", help="Print the link, also where mail could be sent.")
    ] = False,
) -> None:
    """Give a person roles and a one-time link to sign in.

    It is mailed where PLAUDIT_MAIL_URL says how, and is then good for fifteen minutes: later ones are had on
    the page for signing in. Otherwise it is printed, and good for a day.
    """
    config = configuration.load()
    if config.mail_url is not None and not printed:
        here = organisation()
        invite_user(here.id, email=email, roles=role, actor=ACTOR)
        ask_for_link(email=email, base_url=_base_url(), slug=here.slug)
        body = {"email": email, "roles": role, "mailed": True}
        show(body, sentence=f"A link is on its way to {email}, as soon as a worker sends it.")
        return
    link = _link(organisation_id(), email, role)
    show({"email": email, "roles": role, "sign_in": link}, sentence=link)


@user.command("grant")
def grant(email: Email, role: Role) -> None:
    """Give a person more roles."""
    here = organisation_id()
    for one in role:
        grant_role(here, user_id=_user_id(email), role=one, actor=ACTOR)
    show({"email": email, "granted": role}, sentence=f"{email} now has {', '.join(role)}.")


@user.command("withdraw")
def withdraw(email: Email, role: Role) -> None:
    """Take roles from a person."""
    here = organisation_id()
    for one in role:
        withdraw_role(here, user_id=_user_id(email), role=one, actor=ACTOR)
    show({"email": email, "withdrawn": role}, sentence=f"{email} no longer has {', '.join(role)}.")


@user.command("forget-ways-in")
def forget(
    email: Email,
    reason: Annotated[str, typer.Option("--reason", help="Why: who asked, and how you know them.")],
) -> None:
    """Remove a person's passkeys and app, for one who lost them: a link by mail signs them in again."""
    here = organisation_id()
    with in_organisation(here):
        forget_ways_in(here, email=email, reason=reason, actor=ACTOR)
        tell_of_way_in(here, user_id=_user_id(email), what="ways_in_forgotten")
    show({"email": email}, sentence=f"A link by mail alone signs {email} in now; they are told by mail.")


def _user_id(email: str) -> int:
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise NotFound(kind="person with the address", ref=email)
    return found.id
