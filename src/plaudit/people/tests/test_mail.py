"""Mail: sign-in links leave by the server that was named, encrypted, again where it failed, and never by the log."""

from __future__ import annotations

import io
import logging
import smtplib
import ssl

import pytest
from django.db import connection
from django.test import override_settings
from procrastinate.jobs import Job

from plaudit.foundation.jobs.declaring import BLUEPRINT
from plaudit.foundation.jobs.trying import TRIES
from plaudit.foundation.mail import mail_settings, sender
from plaudit.foundation.tenancy import in_organisation
from plaudit.people import tasks
from plaudit.people.actions.signing_in import LINKS_AN_HOUR, use_link
from plaudit.people.models import SignInLink
from plaudit.people.tests.factories import make_organisation, make_user
from plaudit.people.tests.post_office import PostOffice, a_post_office, certificate


@pytest.fixture(scope="module")
def vouched(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls") / "certificate.pem")


def send(email: str, url: str) -> None:
    with override_settings(**mail_settings(url)):
        tasks.send_sign_in_links(email=email, base_url="https://points.example")


def link_in(office: PostOffice) -> str:
    (letter,) = office.letters
    return str(letter.get_content()).split("/sign-in/")[1].split()[0]


def links_of(organisation: int) -> int:
    with in_organisation(organisation):
        return SignInLink.objects.filter(organisation_id=organisation).count()


def test_a_link_arrives_and_signs_in():
    grace = make_user(make_organisation().id, roles=["manager"])
    with a_post_office() as office:
        send(grace.email, f"smtp://127.0.0.1:{office.port}?starttls=no")

    (letter,) = office.letters
    assert letter["To"] == grace.email
    assert letter["Subject"] == "Your link to sign in"
    assert office.logins == []
    assert use_link(link_in(office)).user_id == grace.id


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_user_and_password_are_given_over_an_encrypted_line_alone(monkeypatch, vouched, scheme):
    monkeypatch.setenv("SSL_CERT_FILE", str(vouched))
    grace = make_user(make_organisation().id)
    with a_post_office(tls=vouched, starttls=scheme == "smtp") as office:
        send(grace.email, f"{scheme}://post%40harbour:a%2Fb%3Ac@127.0.0.1:{office.port}")

    assert office.encrypted == [True]
    assert office.logins == ["post@harbour a/b:c"]
    assert use_link(link_in(office)).user_id == grace.id


# Django leaves the socket to be collected where STARTTLS is refused.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_offers_no_encryption_gets_nothing():
    at = make_organisation().id
    grace = make_user(at)
    with a_post_office() as office, pytest.raises(smtplib.SMTPNotSupportedError):
        send(grace.email, f"smtp://post:secret@127.0.0.1:{office.port}")

    assert (office.letters, office.logins) == ([], [])
    assert links_of(at) == 0


def test_a_server_that_nobody_vouches_for_gets_nothing(vouched):
    grace = make_user(make_organisation().id)
    with a_post_office(tls=vouched) as office, pytest.raises(ssl.SSLCertVerificationError):
        send(grace.email, f"smtps://post:secret@127.0.0.1:{office.port}")

    assert (office.letters, office.logins) == ([], [])


def test_what_did_not_leave_is_tried_again_as_often_as_any_job_and_no_try_counts_as_a_link():
    at = make_organisation().id
    grace = make_user(at)
    with a_post_office() as office:
        url = f"smtp://127.0.0.1:{office.port}?starttls=no"
        office.refusals = TRIES - 1
        for _ in range(TRIES - 1):
            with pytest.raises(smtplib.SMTPDataError):
                send(grace.email, url)
            assert links_of(at) == 0
        send(grace.email, url)

    assert TRIES > LINKS_AN_HOUR, "else the last try would find no link left to send, and say nothing"
    assert use_link(link_in(office)).user_id == grace.id


def test_the_job_is_tried_again_after_a_while():
    strategy = BLUEPRINT.tasks["people.send_sign_in_links"].retry_strategy
    job = Job(id=1, queue="work", lock=None, queueing_lock=None, task_name="", attempts=TRIES - 2)

    assert strategy is not None
    assert strategy.get_retry_decision(exception=smtplib.SMTPServerDisconnected(), job=job) is not None


def test_neither_the_queue_nor_the_log_ever_holds_a_link():
    grace = make_user(make_organisation().id)
    heard = io.StringIO()
    listener = logging.StreamHandler(heard)
    logging.getLogger().addHandler(listener)
    try:
        with a_post_office() as office:
            url = f"smtp://127.0.0.1:{office.port}?starttls=no"
            office.refusals = 1
            with pytest.raises(smtplib.SMTPDataError) as failed:
                send(grace.email, url)
            logging.getLogger("plaudit").error("The job failed.", exc_info=failed.value)
            tasks.ask_for_link(email=grace.email, base_url="https://points.example")
            send(grace.email, url)
    finally:
        logging.getLogger().removeHandler(listener)
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs where args ->> 'email' = %s", [grace.email])
        queued = [row[0] for row in cursor.fetchall()]

    assert "The job failed." in heard.getvalue()
    assert "come back later" in heard.getvalue()
    assert len(queued) == 1
    assert link_in(office) not in heard.getvalue() + queued[0]
    assert "/sign-in/" not in heard.getvalue() + queued[0]


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://user:secret@",
        "smtp://mail.example/path",
        "smtp://mail.example?starttls=maybe",
        "smtp://user:secret@mail.example?tls=no",
        "smtp://user:secret@mail.example:port",
        "smtp://user:secret@mail.example:99999",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str):
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # what it must not say is asserted
        mail_settings(url)

    assert "secret" not in str(refused.value)


def test_ports_and_encryption_follow_from_the_address():
    by_starttls, by_tls = mail_settings("smtp://mail.example"), mail_settings("smtps://mail.example")

    assert (by_starttls["EMAIL_PORT"], by_starttls["EMAIL_USE_TLS"], by_starttls["EMAIL_USE_SSL"]) == (
        587,
        True,
        False,
    )
    assert (by_tls["EMAIL_PORT"], by_tls["EMAIL_USE_TLS"], by_tls["EMAIL_USE_SSL"]) == (465, False, True)
    assert mail_settings(None)["EMAIL_BACKEND"].endswith("console.EmailBackend")


def test_mail_comes_from_the_host_that_people_reach():
    assert sender("", "https://points.example/base") == "plaudit@points.example"
    assert sender("", "") == "plaudit@localhost"
    assert sender("Points <points@harbour.example>", "https://x") == "Points <points@harbour.example>"
