"""The programme files that come with Plaudit, for people to start from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from plaudit.foundation.refusals import NotFound
from plaudit.planning.plans import validate


@dataclass(frozen=True, slots=True)
class Template:
    """One shipped programme file."""

    key: str
    name: str
    description: str
    source: str


@cache
def templates() -> tuple[Template, ...]:
    """Every shipped file, by key. Each is long, so they are read and checked once."""
    folder = resources.files("plaudit.programmes")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    return tuple(_read(name, (folder / name).read_text(encoding="utf-8")) for name in files)


def template(key: str) -> Template:
    """The shipped file of that key. Raises `NotFound`."""
    found = next((one for one in templates() if one.key == key), None)
    if found is None:
        raise NotFound(kind="template", ref=key)
    return found


def new_file(template_key: str, *, key: str, name: str) -> str:
    """The template's text as the file of a new programme. Raises `NotFound`, `ProgrammeFileRefused`."""
    source = template(template_key).source
    source = re.sub(r"(?m)^programme: .*$", lambda _: f"programme: {key}", source, count=1)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    source = re.sub(r"(?m)^name: .*$", lambda _: f'name: "{quoted}"', source, count=1)
    validate(source)
    return source


def _read(file: str, source: str) -> Template:
    programme = validate(source)
    assert file == f"{programme.key}.yaml", f"{file} is the file of {programme.key}"
    return Template(programme.key, programme.name, programme.description, source)
