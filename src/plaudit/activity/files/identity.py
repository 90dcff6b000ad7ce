"""How a file is known again where its rows are known by their place in it."""

from __future__ import annotations

from collections.abc import Callable

from plaudit.activity.files.mapping import Key
from plaudit.activity.files.refusals import WrongFormat
from plaudit.activity.files.sources import OpenedFile

DIGEST_CHARACTERS = 24


def identity_of(key: Key, opened: OpenedFile, digest: Callable[[], str]) -> str:
    """What stands before the row's number in the ids of a file's events; "" where ids come from columns.

    The declared dataset, or the file's name, or the start of its content's digest, as the mapping says.
    Raises WrongFormat where the rows of one dataset are to be numbered across several files.
    """
    if not key.row_number:
        return ""
    if key.per == "dataset":
        if not opened.alone:
            found = "The mapping numbers the rows of one dataset, but there are several files."
            raise WrongFormat(opened.name, found, "Say per: file, so that a further file moves no number.")
        return str(key.dataset)
    known = digest()[:DIGEST_CHARACTERS] if key.identity == "content" else opened.identity
    return f"{key.dataset}/{known}" if key.dataset is not None else known
