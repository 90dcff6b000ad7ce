"""What staff want, laid beside a programme's rules of today: on the page of the programme itself."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor
from plaudit.listening.queries.baselines import newest_result
from plaudit.surfaces.console.listening import READS_LISTENING, row_of, verdict_counts


def wanted_beside(actor: Actor, programme: str) -> dict[str, Any] | None:
    """The newest asking that may be shown: how many said so, how many deeds have each verdict, and each deed.

    `by_rule` has the deeds of each rule by its key, `unpaid` those for which no rule pays. None for whoever may not
    read it, and where nothing was asked or too few answered.
    """
    if not actor.has_role(*READS_LISTENING):
        return None
    found = newest_result(actor.organisation_id, programme)
    if found is None:
        return None
    asked, result = found
    page = reverse("console:baseline", args=[ids.show("bsl", asked.id)])
    rows = [
        {**row_of(asked, deed), "url": f"{page}#deed-{place}"} for place, deed in enumerate(result.deeds, 1)
    ]
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_rule.setdefault(row["one"].rule if row["one"].rule_name else "", []).append(row)
    return {
        "asked": asked,
        "url": page,
        "people": result.people,
        "counts": verdict_counts(result.deeds),
        "unpaid": by_rule.pop("", []),
        "by_rule": by_rule,
    }
