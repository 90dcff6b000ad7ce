"""The ways a file or its mapping is refused as a whole; a single bad row is a RowError and stops nothing."""

from __future__ import annotations

from typing import Any

from plaudit.foundation.refusals import Problem, Refusal


class FileRefusal(Refusal):
    """A file that cannot be read on: which file, the row where known, what was found, and what to do."""

    code = "file_refused"
    sentence = "{place}: {found}"
    way_forward = "{remedy}"

    def __init__(self, file: str, found: str, remedy: str, *, row: int | None = None) -> None:
        place = file if row is None else f"{file}, row {row:,}"
        super().__init__(place=place, file=file, row=row, found=found, remedy=remedy)


class NoSuchFile(FileRefusal):
    """There is nothing to read at the path."""

    code = "file_not_found"
    status = 404
    exit_code = 3


class FileEmpty(FileRefusal):
    """The file holds not even a header."""

    code = "file_empty"


class FileDamaged(FileRefusal):
    """The file ends early or contradicts itself, so that what follows cannot be known."""

    code = "file_damaged"


class FileTooLarge(FileRefusal):
    """The file unpacks to more than it may, or asks for more memory than a file may have."""

    code = "file_too_large"
    status = 413


class WrongEncoding(FileRefusal):
    """The bytes are not text in the declared or detected encoding."""

    code = "file_encoding"


class WrongFormat(FileRefusal):
    """The file is not of the declared form, or of none that is read."""

    code = "file_format"


class ColumnMissing(FileRefusal):
    """The mapping names a column that the file does not have, or has twice."""

    code = "column_missing"


class FileChanged(FileRefusal):
    """The files are no longer those in which reading stopped, so that it cannot be resumed."""

    code = "file_changed"
    status = 409
    exit_code = 5


class MappingRefused(Problem):
    """A mapping with one or more faults. `errors` names each: pointer, code, sentence, and line of the text."""

    code = "mapping_invalid"

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        count = "one fault" if len(errors) == 1 else f"{len(errors)} faults"
        listed = " ".join(f"{error['pointer'] or 'the file'}: {error['detail']}" for error in errors[:3])
        super().__init__(f"The mapping file has {count}: {listed}", errors=errors)


class ControlTotalsDiffer(Problem):
    """The file does not come to what it must come to. `errors` names the totals, then rows where known."""

    code = "control_totals_differ"
    exit_code = 8

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        listed = " ".join(str(error["detail"]) for error in errors[:5])
        super().__init__(
            f"Nothing was imported, as the file is not what it should be. {listed}", errors=errors
        )
