"""What two members of one person, or at one device, have alike: an e-mail address, a phone number, a device. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping

EMAIL = "email"
PHONE = "phone"
DEVICE = "device"

Marks = frozenset[tuple[str, str]]


def marks_of(key: bytes, *, email: str, attributes: Mapping[str, object], device: str) -> Marks:
    """The kind and keyed digest of each thing that is known; nothing for what is not."""
    return frozenset(
        (kind, hmac.new(key, f"{kind}:{said}".encode(), hashlib.sha256).hexdigest())
        for kind, said in _said(email, attributes, device)
    )


def _said(email: str, attributes: Mapping[str, object], device: str) -> Iterator[tuple[str, str]]:
    if one_address := same_address(email):
        yield EMAIL, one_address
    phone = attributes.get("phone")
    if phone is not None and (number := same_number(str(phone))):
        yield PHONE, number
    if device.strip():
        yield DEVICE, device.strip()


def same_address(email: str) -> str:
    """An address without what its owner may add at will: capitals, and a word behind a plus."""
    name, at, host = email.strip().lower().partition("@")
    return f"{name.partition('+')[0]}@{host}" if at else ""


def same_number(phone: str) -> str:
    """The digits of a number, without the zeros or the plus that it begins with; "" for none to speak of."""
    digits = re.sub(r"\D", "", phone).lstrip("0")
    return digits if len(digits) >= 5 else ""
