"""Tags for figures at a glance: stats, milestones, the progress of a long job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.template import Context, Library
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plaudit.surfaces.design.writing import in_units, number, points

register = Library()

MOODS = ("", "good", "bad")


@register.inclusion_tag("design/parts/stat.html")
def stat(
    label: str,
    value: str,
    *,
    change: str = "",
    mood: str = "",
    against: str = "",
    url: str = "",
    url_words: str = "",
) -> dict[str, object]:
    """One figure with what it is compared with; stands inside ``<dl class="stats">``.

    ``change`` is already written (``+12%`` or ``−3%``); its first sign chooses the arrow. ``mood``
    says whether that direction is ``good`` or ``bad`` here.
    """
    assert mood in MOODS, mood
    arrow = {"+": "arrow-up", "−": "arrow-down"}.get(change[:1], "")
    return {
        "label": label,
        "value": value,
        "change": change,
        "mood": mood,
        "against": against,
        "arrow": arrow,
        "url": url,
        "url_words": url_words or _("Details"),
    }


@register.inclusion_tag("design/parts/milestones.html")
def milestones(
    value: int, steps: Sequence[Mapping[str, object]], unit: object = None, id: str = "milestones"
) -> dict[str, object]:
    """How far along a ladder of costs someone is: ``{"at", "name", "url"}`` each, rising.

    ``value`` and ``at`` are in the unit's smallest part.
    """
    ladder = sorted(((int(str(step["at"])), step) for step in steps), key=lambda pair: pair[0])
    assert ladder, "a ladder of milestones needs a step"
    top = ladder[-1][0]
    next_at = next((at for at, _step in ladder if at > value), None)
    return {
        "id": id,
        "here": _place(min(value, top), top),
        "sentence": _standing(value, next_at, dict(ladder), unit),
        "steps": [
            {
                "name": step["name"],
                "url": step.get("url", ""),
                "cost": points(at, unit),
                "reached": at <= value,
                "next": at == next_at,
                "standing": _("reached")
                if at <= value
                else _("{points} to go").format(points=points(at - value, unit)),
                "place": _place(at, top),
                # The last mark stays inside the page's edge.
                "nudge": "-10" if at == top else "0",
                "tick": "M-14 0l3 3 5-6" if at == top else "M-4 0l3 3 5-6",
            }
            for at, step in ladder
        ],
    }


def _standing(
    value: int, next_at: int | None, ladder: Mapping[int, Mapping[str, object]], unit: object
) -> str:
    if next_at is None:
        return _("You have {points}: enough for everything here.").format(points=points(value, unit))
    return _("You have {points}. {missing} more for {name}.").format(
        points=points(value, unit),
        missing=number(in_units(next_at - value, unit)),
        name=ladder[next_at]["name"],
    )


def _place(part: int, whole: int) -> str:
    share = Decimal(max(part, 0)) * 100 / Decimal(whole) if whole else Decimal(0)
    return f"{share:.2f}%"


_JOB_STATES = {
    "waiting": ("neutral", True),
    "running": ("info", True),
    "stalled": ("warn", True),
    "paused": ("warn", False),
    "done": ("good", False),
    "failed": ("bad", False),
    "cancelled": ("neutral", False),
}
"""For each state of a job: the kind of its tag, and whether it is still moving."""


@register.inclusion_tag("design/parts/job_progress.html", takes_context=True)
def job_progress(context: Context, job: Mapping[str, object]) -> dict[str, object]:
    """A long job's standing, asking for itself again whenever it moved on.

    ``job`` holds ``id``, ``title``, ``state``, ``done``, ``total`` and may hold ``noun`` (what is
    counted), ``stages``, ``rate`` (per second), ``seconds_left``, ``problems``, ``updated_at``,
    ``url`` (answers this same tag), ``follows`` (what an open page
    is told of, such as `import/imp_12`; without it the tag asks every two seconds), ``result_url``, ``rejects_url``, ``cancel_url``, ``reverse_url``.
    """
    state = str(job["state"])
    kind, moving = _JOB_STATES[state]
    done, total = int(str(job.get("done") or 0)), int(str(job.get("total") or 0))
    share = done * 100 // total if total else 0
    words = _progress_words(done, total, str(job.get("noun") or _("rows")), share)
    rate, left = job.get("rate"), job.get("seconds_left")
    return {
        "csrf_token": context.get("csrf_token"),
        "job": job,
        "moving": moving,
        "stalled": state == "stalled",
        "state_words": _state_words(state),
        "state_kind": kind,
        "words": words,
        "value": str(min(done, total)),
        "rate": _("{rate} a second").format(rate=number(int(str(rate)))) if rate and moving else "",
        "left": span_left(int(str(left))) if left is not None and moving else "",
        "cancel_id": f"job-{job['id']}-cancel",
        "announce": f"{job['title']}: {_state_words(state)}. {words}",
        # Spoken when a quarter is passed or the state changes, not at every poll.
        "announce_key": f"{job['id']}:{state}:{share // 25}",
    }


def _progress_words(done: int, total: int, noun: str, share: int) -> str:
    if not total:
        return _("{done} {noun} so far").format(done=number(done), noun=noun) if done else _("Not started")
    return _("{done} of {total} {noun} ({share}%)").format(
        done=number(done), total=number(total), noun=noun, share=number(share)
    )


def _state_words(state: str) -> str:
    return {
        "waiting": _("Waiting"),
        "running": _("Running"),
        "stalled": _("Not moving"),
        "paused": _("Paused"),
        "done": _("Done"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
    }[state]


def span_left(seconds: int) -> str:
    """How long is left, in words a person would use."""
    if seconds < 60:
        return _("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("about {n} minute left", "about {n} minutes left", minutes).format(n=number(minutes))
    hours = round(seconds / 3600)
    return ngettext("about {n} hour left", "about {n} hours left", hours).format(n=number(hours))
