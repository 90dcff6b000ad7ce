"""Every page as every role: what a role may open is what its declaration says, and of things only those in reach.

Who may is declared on the view. What somebody may reach is told here a second time, role by role, and
not asked of the code that is tested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import pytest
from django.test import Client

from plaudit.foundation import ids
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.routes import ANY, Route, routes
from plaudit.people.models import Member
from plaudit.people.tests.browsing import program
from tests.access import learning, listening, noticed
from tests.access.companies import ABSENT, Peopled, make_peopled, without_limits
from tests.access.storied import CANARY

ROLES = [role.value for role in RoleName]
OFTEN = {"nobody"}
EVERYONE_IN_REACH = {"manager", "desk", "finance", "auditor"}

OWN, TEAM, SAME, OTHER, NONE = "own", "same team", "same organisation", "other organisation", "none"
RELATIONS = (OWN, TEAM, SAME, OTHER, NONE)

# Whose each relation is, in the company the walker is of: Sue leads Mia and Tim, Oda is in nobody's team.
WHOSE = {
    "member": {OWN: "Mia", TEAM: "Tim", SAME: "Oda"},
    "supervisor": {OWN: "Sue", TEAM: "Tim", SAME: "Oda"},
}
COLLEAGUE = {TEAM: "Tim", SAME: "Oda"}

# Nobody holds nothing; a supervisor is a member as well, for only a member can lead a team.
HELD = {"nobody": [], "supervisor": ["supervisor", "member"]}


@lru_cache(maxsize=1)
def here() -> Peopled:
    return make_peopled("here-points")


@lru_cache(maxsize=1)
def there() -> Peopled:
    return make_peopled(f"{CANARY}-points", word=CANARY)


def pages() -> list[Route]:
    """Every route that is no operation of the API."""
    return [route for route in routes() if route.method == ANY]


def named(route: Route) -> str:
    return route.path


def owners_of(role: str) -> dict[str, str]:
    return WHOSE.get(role, COLLEAGUE)


Things = Callable[[Peopled, Member | None], str]


def _of_member(show: Callable[[Peopled, Member], str]) -> Things:
    def thing(company: Peopled, member: Member | None) -> str:
        assert member is not None
        return show(company, member)

    return thing


MEMBER = _of_member(lambda _, member: ids.show("mem", member.id))
LINE = _of_member(lambda company, member: company.line(member))
CASE = _of_member(lambda company, member: company.case(member))
APPROVAL = _of_member(lambda company, member: company.asked(member))
REDEMPTION = _of_member(lambda company, member: company.bought(member))
MOMENT = _of_member(noticed.moment)
NOTE = _of_member(noticed.note)
RECOGNITION = _of_member(lambda company, member: company.noticed(member))
REVIEW = _of_member(noticed.asked_about)
LINK = _of_member(noticed.linked)
REPORT = _of_member(noticed.reported)
NOMINATION = _of_member(noticed.nominates)
LEARNED = _of_member(learning.claimed)
CERTIFICATE = _of_member(learning.certificate)
CREDENTIAL = _of_member(learning.credential)
MEMBERSHIP = _of_member(lambda company, member: company.belongs(member)[0])
INVOICE = _of_member(lambda company, member: company.belongs(member)[1])


def _session(company: Peopled, member: Member) -> str:
    """A session of the person who is this member, or of a person of their own who is none of the walkers."""
    bound = {
        company.owners["Mia"]: company.users["member"],
        company.owners["Sue"]: company.users["supervisor"],
    }
    return company.session_of(bound.get(member, company.bystander))


def _passkey(company: Peopled, member: Member) -> str:
    """A passkey of whom `_session` names."""
    bound = {
        company.owners["Mia"]: company.users["member"],
        company.owners["Sue"]: company.users["supervisor"],
    }
    return company.passkey_of(bound.get(member, company.bystander))


# What stands in an address, by its argument or by the place of the page. True: it is some member's.
THINGS: dict[str, tuple[bool, Things, str]] = {
    "member_id": (True, MEMBER, ids.show("mem", ABSENT)),
    "/activity/": (True, LINE, "led_zzzzzz-1"),
    "/console/ledger/": (True, LINE, "led_zzzzzz-1"),
    "/redemptions/": (True, REDEMPTION, ids.show("rdm", ABSENT)),
    "/cases/": (True, CASE, ids.show("cse", ABSENT)),
    "/console/cases/": (True, CASE, ids.show("cse", ABSENT)),
    "/console/approvals/": (True, APPROVAL, ids.show("apr", ABSENT)),
    "/team/moments/": (True, MOMENT, ids.show("mom", ABSENT)),
    "/team/notes/": (True, NOTE, ids.show("nte", ABSENT)),
    "/recognition/": (True, RECOGNITION, ids.show("rcg", ABSENT)),
    "/reviews/": (True, REVIEW, ids.show("fnd", ABSENT)),
    "/console/recognition/": (True, REVIEW, ids.show("fnd", ABSENT)),
    "/console/noticing/": (True, RECOGNITION, ids.show("rcg", ABSENT)),
    "/recognition/links/": (True, LINK, ids.show("lnk", ABSENT)),
    "/console/noticing/links/": (True, LINK, ids.show("lnk", ABSENT)),
    "/console/noticing/reports/": (True, REPORT, ids.show("rpt", ABSENT)),
    "/console/noticing/nominations/": (True, NOMINATION, ids.show("nom", ABSENT)),
    "/nominations/": (True, NOMINATION, ids.show("nom", ABSENT)),
    "/membership/": (True, MEMBERSHIP, ids.show("mbs", ABSENT)),
    "/invoices/": (True, INVOICE, ids.show("inv", ABSENT)),
    "session_id": (False, lambda company, _: learning.session(company), ids.show("ssn", ABSENT)),
    "roll_id": (False, lambda company, _: learning.roll(company), ids.show("rll", ABSENT)),
    "baseline_id": (False, lambda company, _: listening.baseline(company), ids.show("bsl", ABSENT)),
    "collection_id": (False, lambda company, _: listening.collection(company), ids.show("rmc", ABSENT)),
    "coding_id": (False, lambda company, _: listening.coding(company), ids.show("cdg", ABSENT)),
    "group_id": (False, lambda company, _: listening.group(company), ids.show("fcg", ABSENT)),
    "idea_id": (False, lambda company, _: listening.idea(company), ids.show("ide", ABSENT)),
    "/console/learning/claims/": (True, LEARNED, ids.show("lcl", ABSENT)),
    "certificate": (True, CERTIFICATE, ids.show("crt", ABSENT)),
    "credential": (True, CREDENTIAL, ids.show("crd", ABSENT)),
    "part_id": (False, lambda company, _: str(company.challenge), "999999"),
    "/console/redemptions/": (True, REDEMPTION, ids.show("rdm", ABSENT)),
    "key": (False, lambda company, _: company.programme, "nothing-points"),
    "import_id": (False, lambda company, _: company.upload, "imp_999999"),
    "/console/simulations/": (False, lambda company, _: company.simulation, ids.show("sim", ABSENT)),
    "reward_id": (False, lambda company, _: str(company.reward.id), "999999"),
    "code": (False, lambda company, _: company.organisation.code, "zzzzzzzzzz"),
    "/me/security/passkeys/": (True, _of_member(_passkey), ids.show("pky", ABSENT)),
    "key_id": (False, lambda company, _: company.api_key, ids.show("key", ABSENT)),
    "endpoint_id": (False, lambda company, _: ids.show("hook", company.endpoint), ids.show("hook", ABSENT)),
    "delivery_id": (False, lambda company, _: company.delivery, ids.show("dlv", ABSENT)),
    "job_id": (False, lambda company, _: str(company.job), "999999"),
    "user_id": (False, lambda company, _: str(company.colleague()), "999999"),
    "view": (False, lambda company, _: str(company.view), "999999"),
    "asked": (False, lambda company, _: company.request, ids.show("req", ABSENT)),
    "membership": (False, lambda company, _: company.membership, ids.show("mbs", ABSENT)),
    "sandbox": (False, lambda company, _: company.sandbox, "zzzzzzzzzz"),
    "/me/notifications/devices/": (True, _of_member(noticed.device), ids.show("dev", ABSENT)),
    "/me/inbox/": (True, _of_member(noticed.told), ids.show("ntc", ABSENT)),
    "/me/security/": (
        True,
        _of_member(_session),
        ids.show("ses", ABSENT),
    ),
}
FIXED = {
    "type_name": "purchase",
    "number": "1",
    "secret": "nothing",
    "issuer": "nothing",
    "signing_key": "nothing",
    "slug": "nothing",
    "section": "challenges",
    "part": "five",
    "segment_key": "buyers",
    "offering": "listening",
    "survey": "mood",
    "scenario": "missing",
    "ladder": "status",
    "level": "silver",
    "payment": ids.show("pay", ABSENT),
}


def argument(route: Route) -> tuple[bool, Things, str] | None:
    """What the address is about; None where it is about nothing in particular."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", route.path)
    wanted = next((name for name in names if name not in FIXED), None)
    if wanted is None:
        return None
    place = route.path.partition("<")[0]
    return THINGS.get(wanted) or THINGS[place]


def address(route: Route, thing: str) -> str:
    """The address with the thing, and something harmless, in its places."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: FIXED.get(match[1], thing), route.path)


def cases(route: Route, role: str) -> Iterator[tuple[str, str]]:
    """Each relation that can be, with the address it is asked at."""
    about = argument(route)
    if about is None:
        yield NONE, address(route, "")
        return
    some_members, thing, absent = about
    whose = owners_of(role)
    for relation in RELATIONS:
        if relation == NONE:
            yield NONE, address(route, absent)
        elif relation == OTHER:
            yield OTHER, address(route, thing(there(), there().owners["Oda"]))
        elif some_members and relation in whose:
            yield relation, address(route, thing(here(), here().owners[whose[relation]]))
        elif not some_members and relation == SAME:
            yield SAME, address(route, thing(here(), None))


def reaches(route: Route, role: str, relation: str) -> bool:
    """Whether somebody admitted to the page may reach the thing: the rules in words, told a second time."""
    about = argument(route)
    if about is None:
        return True
    if relation in (NONE, OTHER):
        return False
    if not about[0]:
        return True
    if route.path.startswith(("/team/people/", "/team/moments/")):
        return relation == TEAM
    if route.name in {"recognition", "react", "reply", "report"} and relation == TEAM:
        return True  # whoever leads a team sees what its members are recognised for
    if route.path.startswith("/nominations/") and route.name == "decide-nomination":
        # A third person's is of somebody whom the supervisor leads; one's own is refused otherwise.
        return relation == OWN or (role == "supervisor" and relation == SAME)
    if not route.path.startswith("/console/"):
        return relation == OWN
    return role in EVERYONE_IN_REACH or (role == "supervisor" and relation in {OWN, TEAM})


def admitted(route: Route, role: str) -> bool:
    assert route.access is not None
    return route.access.public or not route.access.roles.isdisjoint(HELD.get(role, [role]))


METHODS: dict[str, Callable[[Client, str], Any]] = {
    "GET": lambda client, path: client.get(path),
    "POST": lambda client, path: client.post(path, {"key": str(ids.new_id())}),
}
# These end or change the walker's own session; each is walked by a browser of its own.
ENDS_THE_WALK = {
    "enter-sandbox",
    "reset-sandbox",
    "delete-sandbox",
    "leave-sandbox",
    "sign-out",
    "enter",
    "end-session",
    "end-other-sessions",
    "link",
    "code-app",
}


def wrong(route: Route, role: str, method: str, relation: str, answer: Any) -> str:
    """What is wrong with an answer; nothing where it is as declared."""
    got, went = answer.status_code, answer.headers.get("Location", "")
    if got >= 500:
        return f"broke: {got}"
    to_sign_in = got == 302 and went.startswith("/sign-in?next=")
    if not admitted(route, role):
        expected = (
            to_sign_in if role == "nobody" and method == "GET" else got == (401 if role == "nobody" else 403)
        )
        return "" if expected else f"was let in: {got} {went}"
    if route.access is not None and route.access.public:
        return "was asked who they are" if got == 401 or to_sign_in else ""
    if got in (401, 403) or to_sign_in:
        return f"was kept out: {got}"
    if argument(route) is None and method == "POST":
        return ""  # what an empty form is about may well not be there
    if reaches(route, role, relation):
        return "" if got != 404 else "was told it is not there"
    return "" if got in (404, 405) else f"reached it: {got}"


@pytest.mark.parametrize(
    "role",
    [
        role if role in OFTEN else pytest.param(role, marks=pytest.mark.at_length)
        for role in ("nobody", *ROLES)
    ],
)
def test_every_page_admits_whom_it_declares_to_what_is_in_their_reach(role: str):
    found, asked = {}, 0
    with without_limits():
        walker = here().client(role)
        for route in pages():
            alone = route.name in ENDS_THE_WALK
            # Who is not admitted is told so before anything is looked for: one address shows it.
            for relation, path in islice(cases(route, role), None if admitted(route, role) else 1):
                for method, ask in METHODS.items():
                    answer = ask(here().client(role) if alone else walker, path)
                    asked += 1
                    if CANARY in _plain(answer, path)[1]:
                        found[f"{method} {route.path} ({relation}) tells"] = _plain(answer, path)[1]
                    if fault := wrong(route, role, method, relation, answer):
                        found[f"{method} {route.path} ({relation})"] = fault
    assert found == {}
    assert asked >= 2 * len(pages())


@pytest.mark.parametrize(
    "role",
    ["member", *(pytest.param(role, marks=pytest.mark.at_length) for role in ("supervisor", "manager"))],
)
def test_what_is_out_of_reach_is_refused_in_the_words_for_what_never_was(role: str):
    told_apart = {}
    with without_limits():
        walker = here().client(role)
        for route in pages():
            if argument(route) is None or route.name in ENDS_THE_WALK or not admitted(route, role):
                continue
            by_relation = dict(cases(route, role))
            absent = _plain(walker.get(by_relation[NONE]), by_relation[NONE])
            for relation, path in by_relation.items():
                if not reaches(route, role, relation):
                    answer = _plain(walker.get(path), path)
                    if answer != absent:
                        told_apart[f"{route.path} ({relation})"] = answer
    assert told_apart == {}


def _plain(answer: Any, path: str) -> tuple[int, str]:
    """The answer without what differs by itself: what was asked for, the request's id and the form's token."""
    text = answer.content.decode()
    for part in sorted(path.strip("/").split("/"), key=len, reverse=True):
        if re.search(r"[\d_]|-points", part):
            for before in ("reward[ s]", "rewards/", "challenge ", "challenges/"):
                text = re.sub(rf"(?<={before}){part}\b", "REF", text)
            text = text if part.isdigit() else text.replace(part, "REF")
    text = re.sub(r"req_\w+", "REQ", text)
    return answer.status_code, re.sub(r'(csrf\w+"? value="|nonce="|X-CSRFToken[^,}]*)[\w-]*', "TOKEN", text)


def test_a_key_opens_no_page_and_a_session_no_operation():
    with without_limits():
        key, person = program(here().id, ["admin"]), here().client("manager")
        for route in pages():
            if not admitted(route, "nobody"):
                answer = key.get(address(route, "999999"))
                assert answer.status_code == 302, route.path
                assert answer["Location"].startswith("/sign-in"), route.path
        for route in routes():
            if route.method != ANY and route.access is not None and not route.access.public:
                path = re.sub(r"<\w+>", "nothing", route.path)
                assert person.generic(route.method, path).status_code == 401, (route.method, path)


def test_somebody_from_elsewhere_is_nobody_here():
    """Signed in to one organisation, a person works there alone: everything here answers as if it were not."""
    reached = {}
    with without_limits():
        visitor = there().client("manager")
        for route in pages():
            about = argument(route)
            if about is None or route.name in ENDS_THE_WALK or not admitted(route, "manager"):
                continue
            path = address(route, about[1](here(), here().owners["Oda"]))
            for method, ask in METHODS.items():
                if (route.access is None or not route.access.public) and ask(
                    visitor, path
                ).status_code not in (404, 405):
                    reached[f"{method} {route.path}"] = path
    assert reached == {}
