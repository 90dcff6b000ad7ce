"""The table of moves of sandboxes' clocks."""

from __future__ import annotations

from django.db import models

from plaudit.foundation.ids import new_id


class ClockMove(models.Model):
    """One move of a sandbox's clock: how far it is, and what changed on the way.

    `changes` holds [[moment, [sentences]], …], as many as a page can show; `changed` counts the sentences
    of all. A move that is not ended and that nobody is at broke off, and can be gone on with.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    moved_by = models.TextField()
    begun_at = models.DateTimeField()
    began_from = models.DateTimeField()
    stands_at = models.DateTimeField()
    until = models.DateTimeField()
    changes = models.JSONField(default=list)
    changed = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_clock_move"
        indexes = (models.Index(fields=("organisation_id", "-begun_at"), name="clock_moves_newest_first"),)
