"""What each command and each job may reach. A page or an operation says so on its view; these say so here.

A command asks nobody who they are: whoever may run programs as the user Plaudit runs under can read its
database anyway. So a command declares how far it reaches, and a job in whose name it works.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from plaudit.foundation.jobs.declaring import BLUEPRINT, Task
from plaudit.surfaces.cli.loading import COMMANDS, load


class Span(StrEnum):
    """How much a command can touch."""

    ORGANISATION = "the organisation that was named"
    INSTALLATION = "the whole installation"
    FILES = "files and settings, nobody's data"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a command reaches, and whether it only reads there. What only reads may still note that it did."""

    span: Span
    reads: bool


_READS = Reach(Span.ORGANISATION, reads=True)
_CHANGES = Reach(Span.ORGANISATION, reads=False)
_LOOKS_AT_ALL = Reach(Span.INSTALLATION, reads=True)
_CHANGES_ALL = Reach(Span.INSTALLATION, reads=False)
_READS_FILES = Reach(Span.FILES, reads=True)
_WRITES_FILES = Reach(Span.FILES, reads=False)

COMMAND_REACH: dict[str, Reach] = {
    "demo": _CHANGES_ALL, "init": _CHANGES_ALL, "serve": _CHANGES_ALL, "worker": _CHANGES_ALL,
    "migrate": _CHANGES_ALL, "doctor": _LOOKS_AT_ALL, "version": _READS_FILES,
    "docs list": _READS_FILES, "docs show": _READS_FILES, "docs write": _WRITES_FILES, "docs check": _READS_FILES,
    "programme templates": _READS_FILES, "programme create": _WRITES_FILES, "programme validate": _READS_FILES,
    "programme texts": _READS_FILES,
    "programme list": _READS, "programme versions": _READS, "programme plan": _READS,
    "programme export": _READS, "programme diff": _READS,
    "programme apply": _CHANGES, "programme draft": _CHANGES, "programme pause": _CHANGES,
    "programme resume": _CHANGES, "programme retire": _CHANGES,
    "simulate": _READS,
    "activity send": _CHANGES, "activity import": _CHANGES, "activity explain": _READS,
    "import list": _READS, "import show": _READS, "import rejects": _READS,
    "import pause": _CHANGES, "import cancel": _CHANGES, "import resume": _CHANGES, "import reverse": _CHANGES,
    "award": _CHANGES, "reverse": _CHANGES,
    "ledger verify": _LOOKS_AT_ALL, "ledger statement": _READS, "ledger because": _READS,
    "ledger export": _READS, "ledger seal": _CHANGES, "ledger anchors": _READS,
    "member find": _READS, "member show": _READS, "member export": _READS,
    "member tiers": _READS, "member because": _READS,
    "member create": _CHANGES, "member import": _CHANGES, "member merge": _CHANGES,
    "member separate": _CHANGES, "member erase": _CHANGES,
    "membership quote": _READS, "membership join": _CHANGES, "membership renew": _CHANGES,
    "membership pay": _CHANGES, "membership due": _READS, "membership list": _READS,
    "membership invoices": _READS,
    "tier list": _READS, "segment list": _READS, "segment show": _READS, "segment members": _READS,
    "segment snapshot": _CHANGES,
    "offer list": _READS, "offer show": _READS, "offer make": _CHANGES, "offer accept": _CHANGES,
    "learning list": _READS, "learning attend": _CHANGES, "learning lists": _READS, "learning reverse": _CHANGES,
    "learning statement": _READS, "learning scenarios": _READS,
    "survey list": _READS, "survey invite": _CHANGES, "survey results": _READS,
    "remark load": _CHANGES, "remark list": _READS, "remark search": _READS,
    "approval list": _READS, "approval approve": _CHANGES, "approval decline": _CHANGES,
    "finding list": _READS, "finding show": _READS, "finding look": _CHANGES, "finding ask": _CHANGES,
    "finding decide": _CHANGES,
    "team list": _READS, "team show": _READS, "team create": _CHANGES, "team join": _CHANGES,
    "team leave": _CHANGES, "team move": _CHANGES,
    "user list": _READS, "user invite": _CHANGES, "user grant": _CHANGES, "user withdraw": _CHANGES,
    "user forget-ways-in": _CHANGES,
    "reward list": _READS, "reward codes": _CHANGES, "reward check": _READS,
    "redemption list": _READS, "redemption redeem": _CHANGES, "redemption cancel": _CHANGES,
    "redemption fulfil": _CHANGES, "redemption approve": _CHANGES, "redemption pay": _CHANGES,
    "redemption refund": _CHANGES, "redemption ask-again": _CHANGES,
    "supplier list": _READS, "supplier set": _CHANGES, "supplier reconcile": _READS,
    "donation owed": _READS, "donation remit": _CHANGES,
    "sandbox create": _CHANGES, "sandbox list": _READS, "clock show": _READS, "clock advance": _CHANGES,
    "key create": _CHANGES, "key list": _READS, "key scopes": _READS_FILES, "key rotate": _CHANGES,
    "key revoke": _CHANGES,
    "webhook add": _CHANGES, "webhook list": _READS, "webhook test": _CHANGES, "webhook deliveries": _READS,
    "webhook resend": _CHANGES, "webhook enable": _CHANGES, "webhook remove": _CHANGES, "feed tail": _READS,
    "job lanes": _LOOKS_AT_ALL, "job list": _LOOKS_AT_ALL, "job retry": _CHANGES_ALL, "job drop": _CHANGES_ALL,
    "job cancel": _CHANGES_ALL,
    "backup": _LOOKS_AT_ALL, "restore": _CHANGES_ALL,
    "config show": _READS_FILES, "config explain": _READS_FILES, "config check": _READS_FILES,
}  # fmt: skip

JOB_REACH: dict[str, str] = {
    "foundation.sweep": "every organisation, one after the other, to see whether something is due; queues only",
    "people.send_sign_in_links": "every organisation in which the address has a way in; makes links, tells only it",
}
"""The jobs that are of no organisation, and what they reach. Every other is of the one its arguments name."""

_OF_ONE = "the organisation its arguments name, under row security"


class Undeclared(AssertionError):
    """A command or a job that does not say how far it reaches, or a word about one that is not there."""


def commands() -> Iterator[str]:
    """Every command there is, as it is typed."""
    for name in COMMANDS:
        verbs = getattr(load(name), "commands", None)
        yield from [name] if verbs is None else [f"{name} {verb}" for verb in verbs]


def command_reaches() -> dict[str, Reach]:
    """Every command with its reach. Raises `Undeclared`."""
    there = list(commands())
    _must_match(set(there), set(COMMAND_REACH), "command")
    return {name: COMMAND_REACH[name] for name in there}


def jobs() -> list[str]:
    """The names of every job of the product, in order; those that only tests declare are left out."""
    return sorted(name for name in BLUEPRINT.tasks if ".tests." not in name)


def job_reaches() -> dict[str, str]:
    """Every job with its reach in words. Raises `Undeclared`."""
    of_none = {name for name in jobs() if _task_of(BLUEPRINT.tasks[name].func) is None}
    _must_match(of_none, set(JOB_REACH), "job of no organisation")
    return {name: JOB_REACH.get(name, _OF_ONE) for name in jobs()}


def _task_of(function: object) -> Task[...] | None:
    """The task behind a job's function: declared with `@task`, it opens the organisation it names."""
    found = getattr(function, "__self__", None)
    return found if isinstance(found, Task) else None


def _must_match(there: set[str], declared: set[str], kind: str) -> None:
    if there != declared:
        raise Undeclared(f"{kind}: undeclared {sorted(there - declared)}, unknown {sorted(declared - there)}")
