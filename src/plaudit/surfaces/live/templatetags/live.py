"""Says on a page what it shows, with its marks, so that the page learns when it is out of date."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from plaudit.foundation.access.actors import actor_of
from plaudit.insights.marks import followed, marks_of

register = template.Library()


@register.simple_tag(takes_context=True)
def follows(context: Context, *topics: str) -> SafeString:
    """The attribute that says what an element shows: `{% follows "points" "redemptions" %}`.

    An element that has an address to ask (`hx-get`, with `hx-trigger="news"`) asks it when that changes; one that is
    hidden is shown.
    """
    actor = actor_of(context["request"])
    following = followed(actor, " ".join(topics))
    marks = marks_of(actor.organisation_id, [one.thing for one in following])
    written = " ".join(f"{one.name}={marks[one.thing]}" for one in following)
    return format_html('data-live="{}"', written)


@register.inclusion_tag("live/offer.html", takes_context=True)
def news_offer(context: Context, *topics: str) -> dict[str, object]:
    """A line that appears when one of these changed, with a link that shows it: nothing moves under a hand by itself."""
    return {"follows": follows(context, *topics)}
