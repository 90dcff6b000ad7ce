"""Budgets, codes, redemptions and imports: given out once, and never more than there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaudit.activity.models import BatchState, Event, ImportBatch, Source
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.earning.actions.reverse import reverse_transfer
from plaudit.earning.actions.reverse_import import reverse_import
from plaudit.earning.actions.stop_import import cancel_import, resume_import
from plaudit.earning.definitions import Every, Per
from plaudit.earning.models import Budget
from plaudit.earning.outcomes import Status
from plaudit.earning.tests.factories import make_limit, make_rule, make_story, refund
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.actions.opening import Opened, OpeningBalance, opening
from plaudit.ledger.models import Transfer
from plaudit.ledger.references import show_transfer
from plaudit.ledger.tests.factories import balance_of, day, make_books
from plaudit.people.actions.teams import create_team, join_team
from plaudit.people.tests.factories import make_member
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.models import Code, Redemption
from plaudit.rewards.tests.factories import ACTOR, make_reward, make_shop, redeem_alone

MAPPING = """
mapping: 1
source: till
type: purchase
key: {columns: [id]}
subject: {column: member}
occurred_at: {column: at, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields: {amount: {column: amount, as: decimal, scale: 2}}
"""


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """Three purchases of two members, 22 points."""
    path = tmp_path / "sales.csv"
    path.write_text(
        "id,member,at,amount\n1,ada,2026-03-02,10.00\n2,bob,2026-03-02,7.50\n3,ada,2026-03-03,5.00\n"
    )
    return path


@rounds
def test_a_budget_is_granted_to_the_last_point_and_no_further(round_: int):
    story = make_story(make_rule(limits=(make_limit(95, per=Per.ALL, every=Every.MONTH, key="budget"),)))

    got = at_once(CONTENDERS, lambda number: story.buy(f"m{number}", "10"))

    assert len(got) == CONTENDERS
    assert sum(story.available(f"m{number}") for number in range(CONTENDERS)) == 95
    with in_organisation(story.organisation.id):
        assert [one.used for one in Budget.objects.filter(organisation_id=story.organisation.id)] == [95]


@rounds
def test_a_team_limit_holds_among_its_members(round_: int):
    story = make_story(make_rule(limits=(make_limit(95, per=Per.TEAM, key="team"),)))
    at = story.organisation.id
    create_team(at, key="north", name="North", actor=ACTOR)
    for number in range(CONTENDERS):
        member = make_member(at, external_ids=[("till", f"m{number}")])
        join_team(at, key="north", member_id=member.id, actor=ACTOR, began_at=day(1))

    at_once(CONTENDERS, lambda number: story.buy(f"m{number}", "10"))

    assert sum(story.available(f"m{number}") for number in range(CONTENDERS)) == 95


@rounds
def test_activity_reported_by_many_at_once_is_recorded_once(round_: int):
    story = make_story()

    got = at_once(CONTENDERS, lambda _: story.buy("ada", "10", id="till-1"))

    assert sorted(one.status for one in got if not isinstance(one, Refusal)) == sorted(
        [Status.RECORDED] + [Status.REPEATED] * (CONTENDERS - 1)
    )
    assert story.available("ada") == 10
    with in_organisation(story.organisation.id):
        assert Event.objects.filter(organisation_id=story.organisation.id).count() == 1
        assert Source.objects.filter(organisation_id=story.organisation.id).count() == 1


@rounds
def test_refunds_of_one_purchase_take_back_no_more_than_it_earned(round_: int):
    story = make_story()
    story.buy("ada", "100", id="bought")
    story.buy("ada", "500")

    at_once(CONTENDERS, lambda number: story.send(refund("bought", "10", member="ada", id=f"r{number}")))

    assert story.available("ada") == 500


@rounds
def test_a_grant_reversed_by_many_gives_its_limit_back_once(round_: int):
    story = make_story(make_rule(limits=(make_limit(20),)))
    story.buy("ada", "10")
    reference = _transfer_of(story.organisation.id)

    at_once(
        CONTENDERS,
        lambda number: reverse_transfer(
            story.organisation.id, reference, reason="Twice?", key=f"k{number}", actor=ACTOR
        ),
    )

    story.buy("ada", "100")
    assert story.available("ada") == 20


def _transfer_of(organisation_id: int) -> str:
    with in_organisation(organisation_id):
        (only,) = Transfer.objects.filter(organisation_id=organisation_id)
    return show_transfer(only.wallet_id, only.line)


@rounds
def test_opening_balances_taken_over_by_many_at_once_are_taken_over_once(round_: int):
    at, ada = make_books()
    balance = OpeningBalance("old-1", ada, "points", 40, day(1))

    got = at_once(CONTENDERS, lambda _: opening(at, [balance], actor=ACTOR))

    assert sum(one.posted for one in got if isinstance(one, Opened)) == 1
    assert balance_of(at, ada) == (40, 0, 0)


@rounds
def test_a_pool_of_five_codes_gives_five_members_a_code_each(round_: int):
    shop = make_shop(make_reward(kind=RewardKind.CODE), codes=[f"GIFT-{number}" for number in range(5)])
    members = [shop.member(f"m{number}", 50) for number in range(CONTENDERS)]

    got = at_once(CONTENDERS, lambda number: redeem_alone(shop, members[number], "coffee", key=f"k{number}"))

    assert sum(isinstance(one, Redemption) for one in got) == 5
    assert sum(shop.available(member) for member in members) == 50 * (CONTENDERS - 5)
    with in_organisation(shop.id):
        given = Code.objects.filter(organisation_id=shop.id).values_list("redemption_id", flat=True)
        assert len(set(given)) == 5


@rounds
def test_codes_added_by_many_at_once_are_in_the_pool_once(round_: int):
    shop = make_shop(make_reward(kind=RewardKind.CODE))
    reward = shop.reward("coffee").id
    codes = [f"GIFT-{number}" for number in range(5)]

    got = at_once(CONTENDERS, lambda _: add_codes(shop.id, reward_id=reward, codes=codes, actor=ACTOR))

    assert sum(one for one in got if isinstance(one, int)) == 5


@rounds
def test_a_file_started_by_many_at_once_is_one_import(round_: int, sales: Path):
    story = make_story()

    at_once(
        CONTENDERS, lambda _: start_import(story.organisation.id, path=sales, mapping=MAPPING, actor=ACTOR)
    )

    with in_organisation(story.organisation.id):
        assert ImportBatch.objects.filter(organisation_id=story.organisation.id).count() == 1


@rounds
def test_an_import_cancelled_by_many_while_it_runs_either_ends_or_goes_on_later(round_: int, sales: Path):
    story = make_story()
    at = story.organisation.id
    batch = start_import(at, path=sales, mapping=MAPPING, actor=ACTOR).id

    at_once(
        CONTENDERS,
        lambda number: cancel_import(at, batch, actor=ACTOR) if number else run_import(at, batch),
    )

    with in_organisation(at):
        found = ImportBatch.objects.get(organisation_id=at, id=batch)
        came_in = Event.objects.filter(organisation_id=at, batch_id=batch).count()
        noted = Audit.objects.filter(act="import.cancelled").count()
    assert found.recorded == came_in
    assert (found.state, noted) in ((BatchState.DONE, 0), (BatchState.CANCELLED, 1))
    if found.state == BatchState.CANCELLED:
        resume_import(at, batch, actor=ACTOR)
        assert run_import(at, batch).state == BatchState.DONE
    assert (story.available("ada"), story.available("bob")) == (15, 7)


@rounds
def test_an_import_run_and_taken_back_by_many_at_once_happens_once(round_: int, sales: Path):
    story = make_story()
    at = story.organisation.id
    batch = start_import(at, path=sales, mapping=MAPPING, actor=ACTOR).id

    at_once(CONTENDERS, lambda _: run_import(at, batch))
    run_import(at, batch)
    assert (story.available("ada"), story.available("bob")) == (15, 7)

    at_once(CONTENDERS, lambda _: reverse_import(at, batch, actor=ACTOR, reason="Wrong file"))
    assert (story.available("ada"), story.available("bob")) == (0, 0)
    with in_organisation(at):
        assert ImportBatch.objects.get(organisation_id=at, id=batch).state == BatchState.REVERSED
