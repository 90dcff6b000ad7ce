"""Holds the clients' log against the books: nothing lost, doubled, made up or read stale, and all adds up.

It knows nothing of how the product posts. What was answered must be in the books exactly once, with its
amounts; what was refused must not be there at all; and nothing may be there that nobody asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from bench.faults import books as places
from bench.faults.books import Balance, Books, Line, after
from bench.faults.events import Reported, reported
from bench.faults.history import Operation

LOST, DOUBLED, GHOST, STALE, WRONG, UNFINISHED = "lost", "doubled", "ghost", "stale", "wrong", "unfinished"
KINDS = (LOST, DOUBLED, GHOST, STALE, WRONG, UNFINISHED)

_POSTING = {"adjust", "reverse", "hold", "capture", "release"}
VISIT_POINTS, VISITS_A_DAY = 10, 200
PROMOTION_POINTS, PROMOTIONS_EVER = 5, 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    kind: str
    about: str
    says: str


def judge(
    operations: list[Operation], books: Books, messages: dict[str, list[dict[str, Any]]] | None = None
) -> list[Finding]:
    """Everything that the log and the books do not agree on."""
    case = _Case(operations, books)
    found = [
        *case.unfinished(),
        *case.events(),
        *case.postings(),
        *case.redemptions(),
        *case.strangers(),
        *case.limits(),
        *case.fold(),
        *case.reads(),
    ]
    return [*found, *_told(messages or {}, books)]


def _told(messages: dict[str, list[dict[str, Any]]], books: Books) -> Iterator[Finding]:
    """No webhook tells of what is not in the books, and a message that is sent again says the same."""
    known = {one.ref for one in books.redemptions}
    for name, bodies in messages.items():
        redemption = bodies[0].get("data", {}).get("redemption")
        if redemption not in known:
            yield Finding(GHOST, name, f"a webhook tells of {redemption}, which is not in the books")
        if any(body != bodies[0] for body in bodies):
            yield Finding(WRONG, name, "a webhook that was sent again says something else")


def _compare(about: str, expected: Counter[Any], found: Counter[Any]) -> Iterator[Finding]:
    """What is missing is lost; what is there besides, doubled."""
    for missing in (expected - found).elements():
        yield Finding(LOST, about, f"was answered and is not in the books: {missing}")
    for more in (found - expected).elements():
        yield Finding(DOUBLED, about, f"is in the books beyond what was answered: {more}")


class _Case:
    """The log and the books of one campaign, indexed once."""

    def __init__(self, operations: list[Operation], books: Books) -> None:
        self.operations = operations
        self.books = books
        self.by_key = {
            one.key: one for one in operations if one.kind in _POSTING | {"redeem", "cancel", "fulfil"}
        }
        self.reported = reported(operations)
        self.by_event: dict[str, Reported] = {one.ref: one for one in self.reported.values() if one.ref}
        self.by_ref = {line.ref: line for line in books.lines}
        self.keyed: dict[str, list[Line]] = defaultdict(list)
        self.of_event: dict[str, list[Line]] = defaultdict(list)
        for line in books.lines:
            if (key := client_key(line.key)) is not None:
                self.keyed[key].append(line)
            if line.event is not None:
                self.of_event[line.event].append(line)
        self.member_of = self._names()

    def _names(self) -> dict[str, str]:
        """What clients call the members whose references the books have, learnt from what both name."""
        names: dict[str, str] = {}
        for line in self.books.lines:
            one = self.by_event.get(line.event or "")
            key = self.by_key.get(client_key(line.key) or "")
            if one is not None:
                names[line.member] = one.member
            elif key is not None and "member" in key.args:
                names[line.member] = key.args["member"]
        return names

    def ok(self, *kinds: str) -> Iterator[Operation]:
        return (one for one in self.operations if one.outcome == "ok" and one.kind in kinds)

    def unfinished(self) -> Iterator[Finding]:
        """Every act has a definite answer."""
        for one in self.operations:
            if not one.outcome:
                yield Finding(UNFINISHED, one.key or one.kind, f"{one.kind} never had a definite answer")
            elif one.kind == "altered" and one.outcome == "ok":
                yield Finding(WRONG, one.key, "an id that was used was taken again with other content")

    def events(self) -> Iterator[Finding]:
        """An event that was taken is there once with what it was said to have earned; a refused one is not."""
        booked: dict[tuple[str, str], list[str]] = defaultdict(list)
        for event in self.books.events:
            booked[event.source, event.key].append(event.ref)
        for key, refs in booked.items():
            told = self.reported.get(key[1])
            if len(refs) > 1:
                yield Finding(DOUBLED, key[1], f"the event is there {len(refs)} times")
            if told is None or (told.refused and told.ref is None):
                yield Finding(GHOST, key[1], "the event is there, and nobody was told that it was taken")
        for key_, one in self.reported.items():
            if one.disagrees:
                yield Finding(WRONG, key_, "two answers about the same event differ")
            if one.ref is None:
                continue
            if one.ref not in booked.get(("till", key_), []):
                yield Finding(LOST, key_, f"the event {one.ref} was answered and is not in the books")
            yield from self._earned(key_, one)

    def _earned(self, key: str, one: Reported) -> Iterator[Finding]:
        assert one.ref is not None
        lines = self.of_event.get(one.ref, [])
        granted = Counter(amount for _, amount in one.grants)
        yield from _compare(key, granted, Counter(x.amount for x in lines if x.kind == places.ACCRUAL))
        back = sum(line.amount for line in lines if line.kind == places.REVERSAL)
        corrected = self.reported.get(one.corrects or "")
        owed = sum(amount for _, amount in corrected.grants) if corrected else 0
        if back != owed:
            kind = LOST if back < owed else DOUBLED
            yield Finding(kind, key, f"takes {back} back, and what it corrects had earned {owed}")

    def postings(self) -> Iterator[Finding]:
        """What was posted under a key is there once, with its amount and its member."""
        for one in self.operations:
            if one.kind not in _POSTING:
                continue
            lines = self.keyed.get(one.key, [])
            if one.outcome == "refused" and lines:
                yield Finding(GHOST, one.key, f"was refused ({one.code}) and is in the books: {lines[0].ref}")
            if one.outcome == "ok":
                found = Counter((line.kind, line.amount) for line in lines)
                yield from _compare(one.key, self._expected(one), found)
                named = one.result.get("transfer")
                if named is not None and named not in {line.ref for line in lines}:
                    yield Finding(LOST, one.key, f"{named} was answered and is not in the books")

    def _expected(self, one: Operation) -> Counter[tuple[int, int]]:
        if one.kind == "adjust":
            return Counter([(places.ADJUSTMENT, abs(one.args["amount"]))])
        if one.kind == "reverse":
            return Counter([(places.REVERSAL, one.result["amount"])])
        if one.kind == "hold":
            return Counter([(places.HOLD, one.args["amount"])])
        held = self._held(one)
        if one.kind == "release":
            return Counter([(places.RELEASE, held)])
        spent = one.args["amount"] or held
        parts = [(places.CAPTURE, spent)] + [(places.RELEASE, held - spent)] * (held > spent)
        return Counter(parts)

    def _held(self, one: Operation) -> int:
        line = self.by_ref.get(one.args["hold"])
        return line.amount if line is not None else 0

    def redemptions(self) -> Iterator[Finding]:
        """A redemption that was answered is there once, paid once; a refused one is not there."""
        booked: dict[str, list[places.BookedRedemption]] = defaultdict(list)
        for found in self.books.redemptions:
            booked[client_key(found.key) or found.key].append(found)
        for one in self.operations:
            if one.kind == "redeem":
                yield from self._redeemed(one, booked.get(one.key, []))
        for key in booked.keys() - self.by_key.keys():
            yield Finding(GHOST, key, "a redemption that nobody asked for")
        state = {found.ref: found.state for found in self.books.redemptions}
        for one in self.ok("cancel", "fulfil"):
            if state.get(one.result["redemption"]) != one.result["state"]:
                yield Finding(LOST, one.key, f"{one.result['redemption']} is not {one.result['state']}")
        for reward, (stock, taken) in self.books.stock.items():
            given = sum(r.reward == reward and r.state != "cancelled" for r in self.books.redemptions)
            if given != taken or (stock is not None and given > stock):
                yield Finding(WRONG, reward, f"{given} given, {taken} counted, {stock} in stock")

    def _redeemed(self, one: Operation, found: list[places.BookedRedemption]) -> Iterator[Finding]:
        lines = self.keyed.get(one.key, [])
        if one.outcome == "refused" and (found or lines):
            yield Finding(GHOST, one.key, f"was refused ({one.code}) and is in the books")
        if one.outcome != "ok":
            return
        expected = Counter([(one.result["redemption"], one.result["points"])])
        yield from _compare(one.key, expected, Counter((r.ref, r.points) for r in found))
        paid = Counter((line.kind, line.amount) for line in lines)
        yield from _compare(one.key, Counter([(places.HOLD, one.result["points"])]), paid)

    def strangers(self) -> Iterator[Finding]:
        """Nothing is in the books that no client was told of, but what time does: holds that ran out."""
        holds = {one.result["hold"]: one for one in self.ok("hold", "redeem")}
        for line in self.books.lines:
            key = client_key(line.key)
            if key is not None:
                if key not in self.by_key:
                    yield Finding(GHOST, line.ref, f"was posted under {line.key}, which nobody sent")
            elif line.event is not None:
                if line.event not in self.by_event:
                    yield Finding(GHOST, line.ref, f"is for {line.event}, which nobody was told of")
            else:
                hold = f"{line.ref.rsplit('-', 1)[0]}-{line.reverses}"
                ran_out = hold in self.books.expiring_holds and line.kind == places.RELEASE
                if hold not in holds or not (ran_out or holds[hold].kind == "redeem"):
                    yield Finding(GHOST, line.ref, "was posted for nobody")

    def limits(self) -> Iterator[Finding]:
        """Each limit gave out exactly what it allows: no more, and no less while anything was left."""
        visits: dict[tuple[str, str], list[int]] = defaultdict(list)
        promotions: list[int] = []
        for one in self.reported.values():
            if one.ref is None:
                continue
            earned = sum(amount for _, amount in one.grants)
            if one.type == "visit":
                visits[one.member, one.day].append(earned)
            elif one.type == "promotion":
                promotions.append(earned)
        counted = [
            (f"visits of {who} on {day}", VISIT_POINTS, VISITS_A_DAY, e) for (who, day), e in visits.items()
        ]
        counted.append(("promotions", PROMOTION_POINTS, PROMOTIONS_EVER, promotions))
        for about, each, at_most, earned_ in counted:
            if sum(earned_) != min(each * len(earned_), at_most):
                yield Finding(WRONG, about, f"gave {sum(earned_)} for {len(earned_)}, of {at_most} at most")

    def fold(self) -> Iterator[Finding]:
        """Each member has what the answers add up to, worked out without a look at a single transfer."""
        has: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for one in self.reported.values():
            if one.ref is not None:
                corrected = self.reported.get(one.corrects or "")
                has[one.member][0] += sum(amount for _, amount in one.grants)
                if corrected is not None and corrected.ref is not None:
                    has[corrected.member][0] -= sum(amount for _, amount in corrected.grants)
        self._fold_postings(has)
        booked = {self.member_of.get(ref, ref): balance for ref, balance in self.books.balances.items()}
        for member in has.keys() | booked.keys():
            expected, found = (has[member][0], has[member][1], has[member][2]), booked.get(member, (0, 0, 0))
            if expected != found:
                yield Finding(WRONG, member, f"has {found}; the answers add up to {expected}")

    def _fold_postings(self, has: dict[str, list[int]]) -> None:
        held: dict[str, tuple[str, int]] = {}
        adjusted = {one.result["transfer"]: one for one in self.ok("adjust")}
        orders = {one.result["redemption"]: one for one in self.ok("redeem")}
        settled: set[str] = set()
        for one in self.ok("adjust", "reverse", "hold", "redeem"):
            if one.kind == "reverse":
                has[adjusted[one.args["transfer"]].args["member"]][0] -= one.result["amount"]
                continue
            member, change = one.args["member"], one.args.get("amount", 0)
            if one.kind == "adjust":
                has[member][0] += change
                continue
            amount = change or one.result["points"]
            held[one.result["hold"]] = (member, amount)
            has[member][0] -= amount
            has[member][2] += amount
            if one.result["state"] == "fulfilled":
                has[member][2] -= amount
            if (
                one.args.get("expires")
                and one.result["hold"] in self.books.expiring_holds - self.books.open_holds
            ):
                has[member][0] += amount
                has[member][2] -= amount
        for one in self.ok("capture", "release", "cancel", "fulfil"):
            hold = one.args.get("hold") or orders[one.args["redemption"]].result["hold"]
            member, amount = held[hold]
            if hold in settled:
                continue  # a second end of one hold is found where its lines are counted
            settled.add(hold)
            spent = {"capture": one.args.get("amount") or amount, "fulfil": amount}.get(one.kind, 0)
            has[member][0] += amount - spent
            has[member][2] -= amount

    def reads(self) -> Iterator[Finding]:
        """A read begun after an answer contains it, and shows a state the books were really in."""
        told = self._told_by_member()
        lines = {self.member_of.get(ref, ref): found for ref, found in self.books.of_members().items()}
        for member, one in ((read.args["member"], read) for read in self.ok("balance", "statement")):
            times, highest = told.get(member, ([], []))
            place = bisect_left(times, one.began)
            least = highest[place - 1] if place else 0
            states = _states(lines.get(member, []))
            if one.kind == "balance":
                has = (one.result["has"][0], one.result["has"][1], one.result["has"][2])
                if has not in states[least:]:
                    yield Finding(STALE, member, f"read {has}, which it was not from line {least} on")
            elif one.result["line"] < least:
                yield Finding(STALE, member, f"read line {one.result['line']} after line {least} was told")
            elif one.result["line"] >= len(states) or states[one.result["line"]][0] != one.result["after"]:
                yield Finding(WRONG, member, f"read {one.result}, which the books do not say")

    def _told_by_member(self) -> dict[str, tuple[list[int], list[int]]]:
        """For each member, when answers came and up to which line they then spoke of."""
        moments: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for lines, ended in self._answered():
            for line in lines:
                moments[self.member_of.get(line.member, line.member)].append((ended, line.number))
        found = {}
        for member, pairs in moments.items():
            pairs.sort()
            found[member] = ([at for at, _ in pairs], list(accumulate((n for _, n in pairs), max)))
        return found

    def _answered(self) -> Iterator[tuple[Iterable[Line], int]]:
        for one in self.ok(*_POSTING, "redeem"):
            yield self.keyed.get(one.key, []), one.ended
        for told in self.reported.values():
            if told.ref is not None:
                lines = self.of_event.get(told.ref, [])
                yield (line for line in lines if line.kind == places.ACCRUAL), told.ended


def _states(lines: list[Line]) -> list[Balance]:
    """What a member had after each of their lines, nothing first."""
    return list(accumulate(lines, after, initial=(0, 0, 0)))


def client_key(key: str | None) -> str | None:
    """The client's own key in the key that something was posted under; None where a client gave none."""
    if key is None or "api:" not in key:
        return None
    return key.rpartition("api:")[2]
