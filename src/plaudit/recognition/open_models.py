"""The table of addresses that anybody may open who has them: to thank, and to look at a team's wall."""

from __future__ import annotations

from django.db import models

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class LinkKind(models.TextChoices):
    """THANKS takes a customer's thank-you, WALL shows what a team's members want to be seen."""

    THANKS = "thanks"
    WALL = "wall"


@gone_with_the_member
class Link(models.Model):
    """One address of a team, or of a person who wanted it; renewed it is another, and the old one is over.

    `name` is all that strangers read of whom it is for. The secret is kept as it is, so that its code can be printed
    again: whoever has it can thank and look, and nothing else.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    what = models.TextField(choices=LinkKind)
    team_id = models.IntegerField(null=True)
    member_id = models.UUIDField(null=True)
    name = models.TextField()
    secret = models.TextField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)

    class Meta:
        db_table = "recognition_link"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "what", "team_id", "member_id"),
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_link_of_a_kind_stands",
            ),
            models.CheckConstraint(
                condition=models.Q(team_id__isnull=True, member_id__isnull=False)
                | models.Q(team_id__isnull=False, member_id__isnull=True),
                name="a_link_is_of_a_team_or_a_person",
            ),
        )
