"""Two shares side by side, and how sure their difference is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

Z_95 = Decimal("1.959963984540054")
_DIGITS = 40
_SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and the interval in which the true share lies at 95 %."""

    did: int
    of: int
    rate: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """The first share less the second, with its interval at 95 %; `is_clear` where that leaves out zero."""

    rate: Decimal
    low: Decimal
    high: Decimal

    @property
    def is_clear(self) -> bool:
        """Whether chance alone would seldom do it; if not, the honest answer is: we cannot tell."""
        return self.low > 0 or self.high < 0


def share(did: int, of: int) -> Share:
    """The share with Wilson's score interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, p. 209)."""
    assert 0 <= did <= of
    if not of:
        return Share(0, 0, Decimal(0), Decimal(0), Decimal(1))
    with localcontext() as context:
        context.prec = _DIGITS
        rate, n, z2 = Decimal(did) / of, Decimal(of), Z_95 * Z_95
        middle = rate + z2 / (2 * n)
        half = Z_95 * (rate * (1 - rate) / n + z2 / (4 * n * n)).sqrt()
        low = (middle - half) / (1 + z2 / n) if did else Decimal(0)
        high = (middle + half) / (1 + z2 / n) if did < of else Decimal(1)
        return Share(did, of, +rate, low, high)


def difference(first: Share, second: Share) -> Difference | None:
    """The difference with Newcombe's hybrid score interval (R. G. Newcombe, Stat. Med. 17, 1998, method 10).

    None where one of the groups is empty.
    """
    if not first.of or not second.of:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        rate = first.rate - second.rate
        below = ((first.rate - first.low) ** 2 + (second.high - second.rate) ** 2).sqrt()
        above = ((first.high - first.rate) ** 2 + (second.rate - second.low) ** 2).sqrt()
        return Difference(rate, rate - below, rate + above)


def shown(number: Decimal) -> str:
    """A rate with four decimals."""
    return format(number.quantize(_SHOWN), "f")
