"""Whether Plaudit is well, and the work that waits, runs or was set aside, for whoever runs it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.jobs.actions import cancel, drop, try_again
from plaudit.foundation.jobs.queries import Job, jobs_of, workers_alive
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.insights.health import looked_at_by

SEES = (RoleName.OPERATOR, RoleName.DEVELOPER)
RUNS = (RoleName.OPERATOR,)
LISTED = 100


@require_GET
@allows(roles=SEES, to="see whether Plaudit is well")
def health_page(request: HttpRequest) -> HttpResponse:
    """Every check with what it found, those that need looking after first."""
    names = {
        "server": _("Database server"),
        "durability": _("Durability"),
        "clocks": _("Clocks"),
        "worker": _("Worker"),
        "queue": _("Queue"),
        "jobs": _("Jobs"),
        "seals": _("Seals"),
        "backup": _("Backup"),
    }
    found = sorted(looked_at_by(actor_of(request).organisation_id), key=lambda one: one.well)
    shown = {
        "title": _("Health"),
        "lead": _("What Plaudit stands on, looked at just now. On the server, plaudit doctor looks further."),
        "rows": [
            {
                "name": names[one.look_at],
                "well": one.well,
                "says": one.says.replace("`", ""),
                "do": one.do.replace("`", ""),
            }
            for one in found
        ],
        "ill": sum(not one.well for one in found),
        "at": clock.wall(),
    }
    return render(request, "console/health.html", shown)


@require_GET
@allows(roles=SEES, to="see jobs")
def job_list(request: HttpRequest) -> HttpResponse:
    """The organisation's jobs that are not done: those set aside first."""
    return job_list_shown(request)


def job_list_shown(request: HttpRequest, refusal: Refusal | None = None, **_named: int) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    found = jobs_of(actor.organisation_id, limit=LISTED)
    shown = {
        "title": _("Jobs"),
        "lead": _(
            "Work in the background: what waits, what runs, and what was set aside after its last try."
        ),
        "rows": [_row(job) for job in found],
        "full": len(found) == LISTED,
        "may_run": actor.has_role(*RUNS),
        "nobody_works": not workers_alive(),
        "refusal": refusal,
    }
    return render(request, "console/jobs.html", shown)


def _row(job: Job) -> dict[str, Any]:
    words = {
        "set aside": (_("Set aside"), "bad"),
        "running": (_("Runs"), "info"),
        "waiting": (_("Waits"), "neutral"),
        "later": (_("Tried again later"), "warn"),
    }
    state, kind = words[job.state]
    return {
        "job": job,
        "state": state,
        "kind": kind,
        "about": json.dumps(job.arguments, default=str) if job.arguments else "",
        "set_aside": job.state == "set aside",
        "can_cancel": job.state in ("waiting", "later") or (job.state == "running" and job.in_steps),
        "runs": job.state == "running",
    }


@require_POST
@allows(roles=RUNS, to="try jobs again")
@refusals_shown_by(job_list_shown)
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Put a job that was set aside back into its lane, with all its tries."""
    actor = actor_of(request)
    _must_be_ours(actor.organisation_id, job_id)
    try_again(job_id, organisation_id=actor.organisation_id, actor=actor.ref)
    messages.info(request, _("Job {number} waits for its turn.").format(number=job_id))
    return HttpResponseRedirect(reverse("console:jobs"))


@require_POST
@allows(roles=RUNS, to="drop jobs")
@refusals_shown_by(job_list_shown)
def drop_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Forget a job that was set aside: what it was to do stays undone."""
    actor = actor_of(request)
    _must_be_ours(actor.organisation_id, job_id)
    drop(job_id, organisation_id=actor.organisation_id, actor=actor.ref)
    messages.info(request, _("Job {number} is forgotten.").format(number=job_id))
    return HttpResponseRedirect(reverse("console:jobs"))


@require_POST
@allows(roles=RUNS, to="cancel jobs")
@refusals_shown_by(job_list_shown)
def cancel_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Take a job that waits out of its lane, or stop one that runs in steps: the rest stays undone."""
    actor = actor_of(request)
    _must_be_ours(actor.organisation_id, job_id)
    cancel(job_id, organisation_id=actor.organisation_id, actor=actor.ref)
    messages.info(request, _("Job {number} is cancelled.").format(number=job_id))
    return HttpResponseRedirect(reverse("console:jobs"))


def _must_be_ours(organisation_id: int, job_id: int) -> None:
    """Another organisation's job is not there."""
    if job_id >= 1 << 62 or job_id not in {one.id for one in jobs_of(organisation_id, limit=10_000)}:
        raise NotFound(kind="job", ref=job_id)
