"""Hostile uploads: each answered by the console with a page that says what is wrong, never with a fault of ours."""

from __future__ import annotations

import pytest

from plaudit.activity.files.tests.hostile_files import FINE, NOT_TEXT, ODD, REFUSED, ROWS
from plaudit.surfaces.console.tests.shops import make_company
from plaudit.surfaces.console.tests.test_imports import MAPPING, send
from plaudit.surfaces.console.tests.test_pages import hidden_in

FILES = {**ROWS, **ODD, **FINE, **REFUSED, **NOT_TEXT}


@pytest.fixture(scope="module")
def manager():
    return make_company().person("manager")


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_looked_at_or_refused(manager, name):
    look = send(manager, FILES[name])
    hidden = hidden_in(look)

    assert look.status_code == 200 or 400 <= look.status_code < 500
    if "kept" in hidden:
        again = manager.post("/console/imports/look-again", {**hidden, "mapping": MAPPING})
        assert again.status_code == 200 or 400 <= again.status_code < 500
        assert b"<script>alert(1)" not in again.content
    assert b"<script>alert(1)" not in look.content
