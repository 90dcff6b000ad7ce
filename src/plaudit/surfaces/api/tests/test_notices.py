"""Inboxes over HTTP: what a member was told, in pages, and what they have read elsewhere."""

from __future__ import annotations

from plaudit.foundation.ids import show
from plaudit.outreach.tests.choosing import begin, offered
from plaudit.people.models import Member
from plaudit.people.tests.factories import make_member
from plaudit.surfaces.api.tests.calling import Program, body_of, program


def of(member: Member) -> str:
    return f"/members/{show('mem', member.id)}/notices"


def sentences(caller: Program, member: Member, **query: str) -> list[str]:
    return [one["sentence"] for one in body_of(caller.get(of(member), **query))["items"]]


def test_an_inbox_is_read_page_by_page_the_newest_first():
    ada = begin()
    caller = program(ada.organisation_id)
    offered(ada, "spring", "summer", "autumn")

    first = body_of(caller.get(of(ada), limit="2"))
    rest = body_of(caller.get(of(ada), limit="2", after=first["next"]))

    assert [one["sentence"] for one in first["items"] + rest["items"]] == [
        f"Something is offered to you: {season}." for season in ("autumn", "summer", "spring")
    ]
    assert (first["has_more"], rest["has_more"], rest["next"]) == (True, False, None)
    assert {one["path"] for one in first["items"]} == {"/challenges"}


def test_what_was_read_elsewhere_is_marked_one_by_one_or_all_at_once():
    ada = begin()
    caller = program(ada.organisation_id)
    offered(ada, "spring", "summer", "autumn")
    newest = body_of(caller.get(of(ada)))["items"][0]["id"]

    assert body_of(caller.post(f"{of(ada)}/read", {"notices": [newest]})) == {"notices": 1}
    assert len(sentences(caller, ada, unread="true")) == 2
    assert len(sentences(caller, ada)) == 3
    assert body_of(caller.post(f"{of(ada)}/read", {})) == {"notices": 2}
    assert sentences(caller, ada, unread="true") == []


def test_nobody_marks_what_is_in_anothers_inbox():
    ada = begin()
    ben = make_member(ada.organisation_id)
    caller = program(ada.organisation_id)
    offered(ada, "spring")
    notice = body_of(caller.get(of(ada)))["items"][0]["id"]

    assert caller.post(f"{of(ben)}/read", {"notices": [notice]}).status_code == 404
    assert caller.post(f"{of(ben)}/read", {"notices": ["ntc_1"]}).status_code == 404
    assert len(sentences(caller, ada, unread="true")) == 1
