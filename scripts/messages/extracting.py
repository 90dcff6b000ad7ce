"""Finds every message in the source: in templates, in calls of gettext, and in the words of refusals.

Templates are read by Django's own reader of them and Python by its own parser, so no tool of the system
is needed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[2] / "src" / "plaudit"

_SINGULAR = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "worded"})
_PLURAL = frozenset({"ngettext", "ngettext_lazy"})
_COUNTED = frozenset({"worded_count"})
_IN_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
_IN_TEMPLATE = re.compile(
    r"""(?<![\w])(gettext|ngettext|pgettext|_)\(\s*
        ((?:u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*,?\s*){1,2})""",
    re.VERBOSE,
)
# Not on pages: what is told on the command line and to programs, which is in English.
_LEFT_OUT = frozenset({"tests", "static", "migrations", "locale", "cli", "postgres", "backup"})
# What a refusal says, and what names things and acts in it, is translated where a page shows it.
_OF_A_REFUSAL = frozenset({"sentence", "way_forward"})
_NAMED_IN_CALLS: dict[str, tuple[str | int, ...]] = {
    "NotFound": ("kind",),
    "read": ("kind",),
    "allows": ("to",),
    "Problem": (0,),
}
# What is wrong with a programme file, and what to write instead: every sentence that stands in these calls.
_NOTING_PROBLEMS = frozenset({"programme_file", "expressions"})
_OF_A_PROBLEM = frozenset({"note", "PhraseRefused", "refuse"})


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """Words to translate; with a plural where they count something, and a context where they mean two things."""

    singular: str
    plural: str = ""
    context: str = ""


def messages() -> dict[Message, list[str]]:
    """Every message of the product with the files it stands in."""
    found: dict[Message, set[str]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt", ".js"} or _is_left_out(path):
            continue
        source = path.read_text(encoding="utf-8")
        inside = (
            in_python(source, notes_problems=not _NOTING_PROBLEMS.isdisjoint(path.parts))
            if path.suffix == ".py"
            else in_template(source, str(path))
        )
        for message in inside:
            found.setdefault(message, set()).add(str(path.relative_to(SOURCE)))
    return {message: sorted(files) for message, files in sorted(found.items())}


def _is_left_out(path: Path) -> bool:
    parts = path.relative_to(SOURCE).parts
    return not _LEFT_OUT.isdisjoint(parts) or ("api" in parts and path.suffix == ".py")


def in_template(source: str, origin: str = "") -> Iterator[Message]:
    """The messages of one template."""
    if "{%" not in source and "{{" not in source:
        return
    for called, arguments in _IN_TEMPLATE.findall(templatize(source, origin=origin)):
        words = ast.literal_eval(f"[{arguments}]")
        if called == "ngettext":
            yield Message(words[0], words[1])
        elif called == "pgettext":
            yield Message(words[1], context=words[0])
        else:
            yield Message(words[0])


def in_python(source: str, *, notes_problems: bool = False) -> Iterator[Message]:
    """The messages of one module; with the sentences of the problems that it notes, where it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _in_call(node)
            if notes_problems and _name_of(node) in _OF_A_PROBLEM:
                yield from (Message(said) for said in map(_text, node.args) if " " in said)
        elif isinstance(node, ast.ClassDef):
            yield from _in_class(node)


def _name_of(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _in_call(node: ast.Call) -> Iterator[Message]:
    name = _name_of(node)
    words = [_text(argument) for argument in node.args]
    if name in _SINGULAR and words and words[0]:
        yield Message(words[0])
    elif name in _PLURAL and words[0]:
        yield Message(words[0], words[1])
    elif name in _COUNTED and words[1]:
        yield Message(words[1], words[2])
    elif name in _IN_CONTEXT and words[1]:
        yield Message(words[1], context=words[0])
    for place in _NAMED_IN_CALLS.get(name, ()):
        if isinstance(place, int):
            said = words[place] if len(words) > place else ""
        else:
            said = next((_text(one.value) for one in node.keywords if one.arg == place), "")
        if said:
            yield Message(said)


def _in_class(node: ast.ClassDef) -> Iterator[Message]:
    chosen = any(
        getattr(base, "attr", getattr(base, "id", "")) in {"TextChoices", "IntegerChoices"}
        for base in node.bases
    )
    for statement in node.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for name in (target.id for target in targets if isinstance(target, ast.Name)):
            if chosen and name.isupper():
                yield Message(_label(name, statement.value))
            elif name in _OF_A_REFUSAL and (said := _text(statement.value)):
                yield Message(said)


def _label(name: str, value: ast.expr) -> str:
    """What one of several choices is called: as it says, or by its name, as Django makes it."""
    if isinstance(value, ast.Tuple):
        return _text(value.elts[-1])
    return name.replace("_", " ").title()


def _text(node: ast.expr) -> str:
    """The text a constant is; nothing for whatever is only known when the program runs."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
