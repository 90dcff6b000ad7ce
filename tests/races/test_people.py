"""Ways in, keys, people and their places: each had once, however many reach for it."""

from __future__ import annotations

from datetime import timedelta

from plaudit.foundation import clock
from plaudit.foundation.access.limits import Buckets, Limit
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.membership.actions.erase import erase_member
from plaudit.people.actions import ways_in
from plaudit.people.actions.clock import move_sandbox_clock
from plaudit.people.actions.keys import NewKey, create_key, rotate_key
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.roles import bind_user, invite_user
from plaudit.people.actions.signing_in import LINKS_AN_HOUR, invite_by_email
from plaudit.people.models import Member, Organisation, Passkey, Role, SignInLink, User
from plaudit.people.passkeys import Made
from plaudit.people.refusals import CodeNotRight, KeyAlreadyRotated, PasskeyKnown, SlugTaken
from plaudit.people.tests.authenticator import code_now
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_sandbox, make_user


@rounds
def test_no_more_links_are_made_in_an_hour_however_many_ask(round_: int):
    at = make_organisation()
    grace = make_user(at.id)

    got = at_once(CONTENDERS, lambda _: invite_by_email(email=grace.email, slug=at.slug, actor="sign-in"))

    assert sum(len(one) for one in got if isinstance(one, list)) == LINKS_AN_HOUR
    with in_organisation(at.id):
        assert SignInLink.objects.filter(user_id=grace.id).count() == LINKS_AN_HOUR


@rounds
def test_somebody_invited_by_many_at_once_is_one_person_with_one_role(round_: int):
    at = make_organisation().id
    email = f"new-{at}@harbour.example"

    got = at_once(CONTENDERS, lambda _: invite_user(at, email=email, roles=["desk"], actor=ACTOR))

    assert len({one.id for one in got if isinstance(one, User)}) == 1
    assert sum(isinstance(one, User) for one in got) == CONTENDERS
    with in_organisation(at):
        assert Role.objects.filter(organisation_id=at, name="desk").count() == 1


@rounds
def test_a_key_is_rotated_once(round_: int):
    at = make_organisation().id
    key = create_key(at, name="Till", scopes=["admin"], actor=ACTOR).key

    got = at_once(CONTENDERS, lambda _: rotate_key(at, key_id=key.id, actor=ACTOR))

    assert sum(isinstance(one, NewKey) for one in got) == 1
    assert sum(isinstance(one, KeyAlreadyRotated) for one in got) == CONTENDERS - 1


@rounds
def test_a_short_name_is_one_organisations(round_: int):
    slug = f"{make_organisation().slug}-again"

    got = at_once(CONTENDERS, lambda _: create_organisation(slug, name="Harbour", actor=ACTOR))

    assert sum(isinstance(one, Organisation) for one in got) == 1
    assert sum(isinstance(one, SlugTaken) for one in got) == CONTENDERS - 1


@rounds
def test_a_person_bound_to_many_members_at_once_is_one_of_them(round_: int):
    at = make_organisation().id
    members = [make_member(at).id for _ in range(CONTENDERS)]
    grace = make_user(at, roles=())

    got = at_once(
        CONTENDERS, lambda number: bind_user(at, user_id=grace.id, member_id=members[number], actor=ACTOR)
    )

    assert all(isinstance(one, Member) for one in got)
    with in_organisation(at):
        assert Member.objects.filter(user_id=grace.id).count() == 1


@rounds
def test_a_member_is_erased_once(round_: int):
    at = make_organisation().id
    ada = make_member(at)

    got = at_once(
        CONTENDERS, lambda _: erase_member(at, member_id=ada.id, reason="Asked for it", actor=ACTOR)
    )

    assert sorted(len(one) for one in got if isinstance(one, list)) == [0] * (CONTENDERS - 1) + [1]


@rounds
def test_a_sandbox_clock_is_moved_by_one_at_a_time_and_only_forward(round_: int):
    at = make_sandbox().id
    began = clock.wall()

    at_once(
        CONTENDERS,
        lambda number: move_sandbox_clock(at, until=began + timedelta(days=number + 1), actor=ACTOR),
    )

    with in_organisation(at):
        reached = clock.now()
        organisation = Organisation.objects.get(id=at)
    assert organisation.clock_target is None
    days = (reached - began) / timedelta(days=1)
    assert 1 <= days <= CONTENDERS + 0.1


@rounds
def test_a_bucket_lets_through_as_many_as_it_holds(round_: int):
    buckets, limit = Buckets(), Limit("test", quota=1, window=3600, burst=50)

    def ask(_number: int) -> int:
        return sum(buckets.take(limit, "ada", at=0.0).allowed for _ in range(10))

    got = at_once(CONTENDERS, ask)

    assert sum(one for one in got if isinstance(one, int)) == 50


@rounds
def test_a_recovery_code_lets_one_in(round_: int):
    at = make_organisation().id
    grace = make_user(at)
    secret = ways_in.begin_code_app(grace.id)
    code = code_now(secret)
    codes = ways_in.confirm_code_app(at, user_id=grace.id, code=code, actor=ACTOR)

    got = at_once(CONTENDERS, lambda _: ways_in.use_code(grace.id, codes[0]))

    assert sum(one is None for one in got) == 1
    assert sum(isinstance(one, CodeNotRight) for one in got) == CONTENDERS - 1


@rounds
def test_a_passkey_on_two_accounts_at_once_is_on_one(round_: int):
    at = make_organisation().id
    people = [make_user(at) for _ in range(CONTENDERS)]
    made = Made(f"{at} {round_}".encode(), b"key")

    got = at_once(
        CONTENDERS,
        lambda place: ways_in.add_passkey(at, user_id=people[place].id, made=made, name="", actor=ACTOR),
    )

    assert sum(isinstance(one, Passkey) for one in got) == 1
    assert sum(isinstance(one, PasskeyKnown) for one in got) == CONTENDERS - 1
