"""The table of what members chose for themselves."""

from __future__ import annotations

from django.db import models


class Choice(models.Model):
    """What a member chose for themselves, by name: yes or no. What they chose nothing about is not here."""

    organisation_id = models.IntegerField()
    member = models.ForeignKey(
        "people.Member", on_delete=models.CASCADE, related_name="choices", db_index=False
    )
    name = models.TextField()
    chosen = models.BooleanField()
    chosen_at = models.DateTimeField()

    class Meta:
        db_table = "people_choice"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member", "name"), name="a_member_chooses_once_by_a_name"
            ),
        )
