"""The format as a JSON Schema, for editors that complete and check while a person writes."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from plaudit.planning.programme_file.format import PROGRAMME, SECTIONS
from plaudit.planning.programme_file.shapes import Section

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FILE = "programme.schema.json"


def schema() -> dict[str, Any]:
    """The schema of a whole file, made from the table of the format."""
    return {
        "$schema": DRAFT,
        "title": "Plaudit programme file",
        **_section(PROGRAMME),
        "$defs": {section.name: _section(section) for section in SECTIONS if section is not PROGRAMME},
    }


def schema_text() -> str:
    """The schema as it is published, in `plaudit/programmes/programme.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def published_schema() -> str:
    """The schema that came with this installation."""
    return (resources.files("plaudit.programmes") / FILE).read_text(encoding="utf-8")


def _section(section: Section) -> dict[str, Any]:
    described: dict[str, Any] = {"description": section.intro, "type": "object"}
    described["properties"] = {
        key.name: {"description": key.meaning, **key.shape.schema} for key in section.keys
    }
    described["additionalProperties"] = False
    required = [key.name for key in section.keys if key.required]
    if required:
        described["required"] = required
    if section.one_of:
        described["oneOf"] = [{"required": [name]} for name in section.one_of]
    if section.apart:
        described["not"] = {"required": list(section.apart)}
    return described
