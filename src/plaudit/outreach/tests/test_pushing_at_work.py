"""Colleagues told on their devices that something waits for them: for whom, in how few words, and for whom not."""

from __future__ import annotations

from uuid import UUID

import pytest

from plaudit.cases.actions.asking import approve, ask_approval
from plaudit.cases.actions.opening import question
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.tests.factories import make_unit
from plaudit.outreach.actions.devices import MOST_DEVICES, end_device, own_key, try_device
from plaudit.outreach.actions.pushing import push_due
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.models import Device, Push
from plaudit.outreach.queries.devices import devices_of
from plaudit.outreach.refusals import TooManyDevices
from plaudit.outreach.tasks import queue_mail
from plaudit.outreach.tests.browsers import make_browser, make_device
from plaudit.outreach.tests.receiver import Reply, receiver
from plaudit.people.actions.choosing import choose
from plaudit.people.actions.roles import withdraw_role
from plaudit.people.choices import AT_WORK
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_user
from plaudit.recognition.actions.nominating import Wish, nominate
from plaudit.recognition.tests.factories import make_noticing


def organisation() -> int:
    at = make_organisation().id
    own_key(at)
    return at


def works(at: int, role: str) -> int:
    """Somebody with this role, with a device of theirs."""
    user_id = make_user(at, roles=[role]).id
    make_device(at, None, user_id=user_id, name=role)
    return user_id


def asks(at: int, *, actor: str = ACTOR) -> str:
    """A member questions a number."""
    ada = make_member(at)
    made = question(at, member_id=ada.id, subject="", about="points", words="Too few", key="q", actor=actor)
    return show("cse", made.id)


def told(at: int) -> dict[str, str]:
    """The name of each device that is to be told, with the news it is told of."""
    tell_people(at, queue_mail(at))
    with in_organisation(at):
        names = dict(Device.objects.filter(organisation_id=at).values_list("id", "name"))
        return {names[one.device_id]: one.topic for one in Push.objects.filter(organisation_id=at)}


here = pytest.mark.usefixtures("_sending_here")


def test_a_question_waits_for_those_who_answer_and_an_approval_for_those_who_may_be_the_second_person():
    at = organisation()
    make_unit(at)
    people = {role: works(at, role) for role in ("desk", "manager", "finance", "auditor")}
    asks(at)
    assert told(at) == {"desk": "case.opened", "manager": "case.opened"}
    made = ask_approval(
        at, member_id=make_member(at).id, unit="points", amount=900, reason="Kindness", key="a",
        actor=f"usr_{people['desk']}",
    )  # fmt: skip

    waits = {"desk": "case.opened", "manager": "approval.asked", "finance": "approval.asked"}
    assert told(at) == waits
    approve(at, made.id, actor=f"usr_{people['manager']}")
    assert told(at) == waits | {"desk": "approval.approved"}


@here
def test_a_locked_screen_says_that_something_waits_and_never_what():
    at = organisation()
    phone = make_browser()
    with receiver(Reply(201)) as there:
        user_id = make_user(at, roles=["desk"]).id
        make_device(at, None, user_id=user_id, url=f"{there.url}/phone", to=phone)
        asks(at)
        tell_people(at, queue_mail(at))
        assert (push_due(at), push_due(at)) == (1, 0)
        try_device(at, _only(at), member_id=None, user_id=user_id)
        assert push_due(at) == 1

    said, tried = (phone.reads(one.raw) for one in there.received)
    assert (said["body"], said["path"], said["tag"]) == ("Something waits for you.", "/console/cases", "work")
    assert tried["body"] == "This is how news reaches you here."


def test_a_nomination_waits_for_whoever_leads_the_nominee_and_chose_to_be_told_of_work():
    noticing = make_noticing()
    at, sue = noticing.organisation, noticing.members["Sue"]
    own_key(at)
    for name in ("Sue", "Tim", "Pat"):
        member = noticing.members[name]
        user = make_user(at, roles=["supervisor"], member=member)
        make_device(at, member.id, user_id=user.id, name=name)

    def nominated(key: str) -> dict[str, str]:
        wish = Wish(member_id=noticing.id("Tim"), behaviour="calm", words="Stayed", points=200, key=key)
        nominate(at, wish, nominator_id=noticing.id("Ann"), actor=ACTOR)
        return told(at)

    assert nominated("one") == {}
    choose(at, member_id=sue.id, choices={AT_WORK: True}, actor=ACTOR)
    assert nominated("two") == {"Sue": "nomination.made"}


def test_who_has_no_part_any_more_is_told_nothing_and_nobody_has_anothers_device():
    at = organisation()
    desk, other = works(at, "desk"), make_user(at, roles=["manager"]).id
    withdraw_role(at, user_id=desk, role="desk", actor=ACTOR)
    asks(at)
    assert told(at) == {}

    device = _only(at)
    for user_id in (other, None):
        with pytest.raises(NotFound):
            end_device(at, device, member_id=None, user_id=user_id, actor=ACTOR)
        with pytest.raises(NotFound):
            try_device(at, device, member_id=None, user_id=user_id)
    end_device(at, device, member_id=None, user_id=desk, actor=ACTOR)
    with in_organisation(at):
        assert devices_of(at, None, desk) == []


@rounds
def test_of_twenty_devices_that_a_colleague_adds_at_once_as_many_as_may_be_are_kept(round_: int):
    at = organisation()
    user_id = make_user(at, roles=["desk"]).id

    def contend(number: int) -> bool:
        try:
            make_device(at, None, user_id=user_id, url=f"https://push.example/{number}")
        except TooManyDevices:
            return False
        return True

    assert sum(got is True for got in at_once(CONTENDERS, contend)) == MOST_DEVICES
    with in_organisation(at):
        assert len(devices_of(at, None, user_id)) == MOST_DEVICES


def _only(at: int) -> UUID:
    with in_organisation(at):
        return Device.objects.get(organisation_id=at).id
