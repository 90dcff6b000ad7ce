"""One organisation's words, swept for in everything another says besides its pages and its API.

Pages and operations are swept where they are walked (`test_pages`, `test_operations`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

import pytest
from django.db import connection

from plaudit.activity.events import IncomingEvent
from plaudit.cases.actions.opening import question
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.tasks import import_file
from plaudit.earning.uploads import keep_upload
from plaudit.engagement.actions.birthdays import celebrate
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.request_log import request_log
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.documents import Asked, Sent, put_document
from plaudit.learning.actions.rolls import read_again, stage_roll
from plaudit.learning.actions.statements import keep_statements
from plaudit.learning.document_models import Resource
from plaudit.learning.lists import Columns
from plaudit.learning.queries.documents import Place
from plaudit.learning.tests.saying import FILE, MAILBOX, attached, said
from plaudit.listening.actions.baselines import answer, open_baseline
from plaudit.listening.actions.focus_groups import note_said
from plaudit.listening.queries.voices import focus_groups
from plaudit.listening.tests.factories import DEEDS_OF_NO_RULE, REWARDS, make_answers
from plaudit.outreach.actions.devices import own_key, try_device
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.models import Push
from plaudit.outreach.tests.browsers import make_device
from plaudit.people.actions.members import update_member
from plaudit.people.actions.provisioning import provision_person
from plaudit.people.actions.provisioning_groups import provision_group
from plaudit.people.actions.saved_views import save_view
from plaudit.people.actions.single_sign_on import set_provider, sign_in_vouched
from plaudit.people.actions.teams import create_team, join_team
from plaudit.people.id_tokens import Vouched
from plaudit.people.models import Member, Organisation
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation
from plaudit.planning.actions.simulate import simulate
from plaudit.recognition.actions.nominating import Wish, nominate
from plaudit.recognition.actions.propose import propose_moments
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.recognition.actions.seeing_to import keep_plan, write_note
from plaudit.recognition.actions.talking import react, reply, report
from plaudit.recognition.models import ReactionKind
from plaudit.surfaces.api.examples import Call
from plaudit.surfaces.api.tests.calling import program, stranger
from plaudit.surfaces.cli.tests.calling import call
from plaudit.surveys.models import Invitation
from plaudit.surveys.urns import put_in_urn
from tests.access.companies import without_limits
from tests.access.storied import CANARY, Teller, settled, story

# Tables of numbers, moments and hashes; a reward's codes are sealed before they are written down.
WITHOUT_WORDS = {
    "activity_follower", "credentials_key", "credentials_place", "earning_budget", "earning_lineup", "engagement_contribution", "engagement_joining",
    "engagement_progress", "engagement_reached", "engagement_referral_mark", "engagement_result",
    "engagement_round", "engagement_tally", "learning_registration", "ledger_burn", "ledger_hold",
    "ledger_seal", "ledger_wallet", "listening_coder", "listening_invitation", "listening_paper",
    "listening_took_part", "listening_vote", "outreach_attempt", "outreach_endpoint_secret",
    "outreach_expiry_look", "outreach_expiry_warning", "outreach_mailed", "outreach_push_key", "outreach_spread",
    "people_choice",
    "people_provisioned_stay", "people_role", "people_sign_in_link", "people_team_stay", "recognition_digest",
    "recognition_look", "recognition_reaction", "recognition_stand_in", "rewards_code", "targeting_belonging",
    "targeting_counted", "targeting_daily", "targeting_drawn", "targeting_in_snapshot",
}  # fmt: skip

# Tables with words that no call of the story comes to yet. Row security holds them as it holds all others
# (`test_tenancy`); the story shall tell of them, and then they leave this list, for the test says so.
UNTOLD = {"membership_stray_payment", "people_clock_move"}


@pytest.fixture(autouse=True)
def _unlimited() -> Iterator[None]:
    with without_limits():
        yield


@lru_cache(maxsize=1)
def lived(word: str) -> Organisation:
    """An organisation that lived through the story with this word before its own, its jobs done."""
    made = make_organisation()
    teller = Teller(program(made.id, made_by="cli"))
    for one in _but_its_end(word):
        teller.tell(one)
    run_due(made.id)
    for one in _once_more(story(word)):
        teller.tell(one)
    import_file(made.id, batch_id=int(teller.known["import"].partition("_")[2]))
    spread(made.id)
    _ask(made.id)
    request_log.write()
    _celebrate(made.id)
    _notice(made.id)
    _listen(made.id)
    _direct(made.id)
    _speak(made.id)
    simulate(
        made.id, next(str(one.body) for one in story(word) if one.operation == "apply_programme"), actor=ACTOR
    )
    return made


def _but_its_end(word: str = "") -> Iterator[Call]:
    """The story with its programme still in force: a retired one has nobody on its tiers and in its segments."""
    return (one for one in story(word) if one.operation != "retire_programme")


def _active(organisation_id: int) -> UUID:
    with in_organisation(organisation_id):
        members = Member.objects.filter(organisation_id=organisation_id, state="active")
        return members.order_by("id")[0].id


def _celebrate(organisation_id: int) -> None:
    """A member's birthday comes, as no call can make it."""
    born = f"1984-{clock.now():%m-%d}"
    member_id = _active(organisation_id)
    update_member(organisation_id, member_id=member_id, attributes={"birth_date": born}, actor=ACTOR)
    celebrate(organisation_id)


def _notice(organisation_id: int) -> None:
    """Somebody leads a team, plans to notice and notes something: neither has calls of the API."""
    leader_id, member_id = make_member(organisation_id).id, _active(organisation_id)
    create_team(organisation_id, key=f"{CANARY}-lookout", name="Lookout", actor=ACTOR)
    for one in (leader_id, member_id):
        join_team(
            organisation_id, key=f"{CANARY}-lookout", member_id=one, leads=one == leader_id, actor=ACTOR
        )
    behaviour = f"{CANARY}kindness"
    keep_plan(organisation_id, leader_id=leader_id, every_days=7, behaviour=behaviour, actor=ACTOR)
    words = f"{CANARY} breathe first"
    wish = Giving(recipients=[member_id], behaviour=behaviour, words=words)
    made = recognise(organisation_id, wish, giver_id=None, actor=ACTOR)
    react(organisation_id, made.id, member_id=leader_id, kind=ReactionKind.BRAVO)
    reply(organisation_id, made.id, member_id=leader_id, words=words, actor=ACTOR)
    report(organisation_id, made.id, member_id=leader_id, words=words, actor=ACTOR)
    asked = Wish(member_id=member_id, behaviour=behaviour, words=words, points=5, key=words)
    nominate(organisation_id, asked, nominator_id=leader_id, actor=ACTOR)
    bought = IncomingEvent(
        f"{CANARY}till",
        "lately",
        f"{CANARY}purchase",
        f"{CANARY}eve",
        None,
        clock.now(),
        {"amount": Decimal(30)},
    )
    assert take_in(organisation_id, [bought])[0].event_id
    propose_moments(organisation_id)
    write_note(organisation_id, author_id=leader_id, member_id=member_id, words=words, actor=ACTOR)


def _listen(organisation_id: int) -> None:
    """Somebody answers on their own page, and something is noted: a call names neither with the canary."""
    member_id = _active(organisation_id)
    asked = open_baseline(
        organisation_id, programme=f"{CANARY}corner-shop", title=f"{CANARY} again", deeds=DEEDS_OF_NO_RULE,
        rewards=REWARDS, unit="points", audience=["customer", "staff"], actor=ACTOR,
    )  # fmt: skip
    answer(organisation_id, baseline_id=asked.id, member_id=member_id, answers=make_answers())
    with in_organisation(organisation_id):
        (group,) = focus_groups(organisation_id)
    note_said(organisation_id, group_id=group.id, said=[f"{CANARY} thanks"], actor=ACTOR)


def _direct(organisation_id: int) -> None:
    """A provider vouches for somebody of the organisation, and a directory tells of somebody else."""
    domain = f"{CANARY}.example"
    set_provider(
        organisation_id, name=f"{CANARY}ID", issuer=f"https://{domain}", client_id=f"{CANARY}us", client_secret="secret",
        domains=[domain], creates=True, role="member", other_ways="everybody", actor=ACTOR,
    )  # fmt: skip
    email = f"vouched-{organisation_id}@{domain}"
    sign_in_vouched(
        organisation_id, Vouched(f"https://{domain}", f"{CANARY}subject", email, verified=True, name=CANARY)
    )
    told = {
        "userName": f"told-{organisation_id}@{domain}",
        "displayName": f"{CANARY}Babs",
        "externalId": f"{CANARY}7",
    }
    person = provision_person(organisation_id, told, actor=ACTOR)
    group = {
        "displayName": f"{CANARY}Guides",
        "externalId": f"{CANARY}g",
        "members": [{"value": str(person.id)}],
    }
    provision_group(organisation_id, group, actor=ACTOR)


def _speak(organisation_id: int) -> None:
    """Sixteen say something without a name: eight of them are let out, eight wait."""
    said = Invitation(
        organisation_id=organisation_id,
        programme=f"{CANARY}corner-shop",
        survey=f"{CANARY}how-was-it",
        anonymous=True,
    )
    with in_organisation(organisation_id):
        for _ in range(16):
            put_in_urn(said, {"more": f"{CANARY} quick"})


def _ask(organisation_id: int) -> None:
    """A member asks on their own page, somebody keeps a view, a list comes in, and a device is turned on."""
    member_id = _active(organisation_id)
    question(
        organisation_id, member_id=member_id, subject="", about=f"{CANARY}points", words=f"{CANARY}few", key="q",
        actor=ACTOR,
    )  # fmt: skip
    save_view(
        organisation_id, page="members", name=f"{CANARY}view", query=f"search={CANARY}", user_id=1, shared=False,
        actor=ACTOR,
    )  # fmt: skip
    path = keep_upload(organisation_id, "list.csv", [f"{CANARY}Seat\n{CANARY}somebody\n".encode()])
    roll = stage_roll(
        organisation_id, path=path, name=f"{CANARY}list", programme=f"{CANARY}corner-shop",
        offering=f"{CANARY}latte-art", held_on=clock.now().date(), actor=ACTOR,
    )  # fmt: skip
    read_again(organisation_id, roll_id=roll.id, columns=Columns(name=f"{CANARY}Seat"), actor=ACTOR)
    file = replace(FILE, media=f"text/{CANARY}")
    statement = said(
        who={"name": CANARY, **MAILBOX}, what=f"https://x.example/{CANARY}", attachments=[attached(file)]
    )
    keep_statements(organisation_id, [statement], key="k", files={file.sha2: file})
    place = Place(Resource.STATE, activity=f"https://x.example/{CANARY}", agent="k", name=f"{CANARY}bookmark")
    sent = Sent("application/json", f'{{"page":"{CANARY}three"}}'.encode())
    put_document(organisation_id, place, sent, Asked(), agent=MAILBOX, blindly=True)
    _tell(organisation_id, member_id)


def _tell(organisation_id: int, member_id: UUID) -> None:
    """A member is to be told on a device: no call of the API turns one on."""
    own_key(organisation_id)
    phone = make_device(organisation_id, member_id, url=f"https://{CANARY}.example/1", name=f"{CANARY}phone")
    try_device(organisation_id, phone.id, member_id=member_id)
    with in_organisation(organisation_id):
        Push.objects.filter(organisation_id=organisation_id).update(facts={"offer": f"{CANARY}springtime"})


def _once_more(told: Iterable[Call]) -> Iterator[Call]:
    """What the story takes away again at its end, or never gets wrong: a webhook, and a file with a faulty row."""
    for one in told:
        if one.operation == "add_webhook":
            yield replace(one, body={**one.body, "types": ["*"]})
        elif one.operation == "start_import":
            assert one.upload is not None
            yield replace(
                one, upload={**one.upload, "file": one.upload["file"].replace("12.00", f"{CANARY}lots")}
            )


def words_of(organisation_id: int) -> dict[str, int]:
    """How many rows of each table of an organisation have the canary somewhere in them."""
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(
            "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
            " and a.attname = 'organisation_id' and not a.attisdropped and not c.relispartition order by 1"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}" t where t::text like %s', [f"%{CANARY}%"])
            found[table] = cursor.fetchone()[0]
    return found


def test_the_canary_is_in_every_table_that_holds_words():
    sung = words_of(lived(CANARY).id)

    silent = {table for table, rows in sung.items() if not rows}
    assert silent == WITHOUT_WORDS | UNTOLD


# Everything that a command can be asked without naming a thing.
ASKED = [
    "programme list", "programme versions corner-shop", "programme export corner-shop", "activity explain {event}",
    "import list", "import show {import}", "import rejects {import}", "import rejects {import} --csv",
    "ledger verify", "ledger statement ext:till:ada", "ledger because {transfer}", "ledger export",
    "ledger anchors", "member find", "member show ext:till:ada", "member export", "member export --csv", "team list",
    "team show regulars", "user list", "reward list", "redemption list", "sandbox list", "key list", "webhook list",
    "feed tail --all --no-follow", "tier list", "learning list", "learning lists", "learning scenarios", "learning statement ext:till:ada", "remark list", "survey list", "survey results corner-shop/how-was-it", "remark search {box} kind", "approval list --all", "finding list", "finding list --decided", "finding show {standing-out}", "segment list", "segment show shoppers", "segment members shoppers",
    "offer list", "offer show springtime", "member tiers ext:till:ada",
    "member because ext:till:ada tier:corner-shop/guests", "member because ext:till:ada segment:corner-shop/shoppers",
    "member because ext:till:ada offer:corner-shop/springtime",
]  # fmt: skip


@pytest.mark.at_length
def test_no_command_for_one_organisation_says_a_word_of_another():
    lived(CANARY)
    here = make_organisation()
    teller = Teller(program(here.id, made_by="cli"))
    for one in _but_its_end():
        teller.tell(one)
    for words in ASKED:
        said = call(*shlex.split(words.format(**teller.known)), "--json", org=here.slug)
        assert said.code == 0, (words, said.talk)
        assert CANARY not in said.out + said.talk, words


@pytest.mark.at_length
def test_the_same_commands_say_the_words_of_their_own_organisation():
    """The sweep can find what it looks for."""
    sung = [
        words
        for words in ("member export", "ledger export", "feed tail --all --no-follow")
        if CANARY in call(*words.split(), org=lived(CANARY).slug).out
    ]

    assert len(sung) == 3


@pytest.mark.at_length
def test_what_is_logged_names_nobody_and_nothing_anybody_wrote(capsys):
    made = make_organisation()
    teller = Teller(program(made.id, made_by="cli"))
    for one in story(CANARY):
        teller.tell(one)
        Teller(stranger()).make(settled(one, teller.known))
    logged = capsys.readouterr()

    leaked = [line for line in (logged.out + logged.err).splitlines() if CANARY in line]
    assert leaked == []
    assert "request.refused" in logged.out + logged.err
