"""`python -m bench.peopled 10000`: big books with a programme in force and people who sign in, for budgets of pages."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta

from plaudit.foundation import postgres

NOTICED, NOTICED_PEOPLE = "noticed", 2_000
_NOTICING = """
plaudit: 1
programme: main
name: Noticed
audience: staff
time_zone: UTC
currency: EUR
units:
  points: {one: point, other: points, may_owe: true}
recognition:
  name: Thanks
  supervisors: 1000
  behaviours:
    calm: {name: Stays calm, earn: 20}
    helps: {name: Helps others, earn: 20}
    solves: {name: Solves it, earn: 20}
"""
PEOPLE = 7
"""So many sign in as each: one in the browser, the others to be asked for in turns."""


def main() -> None:
    """Make the database with all of it, and print where the pages are and the links that sign in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    postgres.ready()
    import django  # noqa: PLC0415  # after the database is named

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from bench.books import asking, make_books  # noqa: PLC0415  # needs Django set up
    from plaudit.foundation import clock  # noqa: PLC0415
    from plaudit.foundation.ids import read  # noqa: PLC0415
    from plaudit.foundation.schema import migrate  # noqa: PLC0415
    from plaudit.people.actions.roles import bind_user, invite_user  # noqa: PLC0415
    from plaudit.people.actions.signing_in import make_link  # noqa: PLC0415
    from plaudit.people.queries import organisation  # noqa: PLC0415
    from plaudit.planning.actions.apply import apply  # noqa: PLC0415
    from plaudit.surfaces.cli.demo.programmes import company_files  # noqa: PLC0415

    migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    books = make_books(int(sys.argv[1]))
    here = books.organisation_id
    for source in company_files(clock.wall().date()):
        apply(here, source, actor="bench")
    members = iter(asking(books).members)
    links: dict[str, list[str]] = {}
    for role in ("manager", "member"):
        for number in range(PEOPLE):
            user = invite_user(
                here, email=f"{role}-{number}@bench.example", name=role.title(),
                roles=[role] if role != "member" else [], actor="bench",
            )  # fmt: skip
            if role == "member":
                bind_user(
                    here, user_id=user.id, member_id=read("mem", next(members), kind="member"), actor="bench"
                )
            secret = make_link(here, user_id=user.id, actor="bench", good_for=timedelta(days=1))
            links.setdefault(role, []).append(f"/sign-in/{secret}")
    links["leader"] = [_who_leads()]
    told = {
        "slug": organisation(here).slug,
        "transfers": books.transfers,
        "seconds": books.seconds,
        "links": links,
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _who_leads() -> str:
    """A company beside it whose people notice one another: the link of somebody there who leads a team."""
    from bench.noticed import make_noticed  # noqa: PLC0415  # needs Django set up
    from plaudit.people.actions.signing_in import make_link  # noqa: PLC0415
    from plaudit.people.models import User  # noqa: PLC0415
    from plaudit.planning.actions.apply import apply  # noqa: PLC0415

    here = make_noticed(NOTICED, NOTICED_PEOPLE).organisation_id
    apply(here, _NOTICING, actor="bench")
    leader = User.objects.get(email=f"leader-0@{NOTICED}.example")
    return f"/sign-in/{make_link(here, user_id=leader.id, actor='bench', good_for=timedelta(days=1))}"


if __name__ == "__main__":
    main()
