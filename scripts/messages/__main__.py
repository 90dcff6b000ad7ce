"""Brings the catalogues up to date with the source and compiles them; with `check`, only says what is wrong."""

from __future__ import annotations

import sys

from scripts.messages.catalogue import mo_bytes, po_text, read
from scripts.messages.checking import faults
from scripts.messages.extracting import messages

LANGUAGES = ("de",)


def update() -> None:
    """Take in what is new, drop what is gone, and write both files of every language."""
    found = messages()
    for language in LANGUAGES:
        catalogue = read(language)
        kept = catalogue.said
        catalogue.said = {one: kept.get(one, ("", "") if one.plural else ("",)) for one in found}
        catalogue.files = found
        catalogue.po.parent.mkdir(parents=True, exist_ok=True)
        catalogue.po.write_text(po_text(catalogue), encoding="utf-8")
        catalogue.mo.write_bytes(mo_bytes(catalogue))
        empty = [one.singular for one, forms in catalogue.said.items() if not all(forms)]
        print(f"{language}: {len(catalogue.said):,} messages, {len(empty):,} to translate")
        for words in empty:
            print(f"  {words!r}")


def check() -> list[str]:
    """What is wrong with the catalogues, as sentences."""
    found = messages()
    return [f"{language}: {fault}" for language in LANGUAGES for fault in faults(read(language), found)]


if __name__ == "__main__":
    if sys.argv[1:] != ["check"]:
        update()
    elif wrong := check():
        sys.exit("\n".join([*wrong, "Run make messages, and translate what it names."]))
