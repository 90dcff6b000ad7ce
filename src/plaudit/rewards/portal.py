"""The member's catalogue, the check before a redemption, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.wording import said
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.requests import put_on_record
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.written import number
from plaudit.ledger.balances import balances
from plaudit.ledger.refusals import NotEnoughPoints
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import cancel
from plaudit.rewards.definitions import Fulfilment
from plaudit.rewards.models import RedemptionState, Stage
from plaudit.rewards.pictures import icon_of
from plaudit.rewards.queries import (
    CODE_SHOWN,
    Offer,
    Redeemed,
    code_of,
    offer,
    offers,
    redemption,
    redemptions_of,
)
from plaudit.rewards.rules import value_per_point


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see the rewards")
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is on offer: what can be had now, or all of it."""
    actor, available = actor_of(request), _available(request)
    kind = member(actor.organisation_id, _me(actor)).kind
    found = offers(actor.organisation_id, kind=kind, available=available)
    within = [one for one in found if not one.missing and one.left != 0]
    everything = request.GET.get("show") == "all" or not within
    best, bought_with = _best_value(found), {one.unit.id for one in found}
    shown = {
        "title": _("Rewards"),
        "balances": [unit.say(available[unit.id]) for unit in _units(actor) if unit.id in bought_with],
        "within": len(within),
        "total": len(found),
        "everything": everything,
        "nearest": min(
            (one for one in found if one.missing and one.left != 0), key=lambda one: one.missing, default=None
        ),
        "cards": [_card(one, available, best=one.id in best) for one in (found if everything else within)],
    }
    return render(request, "rewards/portal_catalogue.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see a reward")
def reward(request: HttpRequest, reward_id: int) -> HttpResponse:
    """One reward: its price and value, how it reaches the member, and until when it can be cancelled."""
    available = _available(request)
    found = offer(actor_of(request).organisation_id, reward_id, available=available)
    shown = {
        "title": found.name,
        "offer": found,
        "card": _card(found, available, best=False),
        "steps": [{"at": found.price, "name": found.name, "url": ""}],
        "ladder": [
            {
                "price": step.price,
                "value_minor": step.value_minor,
                "percent": step.percent,
                "within": step.price <= available.get(found.unit.id, 0),
            }
            for step in found.ladder
        ],
        "mine": available.get(found.unit.id, 0),
        "after": available.get(found.unit.id, 0) - found.price,
        "delivery": _delivery(found),
        "cancelling": _cancelling(found),
    }
    return render(request, "rewards/portal_reward.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="redeem")
def check(request: HttpRequest, reward_id: int) -> HttpResponse:
    """What is about to happen, before it does."""
    return _check(request, reward_id)


def _check(request: HttpRequest, reward_id: int, refusal: Refusal | None = None) -> HttpResponse:
    available = _available(request)
    found = offer(actor_of(request).organisation_id, reward_id, available=available)
    mine = available.get(found.unit.id, 0)
    found = _at_step(found, _price(request), mine)
    shown = {
        "title": _("Check and redeem"),
        "offer": found,
        "card": _card(found, available, best=False),
        "mine": mine,
        "after": mine - found.price,
        "delivery": _delivery(found),
        "cancelling": _cancelling(found),
        "key": uuid4(),
        "refusal": refusal,
        "sentence": _in_plain_words(refusal, found) if refusal else "",
        "address": request.POST.get("address", ""),
    }
    return render(request, "rewards/portal_check.html", shown)


def _at_step(found: Offer, price: int, mine: int) -> Offer:
    """The reward at the step of its ladder that was chosen, the lowest where none was; without a ladder as it is."""
    step = next(
        (one for one in found.ladder if one.price == price), found.ladder[0] if found.ladder else None
    )
    if step is None:
        return found
    missing = max(0, step.price - mine)
    return replace(
        found, price=step.price, value_minor=step.value_minor, percent=step.percent, missing=missing
    )


def _in_plain_words(refusal: Refusal, found: Offer) -> str:
    """The refusal as a member says it."""
    if isinstance(refusal, NotEnoughPoints):
        missing = found.unit.say(int(refusal.facts["needed"]) - int(refusal.facts["available"]))
        return _("You need {missing} more for this.").format(missing=missing)
    return said(refusal)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="redeem")
@refusals_shown_by(_check)
def redeem_it(request: HttpRequest, reward_id: int) -> HttpResponse:
    """Redeem, once for the key in the form, at the price that was shown."""
    actor = actor_of(request)
    done = redeem(
        actor.organisation_id,
        member_id=_me(actor),
        reward_id=reward_id,
        # A key of the page's own making is the member's alone, so that nobody can take another's place.
        key=f"portal:{ids.show('mem', _me(actor))}:{_key(request)}",
        actor=actor.ref,
        price=_price(request),
        address=request.POST.get("address", "").strip()[:1000],
    )
    return HttpResponseRedirect(f"{reverse('portal:redemption', args=[ids.show('rdm', done.id)])}?done=1")


def _key(request: HttpRequest) -> UUID:
    """The form's key. A form without one was not made by us: it counts as a page that is not there."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        raise NotFound(kind="form", ref=_("without a key")) from None


def _price(request: HttpRequest) -> int:
    """The price the member was shown; a form without one was shown none, and so cannot agree to any."""
    given = request.POST.get("price") or request.GET.get("price", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 16 else 0


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your rewards")
def mine(request: HttpRequest) -> HttpResponse:
    """Everything the member redeemed: where it is, and who acts next."""
    actor = actor_of(request)
    found = redemptions_of(actor.organisation_id, _me(actor))
    shown = {"title": _("My rewards"), "redemptions": [_drawn(one) for one in found]}
    return render(request, "rewards/portal_redemptions.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your rewards")
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One redemption; right after it was made, its confirmation."""
    found = _mine(request, reference)
    shown = {"title": found.reward, **_drawn(found), "just_done": request.GET.get("done") == "1"}
    if shown["just_done"] and found.has_code:
        shown["code"] = _code(request, found)
    return render(request, "rewards/portal_redemption.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your code")
def code(request: HttpRequest, reference: str) -> HttpResponse:
    """The code behind a redemption, in place or on a page of its own."""
    found = _mine(request, reference)
    shown = {
        "title": found.reward,
        "reference": found.reference,
        "code": _code(request, found),
    }
    in_place = bool(getattr(request, "htmx", False))
    return render(request, f"rewards/portal_code{'_in_place' if in_place else ''}.html", shown)


def _code(request: HttpRequest, found: Redeemed) -> str:
    actor = actor_of(request)
    put_on_record(request, CODE_SHOWN, found.reference)
    return code_of(actor.organisation_id, found.id, member_id=_me(actor))


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="cancel a redemption")
def check_cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """What cancelling will do, before it does."""
    return _check_cancel(request, reference)


def _check_cancel(request: HttpRequest, reference: str, refusal: Refusal | None = None) -> HttpResponse:
    found = _mine(request, reference)
    shown = {"title": _("Cancel this reward?"), **_drawn(found), "refusal": refusal}
    return render(request, "rewards/portal_cancel.html", shown)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="cancel a redemption")
@refusals_shown_by(_check_cancel)
def cancel_it(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel a redemption that is not on its way yet."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        found = _mine(request, reference)
    cancel(actor.organisation_id, found.id, actor=actor.ref, reason=_("Cancelled by you"))
    messages.success(
        request,
        _("{reward} is cancelled. {points} are yours again.").format(
            reward=found.reward, points=found.unit.say(found.points)
        ),
    )
    return HttpResponseRedirect(reverse("portal:redemption", args=[reference]))


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id


def _units(actor: Actor) -> list[UnitPolicy]:
    return list(units_by_key(actor.organisation_id).values())


def _available(request: HttpRequest) -> dict[int, int]:
    """What the member can spend, by unit id."""
    actor = actor_of(request)
    held = {one.unit: one.available for one in balances(actor.organisation_id, _me(actor))}
    return {unit.id: held.get(unit.key, 0) for unit in _units(actor)}


def _mine(request: HttpRequest, reference: str) -> Redeemed:
    """The member's own redemption. Raises `NotFound`, also for another's."""
    actor = actor_of(request)
    wanted = ids.read("rdm", reference, kind="redemption")
    return redemption(actor.organisation_id, wanted, member_id=_me(actor))


def _best_value(found: list[Offer]) -> set[int]:
    """The rewards of each unit that give most for a point, where they differ at all."""
    best: set[int] = set()
    for unit_id in {one.unit.id for one in found}:
        worth = {
            one.id: _worth(one) for one in found if one.unit.id == unit_id and one.value_minor is not None
        }
        if len(set(worth.values())) > 1:
            best |= {reward_id for reward_id, value in worth.items() if value == max(worth.values())}
    return best


def _worth(one: Offer) -> tuple[int, int]:
    return value_per_point(one.value_minor, one.price, one.unit.precision) or (0, 0)


def _card(one: Offer, available: dict[int, int], *, best: bool) -> dict[str, Any]:
    """A reward for the `reward_card` tag."""
    gone = one.left == 0
    return {
        "id": one.id,
        "name": one.name,
        "cost": one.price,
        "unit": one.unit,
        "available": available.get(one.unit.id, 0),
        "url": reverse("portal:reward", args=[one.id]),
        "redeem_url": "" if one.missing or gone else reverse("portal:redeem", args=[one.id]),
        "worth": one.value_minor,
        "currency": one.currency,
        "words": one.description,
        "label": _("Best value") if best and not gone else "",
        "stock": "" if one.left is None or gone else _("{left} left").format(left=number(one.left)),
        "icon": icon_of(one.image, one.kind),
        "unavailable": _("Sold out at the moment") if gone else "",
    }


def _delivery(one: Offer) -> str:
    """How it reaches the member."""
    if one.fulfilment == Fulfilment.AT_ONCE:
        return _("At once.")
    if one.fulfilment == Fulfilment.SUPPLIER:
        return _("It is ordered for you. My rewards says when it is there.")
    return {
        "code": _("At once: the code appears on the next page and stays in My rewards."),
        "gift_card": _("At once: the code appears on the next page and stays in My rewards."),
        "discount": _("At once: the code appears on the next page and stays in My rewards."),
        "physical": _("It is sent to you. My rewards says when it is on its way."),
        "donation": _("The gift is made in the programme's name. My rewards says when it is made."),
    }.get(one.kind, _("The people who run the programme arrange it with you."))


def _cancelling(one: Offer) -> str:
    if one.fulfilment == Fulfilment.POOL and not one.can_be_cancelled:
        return _("Not once you have the code.")
    if not one.can_be_cancelled:
        return _("Not once it is redeemed.")
    return _("Until it is on its way. All the points come back.")


def _drawn(one: Redeemed) -> dict[str, Any]:
    """A redemption for its pages: its state in words, what happens next and who does it."""
    state, kind, nexts = {
        RedemptionState.ORDERED: (_("Ordered"), "info", _next_step(one)),
        RedemptionState.FULFILLED: (_("With you"), "good", ""),
        RedemptionState.CANCELLED: (_("Cancelled"), "neutral", ""),
    }[RedemptionState(one.state)]
    return {
        "redemption": one,
        "icon": icon_of("", one.kind),
        "state": state,
        "state_kind": kind,
        "next": nexts,
        "url": reverse("portal:redemption", args=[one.reference]),
        "steps": _steps(one),
    }


def _next_step(one: Redeemed) -> str:
    by_stage = {
        Stage.APPROVAL: _("Next: somebody of the programme agrees to it."),
        Stage.PAYMENT: _("Next: you pay what it costs beside the points."),
        Stage.ORDER: _("Next: its supplier delivers it."),
    }
    by_kind = {
        "physical": _("Next: the programme sends it to you."),
        "donation": _("Next: the programme makes the gift."),
    }
    otherwise = _("Next: the people who run the programme get in touch with you.")
    return by_stage.get(Stage(one.stage)) or by_kind.get(one.kind, otherwise)


def _steps(one: Redeemed) -> list[dict[str, Any]]:
    """What happened to it, in order, for the `timeline` tag."""
    points = one.unit.say(one.points)
    steps: list[dict[str, Any]] = [
        {
            "title": _("Ordered"),
            "detail": _("{points} set aside").format(points=points),
            "when": one.ordered_at,
            "icon": "ticket",
        }
    ]
    if one.fulfilled_at is not None:
        detail = _("{points} spent").format(points=points)
        if one.tracking:
            detail += f" · {one.carrier} {one.tracking}".rstrip()
        steps.append(
            {"title": _("With you"), "detail": detail, "when": one.fulfilled_at, "icon": "package-check"}
        )
    if one.cancelled_at is not None:
        detail = _("{points} given back").format(points=points)
        steps.append({"title": _("Cancelled"), "detail": detail, "when": one.cancelled_at, "icon": "undo-2"})
    return steps
