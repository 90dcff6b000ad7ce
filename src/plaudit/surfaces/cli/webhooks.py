"""Commands about the news of an organisation: where it is sent, and the feed of it."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from plaudit.foundation.exact import encode
from plaudit.outreach.actions import resending
from plaudit.outreach.actions.delivering import deliver_one
from plaudit.outreach.actions.endpoints import add_endpoint, enable_endpoint, remove_endpoint
from plaudit.outreach.queries import webhooks
from plaudit.outreach.queries.feed import cursor_now
from plaudit.outreach.queries.feed import feed as news_after
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.output import confirm, say, show, show_rows

webhook = typer.Typer(no_args_is_help=True, help="Where news is sent.")
feed = typer.Typer(no_args_is_help=True, help="News, one after the other.")

Endpoint = Annotated[str, typer.Argument(help="An endpoint, such as hook_01…")]


@webhook.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Where to send to.")],
    type: Annotated[list[str], typer.Option(help="What: points.earned, points.* or *; several times.")],
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Send news to an address from now on. The secret that signs it is shown once, here.

    Example:  plaudit webhook add https://shop.example/hooks --type "points.*"
    """
    made = add_endpoint(organisation_id(), url=url, types=type, description=description, actor=ACTOR)
    reference = webhooks.show_endpoint(made.endpoint.id)
    body = {"endpoint": reference, "url": url, "types": made.endpoint.types, "secret": made.secret}
    show(body, sentence=f"{reference}\n{made.secret}")
    say(f"Keep the secret now. Try it:  plaudit webhook test {reference}")


@webhook.command("list")
def list_endpoints() -> None:
    """List the addresses, and how each fares."""
    here = organisation_id()
    health = webhooks.health(here)
    rows = []
    for one in webhooks.endpoints(here):
        fares = health.get(one.id)
        rows.append(
            {
                "endpoint": webhooks.show_endpoint(one.id),
                "url": one.url,
                "types": ", ".join(one.types),
                "state": one.state,
                "waiting": fares.waiting if fares else 0,
                "delivered": fares.delivered if fares else 0,
                "given_up": fares.dead if fares else 0,
            }
        )
    names = ["endpoint", "url", "types", "state", "waiting", "delivered", "given_up"]
    show_rows(rows, names, empty="News is sent nowhere; see `plaudit webhook add`.")


@webhook.command("test")
def test(endpoint: Endpoint) -> None:
    """Send a test message now, and say what came back."""
    here = organisation_id()
    which = webhooks.read_endpoint(endpoint)
    sent = resending.ping(here, which, actor=ACTOR)
    answer = deliver_one(here, which, sent.id)
    reference = webhooks.show_delivery(sent.id)
    if answer is None:
        show({"delivery": reference, "sent": False}, sentence=f"{reference} waits for the worker.")
        return
    show({"delivery": reference, "sent": True, "status": answer.status, "error": answer.error})


@webhook.command("deliveries")
def list_deliveries(
    endpoint: Endpoint,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
) -> None:
    """List what was sent to an address, newest first."""
    here = organisation_id()
    found = webhooks.deliveries(here, endpoint_id=webhooks.read_endpoint(endpoint), limit=limit)
    rows = [
        {
            "delivery": webhooks.show_delivery(one.id),
            "type": one.type,
            "state": one.state,
            "happened": one.happened_at.isoformat(),
        }
        for one in found
    ]
    show_rows(rows, ["delivery", "type", "state", "happened"], empty="Nothing was sent to it.")


@webhook.command("resend")
def resend(
    delivery: Annotated[str, typer.Argument(help="A delivery (dlv_…), or an endpoint: all it missed.")],
) -> None:
    """Send a delivery again, or everything an endpoint was given up on."""
    here = organisation_id()
    if delivery.startswith("hook_"):
        count = resending.resend_all_dead(here, webhooks.read_endpoint(delivery), actor=ACTOR)
    else:
        resending.resend(here, webhooks.read_delivery(delivery), actor=ACTOR)
        count = 1
    show({"resent": count}, sentence=f"{count:,} will be sent again.")


@webhook.command("enable")
def enable(endpoint: Endpoint) -> None:
    """Send to an endpoint again that was given up on."""
    enable_endpoint(organisation_id(), webhooks.read_endpoint(endpoint), actor=ACTOR)
    show({"endpoint": endpoint, "state": "active"}, sentence=f"{endpoint} is sent to again.")


@webhook.command("remove")
def remove(endpoint: Endpoint) -> None:
    """Send nothing there any more, and forget what was sent. Asks first."""
    here = organisation_id()
    which = webhooks.read_endpoint(endpoint)
    confirm(f"Remove {endpoint} with everything that was sent to it?")
    remove_endpoint(here, which, actor=ACTOR)
    show({"endpoint": endpoint, "removed": True}, sentence=f"{endpoint} is gone.")


@feed.command("tail")
def tail(
    after: Annotated[str, typer.Option(help="Go on after this cursor; without it, from now.")] = "",
    *,
    from_the_beginning: Annotated[bool, typer.Option("--all", help="From the beginning.")] = False,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Wait for more.")] = True,
) -> None:
    """Print news as it happens, one JSON object a line.

    Example:  plaudit feed tail --all --no-follow
    """
    here = organisation_id()
    cursor = after or (None if from_the_beginning else cursor_now(here))
    while True:
        page = news_after(here, after=cursor)
        for message in page.messages:
            sys.stdout.write(encode(message) + "\n")
        sys.stdout.flush()
        cursor = page.cursor
        if page.has_more:
            continue
        if not follow:
            say(f"Go on later:  plaudit feed tail --after {cursor}")
            return
        time.sleep(0.5)
