"""Draws an address as a QR code, to be put into a page as it is."""

from __future__ import annotations

import qrcode
import qrcode.image.svg
from django.utils.safestring import SafeString, mark_safe


def drawn_code(address: str) -> SafeString:
    """The code as an SVG element. `address` is one of ours: what strangers wrote is never drawn."""
    code = qrcode.QRCode(border=2, image_factory=qrcode.image.svg.SvgPathImage)
    code.add_data(address)
    drawn = code.make_image().to_string(encoding="unicode")
    return mark_safe(str(drawn[drawn.index("<svg") :]))  # noqa: S308  # drawn here, of our own address
