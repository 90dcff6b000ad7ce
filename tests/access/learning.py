"""Things of learning for walking the pages about them: sessions, lists, claims and certificates of a company."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile

from plaudit.credentials.actions.giving import give_credential
from plaudit.credentials.models import Credential, Kind
from plaudit.foundation import clock, ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.claiming import claim
from plaudit.learning.actions.completions import report_completion
from plaudit.learning.actions.rolls import stage_roll
from plaudit.learning.actions.sessions import open_session
from plaudit.learning.models import Certificate
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR
from tests.access.companies import Peopled

_numbers = count(1)


def yesterday() -> date:
    """The day before today in UTC: wherever a programme is, it is no day to come."""
    return clock.now().date() - timedelta(days=1)


def session(company: Peopled) -> str:
    """A session of it: each time another, for they may be closed."""
    begins = clock.now() + timedelta(hours=1)
    made = open_session(
        company.id, programme=company.programme, offering="listening", starts_at=begins,
        ends_at=begins + timedelta(hours=1), place=f"{company.word}Room", key=str(ids.new_id()), actor=ACTOR,
    )  # fmt: skip
    return ids.show("ssn", made.id)


def roll(company: Peopled) -> str:
    """A list of who completed something."""
    with NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(f"Name\n{company.word}Somebody {next(_numbers)}\n")
        file.flush()
        made = stage_roll(
            company.id, path=Path(file.name), name=f"{company.word}list.csv", programme=company.programme,
            offering="listening", held_on=yesterday(), actor=ACTOR,
        )  # fmt: skip
    return ids.show("rll", made.id)


def claimed(company: Peopled, member: Member) -> str:
    """A claim of this member's."""
    made = claim(
        company.id, member_id=member.id, programme=company.programme, offering="listening",
        done_on=yesterday(), minutes=None, words=f"{company.word}Fair", proof=b"%PDF-1.4",
        key=str(ids.new_id()), actor=ACTOR,
    )  # fmt: skip
    return ids.show("lcl", made.id)


def certificate(company: Peopled, member: Member) -> str:
    """A certificate of this member's."""
    with in_organisation(company.id):
        held = Certificate.objects.filter(organisation_id=company.id, member_id=member.id).first()
    if held is None:
        report_completion(
            company.id, member_id=member.id, programme=company.programme, offering="listening",
            key=str(ids.new_id()), actor=ACTOR,
        )  # fmt: skip
        return certificate(company, member)
    return ids.show("crt", held.id)


def credential(company: Peopled, member: Member) -> str:
    """A credential of this member's certificate."""
    with in_organisation(company.id):
        given = Credential.objects.filter(organisation_id=company.id, member_id=member.id).first()
        held = Certificate.objects.filter(
            organisation_id=company.id, member_id=member.id, revoked_at__isnull=True
        ).first()
    if given is None and held is None:
        report_completion(
            company.id, member_id=member.id, programme=company.programme, offering="listening",
            key=str(ids.new_id()), actor=ACTOR,
        )  # fmt: skip
        return credential(company, member)
    if given is None:
        assert held is not None
        given = give_credential(
            company.id, member_id=member.id, kind=Kind.CERTIFICATE, about=str(held.id), shows_name=True,
            actor=ACTOR,
        )  # fmt: skip
    return ids.show("crd", given.id)
