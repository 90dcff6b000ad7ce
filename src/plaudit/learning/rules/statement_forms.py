"""The forms in which statements are asked for (xAPI 1.0.3, part three, 2.1.3): exactly, by ids alone, or in one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaudit.learning.rules.statements import IDENTIFIERS

Json = dict[str, Any]

FORMS = ("exact", "ids", "canonical")


def by_ids(statement: Json) -> Json:
    """Whom and what it speaks of by their identifiers alone."""
    said = dict(statement)
    said["actor"] = _who_alone(said["actor"])
    said["verb"] = {"id": said["verb"]["id"]}
    what = said["object"]
    kind = what.get("objectType", "Activity")
    if kind in ("Agent", "Group"):
        said["object"] = _who_alone(what)
    elif kind == "Activity":
        said["object"] = _without(what, "definition")
    elif kind == "SubStatement":
        said["object"] = by_ids(what)
    if "authority" in said:
        said["authority"] = _who_alone(said["authority"])
    if "context" in said:
        context = dict(said["context"])
        for name in ("instructor", "team"):
            if name in context:
                context[name] = _who_alone(context[name])
        if "contextActivities" in context:
            context["contextActivities"] = {
                name: [_without(one, "definition") for one in some]
                for name, some in context["contextActivities"].items()
            }
        said["context"] = context
    return said


def _who_alone(who: Json) -> Json:
    known = {name: who[name] for name in ("objectType", *IDENTIFIERS) if name in who}
    if not any(name in who for name in IDENTIFIERS):
        known["member"] = [_who_alone(one) for one in who["member"]]
    return known


def _without(what: Json, name: str) -> Json:
    return {key: value for key, value in what.items() if key != name}


def in_one_language(statement: Json, wanted: Sequence[str]) -> Json:
    """Verbs and activities in the first of the wanted languages that there is, or else in the first there is."""
    said = dict(statement)
    said["verb"] = _worded(said["verb"], ("display",), wanted)
    what = said["object"]
    kind = what.get("objectType", "Activity")
    if kind == "SubStatement":
        said["object"] = in_one_language(what, wanted)
    elif kind == "Activity" and "definition" in what:
        said["object"] = {**what, "definition": _worded(what["definition"], ("name", "description"), wanted)}
    return said


def _worded(what: Json, names: Sequence[str], wanted: Sequence[str]) -> Json:
    return {key: _chosen(value, wanted) if key in names else value for key, value in what.items()}


def _chosen(words: dict[str, str], wanted: Sequence[str]) -> dict[str, str]:
    for language in wanted:
        for tag, word in words.items():
            if tag.lower() == language or tag.lower().startswith(f"{language}-"):
                return {tag: word}
    tag, word = next(iter(words.items()))
    return {tag: word}
