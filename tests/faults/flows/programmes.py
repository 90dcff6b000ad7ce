"""Programmes applied, paused and ended; rewards offered, had, sent and given back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from plaudit.activity.actions.declare_type import declare_type
from plaudit.earning.actions import publish as publishing
from plaudit.earning.tests.factories import Story
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.people.actions.keys import create_key
from plaudit.people.actions.roles import join_sandbox
from plaudit.people.actions.sandboxes import close_sandbox
from plaudit.people.actions.saved_views import remove_view, save_view
from plaudit.people.actions.translate import keep_translations
from plaudit.people.tests.factories import make_organisation, make_sandbox, make_user
from plaudit.planning.actions import apply as applying
from plaudit.planning.actions import lifecycle
from plaudit.planning.actions.copy_programmes import copy_programmes
from plaudit.planning.actions.enrolling import enrol_openly
from plaudit.planning.actions.simulate import cancel_simulation, run_simulation, simulate, start_simulation
from plaudit.planning.enrolment import Wish
from plaudit.planning.programme_file.tests.factories import make_file
from plaudit.rewards.actions import redeem as redeeming
from plaudit.rewards.actions import settle as settling
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.deciding import open_desk
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.tests.factories import ACTOR, Shop, make_reward, make_shop
from tests.faults.trial import Flow, Prepared, by_key

DOUBLED = "{purchases: {name: 2 points per $1, on: purchase, earn: floor(amount * 2)}}"
IN_GERMAN = "{de: {Corner shop: Laden an der Ecke}}"
KEY = "corner-shop"


def _applying_first() -> Prepared:
    at = make_organisation().id
    return at, lambda: applying.apply(at, make_file(), actor=ACTOR)


def _applied(act: Callable[[int], object], *first: Callable[[int], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        applying.apply(at, make_file(), actor=ACTOR)
        for one in first:
            one(at)
        return at, lambda: act(at)

    return prepare


def _pausing(at: int) -> None:
    lifecycle.pause(at, KEY, actor=ACTOR)


def _drafting() -> Prepared:
    at = make_organisation().id
    return at, by_key(at, lambda: lifecycle.keep_draft(at, make_file(), actor=ACTOR))


def _simulating() -> Prepared:
    story = Story(make_organisation())
    at = story.organisation.id
    applying.apply(at, make_file(), actor=ACTOR)
    story.buy("ada", "10")
    return at, by_key(at, lambda: simulate(at, make_file(rules=DOUBLED), actor=ACTOR))


def _starting_a_simulation() -> Prepared:
    at = make_organisation().id

    def step() -> object:
        with in_organisation(at):
            return start_simulation(at, make_file(), actor=ACTOR)

    return at, by_key(at, step)


def _running_a_simulation() -> Prepared:
    story = Story(make_organisation())
    at = story.organisation.id
    applying.apply(at, make_file(), actor=ACTOR)
    story.buy("ada", "10")
    with in_organisation(at):
        made = start_simulation(at, make_file(rules=DOUBLED), actor=ACTOR)
    return at, lambda: run_simulation(at, made.id)


def _cancelling_a_simulation() -> Prepared:
    at = make_organisation().id
    with in_organisation(at):
        made = start_simulation(at, make_file(), actor=ACTOR)
    return at, lambda: cancel_simulation(at, made.id, actor=ACTOR)


def _ordered(act: Callable[[Shop, UUID], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        shop = make_shop(make_reward(stock=3))
        ordered = shop.redeem(shop.member("ada", 120), "coffee")
        return shop.id, lambda: act(shop, ordered.id)

    return prepare


def _redeeming() -> Prepared:
    shop = make_shop(make_reward(stock=3, per_member=1))
    ada, coffee = shop.member("ada", 120), shop.reward("coffee").id
    return shop.id, lambda: redeeming.redeem(shop.id, member_id=ada, reward_id=coffee, key="k", actor=ACTOR)


def _redeeming_a_code() -> Prepared:
    shop = make_shop(make_reward(kind=RewardKind.CODE), codes=["GIFT-1", "GIFT-2"])
    ada, coffee = shop.member("ada", 120), shop.reward("coffee").id
    return shop.id, lambda: redeeming.redeem(shop.id, member_id=ada, reward_id=coffee, key="k", actor=ACTOR)


def _adding_codes() -> Prepared:
    shop = make_shop(make_reward(kind=RewardKind.CODE), codes=["GIFT-1"])
    coffee = shop.reward("coffee").id
    return shop.id, by_key(
        shop.id, lambda: add_codes(shop.id, reward_id=coffee, codes=["GIFT-1", "GIFT-2"], actor=ACTOR)
    )


def _offering() -> Prepared:
    shop = make_shop(make_reward(), make_reward("tea"))
    return shop.id, lambda: publish_catalogue(shop.id, "main", [make_reward(price=60), make_reward("cake")])


def _copying() -> Prepared:
    live = make_organisation()
    applying.apply(live.id, make_file(), actor=ACTOR)
    sandbox = make_sandbox(live).id
    return sandbox, lambda: copy_programmes(live.id, sandbox, actor=ACTOR)


def _closing_a_sandbox() -> Prepared:
    live = make_organisation()
    sandbox, grace = make_sandbox(live), make_user(live.id, roles=("developer",))
    join_sandbox(live.id, sandbox.id, user_id=grace.id, actor=ACTOR)
    create_key(sandbox.id, name="Till", scopes=["admin"], actor=ACTOR)
    return sandbox.id, lambda: close_sandbox(live.id, sandbox.id, actor=ACTOR)


def _enrolling() -> Prepared:
    at = make_organisation().id
    applying.apply(at, make_file(public="{join: open}"), actor=ACTOR)
    wish = Wish(at, KEY, "Ines", "ines@example.com", "agreed")
    return at, lambda: enrol_openly(wish)


def _keeping_a_view() -> Prepared:
    at = make_organisation().id
    return at, by_key(
        at,
        lambda: save_view(
            at, page="members", name="Regulars", query="kind=customer", user_id=1, shared=True, actor=ACTOR
        ),
    )


def _dropping_a_view() -> Prepared:
    at = make_organisation().id
    view = save_view(
        at, page="members", name="Regulars", query="kind=customer", user_id=1, shared=True, actor=ACTOR
    )
    return at, by_key(at, lambda: remove_view(at, view_id=view.id, user_id=1, actor=ACTOR))


FLOWS = [
    Flow("keep a view of a list", _keeping_a_view, (save_view,)),
    Flow("drop a view of a list", _dropping_a_view, (remove_view,)),
    Flow("close a sandbox", _closing_a_sandbox, (close_sandbox,)),
    Flow("enrol by oneself", _enrolling, (enrol_openly,)),
    Flow("copy programmes into a sandbox", _copying, (copy_programmes,)),
    Flow(
        "apply a programme",
        _applying_first,
        (
            applying.apply,
            applying.lock_programmes,
            applying.declare_activity,
            declare_type,
            declare_unit,
            publishing.publish,
            publish_catalogue,
        ),
    ),
    Flow(
        "apply a change",
        _applied(lambda at: applying.apply(at, make_file(rules=DOUBLED), actor=ACTOR)),
        (applying.apply,),
    ),
    Flow(
        "apply a translation",
        _applied(
            lambda at: applying.apply(at, make_file(language="en", translations=IN_GERMAN), actor=ACTOR)
        ),
        (applying.apply, keep_translations),
    ),
    Flow("pause", _applied(_pausing), (lifecycle.pause, publishing.withdraw)),
    Flow(
        "resume",
        _applied(lambda at: lifecycle.resume(at, KEY, actor=ACTOR), _pausing),
        (lifecycle.resume, publishing.reinstate),
    ),
    Flow("retire", _applied(lambda at: lifecycle.retire(at, KEY, actor=ACTOR)), (lifecycle.retire,)),
    Flow("keep a draft", _drafting, (lifecycle.keep_draft,)),
    Flow("simulate", _simulating, (simulate,)),
    Flow("start a simulation", _starting_a_simulation, (start_simulation,)),
    Flow("run a simulation", _running_a_simulation, (run_simulation,)),
    Flow("cancel a simulation", _cancelling_a_simulation, (cancel_simulation,)),
    Flow("redeem", _redeeming, (redeeming.redeem,)),
    Flow("redeem a code", _redeeming_a_code, (redeeming.redeem, redeeming.redeem_all, open_desk)),
    Flow(
        "fulfil",
        _ordered(lambda shop, ordered: settling.fulfil(shop.id, ordered, actor=ACTOR)),
        (settling.fulfil,),
    ),
    Flow(
        "cancel",
        _ordered(lambda shop, ordered: settling.cancel(shop.id, ordered, actor=ACTOR)),
        (settling.cancel,),
    ),
    Flow("add codes", _adding_codes, (add_codes,)),
    Flow("offer rewards", _offering, (publish_catalogue,)),
]
