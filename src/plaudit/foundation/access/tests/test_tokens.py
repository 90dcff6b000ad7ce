"""Secrets: how they look, what they tell, and that nothing that resembles one is taken for one."""

from __future__ import annotations

import hashlib
import re

import pytest

from plaudit.foundation.access.tokens import new_key, new_link, read_key, read_link


def test_a_key_says_its_kind_and_organisation_and_has_256_random_bits():
    live, test = new_key("abcdefghjk", sandbox=False), new_key("abcdefghjk", sandbox=True)

    assert re.fullmatch(r"plt_live_abcdefghjk_[A-Za-z0-9_-]{43}", live.text)
    assert test.text.startswith("plt_test_abcdefghjk_")
    assert len({new_key("abcdefghjk", sandbox=False).text for _ in range(100)}) == 100


def test_a_key_is_read_as_it_was_made_and_hashed_whole():
    made = new_key("abcdefghjk", sandbox=True)

    assert read_key(made.text) == made
    assert made.hash == hashlib.sha256(made.text.encode()).digest()
    assert made.beginning == made.text[:24]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plt_live_abcdefghjk_short",
        "plt_live_abcdefghjk_" + "a" * 44,
        "plt_prod_abcdefghjk_" + "a" * 43,
        "plt_live_ABCDEFGHJK_" + "a" * 43,
        "plt_live_abcdefghjk_" + "a" * 43 + "\n",
        " plt_live_abcdefghjk_" + "a" * 43,
        "plt_live_abcdefghjk_" + "é" * 43,
    ],
)
def test_what_is_not_exactly_a_key_is_none(text):
    assert read_key(text) is None
    assert read_link(text) is None


def test_a_link_names_its_organisation():
    made = new_link("abcdefghjk")

    assert read_link(made.text) == made
    assert made.organisation_code == "abcdefghjk"
