"""What names, external ids and attributes may look like. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from plaudit.foundation.refusals import Problem

ExternalId = tuple[str, str]
Attribute = str | int | bool | Decimal | None

NAME_MAX = 200
EXTERNAL_ID_MAX = 400
ATTRIBUTES_MAX = 100
ATTRIBUTE_MAX = 1_000
BIRTH_DATE = "birth_date"
"""The attribute by which birthdays are known."""
FIRST_BIRTH_YEAR = 1850

_ATTRIBUTE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Faults:
    """Collects what is wrong with some input, each with the place it stands at."""

    def __init__(self) -> None:
        self.errors: list[dict[str, object]] = []

    def add(self, pointer: str, code: str, detail: str) -> None:
        self.errors.append({"pointer": pointer, "code": code, "detail": detail})

    def refuse(self, summary: str) -> None:
        """Raise a `Problem` if anything was wrong."""
        if self.errors:
            raise Problem(summary, errors=self.errors)


def check_text(
    faults: Faults, pointer: str, text: str, *, longest: int = NAME_MAX, empty: bool = True
) -> None:
    """One line of text, without control characters."""
    if _CONTROL.search(text):
        faults.add(pointer, "control_character", "This has a character that cannot be shown.")
    elif len(text) > longest:
        faults.add(pointer, "too_long", f"This has {len(text)} characters; at most {longest} are kept.")
    elif not empty and not text.strip():
        faults.add(pointer, "missing", "This must not be empty.")


def check_email(faults: Faults, pointer: str, email: str) -> None:
    """An address of the usual form, or none."""
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email) or _CONTROL.search(email)):
        faults.add(pointer, "not_an_email", "This is not an e-mail address.")


def check_slug(faults: Faults, pointer: str, slug: str) -> None:
    """Small letters, digits and hyphens, as in an address."""
    if not _SLUG.fullmatch(slug):
        faults.add(pointer, "not_a_slug", "Use up to 50 small letters, digits and hyphens.")


def check_external_ids(faults: Faults, pointer: str, external_ids: Iterable[ExternalId]) -> None:
    """Each a source and an id, neither empty."""
    for place, (source, external_id) in enumerate(external_ids):
        check_text(faults, f"{pointer}/{place}/source", source, empty=False)
        check_text(faults, f"{pointer}/{place}/id", external_id, longest=EXTERNAL_ID_MAX, empty=False)


def check_attributes(faults: Faults, pointer: str, attributes: Mapping[str, object]) -> None:
    """Names a rule can use, and plain values: text, whole or decimal numbers, yes or no, nothing."""
    if len(attributes) > ATTRIBUTES_MAX:
        faults.add(pointer, "too_many", f"A member has at most {ATTRIBUTES_MAX} attributes.")
    for name, value in attributes.items():
        if not _ATTRIBUTE_NAME.fullmatch(name):
            faults.add(
                f"{pointer}/{name}", "name", "Use small letters, digits and _, beginning with a letter."
            )
        elif name == BIRTH_DATE and value is not None and not _is_day(value):
            said = "A birth date is written year-month-day, such as 2000-02-29."
            faults.add(f"{pointer}/{name}", "not_a_day", said)
        elif isinstance(value, str):
            check_text(faults, f"{pointer}/{name}", value, longest=ATTRIBUTE_MAX)
        elif not (value is None or isinstance(value, bool | int | Decimal)):
            faults.add(f"{pointer}/{name}", "kind", "An attribute is text, a number, yes or no, or nothing.")


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        return date.fromisoformat(value).year >= FIRST_BIRTH_YEAR
    except ValueError:
        return False


def changed_attributes(before: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """The attributes after the changes; one set to nothing is gone."""
    return {name: value for name, value in {**before, **changes}.items() if value is not None}
