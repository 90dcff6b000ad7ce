"""Two addresses by which open pages stay current: a stream that tells them, and the same for whoever asks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import EVERYBODY
from plaudit.insights.marks import followed, marks_of
from plaudit.people.sessions import hash_of
from plaudit.surfaces.live.streams import Listener, Streams
from plaudit.surfaces.live.watching import Watch, marks_in

streams = Streams(settings.STREAMS)
"""The streams of this process."""

watch = Watch(streams, marks_in)
"""What looks for them."""


@require_GET
@allows(roles=EVERYBODY, to="follow what is new")
def follow(request: HttpRequest) -> HttpResponseBase:
    """A stream of what changes of the things in `of`; nothing at all where that is nothing, or there are too many already.

    A browser that comes back says by itself what it was told last.
    """
    actor = actor_of(request)
    following = followed(actor, request.headers.get("Last-Event-ID") or request.GET.get("of", ""))
    session = hash_of(request.session.session_key or "")
    person = f"{actor.organisation_id}:{actor.ref}"
    listener = Listener(actor.organisation_id, person, session)
    stream = streams.open(listener, following) if following else None
    if stream is None:
        return HttpResponse(status=204)  # a browser takes it for "do not come back"
    watch.begin()
    # What stands between must neither keep nor gather it.
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingHttpResponse(stream, content_type="text/event-stream; charset=utf-8", headers=headers)


@require_GET
@allows(roles=EVERYBODY, to="follow what is new")
def ask(request: HttpRequest) -> HttpResponse:
    """What changed of the things in `of`, in the words of the stream; nothing where nothing has."""
    actor = actor_of(request)
    following = followed(actor, request.GET.get("of", ""))
    now = marks_of(actor.organisation_id, [one.thing for one in following])
    changed = [f"{one.name}={now[one.thing]}" for one in following if one.mark != now[one.thing]]
    if not changed:
        return HttpResponse(status=204)
    return HttpResponse(" ".join(changed), content_type="text/plain; charset=utf-8")
