"""Single sign-on in the console: set, looked at, changed and switched off by an operator, the secret shown to nobody."""

from __future__ import annotations

import pytest

from plaudit.people.providers import provider_of, secret_of
from plaudit.people.tests.provider import CLIENT_ID, CLIENT_SECRET, loopback_opened, provider
from plaudit.surfaces.console.tests.shops import make_company
from plaudit.surfaces.console.tests.test_pages import text_of

PAGE = "/console/ops/people/single-sign-on"


def told(issuer: str, **more: str) -> dict[str, str]:
    return {
        "name": "Harbour ID", "issuer": issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "domains": "harbour.example\ncoffee.example, @Tea.example", "creates": "yes", "role": "desk", "other_ways": "members",
        **more,
    }  # fmt: skip


def test_an_operator_sets_who_vouches_and_hears_whether_it_answers():
    company = make_company()
    operator = company.person("operator")
    with loopback_opened(), provider() as running:
        saved = operator.post(f"{PAGE}/save", told(running.issuer), follow=True)

    assert "Harbour ID is set, and answers." in text_of(saved)
    assert f"http://localhost/sign-in/with/{company.organisation.slug}/return" in text_of(saved)
    assert CLIENT_SECRET not in saved.content.decode()
    kept = provider_of(company.id)
    assert kept is not None
    assert (kept.domains, kept.creates, kept.role, kept.other_ways) == (
        ["coffee.example", "harbour.example", "tea.example"], True, "desk", "members",
    )  # fmt: skip

    changed = operator.post(
        f"{PAGE}/save", told(running.issuer, client_secret="", name="New ID"), follow=True
    )
    assert "It is set, but nobody gets in by it yet." in text_of(
        changed
    )  # the door to this machine is shut again
    again = provider_of(company.id)
    assert again is not None
    assert (again.name, secret_of(again)) == ("New ID", CLIENT_SECRET)

    assert "Single sign-on is off" in text_of(operator.post(f"{PAGE}/end", follow=True))
    assert provider_of(company.id) is None


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"client_secret": ""}, "Enter the client secret it gave you."),
        ({"domains": "nowhere"}, "is not a domain such as harbour.example."),
        ({"issuer": "https://id.example/?a=b"}, "An issuer has no question mark"),
        ({"role": "operator"}, "Select a valid choice."),
        ({"name": ""}, "Say what it is called."),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(wrong: dict[str, str], says: str):
    company = make_company()

    refused = company.person("operator").post(f"{PAGE}/save", told(**{"issuer": "https://10.0.0.7", **wrong}))

    assert refused.status_code == 422
    assert says in text_of(refused)
    assert provider_of(company.id) is None


def test_a_secret_given_for_one_issuer_is_asked_for_anew_by_another():
    company = make_company()
    operator = company.person("operator")
    operator.post(f"{PAGE}/save", told("https://10.0.0.7"))

    refused = operator.post(f"{PAGE}/save", told("https://10.0.0.8", client_secret=""))

    assert refused.status_code == 422
    assert "Enter the secret that belongs to this issuer and client." in text_of(refused)


def test_somebody_invited_where_the_provider_is_the_only_way_is_told_of_that_and_sent_nothing():
    company = make_company()
    operator = company.person("operator")
    operator.post(f"{PAGE}/save", told("https://10.0.0.7"))
    new = {"email": f"new-{company.id}@harbour.example", "roles": ["desk"]}

    invited = text_of(operator.post("/console/ops/people/invite", new, follow=True))

    assert f"{new['email']} can sign in with Harbour ID now." in invited
    assert "on its way" not in invited
