"""One key, one act: retries, races, refusals, faults, and what is left after thirty days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from plaudit.foundation import clock
from plaudit.foundation.access.refusals import Unavailable
from plaudit.foundation.idempotency import (
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    Reply,
    ReplyNoLongerKept,
    RequestStillRunning,
    empty_replies,
    once,
)
from plaudit.foundation.models import KeptReply
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.requests import digest_of
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.models import Team
from plaudit.people.tests.factories import make_organisation


class SoldOut(Refusal):
    code = "sold_out"
    status = 409
    sentence = "It is sold out."


def _digest(body: str = "{}") -> bytes:
    return digest_of(method="POST", target="/api/v1/teams", body=body.encode())


def _refused(refusal: Refusal) -> Reply:
    return Reply(refusal.status, refusal.say())


def _make_team(organisation_id: int, key: str = "north", *, then: Exception | None = None) -> Reply:
    with in_organisation(organisation_id):
        Team.objects.create(organisation_id=organisation_id, key=key, name=key)
        if then is not None:
            raise then
    return Reply(201, f'{{"key":"{key}"}}')


def _teams(organisation_id: int) -> int:
    with in_organisation(organisation_id):
        return Team.objects.filter(organisation_id=organisation_id).count()


def _once(organisation_id: int, *, key: str = "k1", body: str = "{}", then: Exception | None = None) -> Reply:
    return once(
        organisation_id,
        scope="api",
        key=key,
        digest=_digest(body),
        act=lambda: _make_team(organisation_id, f"team-{key}", then=then),
        refused=_refused,
    )


def _contend(organisation_id: int, key: str, _number: int) -> Reply:
    return _once(organisation_id, key=key)


def test_a_retry_gets_the_first_answer_and_nothing_is_done_again():
    at = make_organisation().id

    first, second = _once(at), _once(at)

    assert first == Reply(201, '{"key":"team-k1"}')
    assert second == Reply(201, '{"key":"team-k1"}', replayed=True)
    assert _teams(at) == 1


def test_the_same_key_with_another_body_is_refused_and_changes_nothing():
    at = make_organisation().id
    _once(at)

    with pytest.raises(IdempotencyKeyReused) as refused:
        _once(at, body='{"other": 1}')

    assert (refused.value.code, refused.value.status) == ("idempotency_key_reused", 409)
    assert _teams(at) == 1


def test_the_same_key_is_another_key_in_another_organisation():
    here, there = make_organisation().id, make_organisation().id

    assert not _once(here).replayed
    assert not _once(there).replayed


def test_a_refused_request_leaves_nothing_and_its_retry_is_refused_again():
    at = make_organisation().id

    first = _once(at, then=SoldOut())
    retried = _once(at)

    assert first == Reply(409, "It is sold out.")
    assert retried == Reply(409, "It is sold out.", replayed=True)
    assert _teams(at) == 0


def test_an_answer_that_is_a_no_undoes_what_led_to_it():
    at = make_organisation().id

    def act() -> Reply:
        _make_team(at)
        return Reply(422, "no")

    assert once(at, scope="api", key="k1", digest=_digest(), act=act, refused=_refused).status == 422
    assert _teams(at) == 0


def test_a_fault_keeps_nothing_and_a_retry_runs():
    at = make_organisation().id

    with pytest.raises(ZeroDivisionError):
        _once(at, then=ZeroDivisionError())
    assert _teams(at) == 0

    assert not _once(at).replayed
    assert _teams(at) == 1


def test_not_now_is_no_answer_to_keep():
    at = make_organisation().id

    with pytest.raises(Unavailable):
        _once(at, then=Unavailable())

    assert not _once(at).replayed


@rounds
def test_of_twenty_at_once_one_acts_and_the_others_wait_or_hear_its_answer(round_: int):
    at = make_organisation().id
    key = "k"

    got = at_once(CONTENDERS, partial(_contend, at, key))

    kinds = Counter(
        "replayed" if isinstance(one, Reply) and one.replayed else type(one).__name__ for one in got
    )
    assert kinds["Reply"] == 1
    assert kinds["Reply"] + kinds["replayed"] + kinds["RequestStillRunning"] == CONTENDERS
    assert all(one.facts["retry_after"] == 1 for one in got if isinstance(one, RequestStillRunning))
    assert _teams(at) == 1
    with in_organisation(at):
        assert KeptReply.objects.filter(organisation_id=at).count() == 1


def test_a_retry_while_the_first_still_runs_is_told_to_come_back():
    at = make_organisation().id
    heard: list[Reply | Refusal] = []

    def ask(act: Callable[[], Reply]) -> Reply:
        return once(at, scope="api", key="k1", digest=_digest(), act=act, refused=_refused)

    def ask_again_meanwhile() -> Reply:
        heard.extend(at_once(1, lambda _: ask(lambda: Reply(201, "second"))))
        return Reply(201, "first")

    assert ask(ask_again_meanwhile) == Reply(201, "first")
    assert [type(one) for one in heard] == [RequestStillRunning]


def test_after_thirty_days_the_answer_is_gone_but_the_act_is_not_done_again():
    at = make_organisation().id
    _once(at, key="old")
    with clock.frozen_at(clock.wall() + timedelta(days=31)):
        _once(at, key="new")
        assert empty_replies(at, older_than=clock.wall() - timedelta(days=30)) == 1

    with pytest.raises(ReplyNoLongerKept):
        _once(at, key="old")

    assert _once(at, key="new").replayed
    assert _teams(at) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\n"])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(IdempotencyKeyInvalid):
        once(1, scope="api", key=key, digest=_digest(), act=lambda: Reply(200, ""), refused=_refused)
