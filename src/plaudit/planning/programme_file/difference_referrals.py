"""What changes about referrals, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.phrases import count_text, number_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.referrals import Referrals
from plaudit.planning.programme_file.wording import amount


def referral_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file says of referrals."""
    was, now = older.referrals, newer.referrals
    if was is None and now is not None:
        yield f"New: members refer friends ({now.name}), {referral_words(newer, now)}."
    elif was is not None and now is None:
        yield "Friends are no longer referred: codes are not taken any more, and what they gave stays."
    elif was is not None and now is not None:
        before, after = referral_words(older, was), referral_words(newer, now)
        if before != after:
            yield f"A referral is now {after}; before, it was {before}. What friends did so far stays counted."
        if (was.name, was.description) != (now.name, now.description):
            yield f"Referrals now tell members: {now.description or now.name}."
        if was.link != now.link:
            yield f"Codes are given away with {now.link or 'no address'}."


def referral_words(programme: Programme, one: Referrals) -> str:
    """What it is: `for a purchase of the friend within 30 days 50 points, and 25 points for the friend`."""
    what = f"a {one.on} of the friend"
    if one.when:
        what += f" where {one.when}"
    if one.at_least is not None:
        what += f" with {one.sum} of at least {number_text(one.at_least)}"
    unit = programme.unit(one.unit)
    earns = amount(one.earn, unit) if one.earn is not None else "nothing"
    words = f"for {what} within {count_text(one.within_days, 'day')} {earns}"
    return f"{words}, and {amount(one.friend_earns, unit) if one.friend_earns is not None else 'nothing'} for the friend"
