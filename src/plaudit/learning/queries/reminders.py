"""When members are to be reminded of what they wanted to learn."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from plaudit.learning.models import RegistrationState, Session, SessionState
from plaudit.learning.scenario_models import ScenarioStanding

_AHEAD = timedelta(days=1)


def moments_to_remind(organisation_id: int, after: datetime, until: datetime) -> list[datetime]:
    """The moments in (after, until] at which a session that somebody waits for is a day away, or a refresher is due."""
    sessions = Session.objects.filter(
        organisation_id=organisation_id,
        state=SessionState.OPEN,
        starts_at__gt=after + _AHEAD,
        starts_at__lte=until + _AHEAD,
        registrations__state__in=(RegistrationState.REGISTERED, RegistrationState.WAITING),
        registrations__reminded_at__isnull=True,
        registrations__asked_at__lte=F("starts_at") - _AHEAD,
    )
    refreshers = ScenarioStanding.objects.filter(
        organisation_id=organisation_id, due_at__gt=after, due_at__lte=until
    )
    found = {starts_at - _AHEAD for starts_at in sessions.values_list("starts_at", flat=True).distinct()}
    return sorted(found | {due for due in refreshers.values_list("due_at", flat=True) if due is not None})
