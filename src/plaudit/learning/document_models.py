"""Tables of what courses keep: documents of where somebody is and what they prefer, and files of statements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class Resource(models.TextChoices):
    """What a document is of (xAPI 1.0.3, part three, 2.3, 2.6 and 2.7)."""

    STATE = "state"
    AGENT = "agent"
    ACTIVITY = "activity"


@gone_with_the_member
class Document(models.Model):
    """One document of a course: a learner's state, a learner's profile, or the profile of an activity.

    `place` is a digest of all that names it, `around` of what it is of alone. `agent` is a mark, "" where it is of no learner, and `member_id` the member
    that is; `registration` is "" where it is of none. `digest` is the SHA-1 of its content, which its ETag is made of.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    place = models.TextField()
    around = models.TextField()
    resource = models.TextField(choices=Resource)
    activity = models.TextField(blank=True)
    agent = models.TextField(blank=True)
    registration = models.TextField(blank=True)
    name = models.TextField()
    media = models.TextField()
    content = models.BinaryField()
    digest = models.TextField()
    changed_at = models.DateTimeField()
    member_id = models.UUIDField(null=True)

    class Meta:
        db_table = "learning_document"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "place"), name="a_document_stands_once"),
            models.CheckConstraint(
                condition=Q(resource=Resource.ACTIVITY, agent="", member_id__isnull=True)
                | (~Q(resource=Resource.ACTIVITY) & ~Q(agent="")),
                name="a_document_is_of_a_learner_or_of_an_activity",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "around"), name="documents_around"),
            models.Index(fields=("organisation_id", "agent"), name="documents_of_an_agent"),
            models.Index(fields=("organisation_id", "member_id"), name="documents_of_a_member"),
        )


@gone_with_the_member
class AttachedFile(models.Model):
    """What was sent along with a statement: the file that one of its attachments names by its SHA-2.

    `agent` is the mark of the statement's actor, and `member_id` the member that is: it goes when they are erased.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    statement_id = models.UUIDField()
    sha2 = models.TextField()
    media = models.TextField()
    content = models.BinaryField()
    length = models.IntegerField()
    agent = models.TextField(blank=True)
    member_id = models.UUIDField(null=True)

    class Meta:
        db_table = "learning_attached_file"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "statement_id", "sha2"), name="a_file_is_attached_once"
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "agent"), name="files_of_an_agent"),
            models.Index(fields=("organisation_id", "member_id"), name="files_of_a_member"),
        )
