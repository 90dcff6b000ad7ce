"""Writes the served stylesheet, script and icon sprite from their sources.

``python -m plaudit.surfaces.design.build`` writes them, ``--check`` fails when they are stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from plaudit.surfaces.design import icons, tokens

_HERE = Path(__file__).parent
_STYLES = _HERE / "styles"
_SCRIPTS = _HERE / "scripts"
_SERVED = _HERE / "static" / "plaudit"

SHEETS: tuple[str, ...] = (
    "reset",
    "type",
    "layout",
    "navigation",
    "actions",
    "forms",
    "tables",
    "figures",
    "feedback",
    "programme",
    "because",
    "charts",
    "environments",
)
"""The style sources in the order they are joined; ``environments`` is print, contrast and motion."""

SCRIPTS: tuple[str, ...] = ("page", "current")
"""The script sources in the order they are joined: one request where two would be (``make budgets``)."""

_LAYERS = "@layer tokens, reset, type, layout, components, charts, environments;\n"


def stylesheet() -> str:
    """All styles as the one sheet that pages load, without comments and indentation."""
    sources = [tokens.css(), *((_STYLES / f"{name}.css").read_text("utf-8") for name in SHEETS)]
    return _LAYERS + "".join(_tighten(source) for source in sources)


def script() -> str:
    """What every page loads, as one module: a source may use the names of those before it."""
    return "".join((_SCRIPTS / f"{name}.js").read_text("utf-8") for name in SCRIPTS)


def _tighten(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return css.replace(";}", "}").strip() + "\n"


def served_files() -> dict[Path, str]:
    """Every file the build writes, by path, with the text it should hold."""
    return {
        _SERVED / "plaudit.css": stylesheet(),
        _SERVED / "plaudit.js": script(),
        _SERVED / "icons.svg": icons.sprite(),
    }


def stale_files() -> list[Path]:
    """The served files whose text is not what their sources say."""
    return [
        path for path, text in served_files().items() if not path.exists() or path.read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the served files, or with ``--check`` name the stale ones and return 1."""
    stale = stale_files()
    if "--check" in arguments:
        for path in stale:
            sys.stderr.write(f"{path.name} is stale: run python -m plaudit.surfaces.design.build\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(served_files()[path], "utf-8")
        sys.stdout.write(f"wrote {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
