"""A sealed period stays as it was: nothing comes into it, and what was kept outside says so."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Transfer
from plaudit.ledger.refusals import PeriodNotOver, PeriodSealed
from plaudit.ledger.sealing import anchors, missing_anchors
from plaudit.ledger.tests.factories import ACTOR, day, earn, give, make_books, on_day
from plaudit.ledger.verification.verify import verify
from plaudit.people.models import Organisation


def test_each_seal_holds_what_came_after_the_one_before():
    organisation_id, ada = make_books()
    with on_day(1):
        earn(organisation_id, ada, 100)
        give(organisation_id, ada, -30)
    with on_day(2):
        first = seal(organisation_id, actor=ACTOR)
        earn(organisation_id, ada, 5)
    with on_day(3):
        second = seal(organisation_id, actor=ACTOR)
    assert (first.number, first.transfers) == (1, 2)
    assert first.sums == {"points": {"accrual": 100, "adjustment": 30}}
    assert (second.number, second.transfers, second.sums) == (2, 1, {"points": {"accrual": 5}})
    assert bytes(second.previous_digest) == bytes(first.digest)


def test_an_empty_period_has_a_digest_anybody_can_make():
    """Two empty binary COPY streams: a header of 19 bytes and an end of two, each."""
    organisation_id, _ = make_books()
    sealed = seal(organisation_id, actor=ACTOR)
    empty = b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff"
    assert bytes(sealed.digest) == hashlib.sha256(bytes(32) + empty + empty).digest()


def test_a_clock_that_ran_back_posts_after_the_seal():
    organisation_id, ada = make_books()
    with on_day(5):
        earn(organisation_id, ada, 1)
        seal(organisation_id, actor=ACTOR)
    with clock.frozen_at(day(5) - timedelta(hours=2)):
        late = earn(organisation_id, ada, 2)
    with in_organisation(organisation_id):
        assert Transfer.objects.get(line=late.line).recorded_at == day(5)
    with on_day(6):
        assert verify(organisation_id).broken() == []


def test_a_period_is_sealed_once_and_only_when_it_is_over():
    organisation_id, _ = make_books()
    with on_day(5):
        seal(organisation_id, actor=ACTOR)
        with pytest.raises(PeriodSealed):
            seal(organisation_id, actor=ACTOR)
        with pytest.raises(PeriodSealed):
            seal(organisation_id, actor=ACTOR, until=day(3))
        with pytest.raises(PeriodNotOver):
            seal(organisation_id, actor=ACTOR, until=day(6))


def test_an_anchor_is_one_line_that_pins_its_seal():
    organisation_id, ada = make_books()
    with on_day(4):
        earn(organisation_id, ada, 1)
    with on_day(5):
        sealed = seal(organisation_id, actor=ACTOR)
    code = Organisation.objects.get(id=organisation_id).code
    with in_organisation(organisation_id):
        (anchor,) = anchors(organisation_id)
        digest = bytes(sealed.digest).hex()
        assert anchor == f"plaudit-seal org_{code} 1 2026-01-05T12:00:00+00:00 1 {digest}"
        other = anchor.replace(digest, "0" * 64)
        assert missing_anchors(organisation_id, ["# kept by the auditor", "", anchor, other]) == [other]


def test_the_anchors_of_several_organisations_are_kept_in_one_file():
    kept, places = [], []
    for _ in range(2):
        organisation_id, ada = make_books()
        with on_day(4):
            earn(organisation_id, ada, 1)
        with on_day(5):
            seal(organisation_id, actor=ACTOR)
        places.append(organisation_id)
        with in_organisation(organisation_id):
            kept += anchors(organisation_id)
    gone = kept[0].replace("org_", "org_x")
    for organisation_id in places:
        with in_organisation(organisation_id):
            assert missing_anchors(organisation_id, kept) == []
            assert missing_anchors(organisation_id, [*kept, gone]) == [gone]
