"""How members are found by their e-mail address, and staff by how their name begins."""

from __future__ import annotations

from django.db.models import Index, Q

MEMBERS_BY_EMAIL = Index(fields=("organisation_id", "email"), condition=~Q(email=""), name="members_by_email")

# Byte by byte and of plain columns: what a row policy guards is found by leakproof operators alone.
STAFF_BY_NAME = Index(
    fields=("organisation_id", "name"),
    opclasses=("int4_ops", "text_pattern_ops"),
    condition=~Q(kind="customer"),
    name="staff_by_how_a_name_begins",
)
