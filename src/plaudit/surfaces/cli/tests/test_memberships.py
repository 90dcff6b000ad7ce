"""A membership from the command line: quoted, joined, paid for in parts, renewed, and listed when it is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plaudit.foundation import clock
from plaudit.people.tests.factories import make_member, make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.templates import template
from plaudit.surfaces.cli.tests.calling import call

JOINING = datetime(2005, 11, 3, 15, tzinfo=UTC)


@pytest.fixture
def org() -> str:
    with clock.frozen_at(JOINING):
        made = make_organisation()
        apply(made.id, template("crmi-membership").source, actor="usr_0")
        make_member(made.id, name="Ada", external_ids=[("crm", "ada")])
    return made.slug


def test_a_year_is_quoted_joined_paid_and_due(org):
    with clock.frozen_at(JOINING):
        quoted = call("membership", "quote", "--term", "one-year", "--role", "CEO", org=org)
        joined = call(
            "--json", "membership", "join", "crm:ada", "--term", "one-year", "--role", "CEO", org=org
        )
        number = str(joined.data["invoice"])
        part = call("membership", "pay", number, "100 USD", org=org)
        whole = call("--json", "membership", "pay", number, "200 USD", org=org)
    assert quoted.out.startswith("300.00 USD.") and "through 31 December 2005" in quoted.out
    assert "200.00 USD is open" in part.out
    assert (whole.data["state"], whole.data["open"]) == ("paid", "0.00 USD")

    with clock.frozen_at(datetime(2006, 10, 20, 15, tzinfo=UTC)):
        (due,) = call("--json", "membership", "due", org=org).data
        assert (due["name"], due["level"], due["ends"]) == ("Ada", "executive", "2006-11-03")
        renewed = call("--json", "membership", "renew", due["membership"], org=org)
        assert renewed.data["amount"] == 350_00
        assert len(call("--json", "membership", "invoices", org=org).data) == 2
        assert len(call("--json", "membership", "list", "--state", "active", org=org).data) == 1


def test_what_cannot_be_is_said_with_the_code_for_it(org):
    with clock.frozen_at(datetime(2006, 1, 1, 15, tzinfo=UTC)):
        not_sold = call("membership", "quote", "--term", "three-years", "--role", "CEO", org=org)
        no_money = call("membership", "pay", "1", "300 dollars", org=org)
        nobody = call("membership", "pay", "1", "300 USD", org=org)
    assert (not_sold.code, no_money.code, nobody.code) == (5, 4, 3)
