"""A file checked before anything is posted: its totals, how they differ, and where they can, the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from plaudit.activity.files.comparing import Compared, compare, reference_beside
from plaudit.activity.files.control import Difference, Totals, check_control, control_totals
from plaudit.activity.files.limits import LIMITS, Limits
from plaudit.activity.files.mapping import Mapping
from plaudit.activity.files.records import Position
from plaudit.activity.files.refusals import ControlTotalsDiffer


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking found. `compared` is there where a total differs and the mapping names another copy."""

    totals: Totals
    differences: tuple[Difference, ...]
    compared: Compared | None

    def refuse(self) -> None:
        """Raise ControlTotalsDiffer where a total does not match; its `errors` name totals, then rows."""
        if self.differences:
            rows = self.compared.differences if self.compared is not None else ()
            raise ControlTotalsDiffer(
                [
                    {"pointer": f"/control/{each.name}", "code": "total_differs", "detail": each.sentence}
                    for each in self.differences
                ]
                + [
                    {
                        "pointer": f"/rows/{each.row or each.other_row}",
                        "code": "row_differs",
                        "detail": each.sentence,
                    }
                    for each in rows
                ]
            )


def check_file(
    path: str | Path,
    mapping: Mapping,
    *,
    reference: str | Path | None = None,
    on_progress: Callable[[Position], None] | None = None,
    limits: Limits = LIMITS,
) -> Checked:
    """Check the files behind `path` against the mapping's control section; nothing is posted.

    Where a total differs and the mapping says `compare_with`, the rows are compared with that copy, which is
    `reference` or lies beside the file. Raises a FileRefusal where a file cannot be read through.
    """
    totals = control_totals(path, mapping, on_progress=on_progress, limits=limits)
    differences = tuple(check_control(mapping.control, totals))
    compared = None
    comparison = mapping.control.compare_with
    if differences and comparison is not None:
        other = Path(reference) if reference is not None else reference_beside(path, comparison)
        compared = compare(path, mapping, other, on_progress=on_progress, limits=limits)
    return Checked(totals, differences, compared)
