"""The ways memberships say no."""

from __future__ import annotations

from datetime import date

from plaudit.foundation.refusals import Conflict, Refusal


class NoMemberships(Refusal):
    code = "no_memberships"
    status = 404
    exit_code = 3
    sentence = "The programme {programme} sells no memberships."
    way_forward = "Add the section membership: to its file."

    def __init__(self, *, programme: str) -> None:
        super().__init__(programme=programme)


class RoleUnknown(Refusal):
    code = "role_unknown"
    sentence = "No level lists the role {role}."
    way_forward = "Name one of: {known}; or have a manager name the level, with the reason."

    def __init__(self, *, role: str, known: str) -> None:
        super().__init__(role=role, known=known)


class NotOneOf(Refusal):
    """A level, term, profession or entitlement that the programme does not have."""

    code = "not_one_of"
    sentence = "{value} is not a {what} of this programme."
    way_forward = "Name one of: {known}."

    def __init__(self, *, what: str, value: str, known: str) -> None:
        super().__init__(what=what, value=value, known=known or "none")


class LevelNeedsReason(Refusal):
    code = "level_needs_reason"
    sentence = "A level that does not follow from the role needs a reason."


class TermNotSold(Conflict):
    code = "term_not_sold"
    sentence = "{term} has no price on {day:%-d %B %Y}."
    way_forward = "Choose another term."

    def __init__(self, *, term: str, day: date) -> None:
        super().__init__(term=term, day=day)


class AlreadyAMember(Conflict):
    code = "already_a_member"
    sentence = "There is a membership already, and it is {state}."
    way_forward = "Renew, upgrade or reinstate it."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class NotPossibleNow(Conflict):
    code = "not_possible_now"
    sentence = "A membership that is {state} cannot be {done}."

    def __init__(self, *, state: str, done: str) -> None:
        super().__init__(state=state, done=done)


class InvoiceIsOpen(Conflict):
    code = "invoice_is_open"
    sentence = "Invoice {number} is not settled yet."
    way_forward = "Settle or cancel it first."

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)


class MoreThanOwed(Conflict):
    code = "more_than_owed"
    sentence = "{amount} is more than the {open} still open on invoice {number}."
    way_forward = "Nothing was recorded; give back what is too much, or record what is owed."

    def __init__(self, *, amount: str, open: str, number: int) -> None:
        super().__init__(amount=amount, open=open, number=number)


class MoreThanPaid(Conflict):
    code = "more_than_paid"
    sentence = "{amount} is more than the {left} that is left of this payment."

    def __init__(self, *, amount: str, left: str) -> None:
        super().__init__(amount=amount, left=left)


class OtherCurrency(Refusal):
    code = "other_currency"
    sentence = "Invoice {number} is in {currency}, not in {given}."

    def __init__(self, *, number: int, currency: str, given: str) -> None:
        super().__init__(number=number, currency=currency, given=given)


class InvoiceIsClosed(Conflict):
    code = "invoice_is_closed"
    sentence = "Nothing is open on invoice {number}."

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)


class ReferenceUsed(Conflict):
    code = "payment_reference_used"
    sentence = (
        "The payment {reference} is recorded already, for invoice {number} and another amount or invoice."
    )

    def __init__(self, *, reference: str, number: int) -> None:
        super().__init__(reference=reference, number=number)


class KeyUsed(Conflict):
    code = "idempotency_key_reused"
    sentence = "The key {key} already meant something else."
    way_forward = "Send a new key for a new act."

    def __init__(self, *, key: str) -> None:
        super().__init__(key=key)


class LooksLikeACard(Refusal):
    """A text that holds the number of a payment card; the text itself is not repeated."""

    code = "looks_like_a_card"
    sentence = "The {field} holds what looks like the number of a payment card."
    way_forward = "Card numbers are never kept here; write the reference that the payment provider gave."

    def __init__(self, *, field: str) -> None:
        super().__init__(field=field)


class CoolingOffOver(Conflict):
    code = "cooling_off_over"
    sentence = "It could be cancelled through {last:%-d %B %Y}."
    way_forward = "It can be left to end, or a manager can refund a payment with a reason."

    def __init__(self, *, last: date) -> None:
        super().__init__(last=last)


class NotTheLatest(Conflict):
    code = "not_the_latest"
    sentence = "Invoice {number} is not the latest of this membership."
    way_forward = "Cancel the later ones first: each builds on the one before."

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)


class UsedAlready(Conflict):
    code = "entitlement_used"
    sentence = "{name} was used for {occasion} already."

    def __init__(self, *, name: str, occasion: str) -> None:
        super().__init__(name=name, occasion=occasion)
