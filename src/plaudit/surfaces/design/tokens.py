"""The colours of Plaudit in light and dark, and the contrast each pair must keep.

Pure: no Django. The stylesheet's token block is written from here by ``build.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

TEXT_FLOOR = 4.5
"""WCAG 2.2, success criterion 1.4.3 (AA), text of ordinary size."""

GRAPHIC_FLOOR = 3.0
"""WCAG 2.2, success criterion 1.4.11 (AA), controls and parts of graphics."""


@dataclass(frozen=True)
class Colour:
    """One named colour as ``#RRGGBB`` for each theme."""

    name: str
    light: str
    dark: str

    def shade(self, theme: Theme) -> str:
        """The hexadecimal colour this token has in one theme."""
        return self.light if theme == "light" else self.dark


@dataclass(frozen=True)
class Pair:
    """A colour that is drawn on another, and the least contrast it must keep in both themes."""

    front: str
    ground: str
    floor: float


COLOURS: tuple[Colour, ...] = (
    Colour("canvas", "#FAFAF7", "#101412"),
    Colour("surface", "#FFFFFF", "#181D1B"),
    Colour("sunken", "#F1F2ED", "#0B0E0D"),
    Colour("text", "#1A1F1C", "#EAEEEC"),
    Colour("muted", "#535E58", "#A6B1AB"),
    Colour("border", "#D8DBD3", "#333B37"),
    Colour("control", "#757F79", "#7C8882"),
    Colour("primary", "#0A6850", "#5FCBA9"),
    Colour("on-primary", "#FFFFFF", "#06261C"),
    Colour("primary-hover", "#074D3B", "#86DCC1"),
    Colour("primary-soft", "#DFF2EA", "#12352B"),
    Colour("on-primary-soft", "#0A4A39", "#A9E8D3"),
    Colour("point", "#865500", "#F4BE4F"),
    Colour("point-fill", "#F4B93A", "#F4B93A"),
    Colour("on-point-fill", "#2A1B00", "#2A1B00"),
    Colour("point-soft", "#FDF1D7", "#3A2C0C"),
    Colour("on-point-soft", "#5F3C00", "#FAD994"),
    Colour("info", "#1A5BB0", "#8DB9FF"),
    Colour("info-soft", "#E4EEFB", "#152A45"),
    Colour("success", "#19702F", "#7FD18F"),
    Colour("success-soft", "#E3F4E6", "#15321C"),
    Colour("warning", "#8A4B00", "#F5B862"),
    Colour("warning-soft", "#FFF0D9", "#3B290C"),
    Colour("danger", "#AE241C", "#FF9F97"),
    Colour("danger-soft", "#FCE9E7", "#43191A"),
    Colour("link", "#0B5CAD", "#8DB9FF"),
    Colour("focus", "#0B57D0", "#A8C7FF"),
    Colour("chart-1", "#0A6850", "#5FCBA9"),
    Colour("chart-2", "#AB8212", "#BC9D2C"),
    Colour("chart-3", "#825FF1", "#7775F7"),
    Colour("chart-4", "#640D66", "#C82C8B"),
)

SEQUENCE: tuple[str, ...] = ("#DFF2EA", "#A8D9C7", "#6FBBA1", "#37967A", "#0A6850", "#053A2C")
"""Six steps from little to much, for maps of one measure."""


def _pairs(front: str, grounds: str, floor: float) -> tuple[Pair, ...]:
    return tuple(Pair(front, ground, floor) for ground in grounds.split())


PAIRS: tuple[Pair, ...] = (
    *_pairs("text", "surface canvas sunken", TEXT_FLOOR),
    *_pairs("muted", "surface canvas sunken", TEXT_FLOOR),
    *_pairs("control", "surface canvas sunken", GRAPHIC_FLOOR),
    *_pairs("primary", "surface canvas sunken", TEXT_FLOOR),
    *_pairs("on-primary", "primary primary-hover", TEXT_FLOOR),
    *_pairs("on-primary-soft", "primary-soft", TEXT_FLOOR),
    *_pairs("point", "surface canvas", TEXT_FLOOR),
    *_pairs("on-point-fill", "point-fill", TEXT_FLOOR),
    *_pairs("on-point-soft", "point-soft", TEXT_FLOOR),
    *_pairs("info", "info-soft", TEXT_FLOOR),
    *_pairs("success", "success-soft", TEXT_FLOOR),
    *_pairs("warning", "warning-soft", TEXT_FLOOR),
    *_pairs("danger", "danger-soft", TEXT_FLOOR),
    *_pairs("link", "surface canvas", TEXT_FLOOR),
    *_pairs("focus", "surface canvas sunken", GRAPHIC_FLOOR),
    *_pairs("chart-1", "surface", GRAPHIC_FLOOR),
    *_pairs("chart-2", "surface", GRAPHIC_FLOOR),
    *_pairs("chart-3", "surface", GRAPHIC_FLOOR),
    *_pairs("chart-4", "surface", GRAPHIC_FLOOR),
    # The components also put these together.
    *_pairs("text", "primary-soft point-soft info-soft success-soft warning-soft danger-soft", TEXT_FLOOR),
    *_pairs("link", "sunken", TEXT_FLOOR),
    *_pairs("point", "sunken", TEXT_FLOOR),
    *_pairs("success", "surface canvas", TEXT_FLOOR),
    *_pairs("warning", "surface canvas", TEXT_FLOOR),
    *_pairs("danger", "surface canvas", TEXT_FLOOR),
    *_pairs("info", "surface canvas", TEXT_FLOOR),
    *_pairs("surface", "text", TEXT_FLOOR),
)


def colour(name: str) -> Colour:
    """The token of that name; raises ``KeyError`` for a name the system does not have."""
    for candidate in COLOURS:
        if candidate.name == name:
            return candidate
    raise KeyError(name)


def relative_luminance(hexadecimal: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0 for black to 1 for white.

    Source: WCAG 2.2, definition "relative luminance" (sRGB, threshold 0.04045).
    """
    channels = [int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21.

    Source: WCAG 2.2, definition "contrast ratio": (L1 + 0.05) / (L2 + 0.05), the lighter above.
    """
    lighter, darker = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pair_contrast(pair: Pair, theme: Theme) -> float:
    """Contrast ratio a pair of tokens has in one theme."""
    return contrast(colour(pair.front).shade(theme), colour(pair.ground).shade(theme))


def css() -> str:
    """The colour tokens as one cascade layer, each with both themes in ``light-dark()``."""
    lines = [
        f"    --{token.name}: light-dark({token.light}, {token.dark});"
        if token.light != token.dark
        else f"    --{token.name}: {token.light};"
        for token in COLOURS
    ]
    return "\n".join(
        [
            "@layer tokens {",
            "  :root {",
            "    color-scheme: light dark;",
            *lines,
            "  }",
            '  [data-theme="light"] { color-scheme: light; }',
            '  [data-theme="dark"] { color-scheme: dark; }',
            "}",
            "",
        ]
    )
