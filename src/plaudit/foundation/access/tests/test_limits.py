"""Token buckets: what is left, when there is more, and that nobody's bucket grows for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plaudit.foundation.access.limits import Buckets, Limit

TWO_A_SECOND = Limit("test", quota=120, window=60, burst=10)


def test_a_burst_is_allowed_then_as_fast_as_the_quota():
    buckets = Buckets()

    burst = [buckets.take(TWO_A_SECOND, "ada", at=0.0) for _ in range(11)]
    later = [buckets.take(TWO_A_SECOND, "ada", at=1.0) for _ in range(3)]

    assert [one.allowed for one in burst] == [True] * 10 + [False]
    assert [one.left for one in burst] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]
    assert [one.allowed for one in later] == [True, True, False]


def test_everybody_has_a_bucket_of_their_own():
    buckets = Buckets()
    for _ in range(11):
        refused = buckets.take(TWO_A_SECOND, "ada", at=0.0)

    assert not refused.allowed
    assert buckets.take(TWO_A_SECOND, "bob", at=0.0).allowed


def test_a_refusal_says_when_there_is_one_more_and_headers_say_the_limit():
    buckets = Buckets()
    slow = Limit("sign-in", quota=6, window=60, burst=1)
    allowed, refused = (buckets.take(slow, "ada", at=0.0) for _ in range(2))

    assert allowed.headers() == {"RateLimit-Policy": '"sign-in";q=6;w=60', "RateLimit": '"sign-in";r=0;t=10'}
    assert refused.headers()["Retry-After"] == "10"
    assert not buckets.take(slow, "ada", at=9.9).allowed
    assert buckets.take(slow, "ada", at=10.0).allowed


def test_a_clock_that_goes_back_gives_nothing_away():
    buckets = Buckets()
    for _ in range(10):
        buckets.take(TWO_A_SECOND, "ada", at=100.0)

    assert not buckets.take(TWO_A_SECOND, "ada", at=50.0).allowed
    assert not buckets.take(TWO_A_SECOND, "ada", at=100.0).allowed


def test_the_least_recently_used_are_forgotten():
    buckets = Buckets(most=3)
    for _ in range(10):
        buckets.take(TWO_A_SECOND, "ada", at=0.0)
    for who in ("bob", "cy", "dee"):
        buckets.take(TWO_A_SECOND, who, at=0.0)

    assert buckets.take(TWO_A_SECOND, "ada", at=0.0).left == 9


@given(st.lists(st.floats(min_value=0, max_value=30), max_size=60), st.integers(1, 5), st.integers(1, 8))
def test_never_more_than_the_burst_and_the_quota_since(gaps, quota, burst):
    """However requests are spaced, n of them are let through only if burst + quota × time allows n."""
    limit, buckets, at, through = Limit("test", quota, 1, burst), Buckets(), 0.0, 0
    for gap in gaps:
        at += gap
        standing = buckets.take(limit, "ada", at=at)
        through += standing.allowed
        assert 0 <= standing.left <= burst
        assert through <= burst + quota * at + 1e-6
