"""Uses an entitlement of a membership, once an occasion."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import act
from plaudit.membership.entitlements import discount_on
from plaudit.membership.fees import refuse_cards
from plaudit.membership.models import EntitlementUse, State
from plaudit.membership.refusals import KeyUsed, NotPossibleNow, UsedAlready
from plaudit.membership.selling import known_entitlement
from plaudit.membership.stepping import hold_membership, membership_ref


def use_entitlement(
    organisation_id: int,
    *,
    membership_id: UUID,
    entitlement: str,
    occasion: str,
    fee: int,
    key: str,
    actor: str,
) -> EntitlementUse:
    """Take the discount off one fee, in minor units of the programme's currency, for one occasion.

    The same key uses it once. Raises `NotPossibleNow` where the membership is not active or in grace,
    `UsedAlready`, `NotOneOf`, `KeyUsed`, `Problem`, `NotFound`.
    """
    refuse_cards(occasion=occasion)
    if not occasion.strip():
        raise Problem("Name the occasion, such as score-2006.")

    def step() -> EntitlementUse:
        held = hold_membership(organisation_id, membership_id)
        wanted = (membership_id, entitlement, occasion.strip(), fee)
        known = EntitlementUse.objects.filter(organisation_id=organisation_id, key=key).first()
        if known is not None:
            if (known.membership_id, known.entitlement, known.occasion, known.fee) != wanted:
                raise KeyUsed(key=key)
            return known
        named = known_entitlement(held.scheme, entitlement)
        if held.membership.state not in {State.ACTIVE, State.GRACE}:
            raise NotPossibleNow(state=held.membership.state, done="used for a discount")
        if held.membership.uses.filter(entitlement=entitlement, occasion=occasion.strip()).exists():
            raise UsedAlready(name=named.name, occasion=occasion.strip())
        used = EntitlementUse.objects.create(
            organisation_id=organisation_id,
            membership=held.membership,
            entitlement=entitlement,
            occasion=occasion.strip(),
            fee=fee,
            discount=discount_on(held.scheme, named, fee),
            currency=held.scheme.currency,
            key=key,
            actor=actor,
            happened_at=clock.now(),
        )
        _note(used, actor)
        return used

    return act(organisation_id, step)


def _note(used: EntitlementUse, actor: str) -> None:
    facts = {"entitlement": used.entitlement, "occasion": used.occasion, "discount": used.discount}
    subject = membership_ref(used.membership_id)
    audit.note(actor=actor, act="membership.entitlement_used", subject=subject, details=facts)
