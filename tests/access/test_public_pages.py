"""The public pages: what anybody may read, what nobody may, how somebody joins, and what is said of a document."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from html import unescape

import pytest
from django.core import mail
from django.db import connection
from django.template import TemplateDoesNotExist
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from plaudit.foundation import ids
from plaudit.foundation.exact import decode
from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.sealing import anchors
from plaudit.membership.models import Membership
from plaudit.people.models import Member
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.actions.lifecycle import pause
from plaudit.planning.enrolment import Wish, sealed_wish
from plaudit.planning.tasks import send_enrolment
from plaudit.planning.templates import template
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import cancel
from plaudit.rewards.models import Reward
from plaudit.surfaces.console.tests.shops import Company, make_company
from plaudit.surfaces.portal.faults import our_fault
from plaudit.surfaces.public.place import shown

OPEN = "\npublic: {join: open, contact: hello@harbour.example}\n"
EVERY = ("", "rules", "faq", "join", "join/sent")


def make_open(programme: str = "points-basics", *, more: str = OPEN) -> Company:
    """A company whose programme anybody may see."""
    company = Company(make_organisation())
    apply(company.id, template(programme).source + more, actor=ACTOR)
    return company


@lru_cache(maxsize=1)
def opened() -> Company:
    """One that no test changes."""
    company = make_open()
    company.buy(company.member("Ada"), "900.00")
    return company


def at(company: Company, page: str = "", programme: str = "points-basics") -> str:
    return f"/public/{company.organisation.slug}/{programme}/{page}"


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


def ask_to_join(company: Company, client: Client, programme: str = "points-basics", **more: str) -> str:
    """Fill the form in, and read the link out of the message."""
    given = {"name": "Ines", "email": "Ines@Example.com", "consent": "on", **more}
    answer = client.post(at(company, "join", programme), given)
    assert answer.status_code == 302, words(answer)
    with connection.cursor() as cursor:
        cursor.execute(
            "select args from procrastinate_jobs where task_name = 'planning.send_enrolment'"
            " and (args ->> 'organisation_id')::int = %s order by id desc limit 1",
            [company.id],
        )
        args = cursor.fetchone()[0]
    args = decode(args) if isinstance(args, str) else args
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        send_enrolment(
            company.id, **{name: args[name] for name in ("email", "programme", "link", "language")}
        )
    (message,) = mail.outbox
    assert message.to == [given["email"].lower()]
    link = re.search(r"http://\S+(/public/\S+)", str(message.body))
    assert link
    return link[1]


@pytest.mark.parametrize("page", EVERY)
def test_a_programme_is_nobodys_business_until_it_is_made_public(page: str):
    company, client = make_company(), browser()
    hidden = client.get(at(company, page))
    unknown = client.get(f"/public/no-such-place/points-basics/{page}")

    assert hidden.status_code == unknown.status_code == 404
    assert "Nothing is public at this address yet." in words(hidden)
    assert words(hidden).split("quote")[0] == words(unknown).split("quote")[0]
    assert client.get(f"/public/{company.organisation.slug}/").status_code == 404
    assert client.get(f"/public/{company.organisation.slug}/verify").status_code == 404


def test_anybody_reads_the_same_and_no_cookie_is_set():
    company = opened()
    for page in ("", "rules", "faq"):
        nobody, manager = browser(), company.person("manager")
        first, second = nobody.get(at(company, page)), manager.get(at(company, page))

        assert first.status_code == 200
        assert first.content == second.content, page
        assert not first.cookies
        assert first["Cache-Control"] == "public, max-age=300"
        assert nobody.get(at(company, page), headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert "Ada" not in words(first)


def test_a_page_goes_out_compressed_to_whoever_takes_that_and_the_api_does_not():
    company, client = opened(), browser()
    takes = {"Accept-Encoding": "gzip"}
    plain = client.get(at(company, "rules"))
    small = client.get(at(company, "rules"), headers=takes)
    again = client.get(at(company, "rules"), headers={**takes, "If-None-Match": small["ETag"]})

    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2
    assert "Accept-Encoding" in small["Vary"]
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/api/v1/openapi.json", headers=takes)


def test_a_page_costs_the_same_few_questions_however_many_versions_there_are():
    company = make_open()
    client = browser()

    def asked() -> int:
        client.get(at(company, "rules"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(company, "rules")).status_code == 200
        return len(queries)

    few = asked()
    for number in range(3):
        apply(company.id, f"{company.source}{OPEN}# {number}\n", actor=ACTOR)

    assert asked() == few <= 8


def test_rules_are_in_plain_words_with_an_example_and_the_day_they_began():
    page = words(browser().get(at(opened(), "rules")))

    assert "Each purchase earns points" in page
    assert "For example:" in page
    assert "So since" in page
    assert "Points last 24 months" in page


def test_what_changed_since_a_version_is_told_before_and_after():
    company = make_open()
    changed = company.source.replace(
        "expires: after 24 months at the end of the month", "expires: after 12 months"
    )
    apply(company.id, changed + OPEN, actor=ACTOR)

    page = words(browser().get(at(company, "rules"), {"since": "1"}))

    assert "From version 1 to version 2" in page
    assert "Points last 24 months, then to the end of that month. Points last 12 months." in page
    assert "From version" not in words(browser().get(at(company, "rules"), {"since": "7"}))


def test_what_is_the_organisations_own_and_what_is_for_chosen_people_is_not_told():
    secret = template("points-rewards").source.replace(
        "objectives:\n", "objectives:\n  hush: A plan that nobody shall know\n", 1
    )
    company = Company(make_organisation())
    apply(company.id, secret + OPEN, actor=ACTOR)
    client = browser()
    said = " ".join(words(client.get(at(company, page, "points-rewards"))) for page in ("", "rules", "faq"))

    assert "hush" not in said and "nobody shall know" not in said
    assert "costs the programme" not in said
    assert "ordered from" not in said


def test_questions_are_found_by_their_words_and_the_nearest_where_none_fits():
    client = browser()
    every = words(client.get(at(opened(), "faq")))
    some = words(client.get(at(opened(), "faq"), {"search": "points last"}))
    none = words(client.get(at(opened(), "faq"), {"search": "points zebra"}))

    assert "How long do points last?" in every and "Can the rules change?" in every
    assert "How long do points last?" in some and "Can the rules change?" not in some
    assert "No question has all these words" in none and "hello@harbour.example" in none


def test_somebody_joins_by_the_link_in_the_message_and_once():
    company, client = make_open(), browser()
    link = ask_to_join(company, client)
    with in_organisation(company.id):
        assert not Member.objects.filter(email="ines@example.com").exists()

    assert "Ines" in words(client.get(link))
    assert "You have joined" in words(client.post(link))
    assert "You are a member already" in words(client.post(link))

    with in_organisation(company.id):
        (member,) = Member.objects.filter(email="ines@example.com")
        consent = Audit.objects.get(act="member.consented")
    assert (member.name, member.kind) == ("Ines", "customer")
    assert consent.subject == ids.show("mem", member.id) and len(consent.details["consent"]) == 64
    assert "Ines" not in str(consent.details)


def test_a_form_that_is_not_filled_in_says_what_is_missing():
    answer = browser().post(at(opened(), "join"), {"name": "", "email": "nowhere"})

    assert answer.status_code == 422
    assert "Enter your name." in words(answer)
    assert "Tick the box if you agree" in words(answer)


def test_a_link_that_is_old_spoilt_or_for_somewhere_else_joins_nobody():
    company, other, client = opened(), make_open(), browser()
    wish = Wish(other.id, "points-basics", "Ines", "ines@example.com", "")
    for secret in ("nothing", "é", sealed_wish(wish), sealed_wish(wish)[:-4]):
        answer = client.post(at(company, f"join/{secret}"))
        assert answer.status_code == 422, secret
        assert "does not work any more" in words(answer)


def test_joining_is_closed_where_the_file_says_so_and_while_the_programme_rests():
    closed, resting = make_open(more="\npublic: {join: closed}\n"), make_open()
    link = ask_to_join(resting, browser())
    pause(resting.id, "points-basics", actor=ACTOR)

    for company in (closed, resting):
        answer = browser().get(at(company, "join"))
        assert "Joining is closed at present" in words(answer)
        assert browser().post(at(company, "join"), {"name": "I", "email": "i@example.com"}).status_code == 200
    assert browser().post(link).status_code == 409


def test_nobody_fills_somebody_elses_mailbox():
    company = opened()
    given = {"name": "Ines", "email": "victim@example.com", "consent": "on"}
    client = browser()
    answers = [client.post(at(company, "join"), given).status_code for _ in range(4)]

    assert answers == [302, 302, 302, 429]


def test_a_membership_is_joined_with_its_fee_to_pay():
    company, client = make_open("crmi-membership"), browser()
    page = words(client.get(at(company, "join", "crmi-membership")))
    assert "What it costs today" in page and "US$" in page

    form = client.get(at(company, "join", "crmi-membership")).content.decode()
    role = re.search(r'<option value="(role:[^"]+)"', form)
    term = re.search(r'name="term" value="([^"]+)"', form)
    assert role and term
    link = ask_to_join(company, client, "crmi-membership", role=unescape(role[1]), term=term[1])
    done = words(client.post(link))

    assert "What to pay" in done and "US$" in done
    with in_organisation(company.id):
        assert Membership.objects.get(organisation_id=company.id).state == "pending"


def test_a_receipt_is_genuine_then_withdrawn_and_a_seal_is_known():
    company, client = make_open(), browser()
    ada = company.member("Ada")
    company.buy(ada, "9000.00")
    with in_organisation(company.id):
        reward = Reward.objects.get(organisation_id=company.id, key="food-bank")
    made = redeem(company.id, member_id=ada.id, reward_id=reward.id, key="k", actor=ACTOR)
    code = ids.show("rdm", made.id)
    verify = f"/public/{company.organisation.slug}/verify"

    genuine = client.get(verify, {"code": f" {code.upper()} "})
    assert "Genuine" in words(genuine) and company.organisation.name in words(genuine)
    assert "Ada" not in words(genuine)
    assert genuine["Cache-Control"] == "no-store"
    assert "We know no document" in words(client.get(verify, {"code": ids.show("rdm", ids.new_id())}))
    assert "We know no document" in words(
        client.get(f"/public/{opened().organisation.slug}/verify", {"code": code})
    )

    seal(company.id, actor=ACTOR)
    with in_organisation(company.id):
        (line,) = anchors(company.id)
    assert "Seal of the books" in words(client.get(verify, {"code": line}))
    assert "Seal of the books" in words(client.get(verify, {"code": line.rpartition(" ")[2]}))
    assert "We know no document" in words(client.get(verify, {"code": line.replace(" 1 ", " 2 ", 1)}))


def test_a_cancelled_reward_leaves_a_receipt_that_is_withdrawn():
    company = make_open()
    ada = company.member("Ada")
    company.buy(ada, "9000.00")
    with in_organisation(company.id):
        reward = Reward.objects.get(organisation_id=company.id, key="mug")
    made = redeem(company.id, member_id=ada.id, reward_id=reward.id, key="k", actor=ACTOR)
    cancel(company.id, made.id, actor=ACTOR, reason="Broken")

    page = words(
        browser().get(f"/public/{company.organisation.slug}/verify", {"code": ids.show("rdm", made.id)})
    )

    assert "Withdrawn" in page and "Broken" not in page


@override_settings(RATE_LIMITS={})
def test_public_pages_are_counted_by_address_like_all_others():
    answer = browser().get(at(opened()))

    assert answer["RateLimit-Policy"].startswith('"address"')


def test_a_public_page_that_breaks_while_it_is_drawn_says_so_in_our_own_design():
    company = opened()
    request = RequestFactory().get(at(company))

    with pytest.raises(TemplateDoesNotExist):
        shown(request, "public/nowhere.html", company.organisation, {})
    page = our_fault(request)

    assert page.status_code == 500
    assert "/static/" in page.content.decode() and "went wrong on our side" in words(page)
