"""Writes SVG elements as text, every word and attribute escaped. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

Attribute = str | int | Decimal

SHAPES = (
    "M4 0A4 4 0 1 1-4 0A4 4 0 1 1 4 0Z",
    "M-3.6-3.6H3.6V3.6H-3.6Z",
    "M0-4.6L4.4 3.4H-4.4Z",
    "M0-5L5 0L0 5L-5 0Z",
)
"""A marker for each series: circle, square, triangle, diamond."""


def element(name: str, attributes: Mapping[str, Attribute] | None = None, inside: str = "") -> str:
    """One element; ``inside`` is markup and must already be escaped."""
    written = "".join(f" {key}={quoteattr(str(value))}" for key, value in (attributes or {}).items())
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(words: str, x: Attribute, y: Attribute, classes: str = "", dx: int = 0) -> str:
    """Words at a place."""
    attributes: dict[str, Attribute] = {"x": x, "y": y}
    if dx:
        attributes["dx"] = dx
    if classes:
        attributes["class"] = classes
    return element("text", attributes, escape(words))


def line(x1: Attribute, y1: Attribute, x2: Attribute, y2: Attribute, classes: str) -> str:
    """A straight line."""
    return element("line", {"class": classes, "x1": x1, "y1": y1, "x2": x2, "y2": y2})


def marker(shape: int, x: Attribute, y: Attribute, classes: str) -> str:
    """A series' marker at a place whose x may be per cent."""
    drawn = element("path", {"class": f"spot-mark {classes}", "d": SHAPES[shape]})
    return element("svg", {"x": x, "y": y, "overflow": "visible"}, drawn)


def drawing(label: str, height: int, parts: Sequence[str]) -> str:
    """The whole drawing as one image with a name; it is as wide as its box."""
    attributes: dict[str, Attribute] = {
        "class": "chart-svg",
        "role": "img",
        "aria-label": label,
        "height": height,
    }
    return element("svg", attributes, "".join(parts))
