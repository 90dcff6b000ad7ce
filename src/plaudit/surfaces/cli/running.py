"""Commands that run Plaudit: demo, serve, worker, migrate and version."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from plaudit.foundation import config as configuration
from plaudit.surfaces.cli import own_server, serving
from plaudit.surfaces.cli.output import say, show
from plaudit.surfaces.cli.setting_up import set_up, set_up_to_date

# What names tables can be imported only once Django is set up, and each of these commands sets it up itself,
# to say first that the database is being started: hence `import_module` further down.

Host = Annotated[str, typer.Option(help="The address to listen on; by default this machine alone.")]
Port = Annotated[int, typer.Option(help="The port; the next free one is taken if it is busy.")]


def version() -> None:
    """Say which Plaudit this is."""
    show({"plaudit": installed_version("plaudit"), "python": sys.version.split()[0]})


def migrate() -> None:
    """Bring the database to the present.

    Runs migrations and sets row security, the guards of the append-only books, and every right.
    """
    set_up_to_date()
    show({"up_to_date": True}, sentence="The database is up to date.")


def worker() -> None:
    """Work off jobs and schedules until stopped."""
    set_up()
    import_module("plaudit.foundation.postgres.durability").refuse_if_not_durable()
    say("Working. Ctrl-C stops after the job at hand.")
    code: int = import_module("plaudit.foundation.jobs.running").run_worker()
    raise typer.Exit(code)


def serve(
    host: Host = "",
    port: Port = 0,
    *,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run the worker beside the web server.")
    ] = True,
) -> None:
    """Serve the pages and the API, and work off jobs, until stopped."""
    with serving.terminated_like_interrupted():
        set_up_to_date()
        _serve(host, port, with_worker=with_worker, ready=lambda address: say(f"Plaudit is at {address}"))


def demo(
    host: Host = "",
    port: Port = 0,
    scale: Annotated[int, typer.Option(hidden=True, help="How many customers the company has.")] = 300,
    days: Annotated[int, typer.Option(hidden=True, help="How many days of activity it has.")] = 365,
    *,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Make the company, and do not serve it.")
    ] = False,
) -> None:
    """Show a believable company, made of twelve months of files.

    The first start makes it, by the imports that everyone uses; the next finds it again.

    Example:  plaudit demo --port 8080
    """
    with serving.terminated_like_interrupted():
        try:
            presenting = import_module("plaudit.surfaces.cli.demo.presenting")
            prepared = presenting.prepare(Path(configuration.home()) / "demo", scale=scale, days=days)
        except KeyboardInterrupt:
            say("\nStopped before it was ready. The next start goes on from here:  plaudit demo")
            own_server.let_go(stop=True)
            raise
        if prepare_only:
            own_server.let_go(stop=True)
            return
        _serve(host, port, with_worker=True, ready=lambda address: presenting.introduce(prepared, address))


def _serve(host: str, port: int, *, with_worker: bool, ready: serving.Ready) -> None:
    """Serve until stopped; then stop our own database server too."""
    import_module("plaudit.foundation.postgres.durability").refuse_if_not_durable()
    config = configuration.load()
    host, wanted = host or config.host, port or config.port
    free = serving.free_port(host, wanted)
    if free != wanted:
        say(f"Port {wanted} is taken; using {free}.")
    import_module("django.core.management").call_command("collectstatic", interactive=False, verbosity=0)
    served = serving.start(host, free, worker=with_worker)
    try:
        if serving.wait_until_it_answers(host, free, alive=served.is_alive):
            ready(served.address)
        code = served.wait()
        say(f"The web server ended by itself, with code {code}.")
        raise typer.Exit(code or 1)
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        served.stop()
        own_server.let_go(stop=True)
    say("Everything is stopped.")
