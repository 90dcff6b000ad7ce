"""The console's pages: what they show, what their forms do, and how many questions they ask the database."""

from __future__ import annotations

import re
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plaudit.foundation import ids
from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_member, make_team, make_user
from plaudit.planning.actions.simulate import run_simulation
from plaudit.surfaces.console.tests.shops import PROGRAMME, make_company, reference_of


def text_of(response) -> str:
    return unescape(response.content.decode())


def hidden_in(response) -> dict[str, str]:
    """The hidden fields of the page's forms."""
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", response.content.decode())
    found = {}
    for one in inputs:
        name, value = re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def work_off(company, address: str) -> None:
    """Replay the draft of a what-if's page, as the worker does."""
    reference = address.rpartition("/")[2]
    run_simulation(company.organisation.id, ids.read("sim", reference, kind="what-if"))


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_home_tells_what_was_issued_and_what_is_outstanding():
    company = make_company()
    company.buy(company.member(), "50.00")

    page = text_of(company.person("manager").get("/console/"))

    assert "50 points" in page
    assert "worth US$0.50" in page
    assert "The books have not been verified from here yet." in page


def test_home_of_an_empty_organisation_says_what_to_do():
    company = make_company()

    assert company.person("manager").get("/console/").status_code == 200


def test_a_member_is_found_by_name_by_id_and_by_reference():
    company = make_company()
    ada, bo = company.member("Ada"), company.member("Bo")
    with in_organisation(company.id):
        known_as = ada.identities.get().external_id
    desk = company.person("desk")

    for search in ("ad", known_as, reference_of(ada), f"ext:till:{known_as}"):
        page = text_of(desk.get("/console/members", {"search": search}))
        assert reference_of(ada) in page, search
        assert reference_of(bo) not in page, search


def test_the_next_page_begins_where_the_last_ended():
    company = make_company()
    for number in range(52):
        company.member(f"M{number:02}")
    manager = company.person("manager")

    first = text_of(manager.get("/console/members"))
    onward = re.search(r'href="(\?after=[^"]+)" rel="next"', first)
    assert onward
    second = text_of(manager.get(f"/console/members{onward[1]}"))

    assert "M00" in first and "M51" not in first
    assert "M51" in second and "M00" not in second


def test_a_list_of_members_costs_the_same_however_many_they_are():
    company = make_company()
    manager = company.person("manager")
    for name in ("Ada", "Bo"):
        company.buy(company.member(name))
    few = queries_of(manager, "/console/members")
    for number in range(20):
        company.buy(company.member(f"M{number}"))

    assert queries_of(manager, "/console/members") == few <= 16


def test_the_ledger_costs_the_same_however_long_it_is():
    company = make_company()
    manager = company.person("manager")
    company.buy(company.member())
    few = queries_of(manager, "/console/ledger")
    for number in range(20):
        company.buy(company.member(f"M{number}"))

    assert queries_of(manager, "/console/ledger") <= few <= 18


def test_members_as_csv_cannot_run_in_a_spreadsheet():
    company = make_company()
    company.member("=cmd()")

    file = company.person("manager").get("/console/members", {"format": "csv"}).content.decode()

    assert "'=cmd()" in file


def test_points_are_given_after_a_check_and_once():
    company = make_company()
    ada = company.member()
    company.buy(ada, "50.00")
    desk = company.person("desk")
    at = f"/console/members/{reference_of(ada)}/adjust"
    form = {
        **hidden_in(desk.get(at)),
        "direction": "give",
        "why": "own",
        "amount": "25",
        "reason": "A long wait",
    }

    check = desk.post(f"{at}/check", form)
    assert "They will have" in text_of(check) and "75 points" in text_of(check)
    assert company.available(ada) == 50

    filled = hidden_in(check)
    assert desk.post(f"{at}/post", filled).status_code == 302
    assert desk.post(f"{at}/post", filled).status_code == 302
    assert company.available(ada) == 75


def test_what_cannot_be_given_is_said_on_the_form_as_it_was_filled_in():
    company = make_company()
    ada = company.member()
    manager = company.person("manager")
    at = f"/console/members/{reference_of(ada)}/adjust"
    form = {
        **hidden_in(manager.get(at)),
        "direction": "give",
        "why": "own",
        "amount": "none",
        "reason": "My reason",
    }

    refused = manager.post(f"{at}/post", form)
    wrong = manager.post(f"{at}/check", {**form, "amount": "1.5", "reason": ""})

    assert refused.status_code == 422
    assert "Below 1,000 points you decide alone" in text_of(refused)
    assert "My reason" in text_of(refused)
    assert wrong.status_code == 422
    assert "Enter at most 0 decimals." in text_of(wrong)
    assert "Say why, in words the member may read." in text_of(wrong)
    assert "<title>Error:" in text_of(wrong)


def test_a_supervisor_sees_their_own_team_and_nobody_else():
    company = make_company()
    lead, mine, other = (make_member(company.id, name=name) for name in ("Lead", "Mine", "Other"))
    make_team(company.id, members=[mine], led_by=[lead])
    browser = company.signed_in(make_user(company.id, roles=["supervisor"], member=lead).id)
    page = text_of(browser.get("/console/members"))

    assert reference_of(mine) in page
    assert reference_of(other) not in page
    assert browser.get(f"/console/members/{reference_of(mine)}").status_code == 200
    assert browser.get(f"/console/members/{reference_of(other)}").status_code == 404


def test_a_transfer_shows_its_why_and_its_panel_alone_where_a_page_fetches_it():
    company = make_company()
    ada = company.member()
    company.buy(ada)
    led = company.last_transfer(ada)
    manager = company.person("manager")

    page = text_of(manager.get(f"/console/ledger/{led}"))
    panel = text_of(manager.get(f"/console/ledger/{led}/why", headers={"HX-Request": "true"}))

    assert "The arithmetic" in page and reference_of(ada) in page
    assert "because-panel" in panel and "<html" not in panel
    assert manager.get("/console/ledger/led_nothing-1").status_code == 404


def test_a_filter_that_cannot_be_read_is_named():
    company = make_company()
    answer = company.person("finance").get("/console/ledger", {"member": "mem_x", "since": "soon"})

    assert answer.status_code == 422
    assert "There is no member mem_x." in text_of(answer)
    assert "You wrote soon." in text_of(answer)


def test_verification_runs_every_check_and_is_remembered():
    company = make_company()
    company.buy(company.member())
    finance = company.person("finance")

    found = text_of(finance.post("/console/ledger/verification/run"))

    assert "The books hold" in found
    assert "Every check holds" in text_of(finance.get("/console/"))
    with in_organisation(company.id):
        assert Audit.objects.filter(organisation_id=company.id, act="ledger.verified").count() == 1


def test_a_seal_shows_the_line_to_keep():
    company = make_company()
    company.buy(company.member())
    finance = company.person("finance")

    assert finance.post("/console/ledger/verification/seal").status_code == 302
    page = text_of(finance.get("/console/ledger/verification"))
    line = re.search(r"plaudit-seal org_\w+ 1 [^<]+", page)
    assert line
    assert "The books hold" in text_of(finance.post("/console/ledger/verification/run", {"anchors": line[0]}))


def test_a_programme_shows_its_rules_as_sentences_and_its_file():
    company = make_company()

    page = text_of(company.person("supervisor").get(f"/console/programmes/of/{PROGRAMME}"))

    assert "Each purchase earns points" in page
    assert "programme: points-basics" in page
    assert "Edit the file" not in page


def test_a_changed_file_is_planned_in_sentences_and_applied_once_seen():
    company = make_company()
    manager = company.person("manager")
    edited = company.source.replace("name: Points for customers", "name: Points for friends")

    planned = manager.post(
        "/console/programmes/plan", {"source": edited.replace("\n", "\r\n"), "reason": "Warmer"}
    )
    assert "Points for friends" in text_of(planned)
    assert "Apply as version 2" in text_of(planned)
    done = manager.post("/console/programmes/apply", hidden_in(planned))
    assert done.status_code == 302

    again = manager.post("/console/programmes/apply", {**hidden_in(planned), "source": company.source})
    assert again.status_code == 409
    assert "Version 2 of points-basics is live, not version 1." in text_of(again)
    version = text_of(manager.get(f"/console/programmes/of/{PROGRAMME}/2"))
    assert "What changed since version 1" in version
    file = manager.get(f"/console/programmes/of/{PROGRAMME}/2.yaml")
    assert file.content.decode() == edited


def test_a_file_with_faults_comes_back_with_every_one_of_them():
    company = make_company()
    spoilt = company.source.replace("floor(amount)", "floor(amonut)")

    refused = company.person("manager").post("/console/programmes/plan", {"source": spoilt})

    assert refused.status_code == 422
    assert "amonut" in text_of(refused)
    assert "The programme file has" in text_of(refused)


def test_the_faults_of_a_file_are_told_in_the_language_of_whoever_edits_it():
    company = make_company()
    manager = company.person("manager")
    spoilt = company.source.replace("floor(amount)", "floor(amonut)")
    asked = {"source": spoilt}

    german = text_of(manager.post("/console/programmes/plan", asked, headers={"Accept-Language": "de"}))
    english = text_of(manager.post("/console/programmes/plan", asked))

    assert "Die Programmdatei hat ein Problem." in german
    assert "ist kein Feld von purchase; meinten Sie `amount`?" in german
    assert 'lang="en' not in german.partition('id="refusal"')[2].partition("</ul>")[0]
    assert "is not a field of purchase; did you mean `amount`?" in english


def test_what_changes_is_told_in_the_language_of_whoever_looks():
    company = make_company()
    manager = company.person("manager")
    edited = company.source.replace("name: Points for customers", "name: Points for friends")
    in_german = {"Accept-Language": "de"}

    planned = manager.post(
        "/console/programmes/plan", {"source": edited, "reason": "Warmer"}, headers=in_german
    )
    manager.post("/console/programmes/apply", hidden_in(planned))
    version = manager.get(f"/console/programmes/of/{PROGRAMME}/2", headers=in_german)

    for page in (text_of(planned), text_of(version)):
        assert "Das Programm heißt jetzt Points for friends, nicht Points for customers." in page


def test_an_activity_is_tested_by_the_real_path_and_leaves_nothing():
    company = make_company()
    ada = company.member()
    company.buy(ada, "10.00")
    developer = company.person("developer")
    form = {
        "type": "purchase",
        "member": reference_of(ada),
        "at": "2026-10-01T12:00",
        "data-amount": "80.00",
        "data-channel": "",
    }

    told = text_of(developer.post("/console/programmes/test/run", form))

    assert "What it would earn" in told and "80 points" in told
    assert company.available(ada) == 10


def test_an_activity_that_does_not_fit_is_refused_beside_its_field():
    company = make_company()
    wrong = company.person("manager").post(
        "/console/programmes/test/run",
        {"type": "purchase", "member": "", "at": "2026-10-01T12:00", "data-amount": "much"},
    )

    assert wrong.status_code == 422
    assert "“much” is no decimal." in text_of(wrong)


def test_a_draft_is_replayed_beside_what_was_granted():
    company = make_company()
    company.buy(company.member(), "50.00")
    manager = company.person("manager")
    # The file's own examples would no longer come true, so the draft goes without them.
    untold = re.sub(r"(?m)^ *(examples:|- \{(given|on):).*\n", "", company.source)
    draft = untold.replace("earn: floor(amount)", "earn: floor(amount * 2)", 1)

    ran = manager.post("/console/simulations/run", {"source": draft})
    assert ran.status_code == 302, text_of(ran)
    waiting, progress = manager.get(ran["Location"]), f"{ran['Location']}/progress"
    assert "The past is decided again" in text_of(waiting) and progress in waiting.content.decode()
    assert "HX-Refresh" not in manager.get(progress)
    work_off(company, ran["Location"])
    assert manager.get(progress)["HX-Refresh"] == "true"
    page = text_of(manager.get(ran["Location"]))

    assert "Under the draft" in page and "100 points" in page and "50 points" in page
    assert "Ada" in page


def test_a_draft_that_cannot_be_replayed_says_why_on_its_page():
    company = make_company()
    manager = company.person("manager")

    ran = manager.post("/console/simulations/run", {"source": company.source})
    work_off(company, ran["Location"])

    page = text_of(manager.get(ran["Location"]))
    assert "This draft could not be replayed" in page
    assert "There is no history that" in page
    assert "Refused" in text_of(manager.get("/console/simulations"))
