"""A budget tells when half, four fifths and all of it are used, once each way."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.earning.definitions import Every, Of, Per
from plaudit.earning.tests.factories import Story, make_limit, make_rule, make_story, purchase, refund
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation


def told(story: Story) -> list[tuple[int, bool, int]]:
    """Every threshold that was crossed: (percent, reached, used)."""
    with in_organisation(story.organisation.id):
        news = News.objects.filter(organisation_id=story.organisation.id, topic="budget.threshold")
        payloads = list(news.order_by("id").values_list("payload", flat=True))
    return [(one["percent"], one["reached"], one["used"]) for one in payloads]


def story_with_budget(at_most: int, of: Of = Of.POINTS) -> Story:
    limit = make_limit(at_most, per=Per.ALL, every=Every.MONTH, of=of, key="budget")
    return make_story(make_rule(limits=(limit,)))


def test_each_threshold_is_told_once_when_it_is_reached():
    story = story_with_budget(100)
    seen = []
    for amount in ("49", "1", "10", "25", "20", "20"):
        story.buy("ada", amount)
        seen.append(told(story))

    assert seen[0] == []
    assert seen[1] == seen[2] == [(50, True, 50)]
    assert seen[3] == [(50, True, 50), (80, True, 85)]
    assert seen[4] == seen[5] == [*seen[3], (100, True, 100)]


def test_what_one_batch_crosses_is_told_in_order_and_in_one_statement():
    def statements(at_most: int, crossed: list[tuple[int, bool, int]]) -> int:
        story = story_with_budget(at_most)
        story.send(*(purchase(f"m{number}", "1") for number in range(4)))
        with CaptureQueriesContext(connection) as captured:
            story.send(*(purchase(f"m{number}", "25") for number in range(4)))
        assert told(story) == crossed
        return len(captured)

    thrice = statements(104, [(50, True, 104), (80, True, 104), (100, True, 104)])
    assert thrice == statements(200, [(50, True, 104)])


def test_a_correction_that_gives_back_tells_that_the_use_is_below_again():
    story = story_with_budget(100)
    story.buy("ada", "90", id="a")
    story.send(refund("a", "45"))
    story.buy("ada", "10")

    assert told(story) == [(50, True, 90), (80, True, 90), (80, False, 45), (50, False, 45), (50, True, 55)]


def test_a_budget_in_times_tells_of_times():
    story = story_with_budget(4, Of.TIMES)
    for _ in range(4):
        story.buy("ada", "5")

    assert told(story) == [
        (50, True, 2),
        (80, True, 4),
        (100, True, 4),
    ]


def test_a_transaction_that_fails_tells_nothing():
    story = story_with_budget(10)

    def sell_and_fail() -> None:
        with in_organisation(story.organisation.id):
            story.send(purchase("ada", "10"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        sell_and_fail()

    assert told(story) == []
