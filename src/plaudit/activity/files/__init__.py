"""Files of activity: reading them in any form, and mapping their rows to events or members. No database here."""

from plaudit.activity.files.checking import Checked, check_file
from plaudit.activity.files.comparing import Compared, RowDifference, compare
from plaudit.activity.files.control import Difference, Totals, check_control, control_totals
from plaudit.activity.files.digests import digest_of
from plaudit.activity.files.guessing import guess_mapping
from plaudit.activity.files.limits import LIMITS, Limits
from plaudit.activity.files.mapping import Mapping
from plaudit.activity.files.mapping_text import load_mapping
from plaudit.activity.files.reading import open_rows, read_events
from plaudit.activity.files.records import Batch, IncomingMember, Position, Row, RowError
from plaudit.activity.files.rejects import write_rejects
from plaudit.activity.files.repairs import title_of
from plaudit.activity.files.run import lines_of_groups
from plaudit.activity.files.schema import mapping_schema
from plaudit.activity.files.surveying import Preview, survey

__all__ = [
    "LIMITS",
    "Batch",
    "Checked",
    "Compared",
    "Difference",
    "IncomingMember",
    "Limits",
    "Mapping",
    "Position",
    "Preview",
    "Row",
    "RowDifference",
    "RowError",
    "Totals",
    "check_control",
    "check_file",
    "compare",
    "control_totals",
    "digest_of",
    "guess_mapping",
    "lines_of_groups",
    "load_mapping",
    "mapping_schema",
    "open_rows",
    "read_events",
    "survey",
    "title_of",
    "write_rejects",
]
