"""The icons Plaudit speaks with, and the one sprite that holds them.

The drawings come from Lucide (ISC licence) as packaged in ``lucide``.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree
from zipfile import ZipFile

MARK = "mark"
"""Plaudit's own sign: a page of the ledger with a point on it."""

ICONS: tuple[str, ...] = (
    # What the programme is about.
    "coins", "receipt-text", "circle-question-mark", "gift", "package-check", "ticket", "hand-heart",
    "megaphone", "award", "flame", "snowflake", "target", "hourglass", "graduation-cap", "badge-check",
    "gavel", "git-compare", "flask-conical", "rocket", "scale", "eye-off", "user-x", "signature",
    "book-open", "banknote", "history", "undo-2", "fast-forward", "webhook", "heart-pulse", "headset",
    "upload", "download", "command",
    # What every page needs.
    "house", "user", "users", "search", "menu", "x", "check", "plus", "minus", "copy", "printer", "link",
    "volume-2", "settings", "log-out", "lock", "pencil", "inbox", "bell", "list-checks", "list-filter", "calendar",
    "chevron-right", "chevron-left", "chevron-down", "arrow-up", "arrow-down", "chevrons-up-down",
    "external-link", "circle-check", "circle-alert", "triangle-alert", "info", "shield-check",
    "layout-dashboard", "sliders-horizontal", "file-text", "sun", "moon", "monitor", "star", "key-round", "smartphone",
)  # fmt: skip

_SVG = "{http://www.w3.org/2000/svg}"

_MARK_SYMBOL = (
    '<symbol id="mark" viewBox="0 0 24 24">'
    '<rect x="2" y="2" width="20" height="20" rx="6" fill="currentColor" stroke="none"/>'
    '<path d="M7 8h6M7 12h4M7 16.4h10M7 18.6h10" stroke="var(--surface,#fff)" stroke-width="1.5"/>'
    '<circle cx="16.2" cy="9.2" r="2.6" fill="#F4B93A" stroke="none"/>'
    "</symbol>"
)


class UnknownIcon(LookupError):
    """A page named an icon that is not in the sprite; add it to ``ICONS`` and build again."""


def require(name: str) -> str:
    """The name itself when the sprite holds it; raises ``UnknownIcon`` when it does not."""
    if name != MARK and name not in ICONS:
        raise UnknownIcon(name)
    return name


def sprite() -> str:
    """All icons as one SVG document of symbols, each symbol's id being its Lucide name."""
    drawings = ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))
    symbols = [_symbol(name, drawings.read(f"{name}.svg")) for name in sorted(ICONS)]
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg">',
            "<!-- Lucide icons, ISC licence: https://lucide.dev/license -->",
            _MARK_SYMBOL,
            *symbols,
            "</svg>",
            "",
        ]
    )


def _symbol(name: str, drawing: bytes) -> str:
    # The drawing comes from a locked package, not from a stranger.
    shapes = ElementTree.fromstring(drawing)  # noqa: S314
    drawn = "".join(_shape(shape) for shape in shapes)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>'


def _shape(shape: ElementTree.Element) -> str:
    attributes = " ".join(f'{name}="{value}"' for name, value in shape.attrib.items())
    return f"<{shape.tag.removeprefix(_SVG)} {attributes}/>"


@lru_cache(maxsize=2)
def site_icon(*, sandbox: bool = False) -> str:
    """The sign of the site, or that of a sandbox, as an address that holds the drawing itself.

    Every page and the manifest name it, and browsers fetch it for each of them, even where they have it: some 300
    bytes in place of one request, and of two on the portal's home.
    """
    drawing = Path(__file__).parent / "static" / "plaudit" / f"favicon{'-sandbox' if sandbox else ''}.svg"
    return "data:image/svg+xml," + quote(drawing.read_text("utf-8").strip(), safe=" '()*,-./:;=").replace(
        "%22", "'"
    )
