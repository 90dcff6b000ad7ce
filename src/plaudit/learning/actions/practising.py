"""Takes in how a member played a scenario: their score, and once a revision of its rules that they passed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.learning.conversations import Scenario
from plaudit.learning.definitions import Learning
from plaudit.learning.offered import scenario_of
from plaudit.learning.own_activities import PRACTISED
from plaudit.learning.refusals import NoScenario, NotAtTheEnd
from plaudit.learning.rules.playing import Played, play
from plaudit.learning.scenario_models import ScenarioRevision, ScenarioStanding
from plaudit.ledger.posting import open_books
from plaudit.people.actions.members import locked_member

FIRST, REFRESHER = "first", "refresher"


def practise(
    organisation_id: int, *, member_id: UUID, programme: str, scenario: str, way: Sequence[str], actor: str
) -> Played:
    """Count a scenario that was played to its end, by the choices on the way; what came of it.

    Passing it is recorded once for every revision of the rules it teaches, however often it is played. Raises
    `NoScenario`, also for whom it is not meant, `WayNotThere`, `NotAtTheEnd`, and as `locked_member` does.
    """

    def step() -> Played:
        open_books(organisation_id)
        _hold_still(organisation_id)
        member = locked_member(organisation_id, member_id)
        learning, one = scenario_of(organisation_id, programme, scenario)
        if member.kind not in one.audience:
            raise NoScenario(programme=programme, scenario=scenario)
        played = play(one, way)
        if not played.ended:
            raise NotAtTheEnd(name=one.name)
        _keep(organisation_id, learning, one, member_id, played, actor)
        return played

    return act(organisation_id, step)


def _hold_still(organisation_id: int) -> None:
    """Nothing is published while somebody passes: whoever does is asked for every refresher that comes after."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s, hashtext('learning'))", [organisation_id])


def _keep(
    organisation_id: int, learning: Learning, one: Scenario, member_id: UUID, played: Played, actor: str
) -> None:
    now = clock.now()
    place = {"organisation_id": organisation_id, "programme": learning.programme, "scenario": one.key}
    standing = ScenarioStanding.objects.filter(**place, member_id=member_id).first()
    if standing is None:
        standing = ScenarioStanding(**place, member_id=member_id, best=0)
    standing.last, standing.best = played.percent, max(standing.best, played.percent)
    standing.played_at = now
    revision = ScenarioRevision.objects.get(**place).revision
    before = standing.revision
    if played.passed and before < revision:
        standing.revision, standing.passed_at = revision, now
        standing.refresher_since = standing.due_at = None
    standing.save()
    if standing.revision == before:
        return
    facts = {
        "programme": learning.programme,
        "scenario": one.key,
        "occasion": REFRESHER if before else FIRST,
        "score": played.percent,
    }
    id = f"scenario:{learning.programme}/{one.key}:{revision}:{member_id}"
    record_own(organisation_id, [OwnActivity(id, PRACTISED.name, member_id, now, facts)])
    audit.note(actor=actor, act="scenario.passed", subject=show("mem", member_id), details=facts)
    tell(organisation_id, "scenario.passed", {"member": show("mem", member_id), **facts}, happened_at=now)
