"""An organisation with a past, for tests of backups: each part is told by a process of its own.

`python -m plaudit.surfaces.cli.tests.backup_story PART [FACTS]` prints what the test needs to know as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from plaudit.surfaces.cli.setting_up import set_up

set_up()

from plaudit.foundation.ids import show  # noqa: E402
from plaudit.foundation.tenancy import in_organisation  # noqa: E402
from plaudit.insights.totals import totals  # noqa: E402
from plaudit.ledger.actions.adjust import adjust  # noqa: E402
from plaudit.ledger.actions.seal import seal  # noqa: E402
from plaudit.membership.actions.erase import erase_member  # noqa: E402
from plaudit.outreach.queries.feed import feed  # noqa: E402
from plaudit.people.models import Member, Organisation  # noqa: E402
from plaudit.people.queries import members  # noqa: E402
from plaudit.rewards.models import Code  # noqa: E402
from plaudit.rewards.sealing import unseal  # noqa: E402
from plaudit.rewards.tests.factories import ACTOR, make_reward, make_shop  # noqa: E402

CANARY = "Zephyrine Quillfeather"


def fill() -> dict[str, Any]:
    """A shop with sealed and open periods, a spent code and two more, and a reader of its feed."""
    shop = make_shop(make_reward(), codes=["AAA-1", "BBB-2", "CCC-3"])
    ada, canary = shop.member("Ada", 120), shop.member(CANARY, 70)
    shop.redeem(ada, "coffee")
    seal(shop.id, actor=ACTOR)
    adjust(shop.id, member_id=ada, unit="points", amount=7, reason="Late", key="late", actor=ACTOR)
    return {
        "code": shop.organisation.code,
        "canary": show("mem", canary),
        "totals": totals(),
        **_read(shop.id, None),
    }


def happen(reason: str) -> dict[str, Any]:
    """Ada is given one more point, and somebody reads the feed to its end."""
    here = Organisation.objects.get(kind="live").id
    ada = next(one for one in _members(here) if one.name == "Ada")
    adjust(here, member_id=ada.id, unit="points", amount=1, reason=reason, key=reason, actor=ACTOR)
    return {"totals": totals(), **_read(here, None)}


def erase() -> dict[str, Any]:
    """The canary asks to be forgotten."""
    here = Organisation.objects.get(kind="live").id
    canary = next(one for one in _members(here) if one.name == CANARY)
    erase_member(here, member_id=canary.id, reason="They asked", actor=ACTOR)
    return {}


def look(after: str | None = None) -> dict[str, Any]:
    """What the books come to, which names are known, what the codes say, and the feed after a cursor."""
    here = Organisation.objects.get(kind="live").id
    with in_organisation(here):
        sealed = [bytes(one) for one in Code.objects.order_by("id").values_list("sealed", flat=True)]
    opened = [unseal(here, one) for one in sealed]
    names = sorted(one.name for one in _members(here))
    return {"totals": totals(), "names": names, "codes": opened, **_read(here, after)}


def _read(here: int, after: str | None) -> dict[str, Any]:
    read = feed(here, after=after, limit=500)
    return {
        "cursor": read.cursor,
        "told": [message.id for message in read.messages],
        "types": [message.type for message in read.messages],
    }


def _members(here: int) -> list[Member]:
    with in_organisation(here):
        return list(members(here, limit=200).members)


if __name__ == "__main__":
    parts: dict[str, Callable[..., dict[str, Any]]] = {
        "fill": fill,
        "happen": happen,
        "erase": erase,
        "look": look,
    }
    sys.stdout.write(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
