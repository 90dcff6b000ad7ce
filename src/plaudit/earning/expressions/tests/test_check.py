"""What the type check knows, and what it refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plaudit.earning.expressions import (
    ExpressionRefused,
    FieldKind,
    FieldRefused,
    FieldType,
    Kind,
    Scope,
    amount_of,
    condition_of,
    date,
    decimal,
    evaluate,
    expression_of,
    fields_used,
    integer,
    local_times_used,
    text,
    timestamp,
)

SCOPE = Scope(
    {
        "amount": decimal(2),
        "price": decimal(2, minimum=0, maximum=1000),
        "items": integer(minimum=1, maximum=9),
        "rating": integer(nullable=True, minimum=1, maximum=5),
        "channel": text("web", "app"),
        "occurred_at": timestamp(),
        "member.joined_at": timestamp(nullable=True),
        "member.birthday": date(nullable=True),
    },
    subject="purchase",
)


def _refusal(written: str) -> ExpressionRefused:
    with pytest.raises(ExpressionRefused) as refused:
        expression_of(written, SCOPE)
    return refused.value


def test_a_refusal_says_where_it_is_about() -> None:
    refusal = _refusal("amount > 0 and chanel = 'web'")

    assert (refusal.position, refusal.excerpt) == (15, "chanel")
    assert refusal.advice == "`chanel` is not a field of purchase; did you mean `channel`?"
    assert refusal.code == "expression_refused"
    assert refusal.facts == {"advice": refusal.advice, "position": 15, "excerpt": "chanel"}


def test_a_refusal_shows_a_call_with_its_closing_bracket() -> None:
    assert _refusal("1 + abs(least(amount, 2), 3)").excerpt == "abs(least(amount, 2), 3)"


def test_bounds_follow_the_declared_minimum_and_maximum() -> None:
    kind = expression_of("price * items - 1", SCOPE).type

    assert (kind.kind, kind.scale, kind.low, kind.high) == (Kind.NUMBER, 2, -100, 899_900)


def test_what_cannot_be_null_is_known() -> None:
    assert not expression_of("price * items", SCOPE).type.nullable
    assert expression_of("price * rating", SCOPE).type.nullable
    assert not expression_of("coalesce(rating, 3)", SCOPE).type.nullable
    assert not expression_of("floor(price / items)", SCOPE).type.nullable
    assert expression_of("floor(price / (items - 5))", SCOPE).type.nullable


def test_a_number_that_could_need_more_than_38_digits_is_refused() -> None:
    assert "more than 38 digits" in _refusal("amount * amount * amount").advice
    assert expression_of("least(amount, 1000) * price * price", SCOPE).type.high == 10**15


def test_a_condition_must_be_true_or_false() -> None:
    with pytest.raises(ExpressionRefused, match="compare this with something"):
        condition_of("amount", SCOPE)


def test_an_amount_must_be_rounded_to_what_the_unit_has() -> None:
    with pytest.raises(
        ExpressionRefused, match=r"This can have 3 decimals.*for example floor\(amount \* 0\.5\)"
    ):
        amount_of("amount * 0.5", SCOPE)
    with pytest.raises(ExpressionRefused, match=r"the unit has 2.*floor\(amount \* 0\.5, 2\)"):
        amount_of("amount * 0.5", SCOPE, precision=2)


def test_an_amount_comes_out_in_the_smallest_part_of_the_unit() -> None:
    values = {"price": 1177}

    assert evaluate(amount_of("floor(price)", SCOPE), values) == 11
    assert evaluate(amount_of("floor(price)", SCOPE, precision=2), values) == 1100
    assert evaluate(amount_of("price", SCOPE, precision=2), values) == 1177
    assert evaluate(amount_of("price", SCOPE, precision=4), values) == 117_700


def test_an_amount_larger_than_the_books_hold_is_refused() -> None:
    with pytest.raises(ExpressionRefused, match="more than the books can hold; cap it"):
        amount_of("floor(amount * amount)", SCOPE)


def test_the_fields_an_expression_reads_are_known() -> None:
    expression = expression_of("data.amount > 1 and hour(occurred_at) < hour(member.joined_at)", SCOPE)

    assert fields_used(expression) == {"amount", "occurred_at", "member.joined_at"}
    assert local_times_used(expression) == {"occurred_at", "member.joined_at"}
    assert local_times_used(expression_of("occurred_at > member.joined_at", SCOPE)) == frozenset()
    assert local_times_used(expression_of("month(member.birthday) = 1", SCOPE)) == frozenset()


def test_a_choice_is_checked_wherever_it_is_compared() -> None:
    for written in (
        "channel <> 'shop'",
        "'shop' = channel",
        "channel in ('web', 'shop')",
        "nullif(channel, 'shop') = 'web'",
    ):
        assert _refusal(written).advice == "'shop' is not one of the choices of channel: web, app."


@pytest.mark.parametrize(
    "declared",
    [
        {"kind": FieldKind.INTEGER, "scale": 2},
        {"kind": FieldKind.DECIMAL, "scale": 7},
        {"kind": FieldKind.DECIMAL, "scale": 2, "minimum": Decimal("0.001")},
        {"kind": FieldKind.DECIMAL, "scale": 2, "maximum": Decimal("NaN")},
        {"kind": FieldKind.DECIMAL, "scale": 2, "maximum": Decimal("1E+99")},
        {"kind": FieldKind.INTEGER, "minimum": 5, "maximum": 4},
        {"kind": FieldKind.INTEGER, "maximum": 10**16},
        {"kind": FieldKind.BOOLEAN, "choices": ("yes",)},
        {"kind": FieldKind.TEXT, "minimum": 1},
        {"kind": FieldKind.TEXT, "choices": ("web", "web")},
    ],
)
def test_a_field_that_contradicts_itself_is_refused(declared: dict[str, object]) -> None:
    with pytest.raises(FieldRefused):
        FieldType(**declared)  # type: ignore[arg-type]  # the wrong ones are the point
