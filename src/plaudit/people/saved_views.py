"""The table of views of a list that somebody keeps under a name, for themselves or for everybody who works here."""

from __future__ import annotations

from django.db import models

SHARED = 0
"""Whose a view is that everybody sees."""


class SavedView(models.Model):
    """One view: which list (`page`), and how it is asked for. `owner_id` is a person's, or `SHARED`."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    page = models.TextField()
    owner_id = models.IntegerField()
    name = models.TextField()
    query = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "people_saved_view"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "page", "owner_id", "name"), name="a_view_is_kept_once_by_a_name"
            ),
        )


def saved_views(organisation_id: int, page: str, *, user_id: int) -> list[SavedView]:
    """The views of a list that this person sees: their own and everybody's, by name; two hundred at most."""
    found = SavedView.objects.filter(
        organisation_id=organisation_id, page=page, owner_id__in=(user_id, SHARED)
    )
    return list(found.order_by("name", "id")[:200])
