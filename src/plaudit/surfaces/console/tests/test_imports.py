"""Importing a file in the console: looked at first, run by a worker, followed live, repaired."""

from __future__ import annotations

import re
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile

from plaudit.activity.imports import imports
from plaudit.earning.actions import import_file as import_action
from plaudit.earning.actions.stop_import import cancel_import
from plaudit.earning.tasks import import_file
from plaudit.foundation.jobs.declaring import at_once
from plaudit.foundation.tenancy import in_organisation
from plaudit.surfaces.console.tests.shops import make_company
from plaudit.surfaces.console.tests.test_pages import hidden_in, text_of

MAPPING = """mapping: 1
file: {format: csv}
source: till
type: purchase
key: {columns: [order]}
subject: {column: customer}
occurred_at: {column: day, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields:
  amount: {column: amount, as: decimal, scale: 2}
"""


def orders(count: int, *, wrong: int = 0) -> bytes:
    """A file of orders, the first `wrong` of them with an amount that is none."""
    lines = [
        f"o{number},c{number % 7},2026-10-{number % 28 + 1:02},{'much' if number < wrong else f'{number}.50'}"
        for number in range(count)
    ]
    return "\n".join(["order,customer,day,amount", *lines]).encode()


def send(client, content: bytes):
    """Upload a file; the page with its first rows."""
    file = SimpleUploadedFile("orders.csv", content)
    return client.post("/console/imports/look", {"file": file, "name": "October"})


def begin(client, content: bytes) -> str:
    """Have a file imported under the mapping; the address of its page."""
    look = hidden_in(send(client, content))
    answer = client.post("/console/imports/look-again", {**look, "mapping": MAPPING, "import": "yes"})
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def run(organisation_id: int) -> None:
    """Do what a worker would."""
    with in_organisation(organisation_id):
        (batch, *_others) = imports(organisation_id)
    import_file(organisation_id, batch_id=batch.id)


def test_a_file_is_looked_at_before_anything_counts():
    company = make_company()
    manager = company.person("manager")

    look = send(manager, orders(5))
    again = manager.post("/console/imports/look-again", {**hidden_in(look), "mapping": MAPPING})

    assert "What its first rows become" in text_of(look)
    assert "purchase for c1" in text_of(again)
    with in_organisation(company.id):
        assert imports(company.id) == []


def test_a_mapping_with_faults_comes_back_as_it_was_written():
    company = make_company()
    manager = company.person("manager")
    look = hidden_in(send(manager, orders(2)))

    wrong = manager.post("/console/imports/look-again", {**look, "mapping": "mapping: 1\nnonsense: 2\n"})

    assert wrong.status_code == 422
    assert "nonsense" in text_of(wrong)


def test_a_kept_file_is_named_by_its_digest_and_never_by_a_path():
    company = make_company()
    manager = company.person("manager")

    for name in ("../../secret-key", "x.csv", "a" * 64):
        answer = manager.post(
            "/console/imports/look-again", {"kept": name, "name": "n", "mapping": MAPPING, "import": "yes"}
        )
        assert answer.status_code == 404, name


def test_an_import_runs_later_and_its_page_tells_how_far_it_is():
    company = make_company()
    manager = company.person("manager")
    page = begin(manager, orders(30, wrong=2))
    assert "Waiting" in text_of(manager.get(page))

    run(company.id)
    done = text_of(manager.get(page))

    assert "30 of 30 rows (100%)" in done
    problem = re.search(r'href="([^"]+repair=[^"]+)"', done)
    assert problem
    rows = text_of(manager.get(unescape(problem[1]).partition("#")[0]))
    assert "Rows that need this repair" in rows and "orders.csv" not in rows.split("<table")[0]
    rejects = manager.get(f"{page}/rejects.csv").content.decode()
    assert "o0" in rejects and "o5" not in rejects


def test_a_paused_import_goes_on_where_it_was():
    company = make_company()
    manager = company.person("manager")
    page = begin(manager, orders(10))

    manager.post(f"{page}/pause")
    assert "Nothing of it is in yet." in text_of(manager.get(page))
    assert manager.post(f"{page}/resume").status_code == 302
    run(company.id)

    assert "10 of 10 rows (100%)" in text_of(manager.get(page))


def test_a_cancelled_import_says_what_is_in_and_is_taken_back_or_goes_on(monkeypatch):
    monkeypatch.setattr(import_action, "STEP", 4)
    company = make_company()
    manager = company.person("manager")
    page = begin(manager, orders(10))
    cancel_after_a_step(company.id)

    shown = text_of(manager.get(page))
    assert "4 of 10 rows were read, and 4 are in. Take them back, or go on." in shown
    unexplained = manager.post(f"{page}/reverse", {"reason": " "})
    assert unexplained.status_code == 422 and "Say why it is taken back." in text_of(unexplained)
    assert manager.post(f"{page}/resume").status_code == 302
    run(company.id)
    assert "10 of 10 rows (100%)" in text_of(manager.get(page))

    refused = manager.post(f"{page}/cancel")
    assert refused.status_code == 409 and "nothing left to cancel" in text_of(refused)
    with at_once() as queued:
        assert manager.post(f"{page}/reverse", {"reason": "The wrong month"}).status_code == 302
    for job in queued:
        job()
    assert "It was taken back" in text_of(manager.get(page))


def test_whoever_only_reads_imports_stops_none():
    company = make_company()
    page = begin(company.person("manager"), orders(2))
    auditor = company.person("auditor")

    assert "/cancel" not in auditor.get(page).content.decode()
    assert auditor.post(f"{page}/cancel").status_code == 403
    assert auditor.post(f"{page}/reverse", {"reason": "No"}).status_code == 403


def cancel_after_a_step(organisation_id: int) -> None:
    """Somebody cancels while a worker is at it."""
    with in_organisation(organisation_id):
        (batch, *_others) = imports(organisation_id)

    def stop(now) -> None:
        if now.rows_done == 4:
            cancel_import(organisation_id, batch.id, actor="usr_0")

    import_action.run_import(organisation_id, batch.id, on_progress=stop)
