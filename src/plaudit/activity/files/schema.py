"""The JSON Schema of mapping files, for editors and other programs; `load_mapping` checks more than it says."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def mapping_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) as published in `mapping.schema.json`."""
    text = files("plaudit.activity.files").joinpath("mapping.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
