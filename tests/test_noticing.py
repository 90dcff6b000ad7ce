"""Pages of recognition send as many statements in a large company as in a small one."""

from __future__ import annotations

from functools import lru_cache

import pytest

from bench.noticed import Noticed, make_noticed
from bench.noticing import PAGES, statements


@lru_cache(maxsize=2)
def company(people: int) -> Noticed:
    return make_noticed(f"noticed-{people}", people, months=8)


@pytest.mark.parametrize("who, path", [(who, path) for who, path, _ in PAGES if "{" not in path])
def test_a_page_sends_as_many_statements_however_many_there_are(who: str, path: str):
    few, many = (
        statements(one.leaders[0] if who == "leader" else one.manager, path)
        for one in (company(24), company(360))
    )
    assert many == few
    assert many <= 20
