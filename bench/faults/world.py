"""`python -m bench.faults.world FOLDER`: makes the organisation under fire, by the product's own actions.

Prints it as JSON: its members, its keys, its rewards. Runs in a process of its own, for the settings read
where the database is once and for all.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

PROGRAMME = Path(__file__).with_name("programme.yaml")
MEMBERS = 40
CODES = 400
CODE = "CODE-WORTH-MONEY-"
"""How every code begins."""
ACTOR = "campaign"
SCOPES = ("activity:write", "activity:read", "ledger:read", "ledger:write", "rewards:read", "rewards:write")


def make_world(keys: int, hook: str) -> dict[str, Any]:
    """Migrate, make the organisation, apply its programme, enrol, and make keys; all the clients must know."""
    import_module("plaudit.surfaces.cli.setting_up").set_up_to_date()
    import_module("django.core.management").call_command("collectstatic", interactive=False, verbosity=0)
    from django.db import connection  # noqa: PLC0415  # these exist once Django is set up

    from plaudit.foundation.ids import show  # noqa: PLC0415
    from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415
    from plaudit.outreach.actions.endpoints import add_endpoint  # noqa: PLC0415
    from plaudit.people.actions.keys import create_key  # noqa: PLC0415
    from plaudit.people.actions.members import enrol_member  # noqa: PLC0415
    from plaudit.people.actions.organisations import create_organisation  # noqa: PLC0415
    from plaudit.planning.actions.apply import apply  # noqa: PLC0415
    from plaudit.rewards.actions.add_codes import add_codes  # noqa: PLC0415
    from plaudit.rewards.queries import offers  # noqa: PLC0415

    here = create_organisation("under-fire", name="Under fire", actor=ACTOR).id
    apply(here, PROGRAMME.read_text(encoding="utf-8"), actor=ACTOR)
    members = {}
    for number in range(MEMBERS):
        name = f"m{number}"
        made = enrol_member(here, kind="customer", name=name, external_ids=[("till", name)], actor=ACTOR)
        members[name] = show("mem", made.id)
    secrets = [create_key(here, name=f"client {n}", scopes=SCOPES, actor=ACTOR).secret for n in range(keys)]
    with in_organisation(here):
        rewards = {one.key: {"id": f"rwd_{one.id}", "price": one.price} for one in offers(here)}
        reward_ids = {one.key: one.id for one in offers(here)}
    add_codes(
        here, reward_id=reward_ids["voucher"], codes=[f"{CODE}{n:06}" for n in range(CODES)], actor=ACTOR
    )
    if hook:
        add_endpoint(here, url=hook, types=["redemption.*"], actor=ACTOR)
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, setting from pg_settings"
            " where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'server_version')"
        )
        settings = dict(cursor.fetchall())
    return {
        "organisation": here,
        "members": members,
        "keys": secrets,
        "rewards": rewards,
        "settings": settings,
        "versions": {"plaudit": version("plaudit"), "python": sys.version.split()[0]},
    }


if __name__ == "__main__":
    made = make_world(int(sys.argv[1]), os.environ.get("FAULTS_HOOK", ""))
    sys.stdout.write(json.dumps(made) + "\n")
