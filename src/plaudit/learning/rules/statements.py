"""What a statement of the Experience API is: who did what, to what, with which result, in which context.

After the Experience API (xAPI) 1.0.3, part two, section 2.4, by the Advanced Distributed Learning Initiative.
"""

from __future__ import annotations

from typing import Any

from plaudit.learning.rules import statement_values as values
from plaudit.learning.rules.move_on import SESSION, Heard
from plaudit.learning.rules.statement_values import Check, an_object, each, not_taken, one_of, thing

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_COMPONENTS = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
}
_INTERACTIONS = (
    *_COMPONENTS,
    "true-false",
    "fill-in",
    "long-fill-in",
    "numeric",
    "other",
)
_LISTS = ("choices", "scale", "source", "target", "steps")

_ACCOUNT = thing({"homePage": values.iri, "name": values.text}, needs=("homePage", "name"))
_WHO = {
    "name": values.text,
    "mbox": values.mailbox,
    "mbox_sha1sum": values.sha1,
    "openid": values.iri,
    "account": _ACCOUNT,
}
_AGENT = thing({"objectType": one_of("Agent"), **_WHO})


def agent(value: Any, where: str) -> None:
    """One person or system, by exactly one identifier (2.4.2.1)."""
    _AGENT(value, where)
    if sum(name in value for name in IDENTIFIERS) != 1:
        raise not_taken(where, f"it has exactly one of {', '.join(IDENTIFIERS)}")


_GROUP = thing({"objectType": one_of("Group"), "member": each(agent), **_WHO}, needs=("objectType",))


def group(value: Any, where: str) -> None:
    """Several, by one identifier, or without one by its members (2.4.2.2)."""
    _GROUP(value, where)
    known = sum(name in value for name in IDENTIFIERS)
    if known > 1 or (not known and not value.get("member")):
        raise not_taken(where, "it has exactly one identifier, or members")


def actor(value: Any, where: str) -> None:
    """An agent or a group."""
    is_group = isinstance(value, dict) and value.get("objectType") == "Group"
    (group if is_group else agent)(value, where)


def _authority(value: Any, where: str) -> None:
    actor(value, where)
    if "member" in value and len(value["member"]) != 2:
        raise not_taken(where, "a group that vouches is of two")


def _component_list(value: Any, where: str) -> None:
    each(_COMPONENT)(value, where)
    if len({one["id"] for one in value}) != len(value):
        raise not_taken(where, "each id stands once")


_COMPONENT = thing({"id": values.text, "description": values.language_map}, needs=("id",))
_DEFINITION = thing(
    {
        "name": values.language_map,
        "description": values.language_map,
        "type": values.iri,
        "moreInfo": values.iri,
        "interactionType": one_of(*_INTERACTIONS),
        "correctResponsesPattern": each(values.text),
        **dict.fromkeys(_LISTS, _component_list),
        "extensions": values.extensions,
    }
)


def _definition(value: Any, where: str) -> None:
    _DEFINITION(value, where)
    kind = value.get("interactionType")
    if kind is None and ("correctResponsesPattern" in value or any(name in value for name in _LISTS)):
        raise not_taken(f"{where}/interactionType", "it is missing")
    for name in _LISTS:
        if name in value and name not in _COMPONENTS.get(kind, ()):
            raise not_taken(f"{where}/{name}", f"{kind} has none")


activity = thing(
    {"objectType": one_of("Activity"), "id": values.iri, "definition": _definition}, needs=("id",)
)
reference = thing({"objectType": one_of("StatementRef"), "id": values.uuid}, needs=("objectType", "id"))


def _activities(value: Any, where: str) -> None:
    (each(activity) if isinstance(value, list) else activity)(value, where)


_SCORE = thing(dict.fromkeys(("scaled", "raw", "min", "max"), values.number))


def _score(value: Any, where: str) -> None:
    _SCORE(value, where)
    least, most = value.get("min"), value.get("max")
    if least is not None and most is not None and least >= most:
        raise not_taken(f"{where}/max", "it is above min")
    raw = value.get("raw")
    if raw is not None and ((least is not None and raw < least) or (most is not None and raw > most)):
        raise not_taken(f"{where}/raw", "it is from min to max")
    if not -1 <= value.get("scaled", 0) <= 1:
        raise not_taken(f"{where}/scaled", "it is from -1 to 1")


_RESULT = thing(
    {
        "score": _score,
        "success": values.flag,
        "completion": values.flag,
        "response": values.text,
        "duration": values.duration,
        "extensions": values.extensions,
    }
)
_CONTEXT = thing(
    {
        "registration": values.uuid,
        "instructor": actor,
        "team": group,
        "contextActivities": thing(dict.fromkeys(("parent", "grouping", "category", "other"), _activities)),
        "revision": values.text,
        "platform": values.text,
        "language": values.language,
        "statement": reference,
        "extensions": values.extensions,
    }
)
_ATTACHMENT = thing(
    {
        "usageType": values.iri,
        "display": values.language_map,
        "description": values.language_map,
        "contentType": values.media_type,
        "length": values.whole_number,
        "sha2": values.sha2,
        "fileUrl": values.iri,
    },
    needs=("usageType", "display", "contentType", "length", "sha2"),
)
_VERB = thing({"id": values.iri, "display": values.language_map}, needs=("id",))
_NEEDS = ("actor", "verb", "object")
_PARTS: dict[str, Check] = {
    "actor": actor,
    "verb": _VERB,
    "result": _RESULT,
    "context": _CONTEXT,
    "timestamp": values.moment,
    "attachments": each(_ATTACHMENT),
}


def _within(value: Any, where: str) -> None:
    """A statement that is spoken of in another one, and was not said itself (2.4.4.3)."""
    kinds = {"Activity": activity, "Agent": agent, "Group": group, "StatementRef": reference}
    said = {**_PARTS, "objectType": one_of("SubStatement"), "object": _object_of(kinds)}
    thing(said, needs=(*_NEEDS, "objectType"))(value, where)
    _fits(value, where)


def _object_of(kinds: dict[str, Check]) -> Check:
    def check(value: Any, where: str) -> None:
        an_object(value, where)
        kind = value.get("objectType", "Activity")
        if not isinstance(kind, str) or kind not in kinds:
            raise not_taken(f"{where}/objectType", f"it is one of {', '.join(kinds)}")
        kinds[kind](value, where)

    return check


_STATEMENT = thing(
    {
        **_PARTS,
        "id": values.uuid,
        "object": _object_of(
            {
                "Activity": activity,
                "Agent": agent,
                "Group": group,
                "StatementRef": reference,
                "SubStatement": _within,
            }
        ),
        "stored": values.moment,
        "authority": _authority,
        "version": values.version,
    },
    needs=_NEEDS,
)


def check_statement(value: Any, where: str = "") -> None:
    """Return where this is a statement. Raises `StatementNotTaken` with the place where it is not."""
    _STATEMENT(value, where)
    _fits(value, where)
    if value["verb"]["id"] == VOIDED and value["object"].get("objectType") != "StatementRef":
        raise not_taken(f"{where}/object", "what is voided is a statement, named by StatementRef")


def _fits(value: dict[str, Any], where: str) -> None:
    """Revision and platform are of activities alone (2.4.6)."""
    of_activity = value["object"].get("objectType", "Activity") == "Activity"
    for name in ("revision", "platform"):
        if name in value.get("context", {}) and not of_activity:
            raise not_taken(f"{where}/context/{name}", "only an activity has one")


def attachments_in(statement: dict[str, Any]) -> list[dict[str, Any]]:
    """What a statement has attached, and a statement within it."""
    found: list[dict[str, Any]] = list(statement.get("attachments", ()))
    what = statement["object"]
    return found + (attachments_in(what) if what.get("objectType") == "SubStatement" else [])


def check_attached(statements: list[dict[str, Any]], files: dict[str, int]) -> None:
    """Return where every attachment is sent along or kept elsewhere, and no file is of none; by SHA-2 with its length.

    Raises `StatementNotTaken` (2.4.11).
    """
    named = set()
    for place, statement in enumerate(statements):
        for number, one in enumerate(attachments_in(statement)):
            before, sha2 = f"/{place}" if len(statements) > 1 else "", one["sha2"].lower()
            where = f"{before}/attachments/{number}"
            named.add(sha2)
            if sha2 not in files and "fileUrl" not in one:
                raise not_taken(where, "it is neither sent along nor kept elsewhere (fileUrl)")
            if files.get(sha2, one["length"]) != one["length"]:
                raise not_taken(f"{where}/length", "the file that was sent has another")
    if set(files) - named:
        raise not_taken("", "a file is sent along that none of its attachments names")


def identifier_of(who: dict[str, Any]) -> str:
    """The one identifier of an agent or a group as one text; "" for a group of its members alone."""
    for name in IDENTIFIERS:
        if name in who:
            said = who[name]
            if name == "account":
                return f"account:{said['homePage']} {said['name']}"
            return f"{name}:{said.lower() if name.startswith('mbox') else said}"
    return ""


def agents_in(statement: dict[str, Any]) -> list[dict[str, Any]]:
    """Every agent and group that a statement speaks of, also in a statement within it, and in groups."""
    context = statement.get("context", {})
    said = [statement["actor"], context.get("instructor"), context.get("team"), statement.get("authority")]
    what = statement["object"]
    if what.get("objectType") in ("Agent", "Group"):
        said.append(what)
    found = [one for one in said if one]
    found += [member for one in found for member in one.get("member", ())]
    return found + (agents_in(what) if what.get("objectType") == "SubStatement" else [])


def activities_in(statement: dict[str, Any]) -> list[str]:
    """The ids of every activity that a statement speaks of, that which it is about first."""
    what = statement["object"]
    kind = what.get("objectType", "Activity")
    found = [what["id"]] if kind == "Activity" else []
    for said in statement.get("context", {}).get("contextActivities", {}).values():
        found += _ids(said)
    return found + (activities_in(what) if kind == "SubStatement" else [])


def heard_of(statement: dict[str, Any]) -> Heard:
    """What a statement says towards moving on."""
    context = statement.get("context", {})
    return Heard(
        statement["verb"]["id"],
        frozenset(_ids(context.get("contextActivities", {}).get("category", []))),
        SESSION in context.get("extensions", {}),
    )


def about(statement: dict[str, Any]) -> list[str]:
    """The ids of the units a statement is about: its object, and under cmi5 what the publisher calls that (9.6.2.3)."""
    what = statement["object"]
    if what.get("objectType", "Activity") != "Activity":
        return []
    grouping = statement.get("context", {}).get("contextActivities", {}).get("grouping", [])
    return [what["id"], *(_ids(grouping) if heard_of(statement).is_cmi5 else ())]


def _ids(said: dict[str, Any] | list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in (said if isinstance(said, list) else [said])]
