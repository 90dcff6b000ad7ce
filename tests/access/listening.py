"""Things of listening for walking the pages about them: what is asked, remarks, codings, focus groups, ideas."""

from __future__ import annotations

from itertools import count

from plaudit.foundation import clock, ids
from plaudit.listening.actions.baselines import open_baseline
from plaudit.listening.actions.coding import draw_sample
from plaudit.listening.actions.focus_groups import note_said, open_focus_group
from plaudit.listening.actions.ideas import write_idea
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.definitions import CodeMeaning, Written
from plaudit.listening.models import Collection
from plaudit.listening.tests.factories import DEEDS_OF_NO_RULE, REWARDS
from plaudit.people.tests.factories import ACTOR
from tests.access.companies import Peopled

_numbers = count(1)


def baseline(company: Peopled) -> str:
    """Something that everybody is asked: each time another, for it may be closed."""
    made = open_baseline(
        company.id, programme=company.programme, title=f"{company.word}Asked {next(_numbers)}",
        deeds=DEEDS_OF_NO_RULE, rewards=REWARDS, unit="points", audience=["customer", "staff"], actor=ACTOR,
    )  # fmt: skip
    return ids.show("bsl", made.id)


def _collection(company: Peopled) -> Collection:
    rows = [Written(f"{company.word}Late", f"{company.word}Order"), Written(f"{company.word}Good")]
    return take_in_remarks(
        company.id, title=f"{company.word}Survey", language="english", remarks=rows, actor=ACTOR
    )


def collection(company: Peopled) -> str:
    """What customers wrote."""
    return ids.show("rmc", _collection(company).id)


def coding(company: Peopled) -> str:
    """A sample that two are to code."""
    made = draw_sample(
        company.id, title=f"{company.word}Sample", collection_id=_collection(company).id, seed="one", size=2,
        codes=[CodeMeaning("good", f"{company.word}Good"), CodeMeaning("bad", "Bad")], actor=ACTOR,
    )  # fmt: skip
    return ids.show("cdg", made.id)


def group(company: Peopled) -> str:
    """A focus group in which something was said: each time another, for everybody may be invited."""
    made = open_focus_group(
        company.id, programme=company.programme, title=f"{company.word}Table {next(_numbers)}",
        starts_at=clock.now(), places=3, actor=ACTOR,
    )  # fmt: skip
    note_said(company.id, group_id=made.id, said=[f"{company.word}Thanks"], actor=ACTOR)
    return ids.show("fcg", made.id)


def idea(company: Peopled) -> str:
    """Somebody's idea, which everybody may vote for."""
    made = write_idea(
        company.id, member_id=company.owners["Oda"].id, programme=company.programme,
        words=f"{company.word}Fewer rules", actor=ACTOR,
    )  # fmt: skip
    return ids.show("ide", made.id)
