"""Statements of subject, predicate and object, and the one way to write them down (canonical N-Quads)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True, slots=True)
class Iri:
    """A thing by its address."""

    address: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A thing without an address; its label means nothing outside."""

    label: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A value, and of which type it is."""

    text: str
    datatype: str = STRING


@dataclass(frozen=True, slots=True)
class Triple:
    """One statement."""

    subject: Iri | Blank
    predicate: str
    object: Iri | Blank | Literal


_NAMED = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\",
}  # fmt: skip
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')


def line(triple: Triple, label: Callable[[Blank], str]) -> str:
    """The statement as a line, each blank node by what `label` says (RDF Canonicalization 1.0, appendix A)."""
    return f"{_term(triple.subject, label)} <{triple.predicate}> {_term(triple.object, label)} .\n"


def _term(term: Iri | Blank | Literal, label: Callable[[Blank], str]) -> str:
    if isinstance(term, Iri):
        return f"<{term.address}>"
    if isinstance(term, Blank):
        return f"_:{label(term)}"
    text = _ESCAPED.sub(lambda found: _NAMED.get(found[0]) or f"\\u{ord(found[0]):04X}", term.text)
    return f'"{text}"' if term.datatype == STRING else f'"{text}"^^<{term.datatype}>'
