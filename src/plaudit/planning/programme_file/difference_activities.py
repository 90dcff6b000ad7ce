"""What changes about activities and their fields, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaudit.earning.expressions.types import FieldType
from plaudit.foundation.worded import joined, worded
from plaudit.planning.programme_file.change import Act, acts_between
from plaudit.planning.programme_file.programme import Activity
from plaudit.planning.programme_file.wording import field_type_words, fields_words


def activity_changes(was: Activity | None, now: Activity | None) -> Iterator[str]:
    """Every change of one activity."""
    if was is None and now is not None:
        carried = worded(", with {fields}", fields=fields_words(now.fields.items())) if now.fields else ""
        corrects = worded(", which corrects {corrects}", corrects=now.corrects) if now.corrects else ""
        yield worded(
            "New activity {key} ({title}){corrects}{carried}.",
            key=now.key,
            title=now.title,
            corrects=corrects,
            carried=carried,
        )
    elif was is not None and now is None:
        yield worded(
            "Activity {key} is no longer in the file: its events are still recorded, and earn nothing here.",
            key=was.key,
        )
    elif was is not None and now is not None:
        yield from _changes(was, now)


def _changes(was: Activity, now: Activity) -> Iterator[str]:
    start = worded("Activity {key}", key=now.key)
    if was.title != now.title:
        yield worded(
            "{start} is now called {title}, not {was_title}.",
            start=start,
            title=now.title,
            was_title=was.title,
        )
    if was.description != now.description:
        yield worded("{start} has another description.", start=start)
    if (was.corrects, was.part) != (now.corrects, now.part):
        how = now.corrects or worded("nothing")
        how += worded(" by {part}", part=now.part) if now.part else ""
        yield worded(
            "{start} now corrects {how}; corrections recorded already stay as they are.",
            start=start,
            how=how,
        )
    if was.extra_fields != now.extra_fields:
        yield (
            worded("{start} takes fields that are not declared.", start=start)
            if now.extra_fields
            else worded("{start} refuses fields that are not declared.", start=start)
        )
    if was.enrols != now.enrols:
        kind = now.enrols or worded("of the programme's audience")
        yield worded(
            "{start}: somebody it names for the first time becomes {kind}; nobody who is known changes.",
            start=start,
            kind=kind,
        )
    for sentence in field_changes(was.fields, now.fields):
        yield joined((start, sentence), by=": ")


def field_changes(was: Mapping[str, FieldType], now: Mapping[str, FieldType]) -> Iterator[str]:
    """What changes for senders of an activity, as the rest of a sentence."""
    for name, act in acts_between(was, now):
        if act is Act.REMOVED:
            yield worded("{name} is no longer read.", name=name)
        elif act is Act.ADDED:
            words = field_type_words(now[name])
            yield (
                worded("{name} ({field_type}) is new and may be sent.", name=name, field_type=words)
                if now[name].nullable
                else worded(
                    "{name} ({field_type}) is new and must be sent from now on, or the event is refused.",
                    name=name,
                    field_type=words,
                )
            )
        else:
            yield worded(
                "{name} is now {field_type}, not {field_type_was}.",
                name=name,
                field_type=field_type_words(now[name]),
                field_type_was=field_type_words(was[name]),
            )
