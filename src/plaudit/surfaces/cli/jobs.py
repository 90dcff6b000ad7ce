"""Commands about work in the background."""

from __future__ import annotations

from typing import Annotated

import typer

from plaudit.foundation.jobs.actions import cancel as cancel_job
from plaudit.foundation.jobs.actions import drop as drop_job
from plaudit.foundation.jobs.actions import try_again
from plaudit.foundation.jobs.queries import failed_jobs, lane_states, workers_alive
from plaudit.surfaces.cli.output import confirm, say, show, show_rows
from plaudit.surfaces.cli.setting_up import set_up

job = typer.Typer(no_args_is_help=True, help="Work in the background.")

Id = Annotated[int, typer.Argument(help="A job's number.")]


@job.command("lanes")
def list_lanes() -> None:
    """List the lanes, with what waits, runs and was set aside in each."""
    set_up()
    names = ["lane", "waiting", "later", "running", "set_aside", "oldest_seconds"]
    rows = [{name: getattr(one, name) for name in names} for one in lane_states()]
    show_rows(rows, names, empty="There are no lanes.")
    if not workers_alive():
        say("Nobody works: start `plaudit worker`, or `plaudit serve`, which has one.")


@job.command("list")
def list_failed() -> None:
    """List the jobs that were set aside after their last try."""
    set_up()
    rows = [
        {
            "job": one.id,
            "task": one.task,
            "lane": one.lane,
            "tries": one.tries,
            "failed": one.failed_at.isoformat(),
            "arguments": one.arguments,
        }
        for one in failed_jobs()
    ]
    show_rows(rows, ["job", "task", "lane", "tries", "failed", "arguments"], empty="No job was set aside.")


@job.command("retry")
def retry(job: Id) -> None:
    """Try a job again that was set aside, with all its tries."""
    set_up()
    try_again(job)
    show({"job": job, "state": "waiting"}, sentence=f"Job {job} waits for its turn.")


@job.command("drop")
def drop(job: Id) -> None:
    """Forget a job that was set aside. Asks first."""
    set_up()
    confirm(f"Forget job {job}? What it was to do stays undone.")
    drop_job(job)
    show({"job": job, "dropped": True}, sentence=f"Job {job} is forgotten.")


@job.command("cancel")
def cancel(job: Id) -> None:
    """Take a job that waits out of its lane, or stop one that runs in steps. Asks first."""
    set_up()
    confirm(f"Cancel job {job}? What it has done stays done, the rest undone.")
    cancel_job(job)
    show({"job": job, "cancelled": True}, sentence=f"Job {job} is cancelled.")
