"""The smallest change of what happened that would have earned more: asked of the rule's own arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from plaudit.earning.compiling import CheckedRule, CompiledProgramme, field_type
from plaudit.earning.expressions import FieldKind, evaluate, fields_used
from plaudit.earning.words import in_sentence
from plaudit.foundation.written import number
from plaudit.insights.looked_at import Explained, label_of
from plaudit.ledger.units import UnitPolicy

_FURTHEST = 2**40


def nearest_more(
    one: Explained, programme: CompiledProgramme, checked: CheckedRule, unit: UnitPolicy
) -> list[str]:
    """Sentences such as "With 0.80 more order value it would have been 49 points.", one a field.

    Each field of the activity is changed alone. Nothing where the rule gives the same whatever they are.
    """
    return list(_sentences(one, programme, checked, unit))


def _sentences(
    one: Explained, programme: CompiledProgramme, checked: CheckedRule, unit: UnitPolicy
) -> Iterator[str]:
    expression = checked.amount
    if expression is None:
        return
    values, zone = one.values(programme), programme.definition.time_zone

    def amount_with(name: str, value: Any) -> int:
        return int(evaluate(expression, {**values, name: value}, zone) or 0)

    now = int(evaluate(expression, values, zone) or 0)
    for name in sorted(fields_used(expression) & one.declared.fields.keys()):
        declared, value = field_type(one.declared.fields[name]), values[name]
        label = in_sentence(label_of(one.declared.fields, name))
        if declared.kind is FieldKind.BOOLEAN and value is not None:
            flipped = amount_with(name, not value)
            if flipped > now:
                yield (
                    _("Had {label} been no, it would have been {amount}.")
                    if value
                    else _("Had {label} been yes, it would have been {amount}.")
                ).format(label=label, amount=unit.say(flipped))
        elif declared.is_number and value is not None:
            more = _least_more(lambda step: amount_with(name, value + step), now, declared.high - value)  # noqa: B023  # used at once
            if more is not None:
                step = Decimal(more).scaleb(-declared.scale)
                new = unit.say(amount_with(name, value + more))
                yield _("With {step} more {label} it would have been {amount}.").format(
                    step=number(step), label=label, amount=new
                )


def _least_more(amount_at: Callable[[int], int], now: int, furthest: int) -> int | None:
    """The least step up at which the amount is more than now; None where none up to the furthest is."""
    step = 1
    while amount_at(min(step, furthest)) <= now:
        if step >= min(furthest, _FURTHEST):
            return None
        step *= 2
    low, high = step // 2, min(step, furthest)
    while low + 1 < high:
        middle = (low + high) // 2
        if amount_at(middle) > now:
            high = middle
        else:
            low = middle
    return high
