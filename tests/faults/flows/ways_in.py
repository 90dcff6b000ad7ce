"""Passkeys, and codes of an app: added, used up, removed."""

from __future__ import annotations

from collections.abc import Callable

from plaudit.people.actions import ways_in
from plaudit.people.actions.language import choose_language
from plaudit.people.models import User
from plaudit.people.passkeys import Made, ask_to_prove
from plaudit.people.refusals import CodeNotRight, PasskeyNotAccepted
from plaudit.people.tests.authenticator import Device, code_now
from plaudit.people.tests.factories import ACTOR, make_organisation, make_user
from tests.faults.trial import Flow, Prepared, by_key


def _to_a_person(act: Callable[[int, int], object], *, keyed: bool = True) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        grace = make_user(at)

        def doing() -> object:
            return act(at, grace.id)

        return at, by_key(at, doing) if keyed else doing

    return prepare


_HERE = "http://localhost"


def _signing_in_by_passkey() -> Prepared:
    at = make_organisation().id
    grace = make_user(at)
    device = Device(_HERE)
    ways_in.add_passkey(at, user_id=grace.id, made=device.made(), name="Phone", actor=ACTOR)
    options, state = ask_to_prove(_HERE)
    answer = device.prove(options)
    return at, lambda: ways_in.use_passkey(_HERE, state, answer)


def _removing_a_passkey(at: int, user: int) -> None:
    kept = ways_in.add_passkey(at, user_id=user, made=Made(b"%d" % user, b"key"), name="", actor=ACTOR)
    ways_in.remove_passkey(at, user_id=user, passkey_id=kept.id, actor=ACTOR)


def _with_an_app(act: Callable[[int, int, list[str]], object]) -> Callable[[], Prepared]:
    """Something done by somebody whose app was set up, with their recovery codes."""

    def prepare() -> Prepared:
        at = make_organisation().id
        grace = make_user(at)
        codes = ways_in.confirm_code_app(at, user_id=grace.id, code=_begun(grace.id), actor=ACTOR)
        return at, lambda: act(at, grace.id, codes)

    return prepare


def _begun(user_id: int) -> str:
    """A code of an app that was just begun."""
    secret = ways_in.begin_code_app(user_id)
    return code_now(secret)


def _confirming_an_app() -> Prepared:
    at = make_organisation().id
    grace = make_user(at)
    code = _begun(grace.id)
    return at, lambda: ways_in.confirm_code_app(at, user_id=grace.id, code=code, actor=ACTOR)


FLOWS = [
    Flow(
        "add a passkey",
        _to_a_person(
            lambda at, user: ways_in.add_passkey(
                at, user_id=user, made=Made(b"%d" % user, b"key"), name="Phone", actor=ACTOR
            )
        ),
        (ways_in.add_passkey,),
    ),
    Flow(
        "choose a language",
        _to_a_person(
            lambda at, user: choose_language(at, user_id=user, language="de", actor=ACTOR),
        ),
        (choose_language,),
    ),
    Flow("remove a passkey", _to_a_person(_removing_a_passkey), (ways_in.remove_passkey,)),
    Flow(
        "sign in by passkey",
        _signing_in_by_passkey,
        (ways_in.use_passkey,),
        told_again=(PasskeyNotAccepted,),
        ignoring=frozenset({"last_used_at"}),
    ),
    Flow(
        "begin an app for codes",
        _to_a_person(lambda _, user: ways_in.begin_code_app(user), keyed=False),
        (ways_in.begin_code_app,),
        done_again="the secret nobody heard is replaced by another",
        ignoring=frozenset({"sealed", "added_at"}),
    ),
    Flow(
        "set up an app for codes",
        _confirming_an_app,
        (ways_in.confirm_code_app,),
        told_again=(CodeNotRight,),
        ignoring=frozenset({"code_hash"}),  # random, and told once
    ),
    Flow(
        "use a recovery code",
        _with_an_app(lambda _, user, codes: ways_in.use_code(user, codes[0])),
        (ways_in.use_code,),
        told_again=(CodeNotRight,),
    ),
    Flow(
        "remove an app for codes",
        _with_an_app(
            lambda at, user, codes: ways_in.remove_code_app(at, user_id=user, code=codes[0], actor=ACTOR)
        ),
        (ways_in.remove_code_app,),
        told_again=(CodeNotRight,),
    ),
    Flow(
        "forget ways in",
        _with_an_app(
            lambda at, user, _: ways_in.forget_ways_in(
                at, email=User.objects.get(id=user).email, reason="Lost.", actor=ACTOR
            )
        ),
        (ways_in.forget_ways_in,),
    ),
]
