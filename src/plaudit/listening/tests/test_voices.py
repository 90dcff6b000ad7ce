"""Focus groups, ideas, and what was done about what was said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plaudit.foundation import clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.coding import code_focus_group, code_texts
from plaudit.listening.actions.focus_groups import invite, note_said, reply_to
from plaudit.listening.actions.ideas import source_behind, tell_change, vote, write_idea
from plaudit.listening.models import FocusGroup, Idea, Said, Source
from plaudit.listening.queries.coding import states_of
from plaudit.listening.queries.voices import asked_for, changes, ideas, invited_to, said_in
from plaudit.listening.refusals import FocusGroupFull, NotInvited, TitleTaken, VersionNotPublished
from plaudit.listening.tests.factories import CODES, WHEN, Company, make_company
from plaudit.people.tests.factories import ACTOR


def _reply(company: Company, group: FocusGroup, person: object, *, comes: bool) -> None:
    reply_to(company.id, group_id=group.id, member_id=person, comes=comes, actor=ACTOR)  # type: ignore[arg-type]


def test_whoever_is_invited_comes_or_not_and_a_place_given_back_is_free():
    company = make_company()
    ada, bo, cy = company.staff(3)
    group = company.invites(ada, bo, cy, places=2)
    _reply(company, group, ada, comes=True)
    _reply(company, group, bo, comes=True)
    _reply(company, group, bo, comes=True)
    with pytest.raises(FocusGroupFull):
        _reply(company, group, cy, comes=True)

    _reply(company, group, ada, comes=False)
    _reply(company, group, cy, comes=True)
    with in_organisation(company.id):
        assert FocusGroup.objects.get().coming == 2
        assert [one.reply for one in invited_to(company.id, ada, since=clock.now())] == ["declined"]
        assert invited_to(company.id, ada, since=WHEN + timedelta(days=1)) == []


def test_nobody_comes_uninvited_and_nobody_is_invited_who_is_not_there():
    company = make_company()
    ada, bo = company.staff(2)
    group = company.invites(ada)
    with pytest.raises(NotInvited):
        _reply(company, group, bo, comes=True)
    assert invite(company.id, group_id=group.id, members={ada, bo}, actor=ACTOR) == 1
    with pytest.raises(NotFound):
        invite(company.id, group_id=group.id, members={new_id()}, actor=ACTOR)
    assert company.invites().id == company.invites().id
    with pytest.raises(TitleTaken):
        company.invites(places=5)


def test_what_was_said_is_noted_once_and_sorted_by_two():
    company = make_company()
    group = company.invites()
    said = ["More thanks", " ", "Fewer points for speed", "More thanks "]
    assert note_said(company.id, group_id=group.id, said=said, actor=ACTOR) == 2
    assert note_said(company.id, group_id=group.id, said=["More thanks", "Else"], actor=ACTOR) == 1
    made = code_focus_group(company.id, title="Themes", group_id=group.id, codes=CODES, actor=ACTOR)
    note_said(company.id, group_id=group.id, said=["Later"], actor=ACTOR)
    again = code_focus_group(company.id, title="Themes", group_id=group.id, codes=CODES, actor=ACTOR)

    assert (again.id, made.size) == (made.id, 3)
    for actor in ("usr_1", "usr_2"):
        codes = {1: "praise", 2: "blame", 3: "praise"}
        code_texts(company.id, coding_id=made.id, codes=codes, actor=actor)
    with in_organisation(company.id):
        assert said_in(company.id, group.id) == ["More thanks", "Fewer points for speed", "Else", "Later"]
        (state,) = states_of(company.id, [made])
    assert state.agreement is not None
    assert state.agreement.alpha == 1


def test_nothing_said_is_nothing_to_sort():
    company = make_company()
    group = company.invites()
    with pytest.raises(Problem, match="nothing to code yet"):
        code_focus_group(company.id, title="Themes", group_id=group.id, codes=CODES, actor=ACTOR)
    with pytest.raises(Problem):
        note_said(company.id, group_id=group.id, said=["x" * 501], actor=ACTOR)
    with in_organisation(company.id):
        assert not Said.objects.exists()


def test_an_idea_has_its_writers_vote_and_one_of_everybody_else():
    company = make_company()
    ada, bo, cy = company.staff(3)
    idea, other = company.has_idea(ada), company.has_idea(bo, "Fewer rules")
    assert company.has_idea(ada).id == idea.id
    assert vote(company.id, idea_id=idea.id, member_id=bo, actor=ACTOR) == 2
    assert vote(company.id, idea_id=idea.id, member_id=bo, actor=ACTOR) == 2
    assert vote(company.id, idea_id=other.id, member_id=cy, actor=ACTOR) == 2
    assert vote(company.id, idea_id=other.id, member_id=bo, is_for=False, actor=ACTOR) == 1

    with in_organisation(company.id):
        seen = ideas(company.id, member_id=bo)
        assert [(one.words, one.votes, one.is_mine, one.voted) for one in seen] == [
            ("More for calming", 2, False, True),
            ("Fewer rules", 1, True, False),
        ]
    with pytest.raises(NotFound):
        vote(company.id, idea_id=new_id(), member_id=bo, actor=ACTOR)
    with pytest.raises(NotFound):
        write_idea(company.id, member_id=bo, programme="nowhere", words="Else", actor=ACTOR)
    with in_organisation(company.id):
        assert Idea.objects.count() == 2


def test_what_was_done_names_a_published_version_and_is_shown_to_those_who_said_it():
    company = make_company()
    ada, bo, cy, dee = company.staff(4)
    idea, asked, group = company.has_idea(ada), company.asks(), company.invites(cy)
    vote(company.id, idea_id=idea.id, member_id=bo, actor=ACTOR)
    company.answers(asked, dee)
    _reply(company, group, cy, comes=True)

    def tell(source: Source, source_id: object, *, version: int = 1, did: str = "It pays 20 now.") -> object:
        return tell_change(
            company.id, source=source, source_id=source_id, programme="main", version=version,  # type: ignore[arg-type]
            said="Calming deserves more.", did=did, actor=ACTOR,
        ).id  # fmt: skip

    by_idea = tell(Source.IDEA, idea.id)
    by_asking = tell(Source.BASELINE, asked.id)
    by_group = tell(Source.FOCUS_GROUP, group.id)
    assert tell(Source.IDEA, idea.id, did="It pays 30 now.") == by_idea
    with in_organisation(company.id):
        assert {who: asked_for(company.id, who) for who in (ada, bo, cy, dee)} == {
            ada: {by_idea},
            bo: {by_idea},
            cy: {by_group},
            dee: {by_asking},
        }
        assert {one.did for one in changes(company.id) if one.id == by_idea} == {"It pays 30 now."}
    with pytest.raises(VersionNotPublished):
        tell(Source.IDEA, idea.id, version=2)
    with pytest.raises(NotFound):
        tell(Source.REMARKS, new_id())
    with pytest.raises(NotFound):
        source_behind("mem_x")
