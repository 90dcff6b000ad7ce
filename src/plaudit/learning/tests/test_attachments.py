"""Statements with files, as programs meet them: sent along, held to what is said of them, given back, and forgotten.

The sections are those of the Experience API (xAPI) 1.0.3, by the Advanced Distributed Learning Initiative
(github.com/adlnet/xAPI-Spec): 2.4.11 of part two, 1.5.2 and 2.1.3 of part three.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha512
from typing import Any
from uuid import uuid4

import pytest

from plaudit.foundation.exact import decode, encode
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.api.statements import MIXED_BYTES_MAX
from plaudit.learning.document_models import AttachedFile
from plaudit.learning.queries.own_copy import attached_of
from plaudit.learning.rules.multipart import MIXED, File, parts, written
from plaudit.learning.statement_models import Statement
from plaudit.learning.tests.factories import Academy, make_academy
from plaudit.learning.tests.saying import FILE, MAILBOX, Json, attached, said
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.tests.browsing import program
from plaudit.people.tests.factories import ACTOR

AT = "/xapi/statements"
VERSION = {"X-Experience-API-Version": "1.0.3"}


class Sender:
    """A program that sends statements with files, and asks for them."""

    def __init__(self) -> None:
        self.academy: Academy = make_academy()
        self.client = program(self.academy.id, ["statements:read", "statements:write"])

    def sends(self, statements: object, *files: File, method: str = "POST", **query: str) -> Any:
        return self.posts(written(encode(statements).encode(), files, "border"), method=method, **query)

    def posts(
        self, body: bytes, *, media: str = f'{MIXED}; boundary="border"', method: str = "POST", **query: str
    ) -> Any:
        return self.client.generic(method, AT, body, content_type=media, headers=VERSION, query_params=query)

    def asks(self, **query: str) -> Any:
        return self.client.get(AT, query_params=query, headers=VERSION)


@lru_cache(maxsize=1)
def sender() -> Sender:
    """One for every test that does not mind what others sent."""
    return Sender()


def with_file(one: File = FILE, *, who: Json | None = None, **more: object) -> Json:
    who = who or {"account": {"homePage": "https://learn.example", "name": str(uuid4())}}
    return said(id=str(uuid4()), who=who, attachments=[attached(one, **more)])


def given_back(answer: Any) -> tuple[Any, dict[str, File]]:
    assert answer.status_code == 200, answer.content
    first, files = parts(answer.content, answer["Content-Type"])
    return decode(first), files


def test_1_5_2_a_file_is_sent_along_and_given_back_to_the_byte_where_it_is_asked_for():
    statement = with_file()

    assert sender().sends(statement, FILE).json() == [statement["id"]]

    one, files = given_back(sender().asks(statementId=statement["id"], attachments="true"))
    assert one["id"] == statement["id"] and files == {FILE.sha2: FILE}
    plain = sender().asks(statementId=statement["id"])
    assert plain["Content-Type"] == "application/json" and plain.json()["attachments"] == [attached()]


def test_2_1_3_many_are_given_back_with_each_file_once_a_few_at_a_time():
    who = {"account": {"homePage": "https://learn.example", "name": str(uuid4())}}
    other = File(sha512(b"other").hexdigest(), "image/png", b"other")
    some = [with_file(who=who) for _ in range(11)]
    some[0]["attachments"].append(attached(other))
    assert sender().sends(some, FILE, other).status_code == 200

    query = {"agent": encode(who), "attachments": "true", "ascending": "true"}
    page, files = given_back(sender().asks(**query))
    assert ([one["id"] for one in page["statements"]], files) == (
        [one["id"] for one in some[:10]],
        {FILE.sha2: FILE, other.sha2: other},
    )
    rest, files = given_back(sender().client.get(page["more"], headers=VERSION))
    assert ([one["id"] for one in rest["statements"]], list(files)) == ([some[10]["id"]], [FILE.sha2])
    assert rest["more"] == ""


def test_2_4_11_a_statement_within_a_statement_has_files_too_and_put_takes_them():
    statement = said(id=str(uuid4()))
    within = {**said(), "objectType": "SubStatement", "attachments": [attached(sha2=FILE.sha2.upper())]}
    statement["object"] = within

    answer = sender().sends(statement, FILE, method="PUT", statementId=statement["id"])

    assert answer.status_code == 204, answer.content
    _, files = given_back(sender().asks(statementId=statement["id"], attachments="true"))
    assert list(files) == [FILE.sha2]


BODY = written(encode(with_file()).encode(), [FILE], "border")


@pytest.mark.parametrize(
    "body",
    [
        written(encode(with_file()).encode(), [], "border"),
        written(encode(said()).encode(), [FILE], "border"),
        written(encode(with_file(length=3)).encode(), [FILE], "border"),
        written(encode(with_file()).encode(), [File("0" * 64, "text/plain", FILE.content)], "border"),
        written(encode(with_file()).encode(), [File("0", "text/plain", FILE.content)], "border"),
        written(b"{", [FILE], "border"),
        BODY.replace(b"Content-Transfer-Encoding: binary", b"Content-Transfer-Encoding: base64"),
        BODY.replace(b"Content-Type: application/json", b"Content-Type: text/plain"),
        BODY.removesuffix(b"--border--\r\n"),
        BODY.replace(b"\r\n\r\n", b"\r\n"),
        b"--border--\r\n",
        b"nothing",
    ],
)
def test_1_5_2_and_2_4_11_what_does_not_fit_together_is_not_kept(body):
    assert sender().posts(body).status_code == 400


def test_1_5_2_a_body_needs_its_boundary_and_has_a_length():
    assert sender().posts(BODY, media=MIXED).status_code == 400
    assert sender().posts(BODY, media=f"{MIXED}; boundary=other").status_code == 400
    for content, status in ((b"x" * (MIXED_BYTES_MAX // 2), 200), (b"x" * MIXED_BYTES_MAX, 413)):
        one = File(sha512(content).hexdigest(), "text/plain", content)
        assert sender().sends(with_file(one), one).status_code == status
    plain = encode(said(result={"response": "x" * 1_100_000})).encode()
    assert sender().posts(plain, media="application/json").status_code == 413


def test_2_4_11_a_file_that_is_kept_elsewhere_need_not_be_sent():
    statement = with_file(fileUrl="https://learn.example/proof.txt")

    assert sender().posts(encode(statement).encode(), media="application/json").status_code == 200
    one, files = given_back(sender().asks(statementId=statement["id"], attachments="true"))
    assert (one["attachments"][0]["fileUrl"], files) == ("https://learn.example/proof.txt", {})
    alone = sender().posts(encode(with_file()).encode(), media="application/json")
    assert (alone.status_code, alone.json()["code"]) == (400, "statement_not_taken")


def test_nobody_reads_the_files_of_another_organisation():
    statement = with_file()
    sender().sends(statement, FILE)

    other = Sender()

    assert other.asks(statementId=statement["id"], attachments="true").status_code == 404
    with in_organisation(other.academy.id):
        assert not AttachedFile.objects.exists()


def test_a_member_has_a_copy_of_their_files_which_are_gone_once_they_are_erased():
    made = Sender()
    before, after = with_file(who=MAILBOX), with_file(who=MAILBOX)
    made.sends(before, FILE)  # before anybody knew who that is
    ada = made.academy.member("Ada", email="ada@people.example")
    made.sends(after, FILE)
    with in_organisation(made.academy.id):
        copies = attached_of(made.academy.id, [ada])
    assert [one["statement"] for one in copies] == [after["id"], before["id"]]
    assert copies[0]["base64"] == b64encode(FILE.content).decode()

    erase_identities(made.academy.id, member_id=ada, reason="Asked for", actor=ACTOR)

    with in_organisation(made.academy.id):
        assert not AttachedFile.objects.exists() and Statement.objects.count() == 2
    _, files = given_back(made.asks(statementId=after["id"], attachments="true"))
    assert files == {}
