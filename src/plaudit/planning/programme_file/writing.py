"""A programme written as YAML for people: short maps on one line, sections apart, quotes where needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from plaudit.planning.programme_file.document import document_of
from plaudit.planning.programme_file.programme import Programme


def write_programme(programme: Programme) -> str:
    """The programme as a YAML file that reads as it: without the comments of the file it once came from."""
    blocks = []
    head: list[str] = []
    for key, value in document_of(programme).items():
        lines = list(_entry(key, value, 0))
        if isinstance(value, Mapping | list) and key != "audience":
            blocks.append("\n".join(lines))
        else:
            head += lines
    return "\n\n".join(["\n".join(head), *blocks]) + "\n"


def translations_text(language: str, texts: Sequence[str]) -> str:
    """Texts to be translated, as they go into a file: each with itself in the place of what it becomes."""
    if not texts:
        return f"translations: {{{language}: {{}}}}"
    return "\n".join(_entry("translations", {language: {text: text for text in texts}}, 0))


_FLOW_LENGTH_MAX = 88
_KEY_LENGTH_MAX = 1000
_ALWAYS_BLOCK = (
    "units",
    "activities",
    "rules",
    "campaigns",
    "rewards",
    "challenges",
    "streaks",
    "membership",
    "levels",
    "terms",
    "prices",
    "professions",
    "entitlements",
    "partners",
    "competitions",
    "tiers",
    "segments",
    "offers",
    "facts",
    "levels",
    "objectives",
    "examples",
    "limits",
    "member_fields",
    "translations",
)


def _entry(key: str, value: Any, depth: int) -> Iterator[str]:
    """One key with what belongs to it: on one line where that is short and has no longer texts in it."""
    indent = "  " * depth
    name = _scalar(key, in_flow=False)
    if len(name) > _KEY_LENGTH_MAX:  # YAML takes longer ones only with a question mark before them
        yield f"{indent}? {name}"
        yield f"{indent}: {_scalar(value, in_flow=False) if not isinstance(value, Mapping | list) else _flow(value)}"
        return
    if isinstance(value, str) and "\n" in value:
        yield from _long_text(f"{indent}{name}:", value, depth + 1)
    elif isinstance(value, Mapping | list):
        flow = _flow(value)
        if (
            key not in _ALWAYS_BLOCK
            and len(indent) + len(name) + len(flow) <= _FLOW_LENGTH_MAX
            and _is_flat(value)
        ) or not value:
            yield f"{indent}{name}: {flow}"
            return
        yield f"{indent}{name}:"
        yield from _block(value, depth + 1)
    else:
        yield f"{indent}{name}: {_scalar(value, in_flow=False)}"


def _block(value: Mapping[str, Any] | list[Any], depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield from _entry(key, inside, depth)
        return
    for item in value:
        if isinstance(item, str) and "\n" in item:
            yield from _long_text(f"{'  ' * depth}-", item, depth + 1)
        else:
            written = _flow(item) if isinstance(item, Mapping | list) else _scalar(item, in_flow=False)
            yield f"{'  ' * depth}- {written}"


def _is_flat(value: Mapping[str, Any] | list[Any]) -> bool:
    """Whether a map or list looks well on one line: a few short values, and lists of them."""
    inside = list(value.values()) if isinstance(value, Mapping) else value
    return all(
        not isinstance(one, Mapping) and "\n" not in str(one) and len(str(one)) <= 40 for one in inside
    )


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inside) for inside in value) + "]"
    return _scalar(value)


def _long_text(start: str, text: str, depth: int) -> Iterator[str]:
    """Several lines as they are, where YAML keeps them as they are; otherwise in quotes."""
    lines = text.split("\n")
    if any(line != line.strip() for line in lines) or not lines[0] or "\t" in text:
        yield f"{start} {_quoted(text)}"
        return
    yield f"{start} |-"
    yield from ("  " * depth + line if line else "" for line in lines)


_PLAIN = re.compile(r"[A-Za-z0-9_(][^\n\t]*")
# Texts that other YAML readers would take for something else.
_NOT_A_TEXT = re.compile(
    r"[-+]?[0-9][0-9_,]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|0[xob][0-9a-f_]+|[0-9]+(:[0-9]+)+(\.[0-9]*)?|null|true|false|yes|no|on|off|y|n"
    r"|\.inf|\.nan|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ t].*)?",
    re.IGNORECASE,
)


def _scalar(value: Any, *, in_flow: bool = True) -> str:
    """A value on one line: plain where YAML reads it back as it is, in quotes where not."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    text = str(value)
    special = ": " in text or " #" in text or text.endswith(":") or text != text.strip() or not text
    if (
        special
        or not _PLAIN.fullmatch(text)
        or (in_flow and re.search(r"[,\[\]{}?]", text))
        or _is_mistakable(text)
    ):
        return _quoted(text)
    return text


def _is_mistakable(text: str) -> bool:
    """Whether a YAML reader could take the text for a number, a truth or a time; days and keys `on` are ours."""
    return (
        bool(_NOT_A_TEXT.fullmatch(text))
        and text != "on"
        and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", text)
    )


def _quoted(text: str) -> str:
    """In double quotes, with YAML's escapes for what is not printable."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return (
        '"'
        + re.sub(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]", _escape, escaped)
        + '"'
    )


def _escape(found: re.Match[str]) -> str:
    return f"\\U{ord(found[0]):08x}"
