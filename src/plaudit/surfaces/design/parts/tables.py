"""Tags for rows and columns, finding one's way among them, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context, Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plaudit.surfaces.design.parts.actions import icon
from plaudit.surfaces.design.writing import number

register = Library()


def query_with(request: HttpRequest, **changes: str | None) -> str:
    """The address's query with some parameters changed; ``None`` takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else request.path


@register.simple_block_tag
def table(content: str, caption: str, id: str, note: str = "", classes: str = "") -> SafeString:
    """A data table in its own named, focusable box that scrolls; write ``thead`` and ``tbody`` inside.

    A group and no region: a page may have two tables of one name.
    """
    small = format_html('<span class="small muted">{}</span>', note) if note else ""
    return format_html(
        '<div class="table-frame"><div class="table-scroll" role="group" aria-labelledby="{id}-caption"'
        ' tabindex="0"><table class="table {classes}" id="{id}"><caption id="{id}-caption">{caption}{small}'
        "</caption>{content}</table></div></div>",
        id=id,
        classes=classes,
        caption=caption,
        small=small,
        content=SafeString(content),
    )


@register.simple_tag(takes_context=True)
def column(context: Context, label: str, *, sort: str = "", numeric: bool = False) -> SafeString:
    """A column's head; with ``sort`` it is a link that sorts by that key, then by its reverse."""
    align = SafeString(' class="num"') if numeric else ""
    if not sort:
        return format_html('<th scope="col"{}>{}</th>', align, label)
    request: HttpRequest = context["request"]
    sorted_by = request.GET.get("sort", "")
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(sorted_by, "")
    target = f"-{sort}" if direction == "ascending" else sort
    sign = {"ascending": "arrow-up", "descending": "arrow-down"}.get(direction, "chevrons-up-down")
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="{}">{}{}</a></th>',
        align,
        format_html(' aria-sort="{}"', direction) if direction else "",
        query_with(request, sort=target, page=None, after=None),
        label,
        icon(sign),
    )


@register.simple_tag(takes_context=True)
def csv_link(context: Context, label: str = "", about: str = "") -> SafeString:
    """A link to the same list as CSV: the present query with ``format=csv``."""
    url = query_with(context["request"], format="csv", page=None, after=None)
    hidden = format_html('<span class="hidden-words"> {}</span>', about) if about else ""
    words = label or _("Download as CSV")
    return format_html('<a href="{}" class="row" download>{}{}{}</a>', url, icon("download"), words, hidden)


@register.inclusion_tag("design/parts/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page[object] | Mapping[str, str], label: str = ""
) -> dict[str, object]:
    """Ways to the other pages of a list.

    ``page`` is a Django ``Page``, or for cursors ``{"previous": url, "next": url, "summary": text}``.
    """
    label = label or _("Pages")
    if not isinstance(page, Page):
        return {"label": label, **page}
    request: HttpRequest = context["request"]
    total = page.paginator.count
    summary = ngettext("{first} to {last} of {total} line", "{first} to {last} of {total}", total).format(
        first=number(page.start_index()), last=number(page.end_index()), total=number(total)
    )
    return {
        "label": label,
        "summary": summary,
        "previous": query_with(request, page=str(page.previous_page_number())) if page.has_previous() else "",
        "next": query_with(request, page=str(page.next_page_number())) if page.has_next() else "",
        "pages": [
            {"gap": True}
            if not isinstance(numbered, int)
            else {
                "number": numbered,
                "url": query_with(request, page=str(numbered)),
                "current": numbered == page.number,
            }
            for numbered in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }


@register.inclusion_tag("design/parts/breadcrumbs.html")
def breadcrumbs(trail: Sequence[Mapping[str, str]] | None) -> dict[str, object]:
    """The way to this page: ``{"label", "url"}`` each, the last without address."""
    return {"trail": trail or []}


@register.inclusion_tag("design/parts/tabs.html")
def tabs(items: Sequence[Mapping[str, object]], label: str) -> dict[str, object]:
    """Parts of one thing, each at its own address: ``{"label", "url", "current", "count"}`` each."""
    return {"tabs": items, "label": label}


@register.inclusion_tag("design/parts/definitions.html")
def definitions(facts: Sequence[Mapping[str, object] | tuple[object, object]]) -> dict[str, object]:
    """A list of terms and values: pairs, or ``{"term", "value"}`` each."""
    return {
        "facts": [
            fact if isinstance(fact, Mapping) else {"term": fact[0], "value": fact[1]} for fact in facts
        ]
    }


@register.inclusion_tag("design/parts/timeline.html")
def timeline(steps: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """What happened in order: ``{"title", "detail", "when", "who", "icon"}`` each."""
    return {"steps": steps}


@register.inclusion_tag("design/parts/diff.html")
def diff(changes: Sequence[Mapping[str, object]], caption: str, id: str) -> dict[str, object]:
    """What changed, before and after: ``{"name", "before", "after"}`` each."""
    return {"changes": changes, "caption": caption, "id": id}


@register.inclusion_tag("design/parts/line_diff.html")
def line_diff(lines: Sequence[str], label: str) -> dict[str, object]:
    """A unified difference: lines that begin with ``+``, ``-`` or a space."""
    kinds = {"+": "added", "-": "removed"}
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    return {
        "label": label,
        "counts": _("{added} added, {removed} removed").format(added=number(added), removed=number(removed)),
        "lines": [
            {
                "kind": kinds.get(line[:1], ""),
                "sign": "−" if line.startswith("-") else line[:1] or " ",
                "text": line[1:],
            }
            for line in lines
        ],
    }
