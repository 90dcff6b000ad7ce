"""The people of the demo: plain example names, the same every time. Pure."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Harbour Outdoor"
SLUG = "harbour"
DOMAIN = "harbour.example"

TEAMS = {"north": "North desk", "south": "South desk", "evening": "Evening desk"}

STANDS_IN = ("S01", "evening")
"""Who leads a second team while its own lead is away on two days of the week."""

# Each team's first person leads it.
_STAFF = (
    (
        "Tom Becker",
        "Asha Rao",
        "Ben Osei",
        "Clara Lind",
        "Dev Patel",
        "Elin Holm",
        "Farid Nazari",
        "Gwen Price",
    ),
    (
        "Maya Stone",
        "Hugo Silva",
        "Ines Costa",
        "Jonas Weber",
        "Kemi Ade",
        "Liam Byrne",
        "Mei Tan",
        "Noor Haddad",
    ),
    (
        "Omar Aziz",
        "Paula Reyes",
        "Quinn Hale",
        "Rita Moss",
        "Sven Dahl",
        "Tara Singh",
        "Umar Khan",
        "Vera Novak",
    ),
)
_LEVELS = ("lead", "experienced", "experienced", "new", "experienced", "new", "experienced", "new")
_SHIFTS = (
    ("early", "early", "early", "early", "early", "early", "late", "late"),
    ("early", "late") * 4,
    ("late",) * 3 + ("evening",) * 5,
)

_FIRST = [
    "Ada",
    "Ali",
    "Amy",
    "Ana",
    "Ben",
    "Bo",
    "Cal",
    "Cleo",
    "Dan",
    "Dina",
    "Ed",
    "Ella",
    "Fay",
    "Finn",
    "Gia",
    "Gus",
    "Hana",
    "Ike",
    "Ida",
    "Jack",
    "Jana",
    "Joe",
    "Kai",
    "Kira",
    "Lea",
    "Leo",
    "Lou",
    "Max",
    "Mia",
    "Mina",
    "Ned",
    "Nina",
    "Oda",
    "Otto",
    "Pia",
    "Rae",
    "Ravi",
    "Rosa",
    "Sam",
    "Sara",
    "Tess",
    "Theo",
    "Uma",
    "Val",
    "Wes",
    "Wren",
    "Yara",
    "Yuki",
    "Zac",
    "Zoe",
]
_LAST = [
    "Abbott",
    "Berg",
    "Castro",
    "Dunn",
    "Ekman",
    "Flores",
    "Grant",
    "Hale",
    "Ibsen",
    "Joshi",
    "Keller",
    "Lopez",
    "Meyer",
    "Nash",
    "Ortiz",
    "Park",
]


@dataclass(frozen=True)
class Colleague:
    """One of the service staff."""

    number: str
    name: str
    team: str
    level: str
    shift: str
    leads: bool


@dataclass(frozen=True)
class Customer:
    """Somebody who buys, more or less often: `zeal` is how many times as often as the average."""

    number: str
    name: str
    zeal: float


MINA = Customer("C0001", "Mina Hale", 3.0)
"""The customer whose pages the demo shows."""


def staff() -> list[Colleague]:
    """Twenty-four people in three teams."""
    return [
        Colleague(
            f"S{team * 8 + place + 1:02}", name, key, _LEVELS[place], _SHIFTS[team][place], leads=place == 0
        )
        for team, key in enumerate(TEAMS)
        for place, name in enumerate(_STAFF[team])
    ]


def customers(count: int = 300) -> list[Customer]:
    """Customers: some buy every week, most now and then, some almost never."""
    zeals = (3.0, 1.6, 1.0, 1.0, 0.7, 0.4, 0.2)
    others = [
        Customer(
            f"C{number + 1:04}",
            f"{_FIRST[number % len(_FIRST)]} {_LAST[(number * 7 + number // len(_FIRST)) % len(_LAST)]}",
            zeals[number % len(zeals)],
        )
        for number in range(1, count)
    ]
    return [MINA, *others]
