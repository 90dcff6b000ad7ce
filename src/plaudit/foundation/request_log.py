"""The requests programs made, kept for a few days: collected in memory, written down together once a second.

It is for looking at, not for proving: what a process has not written yet is lost with it, and where more come
than can be kept, the newest are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from plaudit.foundation.models import LoggedRequest
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(days=7)
KEPT_MAX = 10_000
"""Of each organisation, at most so many."""

_WAITING_MAX = 500
_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with its answer. `redact` gives target and body as they may be kept; it is asked late."""

    organisation_id: int
    request_id: str
    asked_at: datetime
    actor: str
    method: str
    media: str
    status: int
    problem: str
    milliseconds: int
    redact: Callable[[], tuple[str, str]]


class RequestLog:
    """What one process has to write down. More than `_WAITING_MAX` within a second push the oldest out."""

    def __init__(self) -> None:
        self._waiting: deque[Asked] = deque(maxlen=_WAITING_MAX)
        self._lock = Lock()
        self._written_at = monotonic()

    def add(self, asked: Asked) -> None:
        """Remember a request; the first a second later has all of them written down."""
        with self._lock:
            self._waiting.append(asked)
            if monotonic() - self._written_at < _EVERY_SECONDS:
                return
        self.write()

    def write(self) -> None:
        """Write down what waits. Where the database is away, it is given up: answers matter more."""
        with self._lock:
            taken, self._written_at = list(self._waiting), monotonic()
            self._waiting.clear()
        by_organisation: dict[int, list[Asked]] = {}
        for one in taken:
            by_organisation.setdefault(one.organisation_id, []).append(one)
        for organisation_id, asked in by_organisation.items():
            try:
                _write(organisation_id, asked)
            except DatabaseError as error:
                log.warning("requests.not_logged", count=len(asked), error=type(error).__name__)


request_log = RequestLog()
"""The requests of this process."""


_TRIM = """
    delete from foundation_logged_request
     where organisation_id = %s
       and id <= (select id from foundation_logged_request where organisation_id = %s
                   order by id desc offset %s limit 1)
"""


def _write(organisation_id: int, asked: list[Asked]) -> None:
    rows = []
    for one in asked:
        target, body = one.redact()
        rows.append(
            LoggedRequest(
                organisation_id=organisation_id, request_id=one.request_id, asked_at=one.asked_at, actor=one.actor,
                method=one.method, target=target, media=one.media, body=body, status=one.status, problem=one.problem,
                milliseconds=one.milliseconds,
            )
        )  # fmt: skip
    with in_organisation(organisation_id), connection.cursor() as cursor:
        # Nothing waits for the disk: this may be lost, and answers are being held up.
        cursor.execute("set local synchronous_commit = off")
        LoggedRequest.objects.bulk_create(rows)
        cursor.execute(_TRIM, [organisation_id, organisation_id, KEPT_MAX])


def logged(
    organisation_id: int,
    *,
    method: str = "",
    status: str = "",
    search: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[LoggedRequest]:
    """The latest requests, newest first. `status` is a class such as "4"; `search` stands in the address or the id."""
    found = LoggedRequest.objects.filter(organisation_id=organisation_id)
    if method:
        found = found.filter(method=method)
    if status:
        found = found.filter(status__gte=int(status) * 100, status__lt=int(status) * 100 + 100)
    if search.startswith("req_"):
        found = found.filter(request_id=search)
    elif search:
        found = found.filter(target__icontains=search)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def logged_request(organisation_id: int, request_id: str) -> LoggedRequest:
    """One request by its reference. Raises `NotFound`."""
    found = LoggedRequest.objects.filter(organisation_id=organisation_id, request_id=request_id).first()
    if found is None:
        raise NotFound(kind="request", ref=request_id)
    return found


def oldest_logged(organisation_id: int) -> datetime | None:
    """When the oldest request that is kept was made."""
    found = LoggedRequest.objects.filter(organisation_id=organisation_id).order_by("id").first()
    return found.asked_at if found is not None else None


def forget_requests(organisation_id: int, *, older_than: datetime) -> int:
    """Forget requests made before that moment; how many."""
    with in_organisation(organisation_id):
        gone, _ = LoggedRequest.objects.filter(
            organisation_id=organisation_id, asked_at__lte=older_than
        ).delete()
    return gone
