"""Health, jobs and people in the console: what is told of this organisation alone, and what can be done."""

from __future__ import annotations

import json
import re

from django.db import connection

from plaudit.foundation import ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.signing_in import invite_by_email
from plaudit.people.models import Role
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import make_user
from plaudit.planning.actions.simulate import start_simulation
from plaudit.planning.models import Simulation
from plaudit.planning.tasks import replay, replay_later, send_enrolment
from plaudit.surfaces.console.tests.shops import make_company
from plaudit.surfaces.console.tests.test_pages import queries_of, text_of

JOBS = "/console/ops/jobs"
PEOPLE = "/console/ops/people"


def set_aside(organisation_id: int) -> int:
    """A job of the organisation that failed for the last time."""
    replay.later(organisation_id, simulation_id="018f0000-0000-7000-8000-00000000dead")
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'failed' where id = (select max(id) from procrastinate_jobs"
            " where (args ->> 'organisation_id')::int = %s) returning id",
            [organisation_id],
        )
        return int(cursor.fetchone()[0])


def state_of(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status::text from procrastinate_jobs where id = %s", [job])
        row = cursor.fetchone()
    return str(row[0]) if row else "gone"


def roles_of(organisation_id: int, user_id: int) -> set[str]:
    with in_organisation(organisation_id):
        return set(Role.objects.filter(user_id=user_id).values_list("name", flat=True))


def forget_workers() -> None:
    """One that was killed by another test seems alive until its heartbeat is half a minute old."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_workers")


def test_health_says_what_is_well_and_what_to_do_about_the_rest():
    company = make_company()
    job = set_aside(company.id)
    forget_workers()

    page = text_of(company.person("operator").get("/console/ops"))

    assert "1 set aside" in page
    assert "what is confirmed is on the disk" in page or "off: confirmed points can be lost" in page
    assert "nobody works now" in page
    assert "need looking after" in page or "needs looking after" in page
    assert "1 set aside" not in text_of(make_company().person("operator").get("/console/ops"))
    assert state_of(job) == "failed"


def test_a_job_that_was_set_aside_is_tried_again_or_forgotten():
    company = make_company()
    operator = company.person("operator")
    first, second = set_aside(company.id), set_aside(company.id)
    assert "planning.simulate" in text_of(operator.get(JOBS))

    assert operator.post(f"{JOBS}/{first}/retry").status_code == 302
    assert operator.post(f"{JOBS}/{second}/drop").status_code == 302

    assert (state_of(first), state_of(second)) == ("todo", "gone")
    again = operator.post(f"{JOBS}/{first}/retry")
    assert again.status_code == 409
    assert "is not set aside" in text_of(again)


def mail_job(organisation_id: int, status: str) -> int:
    """A job that runs in one piece."""
    send_enrolment.later(organisation_id, email="ada@x.example", programme="Main", link="https://x.example")
    return move_newest(organisation_id, status)


def move_newest(organisation_id: int, status: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = %s::procrastinate_job_status where id = (select max(id)"
            " from procrastinate_jobs where (args ->> 'organisation_id')::int = %s) returning id",
            [status, organisation_id],
        )
        return int(cursor.fetchone()[0])


def test_a_running_what_if_is_cancelled_from_the_list_of_jobs():
    company = make_company()
    operator = company.person("operator")
    with in_organisation(company.id):
        made = start_simulation(company.id, company.source, actor="usr_0")
        replay_later(company.id, made.id)
    job = move_newest(company.id, "doing")

    assert "What it has done stays done; the rest is left." in text_of(operator.get(JOBS))
    assert operator.post(f"{JOBS}/{job}/cancel").status_code == 302
    with in_organisation(company.id):
        assert Simulation.objects.get(id=made.id).state == "cancelled"
    replay(company.id, simulation_id=str(made.id))

    with in_organisation(company.id):
        assert Simulation.objects.get(id=made.id).state == "cancelled"
    page = company.person("manager").get(f"/console/simulations/{ids.show('sim', made.id)}")
    assert "This was cancelled" in text_of(page) and "Replay it anew" in text_of(page)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = %s", [job])


def test_a_job_that_waits_is_cancelled_and_one_that_runs_in_one_piece_goes_on():
    company = make_company()
    operator = company.person("operator")
    waiting, running = mail_job(company.id, "todo"), mail_job(company.id, "doing")

    assert "Cancel this job" in text_of(operator.get(JOBS))
    assert operator.post(f"{JOBS}/{waiting}/cancel").status_code == 302
    refused = operator.post(f"{JOBS}/{running}/cancel")

    assert (state_of(waiting), state_of(running)) == ("gone", "doing")
    assert refused.status_code == 409
    assert "does not wait any more" in text_of(refused)
    assert make_company().person("operator").post(f"{JOBS}/{running}/cancel").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = %s", [running])


def test_a_job_of_another_organisation_is_not_there():
    theirs = set_aside(make_company().id)
    operator = make_company().person("operator")

    assert "planning.simulate" not in text_of(operator.get(JOBS))
    assert operator.post(f"{JOBS}/{theirs}/retry").status_code == 404
    assert operator.post(f"{JOBS}/{theirs}/drop").status_code == 404
    assert state_of(theirs) == "failed"


def test_a_developer_sees_jobs_and_changes_none():
    company = make_company()
    job = set_aside(company.id)
    developer = company.person("developer")

    assert f"{job}/retry" not in text_of(developer.get(JOBS))
    assert developer.post(f"{JOBS}/{job}/retry").status_code == 403


def test_somebody_invited_gets_a_link_and_their_roles():
    company = make_company()
    email = f"new-{company.id}@harbour.example"

    invited = company.person("operator").post(
        f"{PEOPLE}/invite", {"email": email, "name": "Noa", "roles": ["desk", "finance"]}
    )

    user_id = int(invited["Location"].rpartition("/")[2])
    assert roles_of(company.id, user_id) == {"desk", "finance"}
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where args ->> 'email' = %s", [email])
        ((asked,),) = cursor.fetchall()
    (link,) = invite_by_email(email=email, slug=json.loads(asked)["slug"], actor="sign-in")
    noa = browser()
    assert noa.post(f"/sign-in/{link.token}").status_code == 302
    assert noa.get("/console/ledger").status_code == 200


def test_an_invitation_without_a_role_comes_back_as_it_was_filled_in():
    company = make_company()

    answer = company.person("operator").post(f"{PEOPLE}/invite", {"email": "not an address"})

    assert answer.status_code == 422
    assert "Enter an e-mail address such as" in text_of(answer)
    assert "Choose at least one role." in text_of(answer)


def test_roles_are_changed_from_the_next_request_on():
    company = make_company()
    grace = make_user(company.id, roles=["desk", "finance"])
    grace_at = company.signed_in(grace.id)
    assert grace_at.get("/console/ledger").status_code == 200

    changed = company.person("operator").post(f"{PEOPLE}/{grace.id}/roles", {"roles": ["desk", "developer"]})

    assert changed.status_code == 302
    assert roles_of(company.id, grace.id) == {"desk", "developer"}
    assert grace_at.get("/console/ledger").status_code == 403


def test_whoever_is_suspended_is_signed_out_and_holds_nothing():
    company = make_company()
    grace = make_user(company.id, roles=["desk"])
    grace_at = company.signed_in(grace.id)

    assert company.person("operator").post(f"{PEOPLE}/{grace.id}/suspend").status_code == 302

    assert roles_of(company.id, grace.id) == set()
    assert grace_at.get("/console/").status_code == 302


def test_signing_somebody_out_here_leaves_their_roles_and_their_other_organisations():
    company, other = make_company(), make_company()
    grace = make_user(company.id, roles=["desk"], email=f"both-{company.id}@harbour.example")
    make_user(other.id, roles=["desk"], email=grace.email)
    here, there = company.signed_in(grace.id), other.signed_in(grace.id)

    assert company.person("operator").post(f"{PEOPLE}/{grace.id}/sign-out").status_code == 302

    assert here.get("/console/").status_code == 302
    assert there.get("/console/").status_code == 200
    assert roles_of(company.id, grace.id) == {"desk"}


def test_the_last_operator_stays():
    company = make_company()
    only = make_user(company.id, roles=["operator"])
    operator = company.signed_in(only.id)

    refused = operator.post(f"{PEOPLE}/{only.id}/suspend")

    assert refused.status_code == 409
    assert roles_of(company.id, only.id) == {"operator"}


def test_somebody_of_another_organisation_is_not_there():
    stranger = make_user(make_company().id, roles=["desk"])
    operator = make_company().person("operator")

    assert operator.get(f"{PEOPLE}/{stranger.id}").status_code == 404
    for act in ("roles", "suspend", "sign-out", "link"):
        assert operator.post(f"{PEOPLE}/{stranger.id}/{act}", {"roles": ["desk"]}).status_code == 404


def test_what_each_role_may_do_is_read_from_the_pages_themselves():
    page = text_of(make_company().person("operator").get(f"{PEOPLE}/roles"))

    row = re.search(r'<th scope="row">seal the books</th>(.*?)</tr>', page, re.DOTALL)
    assert row is None or "Manager" in row[1]
    assert "invite people" in page


def test_lists_cost_the_same_however_long_they_are():
    company = make_company()
    operator = company.person("operator")
    set_aside(company.id)
    few = [queries_of(operator, page) for page in (JOBS, PEOPLE)]
    for number in range(8):
        set_aside(company.id)
        make_user(company.id, roles=["desk"], email=f"p{number}-{company.id}@harbour.example")

    assert [queries_of(operator, page) for page in (JOBS, PEOPLE)] == few
    assert max(few) <= 10
