"""Many lines to one event: lines of one key folded together, wherever they stand, with bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from plaudit.activity.events import IncomingEvent
from plaudit.activity.files.mapping import Group
from plaudit.activity.files.spilling import SortedRuns
from plaudit.activity.files.values import EXACT, CellProblem, shown

# A group so far: place of its first line, that line's number, file and event, the number of lines, the time, and
# one value for each field that is made.
State = list[Any]
_PLACE, _NUMBER, _FILE, _EVENT, _COUNT, _TIME, _VALUES = range(7)


def _add(a: Any, b: Any) -> Any:
    return EXACT.add(a, b) if a.__class__ is Decimal or b.__class__ is Decimal else a + b


def _keep(first: Any, _: Any) -> Any:
    return first


class Groups:
    """The groups of one file, or of a set.

    `add` takes the event each line makes by itself. `spoil` marks a group as incomplete. `finished` gives
    each whole group's event once, in the order of their first lines, with the row of the first line.
    """

    def __init__(self, group: Group, in_memory: int) -> None:
        self._group = group
        self._in_memory = in_memory
        self._states: dict[str, State] = {}
        self._runs = SortedRuns()
        self._order = 0
        self._made: list[tuple[str, str, Callable[[Any, Any], Any]]] = [
            *((name, of, _add) for name, of in group.sums),
            *((name, of, _keep) for name, of in group.firsts),
            *((name, of, min) for name, of in group.smallest),
            *((name, of, max) for name, of in group.largest),
        ]
        # Only these keep the first line's value even where it is empty.
        self._firsts = frozenset(name for name, _ in group.firsts)
        self.spoiled: set[str] = set()

    def __len__(self) -> int:
        return len(self._states)

    def add(self, event: IncomingEvent, file: str, place: int, number: int) -> None:
        """Fold one line in. Raises CellProblem where it contradicts its group, which is then spoiled."""
        state = self._states.get(event.id)
        values = [event.data[of] for _, of, _ in self._made]
        if state is None:
            if len(self._states) >= self._in_memory:
                self._spill()
            self._order += 1
            self._states[event.id] = [(self._order, place), number, file, event, 1, event.time, values]
            return
        contradiction = _contradiction(state[_EVENT], event)
        if contradiction is not None:
            self.spoiled.add(event.id)
            raise contradiction
        self._fold(state, values, 1, event.time)

    def _fold(self, state: State, values: list[Any], count: int, time: Any) -> None:
        state[_COUNT] += count
        if self._group.time == "earliest":
            state[_TIME] = min(state[_TIME], time)
        elif self._group.time == "latest":
            state[_TIME] = max(state[_TIME], time)
        held = state[_VALUES]
        for index, (name, _, merge) in enumerate(self._made):
            value = values[index]
            if value is None or name in self._firsts:
                continue
            held[index] = value if held[index] is None else merge(held[index], value)

    def spoil(self, key: str) -> None:
        """Mark a group as incomplete: it will not become an event."""
        self.spoiled.add(key)

    def _spill(self) -> None:
        self._runs.put(sorted(self._states.items()))
        self._states = {}

    def finished(self) -> Iterator[tuple[IncomingEvent, str, int, int]]:
        """Event, file, row and number of the first line of each whole group. The groups are then forgotten."""
        states = self._in_order() if len(self._runs) else iter(self._states.values())
        try:
            for state in states:
                if state[_EVENT].id not in self.spoiled:
                    yield self._event(state), state[_FILE], state[_PLACE][1], state[_NUMBER]
        finally:
            self._states = {}
            self._runs.close()

    def _in_order(self) -> Iterator[State]:
        """The states of all runs, merged by key and put back in the order of their first lines."""
        self._spill()
        ordered, held = SortedRuns(), []
        try:
            for state in self._merged():
                held.append((state[_PLACE], state))
                if len(held) >= self._in_memory:
                    ordered.put(sorted(held, key=lambda pair: pair[0]))
                    held = []
            ordered.put(sorted(held, key=lambda pair: pair[0]))
            held = []
            for _, state in ordered.merged():
                yield state
        finally:
            ordered.close()

    def _merged(self) -> Iterator[State]:
        whole: State | None = None
        for key, state in self._runs.merged():
            if whole is None or whole[_EVENT].id != key:
                if whole is not None:
                    yield whole
                whole = state
            elif _contradiction(whole[_EVENT], state[_EVENT]) is not None:
                self.spoiled.add(key)
            else:
                self._fold(whole, state[_VALUES], state[_COUNT], state[_TIME])
        if whole is not None:
            yield whole

    def _event(self, state: State) -> IncomingEvent:
        first: IncomingEvent = state[_EVENT]
        data = {name: value for (name, _, _), value in zip(self._made, state[_VALUES], strict=True)}
        if self._group.count is not None:
            data[self._group.count] = state[_COUNT]
        return IncomingEvent(
            first.source,
            first.id,
            first.type,
            first.subject,
            first.subject_source,
            state[_TIME],
            data,
            first.corrects,
            first.dataschema,
        )


def _contradiction(first: IncomingEvent, other: IncomingEvent) -> CellProblem | None:
    """Why two lines cannot be parts of one event, or None where they can."""
    for name, a, b in (
        ("type", first.type, other.type),
        ("subject", first.subject, other.subject),
        ("corrects", first.corrects, other.corrects),
    ):
        if a != b:
            said = f"The {name} is {shown(b)} here, and {shown(a)} on the first line of {shown(first.id)}. "
            return CellProblem("group_disagrees", said + "Lines of one group must agree.")
    return None
