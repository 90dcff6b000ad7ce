"""A YAML reader as other programs have one (YAML 1.2, core schema), to hold the JSON Schema against."""

from __future__ import annotations

import re
from typing import Any

from plaudit.planning.programme_file.tree import Entries, Items, Text, Tree, tree_of_yaml


def loaded(text: str) -> Any:
    """The data of a YAML text, typed as YAML 1.2 types it."""
    tree, problems = tree_of_yaml(text)
    assert not problems.found and tree is not None
    return _data(tree)


def _data(tree: Tree) -> Any:
    if isinstance(tree, Entries):
        return {key: _data(inside) for key, inside in tree.entries.items()}
    if isinstance(tree, Items):
        return [_data(inside) for inside in tree.items]
    return _scalar(tree)


def _scalar(text: Text) -> Any:
    if not text.is_plain:
        return text.text
    if text.text in ("", "~", "null", "Null", "NULL"):
        return None
    if text.text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text.text):
        return int(text.text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text.text):
        return float(text.text)
    return text.text
