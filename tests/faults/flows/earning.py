"""Activity taken in, alone and in batches, corrected, deducted, limited; imports and what takes them back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from plaudit.activity.actions.declare_type import declare_type
from plaudit.earning.actions import confirm_pending, correct, deciding, segments
from plaudit.earning.actions.answering import take_in_and_tell, take_in_one, take_in_parts
from plaudit.earning.actions.import_file import held, reference, run_import, start_import
from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.earning.actions.reverse import reverse_transfer
from plaudit.earning.actions.reverse_import import refuse_irreversible, reverse_import
from plaudit.earning.actions.stop_import import cancel_import, pause_import, resume_import
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.definitions import Every, Per
from plaudit.earning.refusals import ImportNotReversible
from plaudit.earning.tests.factories import (
    NOON,
    Story,
    make_event,
    make_limit,
    make_rule,
    make_story,
    purchase,
    refund,
)
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.confirm import confirm
from plaudit.ledger.models import Transfer
from plaudit.ledger.references import show_transfer
from plaudit.people.tests.factories import ACTOR
from tests.faults.trial import Flow, Prepared

MAPPING = """
mapping: 1
source: till
type: purchase
key: {columns: [id]}
subject: {column: member}
occurred_at: {column: at, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields: {amount: {column: amount, as: decimal, scale: 2}}
"""


def _limited() -> Story:
    """Rules with a limit of a member and a budget."""
    return make_story(
        make_rule(
            limits=(
                make_limit(15, key="daily"),
                make_limit(25, per=Per.ALL, every=Every.MONTH, key="budget"),
            )
        )
    )


def _alone() -> Prepared:
    at = _limited().organisation.id
    event = purchase("ada", "10", id="e1")
    return at, lambda: take_in_one(at, event)


def _batch() -> Prepared:
    at = _limited().organisation.id
    events = [purchase(name, "10", id=f"e{number}") for number, name in enumerate(("ada", "bob", "ada"))]
    return at, lambda: list(take_in_parts(at, events))


def _with_correction() -> Prepared:
    story = _limited()
    story.buy("ada", "10", id="e1")
    events = [refund("e1", "4", member="ada", id="r1"), purchase("ada", "10", id="e2")]
    return story.organisation.id, lambda: story.send(*events)


def _with_deduction() -> Prepared:
    story = make_story(make_rule("spend", on="purchase", take="5"), may_owe=False)
    story.publish(make_rule())
    story.buy("ada", "20", id="e1")
    story.publish(make_rule("spend", take="5"))
    event = purchase("ada", "10", id="e2")
    return story.organisation.id, lambda: story.send(event)


def _with_confirmation() -> Prepared:
    story = make_story(
        make_rule(pending_until="delivered"), types={"delivered": {"confirms": {"kind": "text"}}}
    )
    story.buy("ada", "20", id="e1")
    events = [make_event("delivered", "ada", {"confirms": key}, id=f"d-{key}") for key in ("e1", "e2")]
    events.append(purchase("ada", "10", id="e2"))
    return story.organisation.id, lambda: story.send(*events)


def _of_its_own() -> Prepared:
    story = make_story(make_rule("done", on="feat", earn="50"), types={"feat": {}})
    member = story.buy("ada", "10").member_id
    assert member is not None
    at, feat = story.organisation.id, OwnActivity("feat:1", "feat", member, NOON, {})
    return at, lambda: record_own(at, [feat])


def _reversing() -> Prepared:
    story = _limited()
    story.buy("ada", "10", id="e1")
    at = story.organisation.id
    with in_organisation(at):
        only = Transfer.objects.get(organisation_id=at)
    transfer = show_transfer(only.wallet_id, only.line)
    return at, lambda: reverse_transfer(at, transfer, reason="No.", key="k", actor=ACTOR)


def _file() -> Path:
    path = Path(tempfile.mkdtemp()) / "sales.csv"
    path.write_text(
        "id,member,at,amount\n1,ada,2026-03-02,10.00\n2,bob,2026-03-02,x\n3,ada,2026-03-02,5.00\n"
    )
    return path


def _starting_an_import() -> Prepared:
    at, path = make_story().organisation.id, _file()
    return at, lambda: start_import(at, path=path, mapping=MAPPING, actor=ACTOR)


def _importing() -> Prepared:
    at = _limited().organisation.id
    batch = start_import(at, path=_file(), mapping=MAPPING, actor=ACTOR).id
    return at, lambda: run_import(at, batch)


def _pausing_an_import() -> Prepared:
    at = make_story().organisation.id
    batch = start_import(at, path=_file(), mapping=MAPPING, actor=ACTOR).id
    return at, lambda: pause_import(at, batch, actor=ACTOR)


def _cancelling_an_import() -> Prepared:
    at = make_story().organisation.id
    batch = start_import(at, path=_file(), mapping=MAPPING, actor=ACTOR).id
    return at, lambda: cancel_import(at, batch, actor=ACTOR)


def _going_on_with_an_import() -> Prepared:
    at = make_story().organisation.id
    batch = start_import(at, path=_file(), mapping=MAPPING, actor=ACTOR).id
    cancel_import(at, batch, actor=ACTOR)
    return at, lambda: resume_import(at, batch, actor=ACTOR)


def _taking_an_import_back() -> Prepared:
    at = _limited().organisation.id
    batch = start_import(at, path=_file(), mapping=MAPPING, actor=ACTOR).id
    run_import(at, batch)
    return at, lambda: reverse_import(at, batch, actor=ACTOR, reason="Wrong file.")


def _declaring_a_type() -> Prepared:
    at = make_story().organisation.id
    return at, lambda: declare_type(at, name="visit", title="Visit", fields={"shop": {"kind": "text"}})


_TAKING_IN = (
    take_in,
    deciding.read_events,
    deciding.match_events,
    deciding.limits_touched,
    deciding.decide,
    segments.segments_of,
    correct.carry_out_corrections,
)

FLOWS = [
    Flow("take in one event", _alone, (take_in_one, take_in_and_tell, take_in)),
    Flow("take in a batch", _batch, (take_in_parts, *_TAKING_IN)),
    Flow("take in a correction", _with_correction, _TAKING_IN),
    Flow("take in a deduction", _with_deduction, (take_in,)),
    Flow(
        "take in a confirmation",
        _with_confirmation,
        (take_in, confirm_pending.carry_out_confirmations, confirm),
    ),
    Flow("record activity of its own", _of_its_own, (record_own, take_in)),
    Flow("reverse a grant", _reversing, (reverse_transfer,)),
    Flow("start an import", _starting_an_import, (start_import, reference)),
    Flow("run an import", _importing, (run_import, held)),
    Flow("pause an import", _pausing_an_import, (pause_import,)),
    Flow("cancel an import", _cancelling_an_import, (cancel_import,)),
    Flow("go on with an import", _going_on_with_an_import, (resume_import,)),
    Flow(
        "take an import back",
        _taking_an_import_back,
        (reverse_import, refuse_irreversible),
        told_again=(ImportNotReversible,),
    ),
    Flow("declare an event type", _declaring_a_type, (declare_type,)),
]
