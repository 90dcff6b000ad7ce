"""Tags for what a member sees of the programme: balance, statement, rewards, thanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plaudit.surfaces.design.writing import in_units, money, number, points, signed, unit_name

register = Library()


@register.simple_block_tag
def balance(
    content: str,
    amount: int,
    unit: object = None,
    *,
    label: str = "",
    worth: str = "",
    sides: Sequence[Mapping[str, object]] = (),
    id: str = "balance",
) -> str:
    """What a person has, ruled off twice as in a ledger; inside, what to do with it.

    ``sides`` are the other figures (pending, held, expiring): ``{"label", "value", "note"}`` each.
    """
    units = in_units(amount, unit)
    return _drawn(
        "balance",
        id=id,
        label=label or _("Available now"),
        figure=number(units),
        unit_name=unit_name(units, unit),
        worth=worth,
        sides=sides,
        content=SafeString(content),
    )


@register.simple_block_tag
def statement(content: str, label: str = "", unit: object = None, id: str = "") -> str:
    """A statement; write one ``statement_line`` for each line inside."""
    many = unit_name(in_units(2 * 10 ** _precision(unit), unit), unit)
    return _drawn(
        "statement",
        label=label or _("Statement"),
        unit_heading=many[:1].upper() + many[1:],
        id=id,
        content=SafeString(content),
    )


@register.inclusion_tag("design/parts/statement_line.html")
def statement_line(line: Mapping[str, object], unit: object = None) -> dict[str, object]:
    """One line of a statement: ``id``, ``when``, ``title``, ``amount``, ``after``.

    It may hold ``before``, ``url``, ``state``, ``state_kind``, ``reversed``, and ``because`` (a panel)
    or ``because_url``. Amounts are in the unit's smallest part.
    """
    amount = int(str(line["amount"]))
    units = in_units(amount, unit)
    before = line.get("before")
    return {
        "line": line,
        "amount": signed(units),
        "amount_unit": unit_name(units, unit),
        "earned": amount > 0,
        "before": number(in_units(int(str(before)), unit)) if before is not None else None,
        "after": number(in_units(int(str(line["after"])), unit)),
        "why_id": f"why-{line.get('id', '')}",
    }


@register.inclusion_tag("design/parts/reward_card.html")
def reward_card(
    reward: Mapping[str, object], unit: object = None, available: int | None = None
) -> dict[str, object]:
    """One reward of the catalogue: ``id``, ``name``, ``cost``.

    It may hold ``url``, ``redeem_url``, ``value`` (or ``worth`` in minor units of ``currency``), ``words``, ``label``, ``stock``, ``icon``,
    ``picture`` and ``unavailable`` (why it cannot be had now). With ``available`` the card says how much is missing. Amounts are in the unit's smallest part.
    """
    cost = int(str(reward["cost"]))
    missing = cost - available if available is not None and cost > available else 0
    return {
        "reward": reward,
        "cost": points(cost, unit),
        "value": reward.get("value") or _worth(reward, cost, unit),
        "missing": _("{points} to go").format(points=points(missing, unit)) if missing else "",
        "share": str(max(available or 0, 0) * 100 // cost) if missing else "",
    }


def _worth(reward: Mapping[str, object], cost: int, unit: object) -> str:
    """What a reward is worth, and what that makes a hundred of its points, rounded down."""
    if reward.get("worth") is None or not reward.get("currency"):
        return ""
    minor, currency = int(str(reward["worth"])), str(reward["currency"])
    hundred = 100 * 10 ** _precision(unit)
    return _("Worth {worth} · {per} per {hundred}").format(
        worth=money(minor, currency),
        per=money(minor * hundred // cost, currency),
        hundred=points(hundred, unit),
    )


@register.inclusion_tag("design/parts/thanks.html")
def thanks(post: Mapping[str, object], unit: object = None) -> dict[str, object]:
    """A word of thanks: ``words``, ``who`` and may hold ``when``, ``behaviour``, ``amount``."""
    amount = post.get("amount")
    return {"thanks": post, "amount": f"+{points(int(str(amount)), unit)}" if amount else ""}


def _precision(unit: object) -> int:
    precision = unit.get("precision") if isinstance(unit, Mapping) else getattr(unit, "precision", 0)
    return int(str(precision or 0))


def _drawn(part: str, **context: object) -> str:
    return SafeString(render_to_string(f"design/parts/{part}.html", context).strip())
