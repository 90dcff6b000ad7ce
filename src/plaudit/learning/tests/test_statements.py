"""What is a statement and what is none, by the numbered conformance requirements for learning record stores.

The numbers are those of "xAPI LRS Conformance Requirements" 1.0.3, by the Advanced Distributed Learning Initiative
(github.com/adlnet/xapi-lrs-conformance-requirements); sections are those of the specification itself, part two.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plaudit.foundation.exact import decode, encode
from plaudit.learning.refusals import StatementNotTaken
from plaudit.learning.rules.statement_values import moment_of
from plaudit.learning.rules.statements import about, agents_in, check_statement, identifier_of
from plaudit.learning.tests.saying import COURSE, MAILBOX, WHOLE, Json, but, said

ACCOUNT = {"homePage": "https://learn.example", "name": "17"}
GROUP = {"objectType": "Group", "member": [MAILBOX]}
WITHIN = {"objectType": "SubStatement", **said()}
REFERENCE = {"objectType": "StatementRef", "id": WHOLE["id"]}
SUMS = {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}


def is_one(statement: Json) -> bool:
    """Whether it is one, as it comes over the wire."""
    try:
        check_statement(decode(encode(statement)))
    except StatementNotTaken:
        return False
    return True


@pytest.mark.parametrize(
    "statement",
    [
        WHOLE,
        said(),
        said(who=SUMS),
        said(who={"account": ACCOUNT}),
        said(who=GROUP),
        said(who={"objectType": "Group", "account": ACCOUNT}),
        said(object={"objectType": "Agent", **MAILBOX}),
        said(object=GROUP),
        said(object=REFERENCE),
        said(object=WITHIN),
        said("voided", object=REFERENCE),
        but("result/score", {"scaled": -1}),
        but("timestamp", "2026-03-02T09:30:00Z"),
        but("result/duration", "P3W"),
        but("result/duration", "P1Y2M3DT4H5M6.789S"),
        but("version", "1.0"),
        but("context/language", "zh-Hant-TW"),
        but("context/extensions", {}),
    ],
    ids=lambda one: encode(one)[:80],
)
def test_what_is_a_statement(statement):
    assert is_one(statement)


@pytest.mark.parametrize(
    "requirement, statement",
    [
        ("XAPI-00001", but("actor/name", None)),
        ("XAPI-00001", but("object/definition", {})),
        ("XAPI-00001", but("result", {})),
        ("XAPI-00003", but("actor")),
        ("XAPI-00004", but("verb")),
        ("XAPI-00005", but("object")),
        ("XAPI-00006", but("result/response", 7)),
        ("XAPI-00007", but("object/id", "")),
        ("XAPI-00008", but("actor/Name", "Ada")),
        ("XAPI-00009", but("actor/objectType", "agent")),
        ("XAPI-00010", but("mood", "good")),
        ("XAPI-00011", but("verb/id", "completed")),
        ("XAPI-00013", but("verb/display", {"a_b": "x"})),
        ("XAPI-00017", said("voided")),
        ("XAPI-00020", said("voided", object=WITHIN)),
        ("XAPI-00022", but("timestamp", "2 March 2026")),
        ("XAPI-00022", but("timestamp", "2026-02-30T09:30:00Z")),
        ("XAPI-00022", but("timestamp", "2026-03-02T09:30:00-00:00")),
        ("XAPI-00024", but("authority", "Ada")),
        ("XAPI-00025", but("attachments", WHOLE["attachments"][0])),
        ("XAPI-00027", but("id", "6690e6c9-3ef0-4ed3-8b37-7f3964730be")),
        ("XAPI-00028", but("id", 7)),
        ("XAPI-00029", but("id", "{6690e6c9-3ef0-4ed3-8b37-7f3964730bee}")),
        ("XAPI-00031", but("actor/objectType", "Person")),
        ("XAPI-00033", but("actor/name", ["Ada"])),
        ("XAPI-00034", but("actor/mbox")),
        ("XAPI-00034", but("actor/openid", "https://id.example/ada")),
        ("XAPI-00035", but("actor/member", [MAILBOX])),
        ("XAPI-00036", but("context/team/member", [GROUP])),
        ("XAPI-00037", said(who={"objectType": "Group"})),
        ("XAPI-00037", said(who={"objectType": "Group", "account": ACCOUNT, **SUMS})),
        ("XAPI-00038", but("actor/mbox", "ada@people.example")),
        ("XAPI-00038", but("actor/mbox", "mailto:ada")),
        ("XAPI-00039", said(who={"mbox_sha1sum": "ebd3"})),
        ("XAPI-00040", said(who={"openid": "ada"})),
        ("XAPI-00041", said(who={"account": "17"})),
        ("XAPI-00042", said(who={"account": {"name": "17"}})),
        ("XAPI-00043", said(who={"account": {"homePage": "https://learn.example"}})),
        ("XAPI-00044", but("verb/id")),
        ("XAPI-00045", but("verb/display", "completed")),
        ("XAPI-00046", but("object/objectType", "Course")),
        ("XAPI-00047", but("object/id")),
        ("XAPI-00048", but("object/definition", "a course")),
        ("XAPI-00049", but("object/definition/interactionType", "guessing")),
        ("XAPI-00050", but("object/definition/correctResponsesPattern", "ears")),
        ("XAPI-00051", but("object/definition/steps", [{"id": "one"}])),
        ("XAPI-00055", but("object/definition/choices", {"id": "ears"})),
        ("XAPI-00056", but("object/definition/name", "Listening")),
        ("XAPI-00057", but("object/definition/extensions", {"level": 2})),
        ("XAPI-00058", but("object/definition/choices", [{"id": "ears"}, {"id": "ears"}])),
        ("XAPI-00058", but("object/definition/choices", [{"description": {"en": "Ears"}}])),
        ("XAPI-00059", but("object/definition/description", {"en": 1})),
        ("XAPI-00060", but("object/definition/type", "course")),
        ("XAPI-00061", but("object/definition/moreInfo", "about")),
        ("XAPI-00063", but("object/definition/choices", ["ears"])),
        ("XAPI-00064", but("object/definition/interactionType")),
        ("XAPI-00065", said(object=MAILBOX)),
        ("XAPI-00066", said(object={**WITHIN, "verb": {}})),
        ("XAPI-00067", said(object={**WITHIN, "authority": MAILBOX})),
        ("XAPI-00068", said(object={**WITHIN, "version": "1.0.3"})),
        ("XAPI-00069", said(object={**WITHIN, "stored": "2026-03-02T09:30:00Z"})),
        ("XAPI-00070", said(object={**WITHIN, "id": WHOLE["id"]})),
        ("XAPI-00071", said(object={**WITHIN, "object": WITHIN})),
        ("XAPI-00072", said(object={"objectType": "StatementRef", "id": "7"})),
        ("XAPI-00072", said(object={"objectType": "StatementRef"})),
        ("XAPI-00074", but("result/success", "yes")),
        ("XAPI-00075", but("result/completion", 1)),
        ("XAPI-00077", but("result/duration", "90 minutes")),
        ("XAPI-00077", but("result/duration", "P")),
        ("XAPI-00077", but("result/duration", "PT")),
        ("XAPI-00078", but("result/extensions", [])),
        ("XAPI-00079", but("result/score", 19)),
        ("XAPI-00080", but("result/score", {"min": 5, "max": 4})),
        ("XAPI-00082", but("result/score", {"raw": 21, "max": 20})),
        ("XAPI-00082", but("result/score", {"raw": -1, "min": 0})),
        ("XAPI-00083", but("result/score", {"scaled": 1.01})),
        ("XAPI-00084", said(object=REFERENCE, context={"revision": "2"})),
        ("XAPI-00085", said(object=REFERENCE, context={"platform": "A classroom"})),
        ("XAPI-00086", but("context/contextActivities", [])),
        ("XAPI-00087", but("context/registration", "7")),
        ("XAPI-00087", but("context/instructor", "Bo")),
        ("XAPI-00088", but("context/team", {"objectType": "Agent", **MAILBOX})),
        ("XAPI-00089", but("context/revision", 2)),
        ("XAPI-00090", but("context/platform", 2)),
        ("XAPI-00091", but("context/language", "english_gb")),
        ("XAPI-00092", but("context/statement", {"id": WHOLE["id"]})),
        ("XAPI-00093", but("context/contextActivities", {"uncle": {"id": COURSE}})),
        ("XAPI-00094", but("context/contextActivities/parent", COURSE)),
        ("XAPI-00095", but("context/contextActivities", {})),
        ("XAPI-00098", but("authority", GROUP)),
        ("XAPI-00101", but("version", "1.1.0")),
        ("XAPI-00101", but("version", "0.9")),
        ("XAPI-00102", but("attachments/0/length", "1200")),
        ("XAPI-00103", but("attachments/0/sha2", "672f")),
        ("XAPI-00104", but("attachments/0/fileUrl", "proof.pdf")),
        ("XAPI-00105", but("attachments/0/contentType", "pdf")),
        ("XAPI-00106", but("attachments/0/display")),
        ("XAPI-00107", but("attachments/0/usageType", "proof")),
    ],
)
def test_what_is_no_statement(requirement, statement):
    assert not is_one(statement), requirement


def test_the_place_of_what_is_wrong_is_said():
    with pytest.raises(StatementNotTaken, match="/context/team/member/0/mbox"):
        check_statement(decode(encode(but("context/team/member", [{"mbox": "ada"}]))))


def test_whom_a_statement_speaks_of_is_found_wherever_they_stand():
    within = {**WHOLE, "object": {**WITHIN, "context": {"instructor": SUMS}}}

    assert {identifier_of(one) for one in agents_in(within)} == {
        "mbox:mailto:ada@people.example",
        "account:https://learn.example 17",
        "openid:https://id.example/bo",
        "mbox_sha1sum:ebd31e95054c018b10727ccffd2ef2ec3a016ee9",
        "",
    }


def test_a_moment_is_read_with_whatever_is_said_of_its_zone():
    assert moment_of("2026-03-02T09:30:00.123456789+01:00") == datetime(2026, 3, 2, 8, 30, 0, 123456, UTC)
    assert moment_of("2026-03-02T09:30:00.1") == datetime(2026, 3, 2, 9, 30, 0, 100000, UTC)
    assert moment_of("2026-03-02T09:30:00+0130") == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_under_cmi5_a_unit_is_also_what_its_publisher_calls_it():
    session = {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": "s1"}
    grouping = {"grouping": [{"id": COURSE}]}

    assert about(said(what="https://lms.example/7", context={"contextActivities": grouping})) == [
        "https://lms.example/7"
    ]
    of_session = {"contextActivities": grouping, "extensions": session}
    assert about(said(what="https://lms.example/7", context=of_session)) == ["https://lms.example/7", COURSE]
