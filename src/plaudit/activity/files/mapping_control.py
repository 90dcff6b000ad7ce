"""The control section of a mapping: totals that must match, and the copy to compare with."""

from __future__ import annotations

from decimal import Decimal

from plaudit.activity.files.expressions import Expression
from plaudit.activity.files.mapping import Comparison, Control, Group, Value
from plaudit.activity.files.mapping_parts import Part, exact_amount, expression_of


def read_control(part: Part, fields: tuple[tuple[str, Value], ...], group: Group | None) -> Control:
    """The control totals of a mapping, each checked to name something there is."""
    inner = part.part("control")
    if inner is None:
        return Control()
    names = {name for name, _ in fields}
    if group is not None:
        pairs = (*group.sums, *group.firsts, *group.smallest, *group.largest)
        names = {name for name, _ in pairs} | ({group.count} if group.count else set())
    report = part.report
    sums: list[tuple[str, Decimal]] = []
    distinct: list[tuple[str, int]] = []
    counts: list[tuple[str, int]] = []
    for name, raw, place in inner.entries("sum"):
        if name not in names:
            report.add(place, "field_unknown", f"{name} is not a field of the events.")
        elif (amount := exact_amount(raw, place, report)) is not None:
            sums.append((name, amount))
    for name, _, place in inner.entries("count_distinct"):
        if name not in names | {"subject", "id", "type"}:
            report.add(
                place, "field_unknown", f"{name} is not a field of the events, nor subject, id or type."
            )
        distinct.append(
            (name, Part(inner.value["count_distinct"], place.rpartition("/")[0], report).whole(name) or 0)
        )
    for name, _, place in inner.entries("counts"):
        counts.append((name, _count(inner, "counts", name, place)))
    found_sums, found_distinct = _found(inner.part("as_found"))
    control = Control(
        rows=inner.whole("rows"),
        events=inner.whole("events"),
        sums=tuple(sums),
        distinct=tuple(distinct),
        found_sums=found_sums,
        found_distinct=found_distinct,
        counts=tuple(counts),
        compare_with=_comparison(inner.part("compare_with")),
    )
    inner.done()
    return control


def _count(part: Part, section: str, name: str, place: str) -> int:
    """A whole number that stands under a name of the author's choosing."""
    return Part(part.value[section], place.rpartition("/")[0], part.report).whole(name) or 0


def _found(
    part: Part | None,
) -> tuple[tuple[tuple[Expression, Decimal], ...], tuple[tuple[Expression, int], ...]]:
    """Totals over the rows as they are found: pairs of an expression and what it must come to."""
    if part is None:
        return (), ()
    sums: list[tuple[Expression, Decimal]] = []
    distinct: list[tuple[Expression, int]] = []
    for text, raw, place in part.entries("sum"):
        expression, amount = expression_of(text, place, part.report), exact_amount(raw, place, part.report)
        if expression is not None and expression.kind not in ("number", "cell"):
            part.report.add(place, "not_a_number", f"{text} is not a number.")
        elif expression is not None and amount is not None:
            sums.append((expression, amount))
    for text, _, place in part.entries("count_distinct"):
        expression = expression_of(text, place, part.report)
        if expression is not None:
            distinct.append((expression, _count(part, "count_distinct", text, place)))
    part.done()
    return tuple(sums), tuple(distinct)


def _comparison(part: Part | None) -> Comparison | None:
    if part is None:
        return None
    file = part.text("file", needed=True, longest=255)
    if "/" in file or "\\" in file or file in (".", ".."):
        part.refuse(
            "file", "not_a_name", "file is the name of a file beside the one that is read, without a folder."
        )
    columns = tuple((name, str(raw)) for name, raw, _ in part.entries("columns"))
    comparison = Comparison(file=file, columns=columns, show=part.whole("show", 1, 1_000) or 20)
    part.done()
    return comparison
