"""A unit's policy can change; what its holders rely on cannot."""

from __future__ import annotations

import pytest

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.ledger.models import Wallet
from plaudit.ledger.refusals import MembersOwe, UnitFixed
from plaudit.ledger.unit_use import UnitUse, unit_uses
from plaudit.ledger.units import units_by_key
from plaudit.people.tests.factories import make_member, make_organisation

ACTOR = "usr_1"


@pytest.fixture
def organisation_id() -> int:
    return make_organisation().id


def declare(organisation_id: int, **policy: object):
    given = {"key": "points", "names": {"one": "point", "other": "points"}, **policy}
    return declare_unit(organisation_id, **given)  # type: ignore[arg-type]  # as the caller says


def hold(organisation_id: int, amount: int = 10):
    """A member with that many points."""
    member = make_member(organisation_id)
    adjust(
        organisation_id,
        member_id=member.id,
        unit="points",
        amount=amount,
        reason="A test",
        key=f"k{member.id}",
        actor=ACTOR,
    )
    return member


def unit_of(organisation_id: int):
    with in_organisation(organisation_id):
        return units_by_key(organisation_id)["points"]


def test_a_unit_is_declared_once_and_changed_after(organisation_id):
    first = declare(organisation_id)
    second = declare(
        organisation_id,
        names={"one": "star", "other": "stars"},
        precision=2,
        currency="USD",
        value_minor_per_million=5,
        expiry={"after": "P1Y"},
        may_owe=True,
        approval_from=500,
    )

    kept = unit_of(organisation_id)
    assert first.id == second.id == kept.id
    assert (kept.names, kept.precision, kept.currency) == ({"one": "star", "other": "stars"}, 2, "USD")
    assert (kept.value_minor_per_million, kept.expiry, kept.may_owe, kept.approval_from) == (
        5,
        {"after": "P1Y"},
        True,
        500,
    )


@pytest.mark.parametrize("change", [{"precision": 2}, {"currency": "EUR"}])
def test_precision_and_currency_are_fixed_once_somebody_holds_it(organisation_id, change):
    declare(organisation_id, currency="USD", value_minor_per_million=5)
    hold(organisation_id)
    before = unit_of(organisation_id)

    with pytest.raises(UnitFixed):
        declare(organisation_id, **{"currency": "USD", "value_minor_per_million": 5, **change})

    assert unit_of(organisation_id) == before


def test_worth_and_expiry_can_change_while_it_is_held(organisation_id):
    declare(organisation_id, currency="USD", value_minor_per_million=5)
    hold(organisation_id)

    declare(organisation_id, currency="USD", value_minor_per_million=9, expiry={"end_of": "year"})

    assert unit_of(organisation_id).value_minor_per_million == 9


def test_owing_is_allowed_and_forbidden_for_the_wallets_there_are(organisation_id):
    declare(organisation_id)
    hold(organisation_id)

    for may_owe in (True, False):
        declare(organisation_id, may_owe=may_owe)
        with in_organisation(organisation_id):
            assert list(Wallet.objects.values_list("may_owe", flat=True)) == [may_owe]


def test_owing_cannot_be_forbidden_while_somebody_owes(organisation_id):
    declare(organisation_id, may_owe=True)
    hold(organisation_id, amount=-5)

    with pytest.raises(MembersOwe):
        declare(organisation_id)

    assert unit_of(organisation_id).may_owe
    with in_organisation(organisation_id):
        assert unit_uses(organisation_id) == {"points": UnitUse(wallets=1, owing=1)}
