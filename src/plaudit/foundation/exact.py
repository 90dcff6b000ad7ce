"""JSON whose numbers stay exact: a decimal never becomes a float, in either direction."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec


def _as_text(value: Any) -> str:
    """What is a text and knows more than its letters, as its letters."""
    if isinstance(value, str):
        return str(value)
    kind = type(value).__name__
    raise NotImplementedError(f"Encoding objects of type {kind} is unsupported")


_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_as_text)
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def encode(value: Any) -> str:
    """The value as JSON text, decimals as plain numbers."""
    return _encoder.encode(value).decode()


def decode(text: str | bytes) -> Any:
    """The value behind JSON text, every number with a point or exponent as a Decimal."""
    return _decoder.decode(text)


class ExactDecoder(json.JSONDecoder):
    """For Django's JSON fields."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "parse_float": Decimal})


class ExactEncoder(json.JSONEncoder):
    """For Django's JSON fields: the exact number, by way of the text that spells it."""

    def encode(self, o: Any) -> str:
        return encode(o)
