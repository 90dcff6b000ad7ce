"""The pictures a reward can be shown with: names of our own, each an icon that comes with the pages."""

from __future__ import annotations

PICTURES = {
    "gift": "gift",
    "ticket": "ticket",
    "parcel": "package-check",
    "heart": "hand-heart",
    "coffee": "coffee",
    "mug": "cup-soda",
    "meal": "utensils",
    "plane": "plane",
    "hotel": "hotel",
    "calendar": "calendar-days",
    "percent": "percent",
    "key": "key-round",
    "letter": "mail",
    "book": "book-open",
    "star": "star",
    "shirt": "shirt",
}

PICTURE_OF_KIND = {
    "code": "ticket",
    "gift_card": "ticket",
    "discount": "percent",
    "physical": "parcel",
    "travel": "plane",
    "meal": "meal",
    "event": "calendar",
    "early_access": "key",
    "note": "letter",
    "donation": "heart",
    "other": "gift",
}


def icon_of(image: str, kind: str) -> str:
    """The icon of a reward: of the picture it names, or of its kind."""
    return PICTURES[image or PICTURE_OF_KIND.get(kind, "gift")]
