"""A credential inside a picture, put there and found again: Open Badges 3.0, 5.3 (1EdTech), and PNG (W3C, third edition)."""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Iterator
from zlib import crc32

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
# Nothing compressed, in no language, and no keyword in another one.
_WORD = KEYWORD + b"\0"
_HEAD = _WORD + b"\0\0" + b"\0" + b"\0"
_BEGINS = re.compile(r"<(?:[\w-]+:)?credential\b([^<>]*)>")
_ENDS = re.compile(r"</(?:[\w-]+:)?credential\s*>")
_VERIFY = re.compile(r"""\bverify\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CDATA = re.compile(r"<!\[CDATA\[(.*)\]\]>", re.DOTALL)


def baked_svg(picture: str, document: str) -> str:
    """The picture with a credential in JSON, its proof inside: right after its first tag, which names the namespace."""
    # In JSON this can only stand inside a text, where it may be spelt so.
    inside = document.replace("]]>", "]]\\u003e")
    element = f"<openbadges:credential><![CDATA[{inside}]]></openbadges:credential>"
    begins, tag, rest = re.split(r"(<svg\b[^>]*>)", picture, maxsplit=1)
    return f'{begins}{tag[:-1]} xmlns:openbadges="{NAMESPACE}">{element}{rest}'


def baked_png(picture: bytes, text: str) -> bytes:
    """The picture with a credential in an iTXt chunk before its end, in the place of what was baked into it."""
    kept = [one for one in _chunks(picture) if not (one[0] == b"iTXt" and one[1].startswith(_WORD))]
    assert kept and kept[-1][0] == b"IEND", "the picture is whole"
    kept.insert(-1, (b"iTXt", _HEAD + text.encode()))
    return png(kept)


def png(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """A PNG of these chunks, each with its length and its check."""
    said = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))
        for kind, data in chunks
    ]
    return PNG_BEGINS + b"".join(said)


def found_in(picture: bytes) -> str:
    """The credential in a picture: JSON or a token, "" where there is none, or the picture is broken before it."""
    return _in_png(picture) if picture.startswith(PNG_BEGINS) else _in_svg(picture)


def _in_png(picture: bytes) -> str:
    for kind, data in _chunks(picture):
        if kind == b"iTXt" and data.startswith(_WORD):
            # Whether it is compressed and how, a language, and the keyword in it stand before the text.
            flags, said = data[len(_WORD) : len(_WORD) + 2], data[len(_WORD) + 2 :].split(b"\0", 2)
            return said[2].decode("utf-8", "replace").strip() if flags[:1] == b"\0" and len(said) == 3 else ""
    return ""


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG up to its end, or up to the first that is cut off or does not agree with its check."""
    at = len(PNG_BEGINS)
    while at + 12 <= len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        kind, data = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        check = picture[at + 8 + length : at + 12 + length]
        if len(data) < length or check != struct.pack(">I", crc32(kind + data)):
            return
        yield kind, data
        if kind == b"IEND":
            return
        at += 12 + length


def _in_svg(picture: bytes) -> str:
    """Read with patterns and not as XML: nothing in somebody's file can grow or lead elsewhere."""
    text = picture.decode("utf-8", "replace")
    found = _BEGINS.search(text) if "<svg" in text else None
    if found is None:
        return ""
    verify = _VERIFY.search(found[1])
    if verify is not None and (token := (verify[1] or verify[2] or "").strip()):
        return html.unescape(token)
    ends = _ENDS.search(text, found.end())
    body = text[found.end() : ends.start()].strip() if ends is not None else ""
    inside = _CDATA.fullmatch(body)
    return (inside[1] if inside is not None else html.unescape(body)).strip()
