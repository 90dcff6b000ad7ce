"""The picture of a credential: an emblem with its name as SVG, and the emblem alone as PNG, which has no words."""

from __future__ import annotations

import itertools
import textwrap
import zlib
from functools import lru_cache
from html import escape
from math import hypot
from struct import pack

from plaudit.credentials.rules.baking import png

_SIZE = 256
_COLOUR = (23, 76, 112)
_TICK = ((84.0, 130.0), (116.0, 162.0), (176.0, 98.0))
_HALF = 10.0
_LINE, _LINES = 22, 3


def emblem_svg(name: str, issuer: str, since: str) -> str:
    """The emblem with what was achieved, who says so, and since when, in a square of 512."""
    lines = textwrap.wrap(name, _LINE) or [name]
    if len(lines) > _LINES:
        lines = [
            *lines[: _LINES - 1],
            textwrap.shorten(" ".join(lines[_LINES - 1 :]), _LINE, placeholder="…"),
        ]
    said = "".join(
        f'<text x="256" y="{330 + 38 * place}" font-size="32" font-weight="bold">{_plain(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512" role="img" '
        f'aria-label="{_plain(name)}"><rect x="8" y="8" width="496" height="496" rx="40" fill="#174c70"/>'
        '<circle cx="256" cy="170" r="96" fill="none" stroke="#fff" stroke-width="10"/>'
        '<path d="M206 172l36 36 66-72" fill="none" stroke="#fff" stroke-width="20" stroke-linecap="round" '
        'stroke-linejoin="round"/><g fill="#fff" font-family="sans-serif" text-anchor="middle">'
        f'{said}<text x="256" y="446" font-size="24">{_plain(textwrap.shorten(issuer, 36, placeholder="…"))}</text>'
        f'<text x="256" y="478" font-size="20">{_plain(since)}</text></g></svg>'
    )


def _plain(text: str) -> str:
    """Escaped, and without what XML has no characters for."""
    return escape("".join(one for one in text if one.isprintable()))


@lru_cache(maxsize=1)
def emblem_png() -> bytes:
    """A disc with a ring and a tick, drawn point by point; it takes a moment, and is the same for all."""
    rows = (b"\0" + b"".join(_point(x + 0.5, y + 0.5) for x in range(_SIZE)) for y in range(_SIZE))
    header = pack(">IIBBBBB", _SIZE, _SIZE, 8, 6, 0, 0, 0)
    return png([(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")])


def _point(x: float, y: float) -> bytes:
    away = hypot(x - _SIZE / 2, y - _SIZE / 2)
    ring = _covered(3.0 - abs(away - 104.0))
    tick = max(_covered(_HALF - _from_line(x, y, *ends)) for ends in itertools.pairwise(_TICK))
    white = max(ring, tick)
    return bytes(
        [*(round(one + (255 - one) * white) for one in _COLOUR), round(255 * _covered(122.0 - away))]
    )


def _covered(depth: float) -> float:
    """How much of a point is inside, of a line that it lies this deep in."""
    return min(1.0, max(0.0, depth + 0.5))


def _from_line(x: float, y: float, start: tuple[float, float], end: tuple[float, float]) -> float:
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    part = ((x - start[0]) * along_x + (y - start[1]) * along_y) / (along_x**2 + along_y**2)
    part = min(1.0, max(0.0, part))
    return hypot(x - start[0] - part * along_x, y - start[1] - part * along_y)
