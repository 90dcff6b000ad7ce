"""Mail to the member about what was said in their case."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop

from plaudit.cases.models import Message, MessageKind
from plaudit.foundation import written
from plaudit.foundation.ids import show
from plaudit.foundation.jobs import task
from plaudit.people.models import Member, Organisation
from plaudit.people.spoken_to import in_language_of_member

_SUBJECTS = {
    MessageKind.OPENED: gettext_noop("We have your question"),
    MessageKind.ANSWERED: gettext_noop("Your question is answered"),
    MessageKind.SETTLED: gettext_noop("Your question is settled"),
}


@task(name="cases.mail", time_limit=timedelta(minutes=2))
def mail_message(organisation_id: int, *, message_id: int) -> None:
    """Mail one message of a case to its member, where they have an address. What it says is read then."""
    message = Message.objects.select_related("case").get(organisation_id=organisation_id, id=message_id)
    member = Member.objects.get(organisation_id=organisation_id, id=message.case.member_id)
    if not member.email:
        return
    organisation = Organisation.objects.get(id=organisation_id)
    with in_language_of_member(member, organisation):
        shown = {
            "organisation": organisation.name,
            "name": member.name,
            "message": message,
            "case": message.case,
            "day": written.day(message.case.due_on),
            "url": f"{settings.BASE_URL}/cases/{show('cse', message.case.id)}",
        }
        send_mail(
            subject=f"{organisation.name}: {gettext(_SUBJECTS[MessageKind(message.kind)])}",
            message=render_to_string("cases/mail.txt", shown),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[member.email],
        )
