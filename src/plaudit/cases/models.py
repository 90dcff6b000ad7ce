"""Tables of what is doubted, missed and asked for: cases, what was said in them, requests for approval."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plaudit.foundation.ids import new_id


class CaseKind(models.TextChoices):
    """QUESTION: a number is doubted. CLAIM: something that happened is missing."""

    QUESTION = "question"
    CLAIM = "claim"


class CaseState(models.TextChoices):
    """OPEN: we have the word. ANSWERED: the member has it. SETTLED and WITHDRAWN: it has ended."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


RUNNING = (CaseState.OPEN, CaseState.ANSWERED)


class Case(models.Model):
    """One question or claim of a member, from the day it was opened to its end.

    `subject` is the reference it is about (`led_…`, `act_…`, `rdm_…`) and `about` the words that stood
    there, or what is missed. A claim also says which activity, on which day, and what proves it. `owner`
    is whoever took it (`usr_…`). `due_on` is the last day of its answer where the organisation is. Once the
    member was erased the words are gone (`forgotten_at`); that there was a case, and what it put right, stays.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    kind = models.TextField(choices=CaseKind)
    state = models.TextField(choices=CaseState, default=CaseState.OPEN)
    subject = models.TextField(blank=True)
    about = models.TextField()
    activity = models.TextField(blank=True)
    happened_on = models.DateField(null=True)
    proof = models.TextField(blank=True)
    owner = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    due_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    key = models.TextField()

    class Meta:
        db_table = "cases_case"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_case"),
            models.UniqueConstraint(
                fields=("organisation_id", "member_id", "subject"),
                condition=Q(state__in=RUNNING) & ~Q(subject=""),
                name="one_running_case_about_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RUNNING, ended_at__isnull=True)
                | (~Q(state__in=RUNNING) & Q(ended_at__isnull=False)),
                name="a_case_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="question") | (~Q(activity="") & Q(happened_on__isnull=False)),
                name="a_claim_says_what_is_missing",
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "due_on", "id"), condition=Q(state="open"), name="cases_by_due_day"
            ),
            models.Index(fields=("organisation_id", "state", "-id"), name="cases_by_state"),
            models.Index(fields=("organisation_id", "member_id", "-id"), name="cases_of_a_member"),
        )


class MessageKind(models.TextChoices):
    """What was said or done in a case."""

    OPENED = "opened"
    SAID = "said"
    TAKEN = "taken"
    ANSWERED = "answered"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Message(models.Model):
    """One thing that was said or done in a case, for ever. `reference` names what came of it (`led_…`, `act_…`)."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.IntegerField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.TextField(choices=MessageKind)
    said_at = models.DateTimeField()
    said_by = models.TextField()
    words = models.TextField(blank=True)
    reference = models.TextField(blank=True)
    key = models.TextField()

    class Meta:
        db_table = "cases_message"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_message"),
        )
        indexes = (models.Index(fields=("organisation_id", "case", "id"), name="messages_of_a_case"),)


class RequestState(models.TextChoices):
    """WAITING until somebody else decides, it is withdrawn, or its time runs out."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ApprovalRequest(models.Model):
    """Points to give or take above what one person may: `amount` is below zero where they are taken.

    Nothing is set aside for it: what is asked for is posted when it is approved, as the books stand then.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    unit = models.TextField()
    amount = models.BigIntegerField()
    reason = models.TextField()
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="requests")
    state = models.TextField(choices=RequestState, default=RequestState.WAITING)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    transfer = models.TextField(blank=True)
    key = models.TextField()

    class Meta:
        db_table = "cases_request"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_request"),
            models.UniqueConstraint(
                fields=("case",), condition=Q(state="waiting"), name="one_request_of_a_case_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(decided_by=F("asked_by")) & ~Q(decided_by="")),
                name="two_people_decide",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="a_decided_request_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="approved") ^ Q(transfer=""), name="an_approval_has_its_transfer"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="a_request_is_about_points"),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "expires_at"),
                condition=Q(state="waiting"),
                name="requests_waiting",
            ),
        )
