"""What changes about referrals, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.phrase_words import counted
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.referrals import Referrals
from plaudit.planning.programme_file.wording import amount


def referral_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file says of referrals."""
    was, now = older.referrals, newer.referrals
    if was is None and now is not None:
        yield worded(
            "New: members refer friends ({name}), {referral}.",
            name=now.name,
            referral=referral_words(newer, now),
        )
    elif was is not None and now is None:
        yield worded(
            "Friends are no longer referred: codes are not taken any more, and what they gave stays."
        )
    elif was is not None and now is not None:
        before, after = referral_words(older, was), referral_words(newer, now)
        if before != after:
            yield worded(
                "A referral is now {after}; before, it was {before}. What friends did so far stays counted.",
                after=after,
                before=before,
            )
        if (was.name, was.description) != (now.name, now.description):
            yield worded(
                "Referrals now tell members: {description}.", description=now.description or now.name
            )
        if was.link != now.link:
            yield worded("Codes are given away with {link}.", link=now.link or worded("no address"))


def referral_words(programme: Programme, one: Referrals) -> str:
    """What it is: `for a purchase of the friend within 30 days 50 points, and 25 points for the friend`."""
    what = worded("a {activity} of the friend", activity=one.on)
    if one.when:
        what += worded(" where {condition}", condition=one.when)
    if one.at_least is not None:
        what += worded(" with {sum} of at least {at_least}", sum=one.sum, at_least=number_text(one.at_least))
    unit = programme.unit(one.unit)
    earns = amount(one.earn, unit) if one.earn is not None else worded("nothing")
    words = worded(
        "for {what} within {days} {earns}",
        what=what,
        days=counted(one.within_days, "day"),
        earns=earns,
    )
    return worded(
        "{words}, and {friend_earns} for the friend",
        words=words,
        friend_earns=amount(one.friend_earns, unit) if one.friend_earns is not None else worded("nothing"),
    )
