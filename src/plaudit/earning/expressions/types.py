"""The types of the expression language, and the fields an expression may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from plaudit.earning.expressions.refusals import FieldRefused
from plaudit.foundation.worded import worded

INTEGER_DIGITS_MAX = 15
SCALE_MAX = 6
CHOICES_MAX = 200
TEXT_LENGTH_MAX = 1_000
DIGITS_MAX = 38
NUMBER_MAX = 10**DIGITS_MAX - 1


class Kind(StrEnum):
    """What a part of an expression is. Whole and decimal numbers are one kind with different scales."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Type:
    """Everything known about a part of an expression before it runs.

    A number lives as an integer: its value times ten to the `scale` (11.77 at scale 2 is 1177). `low`
    and `high` bound that integer, so that a compiler knows no step can overflow. `choices` are the
    only texts a text field may hold, where its declaration names them.
    """

    kind: Kind
    nullable: bool = False
    scale: int = 0
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()


class FieldKind(StrEnum):
    """How a field is declared."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


_KINDS = {
    FieldKind.INTEGER: Kind.NUMBER,
    FieldKind.DECIMAL: Kind.NUMBER,
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.BOOLEAN: Kind.BOOLEAN,
    FieldKind.DATE: Kind.DATE,
    FieldKind.TIMESTAMP: Kind.TIMESTAMP,
}


@dataclass(frozen=True, slots=True)
class FieldType:
    """The declared type of one field.

    `nullable` fields may be null or absent. Numbers have at most 15 digits before the point and `scale`
    after it (0 to 6; 0 for integers), narrowed by `minimum` and `maximum`, both inclusive. `choices`
    lists the only texts allowed. `label` is how people call the field, where its name does not say it.
    Raises FieldRefused where a declaration contradicts itself.
    """

    kind: FieldKind
    nullable: bool = False
    scale: int = 0
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    choices: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        scale_max = SCALE_MAX if self.kind is FieldKind.DECIMAL else 0
        if not 0 <= self.scale <= scale_max:
            raise FieldRefused(
                worded(
                    "{kind} has a scale of {scale}; it can be 0 to {scale_max}",
                    kind=self.kind,
                    scale=self.scale,
                    scale_max=scale_max,
                )
            )
        if self.choices and self.kind is not FieldKind.TEXT:
            raise FieldRefused(worded("{kind} cannot have choices; only text can", kind=self.kind))
        if len(self.choices) > CHOICES_MAX or len(set(self.choices)) != len(self.choices):
            raise FieldRefused(
                worded(
                    "choices must be different from each other and at most {choices_max}",
                    choices_max=CHOICES_MAX,
                )
            )
        if not self.is_number:
            if self.minimum is not None or self.maximum is not None:
                raise FieldRefused(
                    worded("{kind} cannot have a minimum or maximum; only numbers can", kind=self.kind)
                )
            return
        for bound in (self.minimum, self.maximum):
            if bound is not None and not _fits(bound, self.scale):
                raise FieldRefused(
                    worded(
                        "{bound} is not a {kind} of 15 digits and {scale} decimals",
                        bound=bound,
                        kind=self.kind,
                        scale=self.scale,
                    )
                )
        if self.low > self.high:
            raise FieldRefused(
                worded(
                    "the minimum {minimum} is more than the maximum {maximum}",
                    minimum=self.minimum,
                    maximum=self.maximum,
                )
            )

    @property
    def is_number(self) -> bool:
        return self.kind in (FieldKind.INTEGER, FieldKind.DECIMAL)

    @property
    def low(self) -> int:
        """The least value, scaled."""
        return _scaled(-(10**INTEGER_DIGITS_MAX) if self.minimum is None else self.minimum, self.scale)

    @property
    def high(self) -> int:
        """The greatest value, scaled."""
        return _scaled(10**INTEGER_DIGITS_MAX if self.maximum is None else self.maximum, self.scale)

    def as_type(self) -> Type:
        if not self.is_number:
            return Type(_KINDS[self.kind], self.nullable, choices=self.choices)
        return Type(Kind.NUMBER, self.nullable, self.scale, self.low, self.high)


def integer(
    *, nullable: bool = False, minimum: int | None = None, maximum: int | None = None, label: str = ""
) -> FieldType:
    """A whole number of at most 15 digits."""
    return FieldType(FieldKind.INTEGER, nullable, 0, minimum, maximum, label=label)


def decimal(
    scale: int,
    *,
    nullable: bool = False,
    minimum: Decimal | int | None = None,
    maximum: Decimal | int | None = None,
    label: str = "",
) -> FieldType:
    """A number with at most `scale` decimals (0 to 6) and 15 digits before the point."""
    return FieldType(FieldKind.DECIMAL, nullable, scale, minimum, maximum, label=label)


def text(*choices: str, nullable: bool = False, label: str = "") -> FieldType:
    """A text, or one of the choices where any are given."""
    return FieldType(FieldKind.TEXT, nullable, choices=choices, label=label)


def boolean(*, nullable: bool = False, label: str = "") -> FieldType:
    """True or false."""
    return FieldType(FieldKind.BOOLEAN, nullable, label=label)


def date(*, nullable: bool = False, label: str = "") -> FieldType:
    """A calendar day, such as a birthday."""
    return FieldType(FieldKind.DATE, nullable, label=label)


def timestamp(*, nullable: bool = False, label: str = "") -> FieldType:
    """A moment; its year, weekday, hour and so on are those of the programme's time zone."""
    return FieldType(FieldKind.TIMESTAMP, nullable, label=label)


@dataclass(frozen=True, slots=True)
class Scope:
    """The fields an expression may name, and what they are fields of (for sentences).

    Fields of the event's data are named plainly ("amount"; `data.amount` in an expression is the same);
    all others with their namespace ("member.kind", "original.amount").
    """

    fields: Mapping[str, FieldType]
    subject: str = "this activity"


def local_name(name: str) -> str:
    """The key under which a caller passes the local time of a timestamp field to the compilers."""
    return f"local {name}"


def _fits(bound: Decimal | int, scale: int) -> bool:
    number = Decimal(bound)
    return number.is_finite() and abs(number) <= 10**INTEGER_DIGITS_MAX and number == round(number, scale)


def _scaled(value: Decimal | int, scale: int) -> int:
    return int(value * 10**scale)
