"""What programs may rely on: exit codes, JSON on standard output and nothing else there, `[]` for an empty list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plaudit.people.tests.factories import make_organisation, make_sandbox
from plaudit.planning.actions.apply import apply
from plaudit.planning.templates import template
from plaudit.surfaces.cli.tests.calling import Said, call

LISTS = [
    "programme list",
    "import list",
    "member find",
    "team list",
    "user list",
    "reward list",
    "redemption list",
    "sandbox list",
    "key list",
    "webhook list",
    "ledger anchors",
]
EVENT = {
    "specversion": "1.0",
    "source": "till",
    "id": "o-1",
    "type": "purchase",
    "subject": "C0001",
    "time": "2026-01-05T10:00:00Z",
    "data": {"amount": 50.00, "channel": "web"},
}


@pytest.fixture
def shop() -> str:
    """The short name of an organisation with a programme and one member."""
    made = make_organisation()
    apply(made.id, template("points-basics").source, actor="tests")
    call("member", "create", "--name", "Ada Berg", "--known-as", "till:C0001", org=made.slug)
    return made.slug


def sent(shop: str, *options: str) -> Said:
    return call("activity", "send", "--json", *options, given=json.dumps(EVENT), org=shop)


@pytest.mark.parametrize("words", LISTS)
def test_an_empty_list_is_an_empty_array(words: str):
    said = call(*words.split(), "--json", org=make_organisation().slug)
    assert (said.out, said.code) == ("[]\n", 0)


@pytest.mark.parametrize("words", LISTS)
def test_an_empty_list_tells_a_person_what_to_do_and_leaves_standard_output_alone(words: str):
    said = call(*words.split(), org=make_organisation().slug)
    assert said.out == ""
    assert said.talk.strip()


def test_what_is_not_there_ends_with_3(shop: str):
    assert call("member", "show", "mem_01jd0000000000000000000000", org=shop).code == 3
    assert call("member", "show", "till:C9999", org=shop).code == 3
    assert call("programme", "export", "no-such", org=shop).code == 3
    assert call("programme", "validate", "/no/such/file.yaml").code == 3
    assert call("team", "list", org="no-such-organisation").code == 3


def test_what_is_not_right_ends_with_4(shop: str, tmp_path: Path):
    file = tmp_path / "broken.yaml"
    file.write_text("plaudit: 1\nprogramme: x\nrules: 7\n")
    said = call("programme", "validate", str(file), "--json")
    assert (said.code, said.out) == (4, "")
    assert json.loads(said.talk)["errors"]


def test_what_contradicts_the_record_ends_with_5(shop: str, tmp_path: Path):
    file = tmp_path / "there.yaml"
    file.write_text("")
    assert call("programme", "create", str(file)).code == 5


def test_what_nobody_confirmed_is_not_done_and_ends_with_6(shop: str):
    assert call("programme", "retire", "points-basics", org=shop).code == 6
    assert call("programme", "list", "--json", org=shop).data[0]["state"] == "live"
    assert call("programme", "retire", "points-basics", "--yes", org=shop).code == 0
    assert call("programme", "list", "--json", org=shop).data[0]["state"] == "retired"


def test_several_organisations_ask_for_a_name_and_end_with_2():
    make_organisation()
    make_organisation()
    assert call("team", "list").code == 2


def test_a_rehearsed_event_earns_and_leaves_nothing(shop: str):
    said = sent(shop, "--dry-run")
    assert (said.code, said.data[0]["balances"]) == (0, {"points": 50})
    assert call("ledger", "statement", "till:C0001", "--unit", "points", "--json", org=shop).data == []


def test_an_event_earns_once_and_says_why(shop: str):
    first, again = sent(shop), sent(shop)
    assert [one.data[0]["status"] for one in (first, again)] == ["recorded", "repeated"]
    lines = call("ledger", "statement", "till:C0001", "--json", org=shop).data
    assert [(one["change"], one["after"]) for one in lines] == [(50, 50)]
    because = call("ledger", "because", lines[0]["reference"], "--json", org=shop)
    assert "50" in because.data["sentence"]
    told = call("activity", "explain", "till:o-1", "--json", org=shop).data
    assert {one["rule"] for one in told if one["granted"]} == {"purchases"}


def test_an_award_says_before_and_after_and_is_taken_back_once(shop: str):
    given = ["award", "till:C0001", "25", "--because", "Kind", "--unit", "points", "--key", "a", "--json"]
    first, again = call(*given, org=shop), call(*given, org=shop)
    assert (first.data["before"], first.data["after"], first.data["repeated"]) == (0, 25, False)
    assert again.data["repeated"]
    taken = call("reverse", first.data["reference"], "--because", "Slip", "--json", org=shop)
    assert taken.data["amount"] == 25
    assert call("ledger", "verify", org=shop).code == 0


def test_a_seal_is_borne_out_by_the_line_kept_of_it(shop: str, tmp_path: Path):
    sent(shop)
    anchor = call("ledger", "seal", "--json", org=shop).data["anchor"]
    kept = tmp_path / "anchors.txt"
    kept.write_text(anchor + "\n")
    assert call("ledger", "verify", "--anchors", str(kept), org=shop).code == 0
    kept.write_text(anchor[:-1] + ("0" if anchor[-1] != "0" else "1") + "\n")
    assert call("ledger", "verify", "--anchors", str(kept), org=shop).code == 8


def test_members_that_were_exported_are_imported_elsewhere(shop: str, tmp_path: Path):
    file = tmp_path / "members.ndjson"
    file.write_text(call("member", "export", org=shop).out)
    elsewhere = make_organisation().slug
    assert call("member", "import", str(file), "--json", org=elsewhere).data["enrolled"] == 1
    assert call("member", "import", str(file), "--json", org=elsewhere).data["unchanged"] == 1
    assert call("member", "find", "Ada", "--json", org=elsewhere).data[0]["known_as"] == "till:C0001"


def test_members_are_merged_and_separated(shop: str):
    call("member", "create", "--name", "Ada B.", "--known-as", "web:77", org=shop)
    call("award", "web:77", "10", "--because", "Kind", "--unit", "points", org=shop)
    merge = call("member", "merge", "till:C0001", "web:77", "--because", "One person", "--json", org=shop)
    assert merge.data["points"] == {"points": 10}
    parted = call("member", "separate", merge.data["merge"], "--because", "Two", "--json", org=shop)
    assert parted.data["points"] == {"points": 10}


def test_teams_are_made_joined_and_left(shop: str):
    call("team", "create", "north", org=shop)
    call("team", "join", "north", "till:C0001", "--leads", org=shop)
    assert [
        (one["name"], one["leads"]) for one in call("team", "show", "north", "--json", org=shop).data
    ] == [("Ada Berg", True)]
    assert call("team", "leave", "north", "till:C0001", org=shop).code == 0


def test_a_key_is_rotated_and_revoked(shop: str):
    made = call("key", "create", "Shop", "--scope", "activity:write", "--json", org=shop).data
    turned = call("key", "rotate", made["key"], "--json", org=shop).data
    assert turned["secret"] != made["secret"]
    assert call("key", "revoke", turned["key"], "--yes", org=shop).code == 0
    revoked = {one["key"]: one["revoked"] for one in call("key", "list", "--json", org=shop).data}
    assert revoked == {made["key"]: False, turned["key"]: True}


def test_codes_come_from_a_file_and_a_reward_is_bought(shop: str, tmp_path: Path):
    offers = call("reward", "list", "--json", org=shop).data
    code = next(one for one in offers if one["kind"] == "code")
    file = tmp_path / "codes.txt"
    file.write_text("A-1\nA-2\n")
    assert call("reward", "codes", code["key"], str(file), "--json", org=shop).data["added"] == 2
    assert call("reward", "codes", code["key"], str(file), "--json", org=shop).data["added"] == 0
    price = str(code["price"])
    call("award", "till:C0001", price, "--because", "Kind", "--unit", "points", org=shop)
    assert call("reward", "list", "--for", "till:C0001", "--json", org=shop).data[0]["missing"] == 0
    assert call("redemption", "redeem", "till:C0001", code["key"], org=shop).code == 0
    assert call("redemption", "redeem", "till:C0001", code["key"], org=shop).code != 0


def test_a_parcel_is_bought_and_cancelled(shop: str):
    offers = call("reward", "list", "--json", org=shop).data
    parcel = next(one for one in offers if one["can_be_cancelled"])
    # A thousand or more would need a second person.
    half = str(parcel["price"] // 2)
    for _ in range(2):
        given = call("award", "till:C0001", half, "--because", "Kind", "--unit", "points", org=shop)
        assert given.code == 0, given.talk
    said = call("redemption", "redeem", "till:C0001", parcel["key"], "--json", org=shop)
    assert said.code == 0, said.talk
    bought = said.data
    assert call("redemption", "cancel", bought["redemption"], org=shop).code == 0
    listed = call("redemption", "list", "--of", "till:C0001", "--json", org=shop).data
    assert [(one["member"], one["state"]) for one in listed] == [("Ada Berg", "cancelled")]
    balance = call("member", "show", "till:C0001", "--json", org=shop).data["balances"]["points"]
    assert balance["available"] == parcel["price"]


def test_a_sandbox_is_told_what_will_happen_before_its_clock_moves():
    sandbox = make_sandbox().slug
    apply_to = template("points-basics").source
    assert call("programme", "apply", "-", given=apply_to, org=sandbox).code == 0
    call("member", "create", "--known-as", "till:C0001", org=sandbox)
    call("award", "till:C0001", "40", "--because", "Kind", org=sandbox)
    coming = call("clock", "show", "--days", "800", "--json", org=sandbox).data
    assert any("expire" in one["what"] for one in coming)
    assert call("clock", "advance", "--days", "800", org=sandbox).code == 0
    balance = call("member", "show", "till:C0001", "--json", org=sandbox).data["balances"]
    assert balance["points"]["available"] == 0


def test_a_live_organisation_has_no_clock_to_move(shop: str):
    assert call("clock", "advance", "--days", "1", org=shop).code == 5


def test_the_feed_gives_back_what_happened_one_object_a_line(shop: str):
    sent(shop)
    said = call("feed", "tail", "--all", "--no-follow", org=shop)
    types = [json.loads(line)["type"] for line in said.out.splitlines()]
    assert "points.earned" in types


def test_every_line_of_the_ledger_is_exported(shop: str):
    sent(shop)
    said = call("ledger", "export", "--unit", "points", org=shop)
    assert [json.loads(line)["change"] for line in said.out.splitlines()] == [50]


def test_a_file_is_guessed_previewed_checked_and_imported_once(shop: str, tmp_path: Path):
    file = tmp_path / "sales.csv"
    file.write_text("id,type,member,when,amount\no-7,purchase,C0001,2026-01-05 10:00,12.50\n")
    mapping = tmp_path / "sales.mapping.yaml"
    mapping.write_text(
        "mapping: 1\nfile: {format: csv, encoding: utf-8}\nsource: till\ntype: {column: type}\n"
        "key: {columns: [id]}\nsubject: {column: member}\n"
        'occurred_at: {column: when, format: "%Y-%m-%d %H:%M", time_zone: UTC}\n'
        "fields:\n  amount: {column: amount, as: decimal, scale: 2}\n"
    )
    given = ["activity", "import", str(file), "--mapping", str(mapping), "--json"]
    assert "mapping: 1" in call("activity", "import", str(file)).out
    assert "purchase o-7" in call(*given, "--preview").data[0]["becomes"]
    assert call(*given, "--check").code == 0
    assert call(*given, org=shop).data["recorded"] == 1
    assert call(*given, org=shop).data["repeated"] == 1
    assert [one["state"] for one in call("import", "list", "--json", org=shop).data] == ["done", "done"]


def test_a_draft_is_replayed_over_what_happened(shop: str, tmp_path: Path):
    sent(shop)
    draft = tmp_path / "draft.yaml"
    draft.write_text(call("programme", "export", "points-basics", org=shop).out)
    said = call("simulate", str(draft), "--json", org=shop)
    assert said.code == 0
    assert [(one["unit"], one["draft"], one["live"]) for one in said.data["units"]] == [("points", 50, 50)]


def test_configuration_is_explained_and_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLAUDIT_SECRET_KEY", "s" * 40)
    shown = call("config", "show", "--json")
    assert "ssss" not in shown.out
    assert call("config", "explain", "port", "--json").data["set_it"] == "PLAUDIT_PORT=…"
    assert call("config", "explain", "nothing").code == 3
    monkeypatch.setenv("PLAUDIT_PRT", "1")
    assert call("config", "check").code == 4
