"""The closed shape of what is signed here, and what each of its terms means (by which address).

What a term means is a fact of vocabularies: Verifiable Credentials 2.0 (https://www.w3.org/2018/credentials#),
Open Badges 3.0 (https://purl.imsglobal.org/spec/vc/ob/vocab.html#), Data Integrity (https://w3id.org/security#) and
Bitstring Status List 1.0 (https://www.w3.org/ns/credentials/status#). No context is loaded: whatever is not in this
table is refused, so nothing is ever left out of a signature in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from plaudit.credentials.refusals import NotOurShape
from plaudit.credentials.rules.triples import STRING, Blank, Iri, Literal, Triple

VC = "https://www.w3.org/2018/credentials#"
OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
SECURITY = "https://w3id.org/security#"
STATUS = "https://www.w3.org/ns/credentials/status#"
SCHEMA = "https://schema.org/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_OF_OB = "https://www.w3.org/2001/XMLSchema#"
"""With https, as the contexts of Open Badges have it for what they type themselves."""

V2 = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = {"OpenBadgeCredential": [V2, OB_CONTEXT], "BitstringStatusListCredential": [V2]}


class As(Enum):
    """How a value is written: as a text of a type, as an address, or as a thing of its own."""

    TEXT = STRING
    MOMENT = f"{XSD}dateTime"
    URL = f"{XSD_OF_OB}anyURI"
    YES_OR_NO = f"{XSD_OF_OB}boolean"
    MULTIBASE = f"{SECURITY}multibase"
    SUITE = f"{SECURITY}cryptosuiteString"
    ADDRESS = "address"
    PURPOSE = "purpose"
    THING = "thing"


_TERMS: Mapping[str, tuple[str, As]] = {
    "name": (f"{SCHEMA}name", As.TEXT),
    "description": (f"{SCHEMA}description", As.TEXT),
    "url": (f"{SCHEMA}url", As.URL),
    "issuer": (f"{VC}issuer", As.THING),
    "validFrom": (f"{VC}validFrom", As.MOMENT),
    "validUntil": (f"{VC}validUntil", As.MOMENT),
    "credentialSubject": (f"{VC}credentialSubject", As.THING),
    "credentialStatus": (f"{VC}credentialStatus", As.THING),
    "achievement": (f"{OB}achievement", As.THING),
    "achievementType": (f"{OB}achievementType", As.TEXT),
    "criteria": (f"{OB}Criteria", As.THING),
    "narrative": (f"{OB}narrative", As.TEXT),
    "identifier": (f"{OB}identifier", As.THING),
    "hashed": (f"{OB}hashed", As.YES_OR_NO),
    "identityHash": (f"{OB}identityHash", As.TEXT),
    "identityType": (f"{OB}identityType", As.TEXT),
    "salt": (f"{OB}salt", As.TEXT),
    "statusPurpose": (f"{STATUS}statusPurpose", As.TEXT),
    "statusListIndex": (f"{STATUS}statusListIndex", As.TEXT),
    "statusListCredential": (f"{STATUS}statusListCredential", As.ADDRESS),
    "encodedList": (f"{STATUS}encodedList", As.MULTIBASE),
    "created": ("http://purl.org/dc/terms/created", As.MOMENT),
    "cryptosuite": (f"{SECURITY}cryptosuite", As.SUITE),
    "proofPurpose": (f"{SECURITY}proofPurpose", As.PURPOSE),
    "verificationMethod": (f"{SECURITY}verificationMethod", As.ADDRESS),
}
_WITHIN: Mapping[str, frozenset[str]] = {
    "": frozenset({*CONTEXTS, "VerifiableCredential", "DataIntegrityProof"}),
    "issuer": frozenset({"Profile"}),
    "credentialSubject": frozenset({"AchievementSubject", "BitstringStatusList"}),
    "credentialStatus": frozenset({"BitstringStatusListEntry"}),
    "achievement": frozenset({"Achievement"}),
    "identifier": frozenset({"IdentityObject"}),
    "criteria": frozenset(),
}
"""What a thing may be, by the term that names it: so things stand in one another no deeper than this."""
_OF_CRITERIA = frozenset({"narrative"})
_TYPES: Mapping[str, tuple[str, frozenset[str]]] = {
    name: (address + name, frozenset(terms.split()))
    for name, address, terms in (
        ("VerifiableCredential", VC, "issuer validFrom validUntil credentialSubject credentialStatus name description"),
        ("OpenBadgeCredential", OB, ""),
        ("BitstringStatusListCredential", STATUS, ""),
        ("Profile", OB, "name url"),
        ("AchievementSubject", OB, "achievement identifier"),
        ("Achievement", OB, "achievementType name description criteria"),
        ("IdentityObject", OB, "hashed identityHash identityType salt"),
        ("BitstringStatusListEntry", STATUS, "statusPurpose statusListIndex statusListCredential"),
        ("BitstringStatusList", STATUS, "statusPurpose encodedList"),
        ("DataIntegrityProof", SECURITY, "created cryptosuite proofPurpose verificationMethod"),
    )
}  # fmt: skip


def triples_of(document: Mapping[str, Any]) -> list[Triple]:
    """The statements of a credential, a status list or a proof without its value. Raises `NotOurShape`."""
    return list(_Reader().thing(document))


def context_stands(document: Mapping[str, Any]) -> bool:
    """Whether a credential names exactly the contexts in which its terms mean what the table says."""
    kinds = document.get("type")
    return isinstance(kinds, list) and any(
        document.get("@context") == CONTEXTS[kind] for kind in kinds if kind in CONTEXTS
    )


class _Reader:
    """Reads things within things, and labels those that have no address."""

    def __init__(self) -> None:
        self._labels = 0

    def thing(self, value: Mapping[str, Any], within: str = "") -> Iterator[Triple]:
        subject = self._subject(value)
        kinds = value.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not isinstance(kinds, list) or (not kinds and _WITHIN[within]):
            raise NotOurShape(f"it does not say what its {within or 'whole'} is")
        allowed = _OF_CRITERIA if within == "criteria" else frozenset()
        for kind in kinds:
            if not isinstance(kind, str) or kind not in _WITHIN[within]:
                raise NotOurShape(f"its {within or 'whole'} is of no kind that is given here")
            address, terms = _TYPES[kind]
            allowed |= terms
            yield Triple(subject, TYPE, Iri(address))
        for term, said in value.items():
            if term in ("id", "type", "@context"):
                continue
            if term not in allowed:
                raise NotOurShape(f"it says {term} where that is not said")
            for one in said if isinstance(said, list) else [said]:
                yield from self._said(subject, term, one)

    def _subject(self, value: Mapping[str, Any]) -> Iri | Blank:
        if "id" in value:
            return Iri(_address(value["id"]))
        self._labels += 1
        return Blank(f"b{self._labels}")

    def _said(self, subject: Iri | Blank, term: str, value: Any) -> Iterator[Triple]:
        predicate, how = _TERMS[term]
        if how is As.THING and isinstance(value, Mapping):
            told = list(self.thing(value, term))
            if not told:
                raise NotOurShape(f"its {term} says nothing")
            yield Triple(subject, predicate, told[0].subject)
            yield from told
        elif how is As.ADDRESS or (term == "issuer" and isinstance(value, str)):
            yield Triple(subject, predicate, Iri(_address(value)))
        elif how is As.PURPOSE and value == "assertionMethod":
            yield Triple(subject, predicate, Iri(f"{SECURITY}{value}"))
        elif how is As.YES_OR_NO and isinstance(value, bool):
            yield Triple(subject, predicate, Literal("true" if value else "false", how.value))
        elif isinstance(value, str) and how not in (As.THING, As.PURPOSE, As.YES_OR_NO):
            yield Triple(subject, predicate, Literal(value, how.value))
        else:
            raise NotOurShape(f"its {term} is not of the kind it has to be")


def _address(value: Any) -> str:
    """An absolute address that can stand in a line as it is."""
    if (
        not isinstance(value, str)
        or ":" not in value
        or any(one <= " " or one in '<>"{}|^`\\' or one == "\x7f" for one in value)
    ):
        raise NotOurShape("an address in it is none")
    return value
