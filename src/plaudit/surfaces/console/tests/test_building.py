"""Keys, webhooks and the stream of events in the console: what is shown once, who may, what was told."""

from __future__ import annotations

import re

import pytest

from plaudit.foundation import ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.endpoints import add_endpoint, disable_endpoint
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.models import Endpoint
from plaudit.outreach.queries.webhooks import deliveries, show_delivery, show_endpoint
from plaudit.people.actions.keys import create_key
from plaudit.people.models import ApiKey
from plaudit.people.queries import keys
from plaudit.people.tests.browsing import program_with
from plaudit.people.tests.factories import ACTOR
from plaudit.surfaces.console.tests.shops import Company, make_company, make_sandbox_company
from plaudit.surfaces.console.tests.test_pages import queries_of, text_of

KEYS = "/console/dev/keys"
HOOKS = "/console/dev/webhooks"


def add(company, url: str = "https://shop.example/hooks") -> Endpoint:
    """A receiver, whose name is looked up nowhere."""
    return add_endpoint(
        company.id, url=url, types=["*"], actor=ACTOR, resolve=lambda *_: ["93.184.215.14"]
    ).endpoint


def make_key(client, **told: object):
    return client.post(f"{KEYS}/make", {"name": "Till", "scopes": ["activity:read"], **told})


def secret_in(page) -> str:
    found = re.search(r"plt_(live|test)_[0-9a-z]+_[A-Za-z0-9_-]{43}", text_of(page))
    assert found
    return found[0]


def test_a_key_is_shown_once_and_lets_its_program_in():
    company = make_company()
    operator = company.person("operator")

    made = make_key(operator)
    secret = secret_in(made)

    assert made.status_code == 201
    assert program_with(secret).get("/api/v1/me").json()["scopes"] == ["activity:read"]
    page = text_of(operator.get(KEYS))
    assert secret not in page
    assert secret[:-39] in page


def test_a_key_without_a_name_or_scope_comes_back_as_it_was_filled_in():
    operator = make_company().person("operator")

    answer = make_key(operator, name="", scopes=["ledger:read"])

    assert answer.status_code == 422
    assert "Say what the key is for." in text_of(answer)
    assert re.search(r'value="ledger:read"[^>]*checked', text_of(answer))


def test_a_rotated_key_works_beside_its_successor_and_a_revoked_one_no_more():
    company = make_company()
    operator = company.person("operator")
    first = secret_in(make_key(operator))
    (key,) = _keys(company)
    at = f"{KEYS}/{ids.show('key', key.id)}"

    second = secret_in(operator.post(f"{at}/rotate"))
    assert [program_with(one).get("/api/v1/me").status_code for one in (first, second)] == [200, 200]
    again = operator.post(f"{at}/rotate")
    assert again.status_code == 409
    assert "already replaced" in text_of(again)

    assert operator.post(f"{at}/revoke", {"reason": "It leaked."}).status_code == 302
    assert [program_with(one).get("/api/v1/me").status_code for one in (first, second)] == [401, 200]
    assert "Revoked" in text_of(operator.get(at))


def test_in_a_live_organisation_a_developer_makes_no_key_and_may_end_one():
    company = make_company()
    made = create_key(company.id, name="Till", scopes=["admin"], actor=ACTOR).key
    developer = company.person("developer")
    at = f"{KEYS}/{ids.show('key', made.id)}"

    assert make_key(developer).status_code == 409
    assert developer.post(f"{at}/rotate").status_code == 409
    assert len(_keys(company)) == 1
    assert "here an operator makes keys" in text_of(developer.get(f"{KEYS}/new"))
    assert developer.post(f"{at}/revoke").status_code == 302


def test_in_a_sandbox_a_developer_makes_a_key():
    company = make_sandbox_company()

    made = make_key(company.person("developer"))

    assert secret_in(made).startswith("plt_test_")


def test_the_quick_start_holds_ones_own_key_this_once():
    company = make_sandbox_company()
    developer = company.person("developer")
    assert "YOUR_KEY" in text_of(developer.get("/console/dev"))

    page = developer.post("/console/dev/own-key")
    secret = secret_in(page)

    assert text_of(page).count(secret) == 5
    assert secret not in text_of(developer.get("/console/dev"))
    body = re.search(r"-d '(\{.*?\})'</code>", text_of(page), re.DOTALL)
    assert body
    sent = program_with(secret).post("/api/v1/events", body[1], "application/cloudevents+json")
    assert sent.status_code == 201, sent.content
    assert sent.json()["grants"]
    member = re.search(r"members/(ext:till:[\w-]+)/balances", text_of(page))
    assert member
    assert program_with(secret).get(f"/api/v1/members/{member[1]}/balances").status_code == 200


def test_no_own_key_is_made_in_a_live_organisation():
    company = make_company()

    assert company.person("developer").post("/console/dev/own-key").status_code == 409
    assert _keys(company) == []


def test_a_webhook_is_added_with_its_secret_shown_once(monkeypatch):
    company = make_company()
    operator = company.person("operator")
    monkeypatch.setattr("plaudit.foundation.reaching.socket.getaddrinfo", _looked_up)

    added = operator.post(f"{HOOKS}/add", {"url": "https://shop.example/h", "types": "points.*, activity.*"})

    assert added.status_code == 201, text_of(added)
    secret = re.search(r"whsec_[\w+/=]+", text_of(added))
    assert secret
    page = text_of(operator.get(HOOKS))
    assert secret[0] not in page
    assert "https://shop.example/h" in page
    assert "activity.*, points.*" in page


def test_a_webhook_to_ones_own_network_is_refused_on_the_form():
    operator = make_company().person("operator")

    refused = operator.post(f"{HOOKS}/add", {"url": "https://127.0.0.1/h", "types": "*"})

    assert refused.status_code == 422
    assert "Nothing can be sent to https://127.0.0.1/h" in text_of(refused)
    assert 'value="https://127.0.0.1/h"' in text_of(refused)


def test_a_test_message_waits_to_be_sent_and_can_be_sent_again():
    company = make_company()
    endpoint = add(company)
    developer = company.person("developer")
    at = f"{HOOKS}/{show_endpoint(endpoint.id)}"

    assert developer.post(f"{at}/test").status_code == 302
    (made,) = deliveries(company.id)
    assert "webhook.ping" in text_of(developer.get(at))
    delivery = f"/console/dev/deliveries/{show_delivery(made.id)}"
    assert "It was not tried yet." in text_of(developer.get(delivery))
    assert developer.post(f"{delivery}/resend").status_code == 302


def test_what_was_given_up_is_sent_again_once_the_endpoint_is_on():
    company = make_company()
    endpoint = add(company)
    operator = company.person("operator")
    at = f"{HOOKS}/{show_endpoint(endpoint.id)}"
    operator.post(f"{at}/test")
    disable_endpoint(company.id, endpoint.id, actor=ACTOR, reason="Moving house.")

    refused = operator.post(f"{at}/resend-all")
    assert refused.status_code == 409
    assert "Moving house." in text_of(refused)
    assert operator.post(f"{at}/enable").status_code == 302
    assert operator.post(f"{at}/resend-all").status_code == 302
    assert [one.state for one in deliveries(company.id)] == ["waiting"]


def test_the_stream_tells_what_happened_newest_first_and_what_became_of_it():
    company = make_company()
    add(company)
    company.buy(company.member())
    spread(company.id)

    page = text_of(company.person("operator").get("/console/dev/events"))

    assert page.index("points.earned") < page.index("activity.recorded")
    assert "To be sent" in page
    assert "What it says" not in page


def test_the_stream_goes_back_page_by_page_and_misses_nothing():
    company = make_company()
    for number in range(40):
        company.buy(company.member(f"M{number}"))
    operator = company.person("operator")

    seen, onward, pages = [], "/console/dev/events", 0
    while onward:
        page = text_of(operator.get(onward))
        seen += re.findall(r"<code>((?:led|act)_[\w-]+)</code>", page)
        following = re.search(r'href="(\?before=[^"]+)" rel="next"', page)
        onward = f"/console/dev/events{following[1]}" if following else ""
        pages += 1

    assert pages == 2
    assert len(seen) == len(set(seen)) == 80


def test_what_messages_say_is_shown_in_a_sandbox_alone():
    sandbox = make_sandbox_company()
    sandbox.buy(sandbox.member())
    developer = sandbox.person("developer")

    assert '"type": "points.earned"' in text_of(developer.get("/console/dev/events?type=points.*"))
    assert "activity.recorded" not in text_of(developer.get("/console/dev/events?type=points.*"))


def test_a_cursor_that_is_none_of_ours_is_refused():
    assert make_company().person("operator").get("/console/dev/events?before=x").status_code == 422


@pytest.mark.parametrize("page", [KEYS, HOOKS, "/console/dev/events", "/console/dev"])
def test_pages_cost_the_same_however_much_there_is(page):
    company = make_company()
    operator = company.person("operator")
    create_key(company.id, name="One", scopes=["admin"], actor=ACTOR)
    add(company)
    company.buy(company.member())
    spread(company.id)
    few = queries_of(operator, page)
    for number in range(8):
        create_key(company.id, name=f"K{number}", scopes=["admin"], actor=ACTOR)
        add(company, f"https://shop{number}.example/hooks")
        company.buy(company.member(f"M{number}"))
    spread(company.id)

    assert queries_of(operator, page) == few <= 20


def test_a_sample_is_held_against_its_type_and_nothing_remains():
    company = make_company()
    developer = company.person("developer")
    page = text_of(developer.get("/console/dev/types/purchase"))
    sample = re.search(r"<textarea[^>]*>\s*(\{.*?\})</textarea>", page, re.DOTALL)
    assert sample
    at = "/console/dev/types/purchase/check"

    good = developer.post(at, {"body": sample[1]})
    wrong = developer.post(at, {"body": sample[1].replace('"50.00"', '"much"')})
    torn = developer.post(at, {"body": sample[1][:-5]})

    assert "It can be taken" in text_of(good)
    assert "50 points" in text_of(good)
    assert wrong.status_code == 422
    assert "amount" in text_of(wrong)
    assert torn.status_code == 422
    assert "activity.recorded" not in text_of(company.person("operator").get("/console/dev/events"))


def _keys(company: Company) -> list[ApiKey]:
    with in_organisation(company.id):
        return keys(company.id)


def _looked_up(*_asked: object, **_options: object):
    return [(2, 1, 6, "", ("93.184.215.14", 443))]
