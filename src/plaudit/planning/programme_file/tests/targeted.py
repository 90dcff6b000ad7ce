"""Ladders, segments and offers of every shape, for properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from plaudit.planning.programme_file import tiers as tier_parts
from plaudit.planning.programme_file.offers import Offer
from plaudit.planning.programme_file.programme import Programme, Unit
from plaudit.planning.programme_file.segments import Fact, Ready, Segment
from plaudit.planning.programme_file.tiers import Keeping, Ladder, Level
from plaudit.targeting.definitions import Downgrade, FactKind, Keep, Measure, Within

Texts = st.SearchStrategy[str]
Audiences = st.SearchStrategy[tuple[str, ...]]


@st.composite
def with_targeting(
    draw: st.DrawFn, programme: Programme, on: str, unit: Unit, texts: Texts, audiences: Audiences
) -> Programme:
    """The programme with ladders, segments and offers of any shape."""
    made = tuple(
        draw(segments(f"segment-{number}", on, unit, texts, audiences))
        for number in range(draw(st.integers(0, 2)))
    )
    return replace(
        programme,
        segments=made,
        offers=tuple(
            draw(offers(f"offer-{number}", on, [one.key for one in made], texts))
            for number in range(draw(st.integers(0, 2)))
        ),
        tiers=tuple(
            draw(tiers(f"tier_{number}", on, unit, texts, audiences))
            for number in range(draw(st.integers(0, 2)))
        ),
    )


@st.composite
def tiers(draw: st.DrawFn, key: str, on: str, unit: Unit, texts: Texts, audiences: Audiences) -> Ladder:
    counted = draw(
        st.sampled_from(
            [{"earned": unit.key}, {"on": on}, {"on": on, "when": "true", "amount": "floor(7.5)"}]
        )
    )
    within = draw(st.sampled_from(Within))
    keep = draw(st.sampled_from(Keep))
    then = [Downgrade.RECALCULATED, *([] if keep is Keep.WHILE_IT_LASTS else [Downgrade.ONE_STEP])]
    thresholds = sorted(draw(st.sets(st.integers(0, 10**6), min_size=1, max_size=3)))
    return Ladder(
        key,
        draw(texts),
        window=tier_parts.Window(within, draw(st.integers(1, 999)) if within is Within.MONTHS else 0),
        levels=tuple(
            Level(
                f"level-{number}", draw(texts), Decimal(threshold), tuple(draw(st.lists(texts, max_size=2)))
            )
            for number, threshold in enumerate(thresholds)
        ),
        keeping=Keeping(keep, draw(st.integers(1, 999)) if keep is Keep.MONTHS else 0),
        downgrade=draw(st.sampled_from(then)),
        grace_days=draw(st.integers(0, 60)),
        warn_days=draw(st.integers(1, 60)),
        audience=draw(audiences),
        **counted,
    )


@st.composite
def segments(draw: st.DrawFn, key: str, on: str, unit: Unit, texts: Texts, audiences: Audiences) -> Segment:
    if draw(st.booleans()):
        ready = Ready(draw(st.sampled_from(["frequent", "inactive", "at risk", "champions"])), on)
        return Segment(key, draw(texts), ready, draw(st.sampled_from(["", "floor(7.5)"])))
    fact = Fact("x", draw(st.sampled_from(FactKind)), on=on, days=draw(st.integers(0, 400)))
    earned = Fact("y_2", earned=unit.key)
    return Segment(
        key,
        draw(texts),
        facts=(fact, earned),
        when=draw(st.sampled_from(["x > 3", "y_2 = 0 and x < 7", "member.kind = 'staff'"])),
        teams=tuple(draw(st.lists(texts, max_size=2, unique=True))),
        audience=draw(audiences),
    )


@st.composite
def offers(draw: st.DrawFn, key: str, on: str, segments: list[str], texts: Texts) -> Offer:
    starts = draw(st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001  # local
    starts = starts.replace(microsecond=0) if starts else None
    segment = draw(st.sampled_from(["", *segments]))
    return Offer(
        key,
        draw(texts),
        segment,
        draw(st.booleans()),
        draw(st.integers(0, 90)) if segment else 0,
        draw(st.sampled_from([None, Measure(on=on), Measure(on=on, when="true")])),
        starts,
        starts + timedelta(days=draw(st.integers(1, 400))) if starts and draw(st.booleans()) else None,
    )
