"""Commands that run Plaudit: demo, serve, worker, migrate and version."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

import typer

from plaudit.foundation import config as configuration
from plaudit.foundation import postgres
from plaudit.surfaces.cli import serving
from plaudit.surfaces.cli.output import say, show, translated
from plaudit.surfaces.cli.setting_up import set_up, set_up_to_date


def mount(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command()(serve)
    app.command()(worker)
    app.command()(migrate)
    app.command()(version)


def version() -> None:
    """Say which Plaudit this is."""
    show({"plaudit": installed_version("plaudit"), "python": sys.version.split()[0]})


def migrate() -> None:
    """Bring the database to the present: migrations, row security, append-only books, rights."""
    with translated():
        set_up_to_date()
        say("The database is up to date.")


def worker(quiet: bool = typer.Option(False, "--quiet", help="Say nothing.")) -> None:
    """Work off jobs and schedules until stopped."""
    with translated():
        set_up()
        from plaudit.foundation.jobs.running import run_worker  # noqa: PLC0415  # needs Django set up

        if not quiet:
            say("Working. Ctrl-C stops after the job at hand.")
        raise typer.Exit(run_worker())


def serve(
    host: str = typer.Option("", help="The address to listen on."),
    port: int = typer.Option(0, help="The port; the next free one is taken if it is busy."),
    with_worker: bool = typer.Option(
        True, "--worker/--no-worker", help="Run the worker beside the web server."
    ),
) -> None:
    """Serve the pages and the API, and work off jobs, until stopped."""
    with translated():
        set_up_to_date()
        _serve(host, port, with_worker=with_worker, ready=lambda address: say(f"Plaudit is at {address}"))


def _serve(host: str, port: int, *, with_worker: bool, ready: serving.Ready) -> None:
    """Serve until stopped; then stop our own database server too, if nobody else uses it."""
    from django.core.management import call_command  # noqa: PLC0415  # needs Django set up

    config = configuration.load()
    host, wanted = host or config.host, port or config.port
    free = serving.free_port(host, wanted)
    if free != wanted:
        say(f"Port {wanted} is taken; using {free}.")
    call_command("collectstatic", interactive=False, verbosity=0)
    with serving.terminated_like_interrupted():
        served = serving.start(host, free, worker=with_worker)
        try:
            if serving.wait_until_it_answers(host, free, alive=served.is_alive):
                ready(served.address)
            served.wait()
        except KeyboardInterrupt:
            say("Stopping.")
        finally:
            served.stop()
            if config.database_url is None:
                postgres.stop(configuration.home(config))


def demo(
    host: str = typer.Option("", help="The address to listen on."),
    port: int = typer.Option(0, help="The port; the next free one is taken if it is busy."),
    scale: int = typer.Option(300, hidden=True, help="How many customers the company has."),
    prepare_only: bool = typer.Option(False, "--prepare-only", help="Make the company, and do not serve it."),
) -> None:
    """Show a believable company: makes it at the first start, finds it again at the next.

    Example:  plaudit demo --port 8080
    """
    # The demo is looked at on this machine: its pages are served over plain HTTP, on loopback alone.
    os.environ.setdefault("PLAUDIT_MAIL_URL", "")
    with translated():
        from plaudit.surfaces.cli.demo import presenting  # noqa: PLC0415  # heavy, and needs Django set up

        prepared = presenting.prepare(Path(configuration.home()) / "demo", scale=scale)
        if prepare_only:
            if configuration.load().database_url is None:
                postgres.stop(configuration.home())
            return
        _serve(host, port, with_worker=True, ready=lambda address: presenting.introduce(prepared, address))
