"""An event type gets a new version for every change, and none where nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from plaudit.activity.actions.declare_type import declare_type
from plaudit.activity.types import declared_types, types_by_id
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_organisation

AMOUNT = {"amount": {"kind": "decimal", "scale": 2}}


def test_declaring_the_same_again_changes_nothing():
    organisation_id = make_organisation().id

    first = declare_type(organisation_id, name="purchase", title="Purchase", fields=AMOUNT)
    again = declare_type(organisation_id, name="purchase", title="Purchase", fields=AMOUNT)

    assert first == again and first.version == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Order"},
        {"fields": {}},
        {"extra_fields": False},
        {"corrects": "order"},
        {"part": "a/b"},
    ],
)
def test_every_change_is_a_new_version_and_the_old_one_stays(change):
    organisation_id = make_organisation().id
    declared: dict[str, Any] = {"name": "purchase", "title": "Purchase", "fields": AMOUNT}
    first = declare_type(organisation_id, **declared)

    second = declare_type(organisation_id, **{**declared, **change})

    with in_organisation(organisation_id):
        assert declared_types(organisation_id)["purchase"] == second
        assert types_by_id(organisation_id)[first.id] == first
    assert (second.version, second.id != first.id) == (2, True)
