"""What 28,742 customers wrote: taken in, found by words, and a sample of it sorted by two coders.

The coders are two rules that do not always agree. How far they do is calculated here apart from the program, over
the same sample drawn by hand. The figures that must come out are those of the set's README.
"""

from __future__ import annotations

import csv
import gzip
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.test import Client

from examples.asking import Got, one_row, rows
from examples.browsing import Page, opened, signed_in
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.coding import code_texts, draw_sample
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.definitions import CodeMeaning
from plaudit.listening.files import remarks_in
from plaudit.listening.models import Coding, Collection
from plaudit.people.actions.keys import create_key

FILE, WORDS, CATEGORY = "remarks.csv.gz", "Customer Remarks", "category"
ACTOR = "usr_0"
SEED, SIZE = "spring", 500
CODES = (
    CodeMeaning("praise", "Praise", "Something is called good, or somebody is thanked."),
    CodeMeaning("blame", "Blame", "Something is called bad, or was not done."),
    CodeMeaning("other", "Anything else", "Neither."),
)
A_PAGE = 200
_REFUND = r"\brefund(s|ed|ing|able)?\b"
SEARCHES: Mapping[str, Callable[[str], bool]] = {
    "refund": lambda words: _has(_REFUND, words),
    "worst": lambda words: _has(r"\bworst(e|ed)?\b", words),
    '"good service"': lambda words: _has(r"\bgood\W+servic(e|es|ing)\b", words),
    "refund -money": lambda words: _has(_REFUND, words) and not _has(r"\bmoneys?\b", words),
    "late or slow": lambda words: _has(r"\b(late(s|ly)?|slow(ed)?)\b", words),
}
"""What is searched for, and the same by hand: English is searched by the stems of its words."""


def _has(pattern: str, words: str) -> bool:
    return re.search(pattern, words, re.IGNORECASE) is not None


def first_coder(words: str) -> str:
    """Praise wins: whoever says something good is taken to praise."""
    if _has(r"\b(good|nice|great|best|excellent|thank|thanks|happy|satisfied|love|awesome|super)\b", words):
        return "praise"
    return "blame" if _has(r"\b(bad|worst|poor|not|no|never|late|pathetic)\b", words) else "other"


def second_coder(words: str) -> str:
    """Blame wins, and fewer words are known as praise."""
    if _has(r"\b(bad|worst|poor|not|never|late|pathetic|problem|issue)\b", words):
        return "blame"
    return "praise" if _has(r"\b(good|nice|great|best|excellent|thanks|happy)\b", words) else "other"


CODERS = {"usr_1": first_coder, "usr_2": second_coder}


@dataclass(frozen=True)
class Heard:
    """What came of it: counts that the page and the API told, and the page of the sample before and after coding."""

    taken_in_again: bool
    on_the_page: Mapping[str, int]
    over_the_api: Mapping[str, int]
    found_twice: int
    by_category: Mapping[str, int]
    half_coded: Page
    coded: Page


def programme(_: Path) -> str:
    """None: listening needs no rules."""
    return ""


def live(organisation_id: int, folder: Path) -> Heard:
    """Take the file in, search it, and let the two coders sort a sample."""
    made, again = (_taken_in(organisation_id, folder) for _ in range(2))
    manager = signed_in(organisation_id, "manager")
    address = f"/console/listening/remarks/{show('rmc', made.id)}"
    key = create_key(organisation_id, name="Search", scopes=["listening:read"], actor=ACTOR).secret
    began = time.monotonic()
    found = {search: list(_over_the_api(key, made, search)) for search in SEARCHES}
    on_the_page = {search: _count(manager, address, search=search) for search in SEARCHES}
    print(
        f"  {len(SEARCHES)} searches, on the page and to the end over the API: {time.monotonic() - began:.1f} s"
    )
    categories = {one[CATEGORY] for one in _read(folder)}
    coding = draw_sample(
        organisation_id,
        title="Spring sample",
        collection_id=made.id,
        seed=SEED,
        size=SIZE,
        codes=CODES,
        actor=ACTOR,
    )
    pages = []
    for actor, coder in CODERS.items():
        _code(organisation_id, coding, coder, actor)
        pages.append(opened(manager, f"/console/listening/codings/{show('cdg', coding.id)}"))
    return Heard(
        again.id == made.id,
        on_the_page,
        {search: len(numbers) for search, numbers in found.items()},
        sum(len(numbers) - len(set(numbers)) for numbers in found.values()),
        {one: _count(manager, address, category=one) for one in sorted(categories)},
        *pages,
    )


def _taken_in(organisation_id: int, folder: Path) -> Collection:
    began = time.monotonic()
    remarks = remarks_in((folder / FILE).read_bytes(), words=WORDS, category=CATEGORY)
    made = take_in_remarks(
        organisation_id, title="Support survey", language="english", remarks=remarks, actor=ACTOR
    )
    seconds = time.monotonic() - began
    print(f"  {FILE}: {len(remarks):,} remarks in {seconds:.2f} s, {len(remarks) / seconds:,.0f} a second")
    return made


def _count(client: Client, address: str, **query: str) -> int:
    """How many remarks the page says it found."""
    said = opened(client, address, **query).says("count")
    return int(said.partition(" ")[0].replace(",", ""))


def _over_the_api(key: str, made: Collection, search: str) -> Iterator[int]:
    """The numbers of the remarks that a program finds, page by page."""
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {key}"})
    after: str | None = ""
    while after is not None:
        query = {"search": search, "limit": A_PAGE, **({"after": after} if after else {})}
        answer = client.get(f"/api/v1/remark-collections/{show('rmc', made.id)}/remarks", query_params=query)
        assert answer.status_code == 200, answer.content[:300]
        told = answer.json()
        yield from (one["number"] for one in told["items"])
        after = told["next"]


def _code(organisation_id: int, coding: Coding, coder: Callable[[str], str], actor: str) -> None:
    with in_organisation(organisation_id):
        drawn = rows("select number, words from listening_coded_text where coding_id = %s", coding.id)
    codes = {number: coder(words) for number, words in drawn}
    code_texts(organisation_id, coding_id=coding.id, codes=codes, actor=actor)


def _read(folder: Path) -> list[dict[str, str]]:
    return list(
        csv.DictReader(gzip.decompress((folder / FILE).read_bytes()).decode().splitlines(keepends=True))
    )


def told(folder: Path) -> dict[str, Any]:
    """What the README says of the set, and what the file says when it is read by hand."""
    said = (folder / "README.md").read_text()
    size = re.search(r"Contents: ([\d,]+) x \d+: .*category \((\d+)\)", said)
    repeats = re.search(r"(\d+)% of rows repeat", said)
    assert size is not None and repeats is not None, "the README says how large the set is"
    sample = re.findall(r"^    (.+)$", said, re.MULTILINE)
    remarks = _read(folder)
    order = sorted(range(1, len(remarks) + 1), key=lambda n: sha256(f"{SEED}:{n}".encode()).digest())
    drawn = [remarks[number - 1][WORDS] for number in order[:SIZE]]
    return {
        "remarks": int(size[1].replace(",", "")),
        "categories": int(size[2]),
        "repeats": int(repeats[1]),
        "sample": [list(row) for row in csv.reader(sample[1:])],
        "by category": dict(sorted(Counter(one[CATEGORY] for one in remarks).items())),
        "found": {search: sum(fits(one[WORDS]) for one in remarks) for search, fits in SEARCHES.items()},
        "drawn": order[:SIZE],
        "agree": sum(first_coder(words) == second_coder(words) for words in drawn),
        "alpha": alpha([(first_coder(words), second_coder(words)) for words in drawn]),
    }


def alpha(pairs: Sequence[tuple[str, str]]) -> Fraction:
    """Krippendorff's alpha of two coders who both coded everything (Krippendorff 2011, section B)."""
    n = 2 * len(pairs)
    chosen = Counter(code for pair in pairs for code in pair)
    apart = 2 * sum(one != other for one, other in pairs)
    return 1 - (n - 1) * Fraction(apart, n * n - sum(count * count for count in chosen.values()))


def heard_expected(told: Mapping[str, Any]) -> Got:
    return {
        "remarks": told["remarks"],
        "categories": told["categories"],
        "rows that repeat an earlier text, in percent": told["repeats"],
        "the first remarks": told["sample"],
        "the same when taken in again": True,
        "remarks by category, on the page": told["by category"],
        "found on the page": told["found"],
        "found over the API, page by page": told["found"],
        "found twice": 0,
        f"the {SIZE} drawn by the seed {SEED}": told["drawn"],
        "alpha while only one is through": "",
        "Krippendorff's alpha of the two coders, on the page": f"{float(told['alpha']):.3f}",
        "texts on which they agree": f"The two agree on {told['agree']} of {SIZE} texts.",
    }


def heard_got(heard: Heard) -> Got:
    remarks, categories, texts = one_row(
        "select count(*), count(distinct category), count(distinct lower(btrim(words))) from listening_remark"
    )
    sample = rows("select words, category from listening_remark order by number limit 2")
    alpha_label = "Krippendorff's alpha"
    return {
        "remarks": remarks,
        "categories": categories,
        "rows that repeat an earlier text, in percent": round(100 * (remarks - texts) / remarks),
        "the first remarks": [list(row) for row in sample],
        "the same when taken in again": heard.taken_in_again,
        "remarks by category, on the page": dict(heard.by_category),
        "found on the page": dict(heard.on_the_page),
        "found over the API, page by page": dict(heard.over_the_api),
        "found twice": heard.found_twice,
        f"the {SIZE} drawn by the seed {SEED}": [
            origin for (origin,) in rows("select origin from listening_coded_text order by number")
        ],
        "alpha while only one is through": heard.half_coded.stats.get(alpha_label, ""),
        "Krippendorff's alpha of the two coders, on the page": heard.coded.stats.get(alpha_label),
        "texts on which they agree": " ".join(
            re.findall(r"The two agree on \d+ of \d+ texts\.", heard.coded.says("main"))
        ),
    }
