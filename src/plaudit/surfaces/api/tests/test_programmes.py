"""Programmes, activity types, rules, imports and news over HTTP."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from plaudit.activity.models import ImportBatch
from plaudit.earning.actions.import_file import run_import
from plaudit.earning.tests.factories import make_story
from plaudit.foundation.jobs.declaring import at_once
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.tests.calling import AT, Program, Response, body_of, program, purchase

YAML = "application/yaml"
FILE = """\
plaudit: 1
programme: corner-shop
name: Corner shop points
time_zone: Europe/Lisbon
units:
  points: {one: point, other: points}
activities:
  purchase:
    title: Purchase
    fields: {amount: decimal(2)}
rules:
  purchases:
    name: 1 point per euro
    on: purchase
    earn: floor(amount)
"""


def apply(caller: Program, text: str = FILE, *, key: str = "", match: str = "") -> Response:
    headers = {"If-Match": match} if match else {}
    return caller.send("PUT", "/programmes/corner-shop", text, media=YAML, key=key, headers=headers)


def test_a_file_is_planned_without_changing_anything():
    caller = program(make_organisation().id, "programme:read")

    planned = caller.post("/programmes/plan", FILE, media=YAML, key=None)

    told = body_of(planned)
    assert planned.status_code == 200
    assert (told["programme"], told["live"], told["next"]) == ("corner-shop", None, 1)
    assert any("purchases" in change["sentence"] for change in told["changes"])
    assert body_of(caller.get("/programmes"))["items"] == []


def test_a_file_is_applied_only_over_the_version_that_was_seen():
    caller = program(make_organisation().id)

    first = apply(caller, match='"0"')
    stale = apply(caller, FILE.replace("floor(amount)", "floor(amount * 2)"), match='"0"')
    same = apply(caller, match='"1"')
    second = apply(caller, FILE.replace("floor(amount)", "floor(amount * 2)"), match='"1"')
    odd = apply(caller, match="W/seven")

    assert (first.status_code, body_of(first)["version"]) == (201, 1)
    assert (stale.status_code, body_of(stale)["code"]) == (409, "programme_moved_on")
    assert (same.status_code, body_of(same)["published"]) == (200, False)
    assert (second.status_code, body_of(second)["version"]) == (201, 2)
    assert odd.status_code == 412
    versions = body_of(caller.get("/programmes/corner-shop/versions"))["items"]
    assert [version["number"] for version in versions] == [2, 1]


def test_the_file_comes_back_byte_for_byte_with_its_version_as_etag():
    caller = program(make_organisation().id)
    apply(caller, FILE + "# a comment\n")

    answer = caller.get("/programmes/prg_corner-shop/file")

    assert answer.content.decode() == FILE + "# a comment\n"
    assert (answer["Content-Type"], answer["ETag"]) == ("application/yaml; charset=utf-8", '"1"')
    assert "comment" not in caller.get("/programmes/corner-shop/file", form="regenerated").content.decode()
    assert caller.get("/programmes/corner-shop/file", version=7).status_code == 404


def test_a_faulty_file_is_refused_with_the_line_of_every_fault():
    caller = program(make_organisation().id)

    answer = apply(caller, FILE.replace("floor(amount)", "floor(amont)").replace("on: purchase", "on: sale"))

    faults = body_of(answer)["errors"]
    assert (answer.status_code, body_of(answer)["code"]) == (422, "programme_file_refused")
    assert faults and all(fault["line"] > 0 and fault["pointer"].startswith("/rules") for fault in faults)
    assert body_of(caller.get("/programmes"))["items"] == []


def test_a_file_of_another_programme_is_refused():
    caller = program(make_organisation().id)

    answer = caller.send("PUT", "/programmes/other-shop", FILE, media=YAML)

    assert (answer.status_code, body_of(answer)["errors"][0]["code"]) == (422, "other_programme")


def test_a_file_in_json_or_in_no_encoding_is_not_taken():
    caller = program(make_organisation().id)

    as_json = caller.send("PUT", "/programmes/corner-shop", FILE, media="application/json")
    as_latin = caller.send("PUT", "/programmes/corner-shop", FILE.encode() + b"\xe9", media=YAML)

    assert as_json.status_code == 415
    assert (as_latin.status_code, body_of(as_latin)["errors"][0]["code"]) == (400, "not_utf8")


def test_a_paused_programme_earns_nothing_until_it_is_resumed():
    caller = program(make_organisation().id)
    apply(caller)

    def points() -> list[int]:
        return [grant["amount"] for grant in body_of(caller.report(purchase("ada", "7")))["grants"]]

    caller.post("/programmes/corner-shop/pause", {"reason": "August"})
    paused = points()
    caller.post("/programmes/corner-shop/resume", {"reason": "September"})

    assert (paused, points()) == ([], [7])
    assert body_of(caller.get("/programmes/corner-shop"))["state"] == "live"


def test_a_draft_is_tried_on_events_and_nothing_of_it_remains():
    caller = program(make_organisation().id)
    apply(caller)
    draft = FILE.replace("floor(amount)", "floor(amount * 3)")

    tried = caller.post("/programmes/dry-run", {"file": draft, "events": [purchase("ada", "7")]}, key=None)

    told = body_of(tried)
    assert tried.status_code == 200
    assert [grant["amount"] for grant in told["results"][0]["grants"]] == [21]
    assert told["results"][0]["explanation"]["verdicts"][0]["version"] == 2
    assert body_of(caller.get("/programmes/corner-shop"))["version"] == 1
    assert body_of(caller.get("/events"))["items"] == []
    assert body_of(caller.report(purchase("ada", "7")))["grants"][0]["amount"] == 7


def test_a_type_comes_with_the_schema_of_its_data():
    caller = program(make_organisation().id)
    apply(caller)

    shown = body_of(caller.get("/activity-types/purchase"))

    assert shown["data_schema"]["required"] == ["amount"]
    assert body_of(caller.get("/activity-types"))["items"] == [shown]
    assert caller.get("/activity-types/sale").status_code == 404


def test_a_rule_stays_readable_after_it_is_replaced():
    caller = program(make_organisation().id)
    apply(caller)
    old = body_of(caller.get("/rules"))["items"][0]

    apply(caller, FILE.replace("floor(amount)", "floor(amount * 2)"))

    assert body_of(caller.get(f"/rules/{old['id']}")) == old
    new = body_of(caller.get("/rules", programme="corner-shop"))["items"][0]
    assert (new["version"], new["earn"]) == (2, "floor(amount * 2)")
    assert body_of(caller.get("/rules", programme="nothing"))["items"] == []
    elsewhere = program(make_organisation().id)
    assert elsewhere.get(f"/rules/{old['id']}").status_code == 404


MAPPING = """\
mapping: 1
file: {format: csv}
source: till
type: purchase
key: {column: receipt}
subject: {column: customer}
occurred_at: {column: paid_at, format: "%Y-%m-%d %H:%M", time_zone: Europe/Lisbon}
fields:
  amount: {column: amount, as: decimal, scale: 2}
"""
ROWS = "receipt,customer,paid_at,amount\n1,ada,2026-02-01 10:00,12.00\n2,bo,2026-02-01 11:30,a lot\n"


def upload(caller: Program, rows: str = ROWS, mapping: str = MAPPING, name: str = "sales.csv") -> Response:
    file = SimpleUploadedFile(name, rows.encode())
    return caller.client.post(f"{AT}/imports", {"file": file, "mapping": mapping})


def test_a_file_is_imported_by_a_worker_and_followed():
    story = make_story()
    caller = program(story.organisation.id)

    begun = upload(caller)
    reference = body_of(begun)["id"]
    assert (begun.status_code, body_of(begun)["state"], body_of(begun)["name"]) == (
        202,
        "waiting",
        "sales.csv",
    )
    run_import(story.organisation.id, int(reference.removeprefix("imp_")))

    done = body_of(caller.get(f"/imports/{reference}"))
    assert (done["state"], done["recorded"], done["rejected"]) == ("done", 1, 1)
    assert done["points"] == {"points": 12} and story.available("ada") == 12
    rejected = body_of(caller.get(f"/imports/{reference}/rejects"))["items"]
    assert [(row["row"], row["field"], row["content"]["receipt"]) for row in rejected] == [(3, "amount", "2")]
    as_csv = caller.get(f"/imports/{reference}/rejects.csv")
    assert as_csv["Content-Type"].startswith("text/csv") and b"a lot" in as_csv.content
    assert body_of(caller.get("/events"))["items"][0]["import_id"] == reference


def test_an_import_is_taken_back_by_a_worker_once_it_has_posted():
    story = make_story()
    caller = program(story.organisation.id)
    begun = body_of(upload(caller))["id"]

    too_soon = caller.post(f"/imports/{begun}/reverse", {"reason": "Wrong file"})
    with in_organisation(story.organisation.id):
        assert ImportBatch.objects.get(organisation_id=story.organisation.id).state == "waiting"
    run_import(story.organisation.id, int(begun.removeprefix("imp_")))
    with at_once() as queued:
        taken_back = caller.post(f"/imports/{begun}/reverse", {"reason": "Wrong file"})
    for job in queued:
        job()

    assert (too_soon.status_code, body_of(too_soon)["code"]) == (409, "import_not_reversible")
    assert taken_back.status_code == 202
    assert body_of(caller.get(f"/imports/{begun}"))["state"] == "reversed" and story.available("ada") == 0


def test_the_same_file_sent_twice_is_one_import():
    story = make_story()
    caller = program(story.organisation.id)

    first, again = upload(caller), upload(caller, name="again.csv")

    assert body_of(first)["id"] == body_of(again)["id"]
    with in_organisation(story.organisation.id):
        assert ImportBatch.objects.filter(organisation_id=story.organisation.id).count() == 1


def test_a_name_leads_a_file_nowhere():
    story = make_story()

    begun = upload(program(story.organisation.id), name="../../etc/passwd")

    with in_organisation(story.organisation.id):
        path = ImportBatch.objects.get(organisation_id=story.organisation.id).path
    assert begun.status_code == 202 and "passwd" not in path and ".." not in path


def test_a_mapping_with_faults_is_refused_with_each():
    answer = upload(program(make_story().organisation.id), mapping="mapping: 1\nfile: {format: csv}\n")

    assert answer.status_code == 422 and len(body_of(answer)["errors"]) > 1


def test_an_import_without_a_file_is_refused():
    caller = program(make_organisation().id)

    answer = caller.client.post(f"{AT}/imports", {"mapping": MAPPING})

    assert (answer.status_code, body_of(answer)["errors"][0]["pointer"]) == (422, "/file")


def test_the_feed_tells_everything_once_in_order():
    caller = program(make_organisation().id)
    apply(caller)
    caller.report(purchase("ada", "7"))

    first = body_of(caller.get("/events/feed", limit=2))
    rest = body_of(caller.get("/events/feed", after=first["next"]))
    caller.report(purchase("ada", "8"))
    news = body_of(caller.get("/events/feed", after=rest["next"]))

    told = [message["type"] for message in first["items"] + rest["items"]]
    assert told == ["programme.published", "activity.recorded", "points.earned"]
    assert first["has_more"] is True and rest["has_more"] is False
    assert [message["data"].get("amount") for message in news["items"]] == [None, 8]
    now = body_of(caller.get("/events/feed", from_now="true"))
    assert now["items"] == [] and body_of(caller.get("/events/feed", after=now["next"]))["items"] == []


def test_a_webhook_is_added_with_a_secret_shown_once_and_only_on_the_internet():
    caller = program(make_organisation().id)
    wanted = {"url": "https://93.184.215.14/hook", "types": ["points.*"]}

    added = body_of(caller.post("/webhooks", wanted, key="w"))
    again = body_of(caller.post("/webhooks", wanted, key="w"))

    assert added["secret"].startswith("whsec_")
    assert again == {**added, "secret": None}
    assert len(body_of(caller.get("/webhooks"))["items"]) == 1
    for url in ("http://93.184.215.14/", "https://127.0.0.1/", "https://169.254.169.254/", "https://[::1]/"):
        refused = caller.post("/webhooks", {"url": url})
        assert (refused.status_code, body_of(refused)["code"]) == (422, "url_refused")


def test_a_webhook_is_changed_only_as_it_was_seen_and_tested():
    caller = program(make_organisation().id)
    added = body_of(caller.post("/webhooks", {"url": "https://93.184.215.14/hook"}))
    at = f"/webhooks/{added['id']}"
    seen = caller.get(at)["ETag"]

    changed = caller.send("PATCH", at, {"types": ["points.earned"]}, headers={"If-Match": seen})
    stale = caller.send("PATCH", at, {"types": ["*"]}, headers={"If-Match": seen})
    tested = body_of(caller.post(f"{at}/test"))

    assert (changed.status_code, stale.status_code) == (200, 412)
    found = body_of(caller.get("/deliveries", endpoint=added["id"]))["items"]
    assert [(one["id"], one["type"], one["state"]) for one in found] == [
        (tested["id"], "webhook.ping", "waiting")
    ]
    caller.post(f"{at}/disable", {"reason": "Moves house"})
    assert body_of(caller.get(f"/deliveries/{tested['id']}"))["delivery"]["state"] == "dead"
    refused = caller.post(f"/deliveries/{tested['id']}/resend")
    assert (refused.status_code, body_of(refused)["code"]) == (409, "endpoint_disabled")
    caller.post(f"{at}/enable")
    assert body_of(caller.post(f"{at}/resend-dead"))["deliveries"] == 1
