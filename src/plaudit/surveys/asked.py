"""What is asked now, and what ever was: surveys found by programme and key."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from plaudit.surveys.definitions import Survey, Surveys, read_surveys
from plaudit.surveys.models import Published
from plaudit.surveys.refusals import NoSurvey


def newest_published(organisation_id: int, programme: str) -> Published | None:
    """The version published last, also where nothing is asked any more."""
    found = Published.objects.filter(organisation_id=organisation_id, programme=programme)
    return found.order_by("-number").first()


def all_surveys(organisation_id: int) -> list[Surveys]:
    """What every programme asks now, by its key."""
    rows = Published.objects.filter(organisation_id=organisation_id).order_by("programme", "-number")
    newest = rows.distinct("programme")
    return [read_surveys(row.definition) for row in newest if row.offered]


def survey_of(organisation_id: int, programme: str, key: str) -> tuple[Surveys, Survey]:
    """A survey, with all that its programme asks or asked last. Raises `NoSurvey`."""
    newest = newest_published(organisation_id, programme)
    surveys = read_surveys(newest.definition) if newest is not None else None
    survey = surveys.survey(key) if surveys is not None else None
    if surveys is None or survey is None:
        raise NoSurvey(programme=programme, survey=key)
    return surveys, survey


def closing_moment(surveys: Surveys, survey: Survey) -> datetime | None:
    """The moment after a survey's last day; None where it has none."""
    if survey.closes is None:
        return None
    return datetime.combine(survey.closes + timedelta(days=1), time(), ZoneInfo(surveys.time_zone))
