"""Reads and writes catalogues: the PO file that people translate, and the MO file that the program reads.

Source of both forms: the GNU gettext manual, "The Format of PO Files" and "The Format of GNU MO Files".
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.messages.extracting import SOURCE, Message

Forms = tuple[str, ...]

_HEADER = """\
Project-Id-Version: Plaudit
Language: {language}
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: nplurals=2; plural=(n != 1);
"""
_KEYS = ("msgctxt", "msgid_plural", "msgid", "msgstr[0]", "msgstr[1]", "msgstr")
_MAGIC = 0x950412DE


@dataclass(slots=True)
class Catalogue:
    """One language: what each message is in it, a form for one and one for many where it counts."""

    language: str
    said: dict[Message, Forms] = field(default_factory=dict)
    files: Mapping[Message, list[str]] = field(default_factory=dict)

    @property
    def po(self) -> Path:
        return SOURCE / "locale" / self.language / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")


def read(language: str) -> Catalogue:
    """The catalogue of a language as its PO file has it; an empty one where there is none yet."""
    catalogue = Catalogue(language)
    if not catalogue.po.exists():
        return catalogue
    for block in catalogue.po.read_text(encoding="utf-8").split("\n\n"):
        words = _block(block)
        if words.get("msgid"):
            message = Message(words["msgid"], words.get("msgid_plural", ""), words.get("msgctxt", ""))
            forms = (words.get("msgstr[0]", ""), words.get("msgstr[1]", "")) if message.plural else ()
            catalogue.said[message] = forms or (words.get("msgstr", ""),)
    return catalogue


def _block(block: str) -> dict[str, str]:
    words: dict[str, str] = {}
    key = ""
    for line in block.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            key, _, line = line.partition(" ")  # noqa: PLW2901  # what is left of the line is its text
            assert key in _KEYS, f"a catalogue has no {key}"
        words[key] = words.get(key, "") + str(ast.literal_eval(line))
    return words


def po_text(catalogue: Catalogue) -> str:
    """The PO file, its messages in order, so that two people's additions seldom meet."""
    blocks = [f'msgid ""\nmsgstr ""\n{_lines(_HEADER.format(language=catalogue.language))}']
    for message in sorted(catalogue.said):
        forms = catalogue.said[message]
        lines = [f"#: {file}" for file in catalogue.files.get(message, ())]
        lines += [f"msgctxt {_quoted(message.context)}"] if message.context else []
        lines.append(f"msgid {_quoted(message.singular)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
        else:
            lines.append(f"msgstr {_quoted(forms[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _lines(text: str) -> str:
    return "\n".join(_quoted(line) for line in text.splitlines(keepends=True))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def mo_bytes(catalogue: Catalogue) -> bytes:
    """The MO file: a table of places, then every message and every translation, sorted by message."""
    pairs = {b"": _HEADER.format(language=catalogue.language).encode()}
    for message, forms in catalogue.said.items():
        if not all(forms):
            continue
        context = f"{message.context}\x04" if message.context else ""
        plural = f"\x00{message.plural}" if message.plural else ""
        pairs[f"{context}{message.singular}{plural}".encode()] = "\x00".join(forms).encode()
    keys = sorted(pairs)
    at = 28 + 16 * len(keys)
    tables, texts = [], []
    for one in (keys, [pairs[key] for key in keys]):
        places = []
        for text in one:
            places += [len(text), at]
            texts.append(text + b"\x00")
            at += len(text) + 1
        tables.append(struct.pack(f"<{len(places)}I", *places))
    head = struct.pack("<7I", _MAGIC, 0, len(keys), 28, 28 + 8 * len(keys), 0, 28 + 16 * len(keys))
    return head + b"".join(tables) + b"".join(texts)
