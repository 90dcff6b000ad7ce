"""Navigation marks one place as current and never offers a phone more than five."""

from __future__ import annotations

import pytest

from plaudit.surfaces.design.frame import NavItem, bar_items, grouped, with_current

ITEMS = [
    NavItem("Home", "/", "house"),
    NavItem("Activity", "/activity", "receipt-text"),
    NavItem("Missing", "/activity/missing", "receipt-text"),
]


@pytest.mark.parametrize(
    "path, current",
    [
        ("/", ["Home"]),
        ("/activity", ["Activity"]),
        ("/activity/7", ["Activity"]),
        ("/activity/missing", ["Missing"]),
        ("/activities", []),
        ("/rewards", []),
    ],
)
def test_the_longest_beginning_of_the_address_is_current(path, current):
    assert [item.label for item in with_current(ITEMS, path) if item.current] == current


def test_a_phone_is_offered_five_places_at_most():
    many = [NavItem(f"Place {index}", f"/{index}", "house", in_bar=index != 0) for index in range(9)]
    assert [item.label for item in bar_items(many)] == [f"Place {index}" for index in range(1, 6)]


def test_groups_keep_the_order_in_which_they_first_appear():
    items = [
        NavItem("A", "/a", "x", group="Two"),
        NavItem("B", "/b", "x"),
        NavItem("C", "/c", "x", group="Two"),
    ]
    assert [(group.name, [item.label for item in group.items]) for group in grouped(items)] == [
        ("Two", ["A", "C"]),
        ("", ["B"]),
    ]
