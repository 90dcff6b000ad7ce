"""An event and its correction leave everything as if neither had happened: balances, lots, and what limits have left."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plaudit.activity.events import IncomingEvent
from plaudit.earning.definitions import Every, Limit, Of, Per, Rule
from plaudit.earning.tests.factories import (
    NOON,
    Story,
    amounts,
    make_event,
    make_rule,
    make_story,
    purchase,
    refund,
)
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.examples import examples
from plaudit.ledger.models import Wallet
from plaudit.ledger.posting import open_lots

TODAY = NOON + timedelta(days=60)

limits = st.builds(
    Limit,
    key=st.sampled_from(["one", "other"]),
    at_most=st.integers(1, 60),
    of=st.sampled_from(Of),
    per=st.sampled_from([Per.MEMBER, Per.ALL]),
    every=st.sampled_from(Every),
    partial=st.booleans(),
)


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    """Two rules that earn, one that takes, one that multiplies; limits, some shared; some points pending."""
    shared = draw(st.lists(limits, max_size=2, unique_by=lambda limit: limit.key))
    return [
        make_rule(when="amount > 0", limits=tuple(shared), pending_days=draw(st.sampled_from([0, 0, 14]))),
        make_rule("fixed", when="amount > 10", earn="7", limits=tuple(shared[:1])),
        make_rule("double", when="channel = 'web'", multiply="2", of=("purchases",)),
        make_rule("return", when="amount < 0", take="floor(abs(amount))"),
    ]


@st.composite
def purchases(draw: st.DrawFn, prefix: str) -> list[IncomingEvent]:
    """A few purchases and returns of two members over two months."""
    return [
        purchase(
            draw(st.sampled_from(["ada", "bob"])),
            str(Decimal(draw(st.integers(-2000, 5000))) / 100),
            at=NOON + timedelta(hours=draw(st.integers(0, 24 * 40))),
            id=f"{prefix}{number}",
            channel=draw(st.sampled_from([None, "web"])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@st.composite
def undone(draw: st.DrawFn) -> list[IncomingEvent]:
    """A purchase and what takes it back: at once or in two parts, by amount or as a whole."""
    paid = Decimal(draw(st.integers(1, 6000))) / 100
    at = NOON + timedelta(hours=draw(st.integers(0, 24 * 40)))
    bought = purchase("ada", str(paid), at=at, id="x", channel=draw(st.sampled_from([None, "web"])))
    later = at + timedelta(days=draw(st.sampled_from([0, 1, 15])))
    part = (paid * draw(st.sampled_from([Decimal("0.3"), Decimal("0.5")]))).quantize(Decimal("0.01"))
    back = draw(
        st.sampled_from(
            [
                [refund("x", str(paid), at=later, id="rx")],
                [refund("x", str(part), at=later, id="rx"), refund("x", str(paid - part), at=later, id="ry")],
                [make_event("purchase.cancelled", None, {}, at=later, id="rx", corrects="x")],
            ]
        )
    )
    return draw(st.sampled_from([[bought, *back], [*back, bought]]))


def standing(story: Story) -> dict[str, Any]:
    """Every balance, and what is left of every lot with its expiry, by member."""
    with in_organisation(story.organisation.id):
        wallets = list(Wallet.objects.filter(organisation_id=story.organisation.id).order_by("id"))
        lots = open_lots(story.organisation.id, [wallet.id for wallet in wallets])
    return {
        "balances": sorted(
            (one.available, one.pending, one.held) for one in wallets if one.available or one.pending
        ),
        "lots": sorted(
            (lot.remaining, str(lot.expires_at)) for one in lots.values() for lot in one.lots if lot.remaining
        ),
        "owed": sorted(sum(debt.owed for debt in one.debts) for one in lots.values() if one.debts),
    }


@given(
    ruled=rules(),
    before=purchases("b"),
    between=undone(),
    after=purchases("a"),
    together=st.booleans(),
)
@settings(
    max_examples=examples(12),
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
def test_an_event_and_its_correction_leave_nothing_behind(
    ruled: list[Rule],
    before: list[IncomingEvent],
    between: list[IncomingEvent],
    after: list[IncomingEvent],
    *,
    together: bool,
) -> None:
    touched, untouched = make_story(*ruled), make_story(*ruled)
    outcomes = []
    with clock.frozen_at(TODAY):
        for story, events in ((touched, between), (untouched, [])):
            story.send(*before)
            if together:
                story.send(*events)
            else:
                for event in events:
                    story.send(event)
            outcomes.append(amounts(story.send(*after)))

        assert outcomes[0] == outcomes[1]
        assert standing(touched) == standing(untouched)
