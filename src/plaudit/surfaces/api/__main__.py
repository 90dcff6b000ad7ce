"""`python -m plaudit.surfaces.api write` writes docs/reference; `check` says what there is out of date."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[4]


def written() -> dict[Path, str]:
    """Every file of the reference and what it must say."""
    # The document is read off the application, which exists only after Django is set up.
    from plaudit.surfaces.api.files import reference_files  # noqa: PLC0415

    return {ROOT / "docs" / "reference" / name: text for name, text in reference_files().items()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    django.setup()
    if sys.argv[1:] == ["write"]:
        for path, text in written().items():
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)} is written.\n")
    elif sys.argv[1:] == ["check"]:
        old = [path for path, text in written().items() if not path.exists() or path.read_text() != text]
        for path in old:
            sys.stdout.write(f"{path.relative_to(ROOT)} is old: python -m plaudit.surfaces.api write\n")
        sys.exit(8 if old else 0)
    else:
        sys.exit("Usage: python -m plaudit.surfaces.api write|check")
