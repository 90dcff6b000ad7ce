"""Thanks from customers: what an address takes and refuses, for whom it is, and what is kept of whoever said it."""

from __future__ import annotations

import pytest

from plaudit.earning.tests.factories import NOON
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.linking import Whose, end_link, open_link, renew_link
from plaudit.recognition.actions.showing import show_to
from plaudit.recognition.actions.taking_back import take_back
from plaudit.recognition.actions.thanking import thank
from plaudit.recognition.definitions import Customers, Visible
from plaudit.recognition.models import Link, LinkKind, Received, Recognition
from plaudit.recognition.queries.feed import Which, feed
from plaudit.recognition.queries.wall import on_wall, thanks_lately
from plaudit.recognition.refusals import LinkEnded, NoCustomers, PlainWordsOnly, ThanksEnough
from plaudit.recognition.tests.factories import Noticing, make_noticing


def of_tim(noticing: Noticing) -> Link:
    whose = Whose(member_id=noticing.id("Tim"))
    with clock.frozen_at(NOON):
        return open_link(noticing.organisation, LinkKind.THANKS, whose, name="Tim", actor=ACTOR)


def of_floor(noticing: Noticing, what: LinkKind = LinkKind.THANKS) -> Link:
    whose = Whose(team_id=noticing.teams["floor"].id)
    with clock.frozen_at(NOON):
        return open_link(noticing.organisation, what, whose, actor=ACTOR)


def say(
    noticing: Noticing, link: Link, words: str = "", *, behaviour: str = "", key: str = ""
) -> Recognition:
    with clock.frozen_at(NOON):
        return thank(
            noticing.organisation, link.secret, behaviour=behaviour, words=words, key=key or words or "one"
        )


def received(noticing: Noticing) -> list[tuple[str, str, int]]:
    """Who got something, from what sort of giver, and how far it is seen."""
    names = {one.id: name for name, one in noticing.members.items()}
    with in_organisation(noticing.organisation):
        rows = Received.objects.filter(organisation_id=noticing.organisation)
        found = rows.values_list("member_id", "source", "visible")
        return sorted((names[member], source, visible) for member, source, visible in found)


def test_a_thank_you_reaches_the_person_as_a_customers_with_the_programmes_points():
    noticing = make_noticing()

    made = say(noticing, of_tim(noticing), "You stayed on the line with me.", behaviour="calm")

    assert received(noticing) == [("Tim", "customer", Visible.PRIVATE)]
    assert (made.giver_id, made.points, noticing.points("Tim")) == (None, 5, 5)
    take_back(noticing.organisation, made.id, reason="It was a joke", actor=ACTOR)
    assert noticing.points("Tim") == 0


def test_a_teams_thank_you_reaches_everybody_who_does_not_lead_it_in_words_alone():
    noticing = make_noticing()

    say(noticing, of_floor(noticing))

    assert received(noticing) == [("Ann", "customer", Visible.TEAM), ("Tim", "customer", Visible.TEAM)]
    assert [noticing.points(one) for one in ("Tim", "Ann", "Sue")] == [0, 0, 0]


def test_a_strangers_words_are_seen_by_others_only_once_their_recipient_shows_them():
    noticing = make_noticing()
    made = say(noticing, of_tim(noticing), "Great")

    def ann_sees() -> int:
        with clock.frozen_at(NOON), in_organisation(noticing.organisation):
            return len(feed(noticing.organisation, noticing.id("Ann"), Which.SEEN)[0])

    assert ann_sees() == 0
    show_to(noticing.organisation, made.id, member_id=noticing.id("Tim"), visible=Visible.TEAM, actor=ACTOR)
    assert ann_sees() == 1


def test_an_address_refuses_links_long_lines_and_what_is_nobodys_behaviour():
    noticing = make_noticing()
    link = of_tim(noticing)

    for words in ("See https://spam.example", "write to me@spam.example", "www.spam.example"):
        with pytest.raises(PlainWordsOnly):
            say(noticing, link, words)
    with pytest.raises(Problem):
        say(noticing, link, "x" * 301)
    with pytest.raises(NotFound):
        say(noticing, link, behaviour="smiles")
    assert received(noticing) == []


def test_an_address_takes_so_many_a_day_and_the_same_form_once():
    noticing = make_noticing(customers=Customers(a_day=2))
    link = of_tim(noticing)

    first, again = (say(noticing, link, key="one") for _ in range(2))
    say(noticing, link, key="two")

    assert first.id == again.id
    with pytest.raises(ThanksEnough):
        say(noticing, link, key="three")
    assert len(received(noticing)) == 2


def test_a_renewed_address_is_another_and_an_ended_one_leads_nowhere():
    noticing = make_noticing()
    link = of_tim(noticing)

    renewed = renew_link(noticing.organisation, link.id, actor=ACTOR)
    assert renew_link(noticing.organisation, link.id, actor=ACTOR).id == renewed.id
    assert of_tim(noticing).id == renewed.id
    with pytest.raises(LinkEnded):
        say(noticing, link)
    say(noticing, renewed)

    end_link(noticing.organisation, renewed.id, actor=ACTOR)
    with pytest.raises(LinkEnded):
        say(noticing, renewed, key="two")
    with pytest.raises(NotFound):
        renew_link(noticing.organisation, renewed.id, actor=ACTOR)


def test_nobody_thanks_where_the_programme_does_not_say_so():
    noticing = make_noticing(customers=None)

    with pytest.raises(NoCustomers):
        of_tim(noticing)


def test_an_address_is_gone_with_its_person_and_needs_a_name():
    noticing = make_noticing()
    link = of_tim(noticing)
    with pytest.raises(Problem):
        open_link(noticing.organisation, LinkKind.THANKS, Whose(member_id=noticing.id("Ann")), actor=ACTOR)

    erase_identities(noticing.organisation, member_id=noticing.id("Tim"), reason="Asked", actor=ACTOR)

    with pytest.raises(LinkEnded):
        say(noticing, link)


def test_a_wall_shows_what_recipients_of_the_team_themselves_let_others_see_and_nothing_else():
    noticing = make_noticing()
    shown, unsaid, elsewhere = (
        noticing.give(*people) for people in (("Pat", "Tim"), ("Sue", "Ann"), ("Sue", "Pat"))
    )
    at = noticing.organisation
    for made, who in ((shown, "Tim"), (elsewhere, "Pat")):
        show_to(at, made.id, member_id=noticing.id(who), visible=Visible.EVERYONE, actor=ACTOR)

    with clock.frozen_at(NOON), in_organisation(at):
        (one,) = on_wall(at, noticing.teams["floor"].id)
        assert thanks_lately(at, noticing.teams["floor"].id) == 2

    assert (one.id, one.names, one.source) == (shown.id, ("Tim",), "peer")
    assert unsaid.id != one.id


@rounds
def test_an_address_thanked_by_many_at_once_takes_no_more_than_a_day_has(round_: int):
    noticing = make_noticing(customers=Customers(a_day=3, points=5))
    link = of_tim(noticing)

    answers = at_once(CONTENDERS, lambda number: say(noticing, link, key=f"customer {number}"))

    assert sum(isinstance(one, ThanksEnough) for one in answers) == CONTENDERS - 3
    assert sum(isinstance(one, Refusal) for one in answers) == CONTENDERS - 3
    assert noticing.points("Tim") == 15


@rounds
def test_an_address_made_by_many_at_once_is_one(round_: int):
    noticing = make_noticing()

    answers = at_once(CONTENDERS, lambda _: of_floor(noticing).id)

    assert len(set(answers)) == 1
