"""What stands published, come to by the code here: each test names whose figures they are."""

from __future__ import annotations

import base64
import gzip
import random
from collections.abc import Iterable
from hashlib import sha256, sha384

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from plaudit.credentials.refusals import TooEntangled
from plaudit.credentials.rules import multibase
from plaudit.credentials.rules.canonical import Names, Order, canonical
from plaudit.credentials.rules.proofs import holds, to_sign
from plaudit.credentials.rules.shape import SCHEMA, TYPE, VC, XSD, triples_of
from plaudit.credentials.rules.status import encoded
from plaudit.credentials.rules.tokens import signed, token_holds
from plaudit.credentials.rules.triples import Blank, Iri, Literal, Triple

EX, VOCAB = "http://example.com/#", "http://example.org/vocab#"


def node(name: str) -> Iri | Blank:
    """`e0` is a blank node, anything else stands in the example's own place."""
    return Blank(name) if name[0] == "e" and name[1:].isdigit() else Iri(f"{EX}{name}")


def said(*lines: str) -> list[Triple]:
    """Statements written as `subject predicate object`."""
    return [Triple(node(s), f"{EX}{p}", node(o)) for s, p, o in (line.split() for line in lines)]


def linked(edges: Iterable[tuple[int, int]], *, seed: int) -> list[Triple]:
    """Blank nodes linked both ways, under labels and in an order that mean nothing."""
    dice = random.Random(seed)  # noqa: S311  # an order, not a secret
    both = [*edges, *((b, a) for a, b in edges)]
    labels = dice.sample(range(1_000), 1 + max(max(one) for one in both))
    dice.shuffle(both)
    return [Triple(Blank(f"x{labels[a]}"), f"{VOCAB}p", Blank(f"x{labels[b]}")) for a, b in both]


def test_unique_hashes():
    """RDF Dataset Canonicalization, W3C Recommendation of 21 May 2024, example 2."""
    triples = said("p q e0", "p r e1", "e0 s u", "e1 t u")

    assert canonical(triples) == (
        f"<{EX}p> <{EX}q> _:c14n0 .\n<{EX}p> <{EX}r> _:c14n1 .\n"
        f"_:c14n0 <{EX}s> <{EX}u> .\n_:c14n1 <{EX}t> <{EX}u> .\n"
    )
    order = Order(triples)
    assert order.first_degree(Blank("e0")) == (
        "21d1dd5ba21f3dee9d76c0c00c260fa6f5d5d65315099e553026f4828d0dc77a"
    )
    assert order.first_degree(Blank("e1")) == (
        "6fa0b9bdb376852b5743ff39ca4cbf7ea14d34966b2828478fbf222e7c764473"
    )


def test_shared_hashes():
    """The same, example 3: two nodes of which the same is said are told apart by their neighbours."""
    triples = said("p q e0", "p q e1", "e0 p e2", "e1 p e3", "e2 r e3")

    assert canonical(triples) == (
        f"<{EX}p> <{EX}q> _:c14n2 .\n<{EX}p> <{EX}q> _:c14n3 .\n_:c14n0 <{EX}r> _:c14n1 .\n"
        f"_:c14n2 <{EX}p> _:c14n1 .\n_:c14n3 <{EX}p> _:c14n0 .\n"
    )
    shared = "3b26142829b8887d011d779079a243bd61ab53c3990d550320a17b59ade6ba36"
    order = Order(triples)
    assert order.first_degree(Blank("e0")) == order.first_degree(Blank("e1")) == shared


def test_a_double_circle():
    """The same, section 4.8.2: the digest of a node and its neighbours where every node is like every other."""
    e0, e1 = Blank("e0"), Blank("e1")
    triples = [Triple(a, f"{VOCAB}{p}", b) for a, b in ((e0, e1), (e1, e0)) for p in ("next", "prev")]
    order, names = Order(triples), Names("b")
    names.name(e0)

    assert order.first_degree(e1) == "60dc8fc7b5481014b6ea38efb05455676d1e93e19b99119ab294941dacc16b3b"
    digest, issued = order.nth_degree(e0, names)
    assert digest == "e332b4b59e1c4794ee72a4df0f63723326ffb6d6a5c0d0cb4d2dd8d8d5ebf5a4"
    assert issued.given == {e0: "b0", e1: "b1"}


# Three and three, each linked to all of the other three; and two triangles linked corner by corner.
THREE_AND_THREE = [(a, b) for a in (0, 1, 2) for b in (3, 4, 5)]
TRIANGLES = [(6, 7), (7, 8), (6, 8), (9, 10), (10, 11), (9, 11), (6, 9), (7, 10), (8, 11)]
# Whom each node of the published answer is linked to, by its number.
ANSWER_075 = {
    0: (1, 2, 3), 1: (0, 4, 5), 2: (0, 4, 5), 3: (0, 4, 5), 4: (1, 2, 3), 5: (1, 2, 3), 6: (7, 8, 9),
    7: (10, 11, 6), 8: (10, 6, 9), 9: (11, 6, 8), 10: (11, 7, 8), 11: (10, 7, 9),
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_poison_graph_that_can_be_worked_out(seed: int):
    """The test suite of W3C rdf-canon, test075 (evil, with SHA-384): the answer, from any labels and any order."""
    triples = linked([*THREE_AND_THREE, *TRIANGLES], seed=seed)
    answer = sorted(f"_:c14n{a} <{VOCAB}p> _:c14n{b} .\n" for a, others in ANSWER_075.items() for b in others)

    assert canonical(triples, hash=sha384, ways_max=50_000) == "".join(answer)


def test_a_graph_made_to_take_for_ever_is_refused():
    """The same, test074: ten nodes, each linked to every other. It must be given up."""
    clique = [(a, b) for a in range(10) for b in range(a)]
    with pytest.raises(TooEntangled):
        canonical(linked(clique, seed=1))


def test_what_has_to_be_escaped_is():
    """The same, test060: quotes, backslashes and line ends by name, other control characters by number."""
    line = canonical([Triple(Iri("urn:s"), "urn:p", Literal('\t\n\r"\\\x00\x7f∞'))])
    assert line == '<urn:s> <urn:p> "\\t\\n\\r\\"\\\\\\u0000\\u007F∞" .\n'


# W3C Data Integrity EdDSA Cryptosuites 1.0, appendix B.1 (eddsa-rdfc-2022).
PUBLIC_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE_KEY = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
CREDENTIAL, SUBJECT = Iri("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"), Iri("did:example:abcdefgh")
ALUMNA = [
    Triple(CREDENTIAL, TYPE, Iri(f"{VC}VerifiableCredential")),
    Triple(CREDENTIAL, TYPE, Iri("https://www.w3.org/ns/credentials/examples#AlumniCredential")),
    Triple(CREDENTIAL, f"{SCHEMA}name", Literal("Alumni Credential")),
    Triple(CREDENTIAL, f"{SCHEMA}description", Literal("A minimum viable example of an Alumni Credential.")),
    Triple(CREDENTIAL, f"{VC}issuer", Iri("https://vc.example/issuers/5678")),
    Triple(CREDENTIAL, f"{VC}validFrom", Literal("2023-01-01T00:00:00Z", f"{XSD}dateTime")),
    Triple(CREDENTIAL, f"{VC}credentialSubject", SUBJECT),
    Triple(
        SUBJECT,
        "https://www.w3.org/ns/credentials/examples#alumniOf",
        Literal("The School of Examples"),
    ),
]
FACTS = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"did:key:{PUBLIC_KEY}#{PUBLIC_KEY}",
    "proofPurpose": "assertionMethod",
}
SIGNATURE = (
    "4d8e53c2d5b3f2a7891753eb16ca993325bdb0d3cfc5be1093d0a18426f5ef85"
    "78cadc0fd4b5f4dd0d1ce0aefd15ab120b7a894d0eb094ffda4e6553cd1ed50d"
)


def test_a_document_and_its_proof_are_signed_as_published():
    """W3C Data Integrity EdDSA Cryptosuites 1.0, B.1: both digests, the signature, and how it is written."""
    private, public = multibase.read(PRIVATE_KEY), multibase.read(PUBLIC_KEY)
    assert private is not None and public is not None
    key = Ed25519PrivateKey.from_private_bytes(private[2:])
    to_be_signed = to_sign(ALUMNA, FACTS)

    assert to_be_signed.hex() == (
        "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
        "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
    )
    assert key.sign(to_be_signed).hex() == SIGNATURE
    assert holds(to_be_signed, bytes.fromhex(SIGNATURE), public[2:])
    assert not holds(to_be_signed[::-1], bytes.fromhex(SIGNATURE), public[2:])
    assert multibase.written(bytes.fromhex(SIGNATURE)) == (
        "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"
    )


def test_a_public_key_is_written_as_published():
    """The same: the key as a Multikey, and its 32 bytes."""
    raw = bytes.fromhex("b00d8d938e7f773d51565aad36a623f5344f7f5d1960f9cf3e8e12620ea2810f")
    assert multibase.multikey(raw) == PUBLIC_KEY
    assert multibase.read(PUBLIC_KEY) == multibase.ED25519 + raw
    assert multibase.read("not base58") is None


BADGE = "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
"""Of the file `document-canon.txt` beside the guide; the digest printed in it is of an older form of the document."""


def test_the_terms_of_open_badges_mean_what_is_published():
    """1EdTech Open Badges 3.0 Implementation Guide, "Linked Data Proof Test Vector": the canonical document."""
    badge = {
        "id": "http://example.com/credentials/3527",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": "https://example.edu/issuers/565049",
            "type": ["Profile"],
            "url": "https://www.imsglobal.org",
            "name": "Example Corp",
        },
        "validFrom": "2010-01-01T00:00:00Z",
        "name": "Teamwork Badge",
        "credentialSubject": {
            "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://example.com/achievements/21st-century-skills/teamwork",
                "type": ["Achievement"],
                "criteria": {
                    "narrative": "Team members are nominated for this badge by their peers and recognized"
                    " upon review by Example Corp management."
                },
                "description": "This badge recognizes the development of the capacity to collaborate within"
                " a group environment.",
                "name": "Teamwork",
            },
        },
    }
    assert sha256(canonical(triples_of(badge)).encode()).hexdigest() == BADGE


def test_a_token_is_signed_as_published():
    """RFC 8037, appendix A.4 and A.5: an Ed25519 signature under the name EdDSA."""
    private = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    public = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    key = Ed25519PrivateKey.from_private_bytes(private)
    published = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )

    assert signed("Example of Ed25519 signing", key=key, header={"alg": "EdDSA"}) == published
    assert key.public_key().public_bytes_raw() == public
    assert token_holds(published, public)
    assert not token_holds(published.replace("RXhh", "RXhi"), public)
    assert not token_holds("eyJhbGciOiJub25lIn0.e30.", public)


def bits(text: str) -> bytes:
    return gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))


def test_a_list_of_revoked_ones_is_written_as_published():
    """Bitstring Status List 1.0, examples 3 and 5 (nobody revoked); and one of 100,000 of @digitalbazaar's own tests."""
    nobody = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    one = "uH4sIAAAAAAAAA-3OMQ0AAAgDsElHOh72EJJWQRMAAAAAAIDWXAcAAAAAAIDHFvRitn7UMAAA"

    assert encoded([]).startswith("uH4sI")
    assert bits(encoded([])) == bits(nobody)
    assert bits(encoded([50_000]))[: len(bits(one))] == bits(one)
    assert bits(encoded([0, 9]))[:2] == b"\x80\x40"
