"""The facts in a scenario's texts in words of the language at work, and of the programme's own in that language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from plaudit.foundation import written
from plaudit.planning.programme_file.phrases import Expiry, exact
from plaudit.planning.programme_file.programme import Programme, Rule, Unit

_ENDS = {
    "month": gettext_noop("at the end of the month"),
    "quarter": gettext_noop("at the end of the quarter"),
    "year": gettext_noop("at the end of the year"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How facts of a programme are said. `texts` are its own as they are in this language; none as they are written."""

    programme: Programme
    texts: Mapping[str, str]

    def expiry(self, expiry: Expiry) -> str:
        """`after 24 months at the end of the month`, or `never`."""
        if expiry.on:
            return _("on {day}").format(day=written.day(expiry.on))
        if expiry.end_of:
            return _(_ENDS[expiry.end_of])
        if not expiry.after:
            return _("never")
        said = [_after(expiry.after)]
        if expiry.inactive:
            said.append(_("of inactivity"))
        if expiry.round_to:
            said.append(_(_ENDS[expiry.round_to]))
        return " ".join(said)

    def amount(self, parts: int, unit: Unit) -> str:
        """`200 points`, of the unit's smallest parts."""
        number = exact(Decimal(parts).scaleb(-unit.precision))
        return f"{written.number(number)} {self._unit(unit, one=number == 1)}"

    def effect(self, rule: Rule) -> str:
        """`earns floor(amount) points`, `takes 5 points`, `multiplies purchases by 2`."""
        if rule.multiply is not None:
            every = _("all {unit}").format(unit=self._unit(self.programme.unit(rule.unit)))
            of = written.listed(rule.of) if rule.of else every
            return _("multiplies {what} by {factor}").format(what=of, factor=rule.multiply)
        amount = rule.earn or rule.take
        many = f"{amount} {self._unit(self.programme.unit(rule.unit), one=amount == '1')}"
        return (_("earns {amount}") if rule.earn else _("takes {amount}")).format(amount=many)

    def rule(self, rule: Rule) -> str:
        """`purchase, where amount > 0, earns floor(amount) points`."""
        where = "" if not rule.when else _(", where {condition},").format(condition=rule.when)
        return f"{rule.on}{where} {self.effect(rule)}"

    def _unit(self, unit: Unit, *, one: bool = False) -> str:
        name = unit.one if one else unit.other
        return self.texts.get(name, name)


def _after(period: str) -> str:
    """`after 24 months` for the period P24M; a mixed one as it is written."""
    found = re.fullmatch(r"P([0-9]+)([DWMY])", period)
    if found is None:
        return _("after {period}").format(period=period)
    count = int(found[1])
    said = {
        "D": ngettext("after {n} day", "after {n} days", count),
        "W": ngettext("after {n} week", "after {n} weeks", count),
        "M": ngettext("after {n} month", "after {n} months", count),
        "Y": ngettext("after {n} year", "after {n} years", count),
    }
    return said[found[2]].format(n=written.number(count))
