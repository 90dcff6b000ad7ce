"""What a change of a rule asks of those who passed a scenario that teaches it.

Called inside the transaction that publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.learning.conversations import Scenario
from plaudit.learning.definitions import Learning
from plaudit.learning.scenario_models import ScenarioRevision

REMINDED_AFTER = timedelta(days=14)
"""So long after a refresher was asked for, whoever has not passed it is reminded, once."""

_ASK = """
    update learning_scenario_standing s set refresher_since = %(now)s, due_at = %(due)s
      from people_member m
     where s.organisation_id = %(organisation)s and s.programme = %(programme)s and s.scenario = %(scenario)s
       and s.revision > 0 and s.refresher_since is null
       and m.organisation_id = s.organisation_id and m.id = s.member_id and m.state = 'active'
    returning s.member_id
"""


def revise_scenarios(organisation_id: int, learning: Learning) -> int:
    """Begin a new revision of every scenario of which a rule is another now, and ask for refreshers; how many.

    Whoever has not passed the last refresher yet is not asked again: theirs is of the newest rules anyway.
    """
    now, asked = clock.now(), 0
    known = {
        row.scenario: row
        for row in ScenarioRevision.objects.filter(
            organisation_id=organisation_id, programme=learning.programme
        )
    }
    for one in learning.scenarios:
        taught = {each.rule: each.digest for each in one.taught}
        row = known.get(one.key)
        if row is None:
            row = ScenarioRevision(
                organisation_id=organisation_id, programme=learning.programme, scenario=one.key
            )
            row.taught, row.changed_at = taught, now
            row.save()
            continue
        changed = _changed(row.taught, taught)
        if changed:
            row.revision, row.changed, row.changed_at = row.revision + 1, changed, now
        row.taught = taught
        row.save()
        if changed:
            asked += _ask(organisation_id, learning, one, changed, now)
    return asked


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The rules that were taught before as they are now no more; one that is taught anew is no change of it."""
    return sorted(key for key, digest in after.items() if key in before and before[key] != digest)


def _ask(organisation_id: int, learning: Learning, one: Scenario, changed: list[str], now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK,
            {
                "organisation": organisation_id,
                "programme": learning.programme,
                "scenario": one.key,
                "now": now,
                "due": now + REMINDED_AFTER,
            },
        )
        members = sorted(row[0] for row in cursor.fetchall())
    facts = {"programme": learning.programme, "scenario": one.key, "rules": changed}
    tell_each(
        organisation_id,
        "scenario.refresher",
        [{"member": show("mem", member_id), **facts} for member_id in members],
        happened_at=now,
    )
    return len(members)
