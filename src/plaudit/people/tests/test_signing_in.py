"""One-time links: once, for a while, for whom they were made, and silent about who is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.members import suspend_member
from plaudit.people.actions.roles import withdraw_role
from plaudit.people.actions.signing_in import forget_signing_in, make_link, use_link
from plaudit.people.models import Member, SignInLink, User
from plaudit.people.refusals import LinkNotValid, NoWayIn
from plaudit.people.tasks import ask_for_link, send_sign_in_links
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_user


@pytest.fixture
def outbox():
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        yield mail.outbox


def _send(email: str, slug: str = "") -> None:
    send_sign_in_links(email=email, slug=slug, base_url="https://points.example")


def test_a_link_tells_whom_it_signs_in_and_where():
    at = make_organisation()
    ada = make_member(at.id)
    grace = make_user(at.id, roles=["manager"], member=ada)

    actor = use_link(make_link(at.id, user_id=grace.id, actor=ACTOR))

    assert (actor.user_id, actor.organisation_id, actor.member_id) == (grace.id, at.id, ada.id)
    assert actor.roles == {"manager", "member"}
    assert actor.organisation is not None and actor.organisation.name == at.name


@rounds
def test_of_twenty_who_use_a_link_at_once_one_gets_in(round_: int):
    at = make_organisation().id
    link = make_link(at, user_id=make_user(at).id, actor=ACTOR)

    def use(_number: int) -> Actor:
        return use_link(link)

    got = at_once(CONTENDERS, use)

    assert sum(isinstance(one, Actor) for one in got) == 1
    assert sum(isinstance(one, LinkNotValid) for one in got) == 19


def test_a_link_is_good_for_a_quarter_of_an_hour_unless_told_otherwise():
    at = make_organisation().id
    grace = make_user(at).id
    short = make_link(at, user_id=grace, actor=ACTOR)
    long = make_link(at, user_id=grace, good_for=timedelta(days=7), actor=ACTOR)

    with clock.frozen_at(clock.wall() + timedelta(minutes=15, seconds=1)):
        with pytest.raises(LinkNotValid):
            use_link(short)
        assert use_link(long).user_id == grace


def test_a_link_whose_parts_were_changed_is_not_valid():
    here, there = make_organisation(), make_organisation()
    link = make_link(here.id, user_id=make_user(here.id).id, actor=ACTOR)

    for wrong in (link[:-1], link.replace(here.code, there.code), link.upper(), "", "x" * 400, link + "\n"):
        with pytest.raises(LinkNotValid):
            use_link(wrong)
    assert use_link(link).is_known


def test_a_link_is_kept_only_as_a_hash():
    at = make_organisation().id
    link = make_link(at, user_id=make_user(at).id, actor=ACTOR)

    with in_organisation(at):
        row = SignInLink.objects.values().get()

    assert link.encode() not in bytes(row["secret_hash"])
    assert link not in str(row)


def test_whoever_lost_their_role_since_is_not_let_in_by_an_older_link():
    at = make_organisation().id
    grace = make_user(at, roles=["desk"])
    link = make_link(at, user_id=grace.id, actor=ACTOR)
    withdraw_role(at, user_id=grace.id, role="desk", actor=ACTOR)

    with pytest.raises(LinkNotValid):
        use_link(link)
    with pytest.raises(NoWayIn):
        make_link(at, user_id=grace.id, actor=ACTOR)


def test_a_person_of_two_organisations_gets_a_link_to_each(outbox):
    here, there = make_organisation(), make_organisation()
    grace = make_user(here.id)
    make_user(there.id, email=grace.email)

    _send(grace.email)

    (sent,) = outbox
    links = [line for line in sent.body.splitlines() if line.startswith("https://points.example/sign-in/")]
    assert sent.to == [grace.email]
    assert {use_link(link.rsplit("/", 1)[1]).organisation_id for link in links} == {here.id, there.id}


def test_a_stranger_gets_no_mail(outbox):
    at = make_organisation()

    _send("stranger@nowhere.example")
    _send("stranger@nowhere.example", slug=at.slug)
    _send("stranger@nowhere.example", slug="no-such-place")

    assert outbox == []


def test_a_fourth_link_within_an_hour_is_silently_not_made(outbox):
    at = make_organisation()
    grace = make_user(at.id)

    for _ in range(5):
        _send(grace.email)

    assert len(outbox) == 3


def test_a_member_gets_in_by_the_address_on_record_where_it_is_theirs_alone(outbox):
    at = make_organisation()
    ada = make_member(at.id, email="ada@home.example")
    for _ in range(2):
        make_member(at.id, name="Twin", email="twins@home.example")

    _send("Ada@Home.example ", slug=at.slug)
    _send("twins@home.example", slug=at.slug)
    _send("ada@home.example")

    assert len(outbox) == 2
    actor = use_link(outbox[0].body.split("/sign-in/")[1].split()[0])
    assert actor.member_id == ada.id
    assert actor.roles == {"member"}
    assert not User.objects.filter(email="twins@home.example").exists()


def test_a_suspended_member_gets_no_mail(outbox):
    at = make_organisation()
    ada = make_member(at.id, email="ada@away.example")
    suspend_member(at.id, member_id=ada.id, reason="Two accounts", actor=ACTOR)

    _send("ada@away.example", slug=at.slug)

    assert outbox == []
    with in_organisation(at.id):
        assert Member.objects.get(id=ada.id).user_id is None


@pytest.mark.parametrize("email", ["known@harbour.example", "unknown@harbour.example"])
def test_asking_for_a_link_queues_one_job_whoever_asks(email):
    if email.startswith("known") and not User.objects.filter(email=email).exists():
        make_user(make_organisation().id, email=email)

    ask_for_link(email=email, base_url="https://points.example")

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where task_name = 'people.send_sign_in_links'"
            " and args ->> 'email' = %s",
            [email],
        )
        assert cursor.fetchone() == (1,)
        cursor.execute("delete from procrastinate_jobs where args ->> 'email' = %s", [email])


def test_links_go_thirty_days_after_they_ended():
    at = make_organisation().id
    make_link(at, user_id=make_user(at).id, actor=ACTOR)

    assert forget_signing_in(at, older_than=clock.wall() - timedelta(days=30)) == 0
    with clock.frozen_at(clock.wall() + timedelta(days=31)):
        assert forget_signing_in(at, older_than=clock.wall() - timedelta(days=30)) >= 1
    with in_organisation(at):
        assert not SignInLink.objects.exists()
