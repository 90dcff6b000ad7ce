"""YAML read as people mean it: `no` stays text, 12:00 is no number, decimals are exact, no key stands twice."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

BYTES_MAX = 256 * 1024
DEPTH_MAX = 12

_WHOLE = re.compile(r"[-+]?[0-9]{1,30}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,30}\.[0-9]{1,30}")


class YamlProblem(Exception):
    """Why a text is not the YAML that is read here: a sentence, and the line where known."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


def read_yaml(text: str) -> tuple[Any, dict[str, int]]:
    """The value of a YAML text, and for the JSON pointer of everything in it the line it begins on.

    Plain scalars become bool (true, false), None (null, ~ or nothing), int or Decimal; all else, dates
    and times of day included, stays text, and so does whatever stands in quotes. Keys are text. Raises
    YamlProblem for malformed or oversized text, a key given twice, anchors, tags and several documents.
    """
    if len(text.encode("utf-8", "replace")) > BYTES_MAX:
        raise YamlProblem(f"The file is larger than {BYTES_MAX // 1024} kB.")
    try:
        _refuse_what_bursts(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise YamlProblem(
            f"This is not YAML that can be read: {error.problem or error.context}.", line
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlProblem(f"This is not YAML that can be read: {str(error).splitlines()[0]}.") from None
    if root is None:
        raise YamlProblem("The file is empty.")
    lines: dict[str, int] = {}
    return _value(root, "", lines, 0), lines


def _refuse_what_bursts(text: str) -> None:
    """Read the text only as far as it is sane: what is nested without end takes minutes to be composed."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise YamlProblem("Anchors and aliases (& and *) are not read here; write the part out.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MAX + 1:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise YamlProblem(f"The file is nested deeper than {DEPTH_MAX} levels.", line)


def _value(node: Any, pointer: str, lines: dict[str, int], depth: int) -> Any:
    line = node.start_mark.line + 1
    lines[pointer] = line
    if depth > DEPTH_MAX:
        raise YamlProblem(f"The file is nested deeper than {DEPTH_MAX} levels.", line)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, f"{pointer}/{index}", lines, depth + 1) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlProblem("A key must be a plain text.", key_node.start_mark.line + 1)
            key = str(key_node.value)
            if key in found:
                raise YamlProblem(f"The key {key} stands twice.", key_node.start_mark.line + 1)
            place = f"{pointer}/{pointer_part(key)}"
            found[key] = _value(value_node, place, lines, depth + 1)
            lines[place] = key_node.start_mark.line + 1
        return found
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style is not None:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text) and not re.fullmatch(r"[-+]?0[0-9]+", text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def pointer_part(key: str) -> str:
    """A key as one part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
