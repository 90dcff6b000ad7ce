"""How members are found by their birthday: by the month and day of their attribute `birth_date`."""

from __future__ import annotations

from django.db.models import F, Index, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Right

MEMBERS_BY_BIRTHDAY = Index(
    F("organisation_id"),
    Right(KeyTextTransform("birth_date", "attributes"), 5),
    condition=Q(attributes__has_key="birth_date"),
    name="members_by_birthday",
)
