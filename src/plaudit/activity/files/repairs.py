"""What each repair code of a refused row means in a few words, for lists that group errors by repair."""

from __future__ import annotations

TITLES = {
    # The row cannot be taken apart.
    "too_many_columns": "Too many cells in the row",
    "too_few_columns": "Too few cells in the row",
    "quote_not_closed": "A quote is not closed",
    "quote_misplaced": "Text beside a quote",
    "line_too_long": "The line is far too long",
    "cell_too_long": "A cell is far too long",
    "text_undecodable": "A byte is not text in the file's encoding",
    "nul_character": "A NUL character, which is not text",
    "json_unreadable": "Not JSON that can be read",
    "not_an_object": "Not a JSON object",
    "key_twice": "A JSON key stands twice",
    "not_utf8": "A byte is not UTF-8",
    "too_deep": "Nested too deep",
    "too_many_keys": "Too many keys in one object",
    # One of its values cannot be used.
    "field_missing": "A needed cell is empty",
    "number_unreadable": "Not a number",
    "number_too_large": "More digits than a number may have",
    "number_too_precise": "More decimals than declared",
    "whole_number_expected": "Not a whole number",
    "date_missing": "No date",
    "date_unreadable": "Not a date of the declared form",
    "date_out_of_range": "The date is not plausible",
    "time_missing": "No time of day",
    "time_unreadable": "Not a time of the declared form",
    "time_ambiguous": "A local time that happened twice",
    "time_nonexistent": "A local time that never happened",
    "offset_missing": "A time without its offset",
    "duration_unreadable": "Not a duration",
    "yes_no_unreadable": "Neither yes nor no",
    "list_unreadable": "Not a list",
    "value_unknown": "Not among the values listed",
    "text_too_long": "The text is too long",
    # It cannot be said what or whom it is about.
    "key_missing": "No id of the event",
    "key_too_long": "The id of the event is too long",
    "subject_missing": "No member",
    "subject_too_long": "The member's id is too long",
    "type_missing": "No type of event",
    "type_too_long": "The type of event is too long",
    "corrects_too_long": "The id of the corrected event is too long",
    "kind_missing": "No kind of member",
    "kind_too_long": "The kind of member is too long",
    "kind_unknown": "Not a kind of member",
    # It is part of a group that cannot be whole.
    "group_disagrees": "Lines of one group contradict each other",
    "group_incomplete": "Another line of the group cannot be used",
}


def title_of(repair: str) -> str:
    """A few words for a repair code; for one of another book, the code as words."""
    return TITLES.get(repair) or repair.replace("_", " ").capitalize()
