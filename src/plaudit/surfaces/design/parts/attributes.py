"""Turns keyword arguments of a tag into attributes of an element, escaped."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def written(attributes: Mapping[str, object]) -> SafeString:
    """`` hx-get="/x" disabled``: underscores become hyphens; ``True`` gives a bare attribute.

    Attributes that are ``None``, ``False`` or empty are left out.
    """
    named = [(name.replace("_", "-"), value) for name, value in attributes.items()]
    return format_html_join(
        "",
        "{}",
        (
            (format_one(name, value),)
            for name, value in named
            if value is not None and value is not False and value != ""
        ),
    )


def format_one(name: str, value: object) -> SafeString:
    """One attribute with a space before it."""
    if value is True:
        return format_html_join("", " {}", [(name,)])
    return format_html_join("", ' {}="{}"', [(name, value)])
