"""Programmes rest, come back and end; drafts are kept until they are applied."""

from __future__ import annotations

import pytest

from plaudit.activity.types import declared_types
from plaudit.earning.tests.factories import Story
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.actions.lifecycle import keep_draft, pause, resume, retire
from plaudit.planning.plans import plan
from plaudit.planning.programme_file.tests.factories import make_file
from plaudit.planning.queries import programme_row, programmes
from plaudit.planning.refusals import ProgrammeFileRefused, ProgrammeNotInState, ProgrammeRetired
from plaudit.rewards.queries import offers

ACTOR = "usr_1"
SHOP = "corner-shop"


@pytest.fixture
def story() -> Story:
    """An organisation with one small programme live."""
    story = Story(make_organisation())
    apply(story.organisation.id, make_file(rewards="{mug: {name: Mug, price: 5 points}}"), actor=ACTOR)
    return story


def state_of(story: Story, key: str = SHOP) -> str:
    with in_organisation(story.organisation.id):
        return programme_row(story.organisation.id, key).state


def offered(story: Story) -> list[str]:
    with in_organisation(story.organisation.id):
        return [offer.key for offer in offers(story.organisation.id)]


def test_a_paused_programme_earns_nothing_and_keeps_its_rewards(story):
    pause(story.organisation.id, SHOP, actor=ACTOR, reason="Stocktaking")
    story.buy("ada", "10.00")

    assert (state_of(story), story.available("ada"), offered(story)) == ("paused", 0, ["mug"])
    with in_organisation(story.organisation.id):
        assert Audit.objects.get(act="programme.paused").reason == "Stocktaking"


def test_a_resumed_programme_earns_again_by_its_newest_rules(story):
    pause(story.organisation.id, SHOP, actor=ACTOR)
    applied = apply(
        story.organisation.id, make_file(rules="{r: {name: a, on: purchase, earn: 7}}"), actor=ACTOR
    )
    assert "The programme is paused and stays so" in applied.plan.sentences()[-1]
    story.buy("ada", "10.00")
    assert (state_of(story), story.available("ada")) == ("paused", 0)

    resume(story.organisation.id, SHOP, actor=ACTOR)
    story.buy("ada", "10.00")

    assert (state_of(story), story.available("ada")) == ("live", 7)


def test_pausing_leaves_other_programmes_alone(story):
    apply(story.organisation.id, make_file(programme="other"), actor=ACTOR)

    pause(story.organisation.id, SHOP, actor=ACTOR)
    story.buy("ada", "10.00")

    assert story.available("ada") == 10


def test_a_retired_programme_ends_for_good(story):
    retire(story.organisation.id, SHOP, actor=ACTOR)
    story.buy("ada", "10.00")

    assert (state_of(story), story.available("ada"), offered(story)) == ("retired", 0, [])
    for act in (pause, resume):
        with pytest.raises(ProgrammeRetired):
            act(story.organisation.id, SHOP, actor=ACTOR)
    with pytest.raises(ProgrammeRetired):
        plan(story.organisation.id, make_file())
    with pytest.raises(ProgrammeRetired):
        keep_draft(story.organisation.id, make_file(), actor=ACTOR)


def test_what_only_a_retired_programme_asked_for_need_not_be_sent_any_more(story):
    asking = "{purchase: {title: Purchase, fields: {amount: decimal(2), till: text}}}"
    other = make_file(programme="other", activities=asking, rules="{r: {name: a, on: purchase, earn: 1}}")
    apply(story.organisation.id, other, actor=ACTOR)
    assert story.buy("ada", "10.00").problems

    retire(story.organisation.id, "other", actor=ACTOR)

    assert not story.buy("ada", "10.00").problems
    with in_organisation(story.organisation.id):
        assert set(declared_types(story.organisation.id)["purchase"].fields) == {"amount", "channel"}


@pytest.mark.parametrize("act", [pause, retire])
def test_doing_it_again_changes_nothing(story, act):
    act(story.organisation.id, SHOP, actor=ACTOR)
    act(story.organisation.id, SHOP, actor=ACTOR)

    with in_organisation(story.organisation.id):
        assert Audit.objects.filter(act__in=("programme.paused", "programme.retired")).count() == 1


def test_an_unknown_programme_is_not_found(story):
    for act in (pause, resume, retire):
        with pytest.raises(NotFound):
            act(story.organisation.id, "nothing", actor=ACTOR)


def test_a_draft_is_kept_with_its_faults_until_it_is_applied(story):
    unfinished = make_file(programme="new-shop", rules="{r: {name: a, on: purchase, earn: amount}}")

    assert keep_draft(story.organisation.id, unfinished, actor=ACTOR) == "new-shop"

    with in_organisation(story.organisation.id):
        listed = {
            one.key: (one.state, one.version, one.has_draft) for one in programmes(story.organisation.id)
        }
        assert programme_row(story.organisation.id, "new-shop").draft == unfinished
    assert listed == {SHOP: ("live", 1, False), "new-shop": ("draft", None, True)}
    with pytest.raises(ProgrammeNotInState):
        pause(story.organisation.id, "new-shop", actor=ACTOR)

    apply(story.organisation.id, make_file(programme="new-shop"), actor=ACTOR)

    with in_organisation(story.organisation.id):
        row = programme_row(story.organisation.id, "new-shop")
    assert (row.state, row.draft) == ("live", "")


def test_a_draft_of_a_live_programme_leaves_it_live(story):
    keep_draft(story.organisation.id, make_file(name="Better name"), actor=ACTOR)
    story.buy("ada", "10.00")

    assert (state_of(story), story.available("ada")) == ("live", 10)


def test_a_draft_must_say_which_programme_it_is(story):
    with pytest.raises(ProgrammeFileRefused):
        keep_draft(story.organisation.id, make_file(programme="Not A Key"), actor=ACTOR)
