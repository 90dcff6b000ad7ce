"""The files that describe the API in docs/reference, as they must be."""

from __future__ import annotations

import json

from plaudit.foundation.exact import encode
from plaudit.surfaces.api.document import document
from plaudit.surfaces.api.reference import markdown


def reference_files() -> dict[str, str]:
    """Every file by name, with what it must say."""
    openapi = json.dumps(json.loads(encode(document())), indent=2, ensure_ascii=False)
    return {"openapi.json": openapi + "\n", "api.md": markdown()}
