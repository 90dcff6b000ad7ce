"""Words of the reference as HTML: what stands in backticks is code."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def code_words(text: str) -> SafeString:
    """The text, escaped, with every `word in backticks` as code."""
    parts = (
        format_html("<code>{}</code>" if number % 2 else "{}", part)
        for number, part in enumerate(text.split("`"))
    )
    return format_html_join("", "{}", ((part,) for part in parts))
