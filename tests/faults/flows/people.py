"""Members, teams, people who sign in, keys and organisations; who is merged, and who is erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.tests.factories import earn, make_books
from plaudit.membership.actions.erase import erase_member
from plaudit.membership.actions.merge import merge_members, separate_members
from plaudit.people.actions import (
    choosing,
    erasing,
    keys,
    members,
    merging,
    roles,
    signing_in,
    team_lists,
    teams,
)
from plaudit.people.actions import clock as sandbox_clock
from plaudit.people.actions.importing import import_members
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.models import Session
from plaudit.people.refusals import LinkNotValid, SlugTaken
from plaudit.people.rows import MemberRow
from plaudit.people.tasks import ask_for_link
from plaudit.people.tests.factories import (
    ACTOR,
    make_member,
    make_organisation,
    make_sandbox,
    make_team,
    make_user,
)
from tests.faults.trial import Flow, Prepared, by_key

Doing = Callable[[int, UUID], object]


def _to_a_member(act: Doing, *, first: Doing | None = None) -> Callable[[], Prepared]:
    """Something done to a member of two teams' organisation, by key, as the API does it."""

    def prepare() -> Prepared:
        at = make_organisation().id
        ada = make_member(at, email="ada@home.example")
        make_team(at, key="north", members=[ada], since=clock.now() - timedelta(days=9))
        make_team(at, key="south")
        if first is not None:
            first(at, ada.id)
        return at, by_key(at, lambda: act(at, ada.id))

    return prepare


def _in_an_organisation(act: Callable[[int], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        return at, by_key(at, lambda: act(at))

    return prepare


def _to_a_person(act: Callable[[int, int], object], *, keyed: bool = True) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        grace = make_user(at, roles=("manager", "desk"))

        def doing() -> object:
            return act(at, grace.id)

        return at, by_key(at, doing) if keyed else doing

    return prepare


def _to_a_key(act: Callable[[int, UUID], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        key = keys.create_key(at, name="Till", scopes=["admin"], actor=ACTOR).key.id
        return at, by_key(at, lambda: act(at, key))

    return prepare


def _merging() -> Prepared:
    at, ada = make_books()
    ben = make_member(at).id
    earn(at, ada, 30)
    return at, by_key(
        at, lambda: merge_members(at, survivor_id=ben, absorbed_id=ada, reason="One.", actor=ACTOR)
    )


def _separating() -> Prepared:
    at, ada = make_books()
    ben = make_member(at).id
    earn(at, ada, 30)
    merged = merge_members(at, survivor_id=ben, absorbed_id=ada, reason="One.", actor=ACTOR)
    return at, by_key(at, lambda: separate_members(at, merge_id=merged.merge.id, reason="Two.", actor=ACTOR))


def _erasing() -> Prepared:
    at = make_organisation().id
    ada = make_member(at, email="ada@home.example")
    make_team(at, key="north", members=[ada])
    make_user(at, roles=(), member=ada)
    return at, lambda: erase_member(at, member_id=ada.id, reason="Asked for it.", actor=ACTOR)


def _importing() -> Prepared:
    at = make_organisation().id
    make_member(at, external_ids=[("crm", "1")])
    rows = [
        MemberRow(external_ids=(("crm", "1"),), name="Ada L.", teams=("north",)),
        MemberRow(external_ids=(("crm", "2"),), name="Ben", teams=("north", "south")),
    ]
    return at, by_key(at, lambda: import_members(at, rows, actor=ACTOR))


def _making_an_organisation() -> Prepared:
    live = make_organisation()
    return live.id, lambda: create_organisation(
        f"{live.slug}-sandbox", name="Sandbox", sandbox_of=live.id, actor=ACTOR
    )


def _using_a_link() -> Prepared:
    at = make_organisation().id
    secret = signing_in.make_link(at, user_id=make_user(at).id, actor=ACTOR)
    return at, lambda: signing_in.use_link(secret)


def _inviting_by_email() -> Prepared:
    at = make_organisation()
    make_member(at.id, email="ada@home.example")
    return at.id, lambda: signing_in.invite_by_email(email="ada@home.example", slug=at.slug, actor="sign-in")


def _taking_links_back() -> Prepared:
    at = make_organisation()
    grace = make_user(at.id)
    made = signing_in.invite_by_email(email=grace.email, slug=at.slug, actor="sign-in")
    return at.id, lambda: signing_in.take_back(made)


def _with_sessions(act: Callable[[int, UUID], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        grace = make_user(at)
        now = clock.wall()
        made = [
            Session.objects.create(
                key_hash=f"{grace.id} {number}".encode(),
                user=grace,
                signed_in_to_id=at,
                data="",
                began_at=now,
                last_seen_at=now,
                idle_until=now,
                ends_at=now,
            )
            for number in range(3)
        ]
        return at, lambda: act(grace.id, made[0].id)

    return prepare


def _ending_a_session() -> Prepared:
    return _with_sessions(lambda user, session: signing_in.end_session(user, session_id=session))()


def _forgetting_sign_ins() -> Prepared:
    at = make_organisation().id
    with clock.frozen_at(clock.now() - timedelta(days=60)):
        signing_in.make_link(at, user_id=make_user(at).id, actor=ACTOR)
    before = clock.wall() - timedelta(days=30)
    return at, lambda: signing_in.forget_signing_in(at, older_than=before)


def _moving_a_clock() -> Prepared:
    at = make_sandbox().id
    until = clock.now() + timedelta(days=9)
    return at, lambda: sandbox_clock.move_sandbox_clock(at, until=until, actor=ACTOR)


def _noting_a_move() -> Prepared:
    at = make_sandbox().id
    until = clock.now() + timedelta(days=9)
    return at, lambda: sandbox_clock.start_clock_move(at, until=until, actor=ACTOR)


def _running_a_move() -> Prepared:
    at = make_sandbox().id
    move = sandbox_clock.start_clock_move(at, until=clock.now() + timedelta(days=9), actor=ACTOR)
    return at, lambda: sandbox_clock.run_clock_move(at, move.id)


def _joining_a_sandbox() -> Prepared:
    live = make_organisation()
    sandbox, grace = make_sandbox(live), make_user(live.id, roles=("developer", "manager"))
    return sandbox.id, lambda: roles.join_sandbox(live.id, sandbox.id, user_id=grace.id, actor=ACTOR)


def _asking_for_a_link() -> Prepared:
    at = make_organisation().id
    return at, lambda: ask_for_link(email="a@b.example", base_url="https://points.example")


def _joining(at: int, ada: UUID) -> object:
    return teams.join_team(at, key="south", member_id=ada, actor=ACTOR)


def _moving(at: int, ada: UUID) -> object:
    return teams.move_team(at, member_id=ada, from_key="north", to_key="south", actor=ACTOR)


def _suspending(at: int, ada: UUID) -> object:
    return members.suspend_member(at, member_id=ada, reason="Two accounts.", actor=ACTOR)


_NAMED = {"source": "till", "external_id": "7", "actor": ACTOR}


def _naming(at: int, ada: UUID) -> object:
    return members.add_external_id(at, member_id=ada, source="till", external_id="7", actor=ACTOR)


def _choosing(at: int, ada: UUID) -> None:
    choosing.choose(at, member_id=ada, choices={"mail/levels": True, "hidden/1": True}, actor=ACTOR)


def _unnaming(at: int, ada: UUID) -> object:
    return members.remove_external_id(at, member_id=ada, source="till", external_id="7", actor=ACTOR)


FLOWS = [
    Flow(
        "enrol",
        _in_an_organisation(lambda at: members.enrol_member(at, kind="customer", name="Ada", actor=ACTOR)),
        (members.enrol_member,),
    ),
    Flow(
        "update a member",
        _to_a_member(lambda at, ada: members.update_member(at, member_id=ada, name="Eve", actor=ACTOR)),
        (members.update_member, members.locked_member),
    ),
    Flow("add an external id", _to_a_member(_naming), (members.add_external_id,)),
    Flow("remove an external id", _to_a_member(_unnaming, first=_naming), (members.remove_external_id,)),
    Flow("suspend", _to_a_member(_suspending), (members.suspend_member,)),
    Flow("choose", _to_a_member(_choosing), (choosing.choose,)),
    Flow(
        "resume a member",
        _to_a_member(
            lambda at, ada: members.resume_member(at, member_id=ada, reason="One.", actor=ACTOR),
            first=_suspending,
        ),
        (members.resume_member,),
    ),
    Flow(
        "make a team",
        _in_an_organisation(lambda at: teams.create_team(at, key="west", name="West", actor=ACTOR)),
        (teams.create_team,),
    ),
    Flow(
        "rename a team",
        _to_a_member(lambda at, _: teams.rename_team(at, key="north", name="N", actor=ACTOR)),
        (teams.rename_team, teams.team_by_key),
    ),
    Flow("join a team", _to_a_member(_joining), (teams.join_team,)),
    Flow(
        "leave a team",
        _to_a_member(lambda at, ada: teams.leave_team(at, key="north", member_id=ada, actor=ACTOR)),
        (teams.leave_team,),
    ),
    Flow("move between teams", _to_a_member(_moving), (teams.move_team,)),
    Flow("import members", _importing, (import_members, team_lists.set_teams)),
    Flow(
        "merge",
        _merging,
        (merge_members, merging.merge_identities, merging.merge_ref),
    ),
    Flow("separate", _separating, (separate_members, merging.separate_identities)),
    Flow("erase", _erasing, (erase_member, erasing.erase_identities, erasing.absorbed_by)),
    Flow(
        "make a key",
        _in_an_organisation(lambda at: keys.create_key(at, name="Till", scopes=["admin"], actor=ACTOR)),
        (keys.create_key,),
    ),
    Flow(
        "rotate a key",
        _to_a_key(lambda at, key: keys.rotate_key(at, key_id=key, actor=ACTOR)),
        (keys.rotate_key,),
    ),
    Flow(
        "revoke a key",
        _to_a_key(lambda at, key: keys.revoke_key(at, key_id=key, actor=ACTOR)),
        (keys.revoke_key, keys.key_ref),
    ),
    Flow(
        "note a key's use",
        _to_a_key(lambda at, key: keys.note_key_use(at, key_id=key)),
        (keys.note_key_use,),
    ),
    Flow(
        "make an organisation",
        _making_an_organisation,
        (create_organisation,),
        told_again=(SlugTaken,),
    ),
    Flow(
        "invite",
        _in_an_organisation(
            lambda at: roles.invite_user(at, email=f"p{at}@b.example", roles=["desk"], actor=ACTOR)
        ),
        (roles.invite_user, roles.grant_role),
    ),
    Flow(
        "withdraw a role",
        _to_a_person(lambda at, user: roles.withdraw_role(at, user_id=user, role="desk", actor=ACTOR)),
        (roles.withdraw_role,),
    ),
    Flow(
        "set roles",
        _to_a_person(lambda at, user: roles.set_roles(at, user_id=user, roles=["finance"], actor=ACTOR)),
        (roles.set_roles,),
    ),
    Flow(
        "sign a person out here",
        _to_a_person(lambda at, user: signing_in.end_sessions_here(at, user_id=user, actor=ACTOR)),
        (signing_in.end_sessions_here,),
    ),
    Flow(
        "bind a person",
        _to_a_member(
            lambda at, ada: roles.bind_user(
                at,
                user_id=roles.invite_user(at, email=f"q{at}@b.example", actor=ACTOR).id,
                member_id=ada,
                actor=ACTOR,
            )
        ),
        (roles.bind_user,),
    ),
    Flow(
        "make a link",
        _to_a_person(lambda at, user: signing_in.make_link(at, user_id=user, actor=ACTOR)),
        (signing_in.make_link,),
    ),
    Flow("use a link", _using_a_link, (signing_in.use_link,), told_again=(LinkNotValid,)),
    Flow(
        "mail links",
        _inviting_by_email,
        (signing_in.invite_by_email,),
        done_again="a secret is kept nowhere: whoever did not hear it is made another",
    ),
    Flow("take links back", _taking_links_back, (signing_in.take_back,)),
    Flow("end a session", _ending_a_session, (signing_in.end_session,), told_again=(NotFound,)),
    Flow(
        "end other sessions",
        _with_sessions(lambda user, session: signing_in.end_other_sessions(user, but=session)),
        (signing_in.end_other_sessions,),
    ),
    Flow("forget sign-ins", _forgetting_sign_ins, (signing_in.forget_signing_in,)),
    Flow(
        "move a sandbox's clock",
        _moving_a_clock,
        (sandbox_clock.move_sandbox_clock,),
        ignoring=frozenset({"foundation_audit", "people_clock_move"}),
    ),
    Flow(
        "have a sandbox's clock moved",
        _noting_a_move,
        (sandbox_clock.start_clock_move,),
        ignoring=frozenset({"foundation_audit", "people_clock_move"}),
    ),
    Flow("move a clock as noted", _running_a_move, (sandbox_clock.run_clock_move,)),
    Flow("join a sandbox", _joining_a_sandbox, (roles.join_sandbox,)),
    Flow(
        "ask for a link",
        _asking_for_a_link,
        (),
        done_again="the answer and its time must not tell who is known, so every request queues one job",
    ),
]
