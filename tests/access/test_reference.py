"""The page that says who may do what: whole, and impossible to write while something is undeclared."""

from __future__ import annotations

import re

import pytest

from plaudit.foundation.access.routes import ANY, routes
from plaudit.surfaces.cli import reach
from plaudit.surfaces.cli.access_page import access_page
from tests.source import ROOT


def test_the_page_names_every_route_command_and_job():
    page = (ROOT / "docs" / "reference" / "access.md").read_text(encoding="utf-8")

    assert page == access_page(), "plaudit docs write"
    for route in routes():
        plain = re.sub(r"<\w+:", "<", route.path)
        assert (f"`{plain}`" if route.method == ANY else f"`{route.method} {plain}`") in page, route.path
    assert all(f"| `{name}` |" in page for name in [*reach.commands(), *reach.jobs()])


def test_a_command_or_job_that_declares_nothing_is_found_out(monkeypatch):
    monkeypatch.delitem(reach.COMMAND_REACH, "member erase")
    with pytest.raises(reach.Undeclared, match="member erase"):
        access_page()


def test_a_word_about_a_command_that_is_gone_is_found_out(monkeypatch):
    monkeypatch.setitem(reach.COMMAND_REACH, "member vanish", reach.COMMAND_REACH["member erase"])
    with pytest.raises(reach.Undeclared, match="member vanish"):
        access_page()


def test_a_job_of_no_organisation_must_say_what_it_reaches(monkeypatch):
    monkeypatch.delitem(reach.JOB_REACH, "foundation.sweep")
    with pytest.raises(reach.Undeclared, match=r"foundation\.sweep"):
        access_page()
