"""Reverses a transfer by hand, and gives back what its rule's limits had counted for it."""

from __future__ import annotations

from plaudit.earning.uses import give_back_uses
from plaudit.foundation.tenancy import act
from plaudit.ledger.actions.reverse import Reversed, reverse


def reverse_transfer(
    organisation_id: int, reference: str, *, reason: str, key: str, actor: str, amount: int | None = None
) -> Reversed:
    """Take a transfer back, all that is left of it or `amount`; a member who reached a limit has room again.

    The same key reverses once. Raises as `ledger.actions.reverse` does.
    """

    def step() -> Reversed:
        done = reverse(organisation_id, reference, reason=reason, key=key, actor=actor, amount=amount)
        if not done.receipt.repeated:
            give_back_uses(organisation_id, [(done.of, done.receipt.amount)])
        return done

    return act(organisation_id, step)
