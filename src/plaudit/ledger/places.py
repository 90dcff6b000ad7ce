"""Where points can be, and why they move: the words every transfer is written in."""

from __future__ import annotations

from django.db import models


class Place(models.IntegerChoices):
    """One side of a transfer. The first three are the member's, the rest the house's.

    The house's places keep no balance row: a row that every posting touches would be the slowest thing
    in the database. Their balances are sums over transfers.
    """

    AVAILABLE = 1
    PENDING = 2
    HELD = 3
    ISSUED = 11
    REDEEMED = 12
    EXPIRED = 13
    ADJUSTED = 14
    MOVED = 15


class Kind(models.IntegerChoices):
    """Why points moved."""

    ACCRUAL = 1
    DEDUCTION = 2
    ADJUSTMENT = 3
    HOLD = 4
    CAPTURE = 5
    RELEASE = 6
    REVERSAL = 7
    EXPIRY = 8
    ACTIVATION = 9
    OPENING = 10
    MERGE = 11
    UNMERGE = 12
    EXTENSION = 13
    WRITE_OFF = 14
