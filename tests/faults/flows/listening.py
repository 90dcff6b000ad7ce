"""What is asked and answered, remarks and their coding, focus groups, ideas, and what was done about them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from plaudit.listening.actions.baselines import answer, close_baseline, open_baseline, said
from plaudit.listening.actions.coding import code_focus_group, code_texts, draw_sample
from plaudit.listening.actions.focus_groups import invite, note_said, open_focus_group, reply_to
from plaudit.listening.actions.ideas import source_behind, tell_change, vote, write_idea
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.refusals import AnsweredAlready
from plaudit.listening.tests.factories import CODES, Company, make_company
from plaudit.people.tests.factories import ACTOR
from tests.faults.trial import Flow, Prepared


def _of(act: Callable[[Company, UUID], Callable[[], object]]) -> Callable[[], Prepared]:
    """Something done in a company with one who works there; what it needs is there first."""

    def prepare() -> Prepared:
        company = make_company()
        (ada,) = company.staff()
        return company.id, act(company, ada)

    return prepare


def _answering(company: Company, ada: UUID) -> Callable[[], object]:
    asked = company.asks()
    return lambda: company.answers(asked, ada)


def _closing(company: Company, ada: UUID) -> Callable[[], object]:
    asked = company.asks()
    company.answers(asked, ada)
    return lambda: company.closes(asked)


def _drawing(company: Company, _: UUID) -> Callable[[], object]:
    survey = company.takes_in()
    return lambda: company.draws(survey)


def _coding(company: Company, _: UUID) -> Callable[[], object]:
    made = company.draws(company.takes_in())
    return lambda: code_texts(company.id, coding_id=made.id, codes={1: "praise", 2: "blame"}, actor=ACTOR)


def _sorting(company: Company, _: UUID) -> Callable[[], object]:
    group = company.invites()
    note_said(company.id, group_id=group.id, said=["Thanks", "Fewer"], actor=ACTOR)
    return lambda: code_focus_group(company.id, title="Themes", group_id=group.id, codes=CODES, actor=ACTOR)


def _inviting(company: Company, ada: UUID) -> Callable[[], object]:
    group = company.invites()
    return lambda: invite(company.id, group_id=group.id, members={ada}, actor=ACTOR)


def _replying(company: Company, ada: UUID) -> Callable[[], object]:
    group = company.invites(ada)
    return lambda: reply_to(company.id, group_id=group.id, member_id=ada, comes=True, actor=ACTOR)


def _noting(company: Company, _: UUID) -> Callable[[], object]:
    group = company.invites()
    return lambda: note_said(company.id, group_id=group.id, said=["Thanks", "Fewer"], actor=ACTOR)


def _voting(company: Company, ada: UUID) -> Callable[[], object]:
    idea = company.has_idea(company.staff()[0])
    return lambda: vote(company.id, idea_id=idea.id, member_id=ada, actor=ACTOR)


def _telling(company: Company, ada: UUID) -> Callable[[], object]:
    idea = company.has_idea(ada)
    return lambda: tell_change(
        company.id, source=source_behind("ide_x"), source_id=idea.id, programme="main", version=1, said="More",
        did="It is more.", actor=ACTOR,
    )  # fmt: skip


FLOWS = [
    Flow("listening: ask", _of(lambda company, _: company.asks), (open_baseline,)),
    Flow("listening: answer", _of(_answering), (answer, said), told_again=(AnsweredAlready,)),
    Flow("listening: close", _of(_closing), (close_baseline,)),
    Flow("listening: take remarks in", _of(lambda company, _: company.takes_in), (take_in_remarks,)),
    Flow("listening: draw a sample", _of(_drawing), (draw_sample,)),
    Flow("listening: code", _of(_coding), (code_texts,)),
    Flow("listening: sort what was said", _of(_sorting), (code_focus_group,)),
    Flow("listening: plan a focus group", _of(lambda company, _: company.invites), (open_focus_group,)),
    Flow("listening: invite", _of(_inviting), (invite,)),
    Flow("listening: reply", _of(_replying), (reply_to,)),
    Flow("listening: note", _of(_noting), (note_said,)),
    Flow("listening: have an idea", _of(lambda company, ada: lambda: company.has_idea(ada)), (write_idea,)),
    Flow("listening: vote", _of(_voting), (vote,)),
    Flow("listening: tell what was done", _of(_telling), (tell_change, source_behind)),
]
