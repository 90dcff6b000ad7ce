"""Tables of what customers wrote, and of texts coded by two people."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from plaudit.foundation.ids import new_id


class Collection(models.Model):
    """Remarks that were taken in together. `language` is the PostgreSQL text search configuration they are read in.

    `digest` is of everything that was taken in: the same is not taken in twice under one title.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    title = models.TextField()
    language = models.TextField()
    digest = models.TextField()
    remarks = models.IntegerField()
    taken_in_at = models.DateTimeField()

    class Meta:
        db_table = "listening_collection"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "title"), name="a_collection_has_one_title"),
        )


class Remark(models.Model):
    """What one customer wrote: the `number`th of its collection, with what it was about as the file says."""

    pk = models.CompositePrimaryKey("organisation_id", "collection_id", "number")
    organisation_id = models.IntegerField()
    collection_id = models.UUIDField()
    number = models.IntegerField()
    category = models.TextField(blank=True)
    words = models.TextField()
    lexemes = SearchVectorField()

    class Meta:
        db_table = "listening_remark"


class Coding(models.Model):
    """Texts that two people sort by one code book, to see whether it means the same to both.

    `codes` are {"key", "name", "means"}. The texts are `size` of the collection's remarks, drawn by `seed`, or
    everything noted of a focus group.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    title = models.TextField()
    collection_id = models.UUIDField(null=True)
    group_id = models.UUIDField(null=True)
    seed = models.TextField(blank=True)
    size = models.IntegerField()
    codes = models.JSONField()
    drawn_at = models.DateTimeField()

    class Meta:
        db_table = "listening_coding"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "title"), name="a_coding_has_one_title"),
        )


class CodedText(models.Model):
    """One of the texts, as it was drawn: what is coded stays what it was."""

    pk = models.CompositePrimaryKey("organisation_id", "coding_id", "number")
    organisation_id = models.IntegerField()
    coding_id = models.UUIDField()
    number = models.IntegerField()
    origin = models.IntegerField(null=True)
    words = models.TextField()

    class Meta:
        db_table = "listening_coded_text"


class Coder(models.Model):
    """One of the two who code, by their reference."""

    pk = models.CompositePrimaryKey("organisation_id", "coding_id", "seat")
    organisation_id = models.IntegerField()
    coding_id = models.UUIDField()
    seat = models.SmallIntegerField()
    actor = models.TextField()

    class Meta:
        db_table = "listening_coder"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "coding_id", "actor"), name="a_coder_sits_once"
            ),
            models.CheckConstraint(condition=models.Q(seat__gte=1, seat__lte=2), name="two_people_code"),
        )


class Coded(models.Model):
    """The code that one of the two gave a text."""

    pk = models.CompositePrimaryKey("organisation_id", "coding_id", "number", "seat")
    organisation_id = models.IntegerField()
    coding_id = models.UUIDField()
    number = models.IntegerField()
    seat = models.SmallIntegerField()
    code = models.TextField()

    class Meta:
        db_table = "listening_coded"
