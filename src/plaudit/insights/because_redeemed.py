"""Why points were set aside, spent or given back: the reward they were for, and the lots they came from."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.insights.asked import Asked, by_expiry, earned_words, unit_authority
from plaudit.insights.reasons import Authority, Because, Input, Link, Sum
from plaudit.ledger.places import Kind
from plaudit.rewards.models import Reward
from plaudit.rewards.queries import Redeemed, redemption_of_transfer

_ORDER = gettext_noop("The points that expire first are spent first.")


def of_redemption(asked: Asked) -> Because:
    """A hold, a capture or a release."""
    line = asked.line
    redemption = redemption_of_transfer(asked.organisation_id, line.reference)
    what = redemption.reward if redemption else (line.reason or _("something in progress"))
    said = {
        Kind.HOLD: _("{said} set aside: {what}.").format(said=asked.said, what=what),
        Kind.CAPTURE: _("{said} spent: {what}.").format(said=asked.said, what=what),
        Kind.RELEASE: _("{said} given back: {what}, {why}.").format(
            said=asked.said, what=what, why=_why_released(asked)
        ),
    }[line.kind]
    return asked.answer(
        "redemption",
        sentence=said,
        inputs=[*_order(asked, redemption, what), *_lots(asked)],
        authority=_price(asked, redemption, what),
        sums=_sums(asked),
        total=_("Set aside") if line.kind is Kind.HOLD else "",
        would_change=_would_change(asked, redemption),
        links=[Link(_("The redemption: {what}").format(what=what), redemption.reference)]
        if redemption
        else (),
    )


def _why_released(asked: Asked) -> str:
    reason = (asked.line.reason or _("cancelled")).rstrip(".")
    return reason[:1].lower() + reason[1:]


def _order(asked: Asked, redemption: Redeemed | None, what: str) -> list[Input]:
    if redemption is None:
        return [Input(_("For"), what, asked.name(asked.line.actor), asked.line.recorded_at)]
    by = asked.name(asked.line.actor)
    return [
        Input(_("Reward"), what, _("Catalogue"), redemption.ordered_at, redemption.reference),
        Input(_("Price then"), redemption.unit.say(redemption.points), _("Catalogue"), redemption.ordered_at),
        *([Input(_("Done by"), by, "", asked.line.recorded_at)] if by else []),
    ]


def _lots(asked: Asked) -> list[Input]:
    """The lots that were consumed or given back to, together by the day they are good until."""
    inputs = []
    for until, uses in by_expiry(asked.chain.burned).items():
        amount = sum(use.amount for use in uses)
        label = _("Back into the points") if amount < 0 else _("Out of the points")
        label += " " + (
            _("good until {until}").format(until=asked.until(until)) if until else _("that never expire")
        )
        inputs.append(Input(label, asked.unit.say(abs(amount)), earned_words(asked, uses)))
    return inputs


def _price(asked: Asked, redemption: Redeemed | None, what: str) -> Authority:
    if redemption is None:
        return Authority(
            _("Points set aside"), _("What is set aside cannot be spent twice.") + " " + _(_ORDER)
        )
    price = redemption.unit.say(redemption.points)
    words = _("{what} cost {price} when it was ordered.").format(what=what, price=price) + " " + _(_ORDER)
    programme = Reward.objects.values_list("programme", flat=True).get(id=redemption.reward_id)
    name = _("The price of {what}").format(what=what)
    return unit_authority(asked, name, words, at=redemption.ordered_at, programme=programme)


def _sums(asked: Asked) -> list[Sum]:
    line = asked.line
    if line.kind is Kind.HOLD:
        return [
            Sum(_("Yours to spend before"), value=asked.unit.say(line.before)),
            Sum(_("Set aside"), amount=asked.change),
            Sum(_("Yours to spend after"), value=asked.unit.say(line.after)),
        ]
    held = asked.chain.undoes
    assert held is not None, "what settles a hold says which"
    words = _("Spent") if line.kind is Kind.CAPTURE else _("Given back")
    return [Sum(_("Set aside then"), value=asked.unit.say(held.amount)), Sum(words, amount=asked.change)]


def _would_change(asked: Asked, redemption: Redeemed | None) -> list[str]:
    if asked.line.kind is Kind.RELEASE:
        return [_("Nothing was lost by it: the points went back into the lots they came from.")]
    if redemption is not None and redemption.can_be_cancelled:
        return [_("Cancelling it before it is on its way gives all the points back.")]
    if asked.line.kind is Kind.CAPTURE:
        return [
            _("The points were set aside when you ordered; spending them changed nothing you could spend.")
        ]
    return [_("It could not be taken back once it was ordered; the page you confirmed said so.")]
