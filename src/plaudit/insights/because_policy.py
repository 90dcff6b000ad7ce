"""Why points moved by a policy or by a person: expiry, waiting time, adjustment, merge, opening balance."""

from __future__ import annotations

from plaudit.earning.published import published_rule
from plaudit.insights.asked import Asked, earned_words, how_long_words, rule_authority, unit_authority
from plaudit.insights.reasons import Authority, Because, Input, Sum
from plaudit.ledger.places import Place

_SHOWN_MAX = 6


def of_expiry(asked: Asked) -> Because:
    """Lots whose time was over."""
    used = asked.chain.burned
    last = asked.until(asked.line.occurred_at)
    oldest = min(use.other.recorded_at for use in used)
    many = asked.unit.names.get("other", asked.unit.key)
    spending = f"Spending {asked.said} by {last} would have kept their value"
    return asked.answer(
        "expiry",
        sentence=f"{asked.said} expired: they were good until {last} and were not spent by then.",
        inputs=_lapsed(asked),
        authority=unit_authority(asked, f"How long {many} last", how_long_words(asked.unit), at=oldest),
        sums=_left(asked),
        total="Expired",
        would_change=[f"{spending}: the points that expire first are spent first."],
    )


def _lapsed(asked: Asked) -> list[Input]:
    """The lots that lapsed: each, or together where they are many."""
    used = asked.chain.burned
    if len(used) > _SHOWN_MAX:
        value = f"{asked.said} were left of {len(used)} lines"
        return [Input("Points not spent", value, earned_words(asked, used))]
    return [
        Input(
            f"Earned {asked.day(use.other.occurred_at)}",
            f"{asked.unit.say(use.amount)} of {asked.unit.say(use.other.amount)} were left",
            "Statement",
            use.other.occurred_at,
            use.other.reference,
        )
        for use in used
    ]


def _left(asked: Asked) -> list[Sum]:
    """What was left of them, month by month."""
    left: dict[str, int] = {}
    for use in asked.chain.burned:
        month = f"{use.other.occurred_at.astimezone(asked.zone):%B %Y}"
        left[month] = left.get(month, 0) + use.amount
    return [Sum(f"Left of {month}", amount=-amount) for month, amount in left.items()]


def of_activation(asked: Asked) -> Because:
    """Pending points whose waiting time was over."""
    earned = asked.chain.undoes
    assert earned is not None, "an activation says what it activates"
    taken = earned.amount - asked.line.amount
    authority = Authority("Waiting time", "Points become yours to spend when their waiting time is over.")
    if asked.line.rule_id is not None:
        ruled = published_rule(asked.organisation_id, asked.line.rule_id)
        rule = ruled.rule
        wait = (
            f"with {rule.pending_until}"
            if rule.pending_until
            else f"{rule.pending_days} days after what it is for"
        )
        authority = rule_authority(
            asked.organisation_id,
            ruled.programme,
            ruled.version,
            key=ruled.rule.key,
            name=ruled.rule.name,
            words=f"What it earns becomes yours to spend {wait}.",
        )
    sums = [Sum("Earned then", amount=earned.amount)]
    if taken:
        sums.append(Sum("Taken back while it waited", amount=-taken))
    return asked.answer(
        "activation",
        sentence=f"{asked.said} became yours to spend: {'the waiting time was over' if earned.spendable_at else 'they were confirmed'}.",
        inputs=[asked.about(earned, "What had been earned")],
        authority=authority,
        sums=sums,
        total="Yours to spend",
        would_change=["A correction while they waited would have taken them back first."],
    )


def of_adjustment(asked: Asked) -> Because:
    """Points given or taken by hand."""
    line, unit = asked.line, asked.unit
    by, approver = asked.name(line.actor), asked.name(line.approver)
    given = asked.change > 0
    words = "Somebody may give or take points by hand, with a reason that you can read."
    if unit.approval_from is not None:
        words += f" From {unit.say(unit.approval_from)} on, a second person must agree"
        words += "; this was less." if line.amount < unit.approval_from and not approver else "."
    reason = line.reason or "No reason was written down"
    return asked.answer(
        "adjustment",
        sentence=f"{asked.said} {'from' if given else 'taken by'} {by}: {reason.rstrip('.')}.",
        inputs=[
            Input("Reason", reason, by, line.recorded_at),
            *([Input("Second person", approver, "", line.recorded_at)] if approver else []),
        ],
        authority=Authority("A decision by hand", words, since=line.recorded_at, approved_by=approver or by),
        sums=[Sum("Given" if given else "Taken", amount=asked.change)],
        would_change=["This was decided by a person; no rule would have changed it."],
    )


def of_extension(asked: Asked) -> Because:
    """Points taken out of their lot, or given anew with a later expiry."""
    line = asked.line
    by = asked.name(line.actor)
    reason = line.reason or "No reason was written down"
    until = f", good until {asked.until(line.expires_at)} now" if line.expires_at else ""
    first = asked.chain.undoes
    return asked.answer(
        "extension",
        sentence=f"{asked.said} {'given for longer' if asked.change > 0 else 'taken out to be given for longer'}"
        f"{until}: {reason.rstrip('.')}.",
        inputs=[
            Input("Reason", reason, by, line.recorded_at),
            *([asked.about(first, "The points they were")] if first else []),
        ],
        authority=Authority(
            "A longer life, by hand",
            "Points may be given longer to live. Two lines show it: one takes them, one gives them again.",
            since=line.recorded_at,
            approved_by=by,
        ),
        sums=[Sum("Given for longer" if asked.change > 0 else "Taken out", amount=asked.change)],
        would_change=["Without it they would have expired as they were to."],
    )


def of_merge(asked: Asked) -> Because:
    """Points that moved because two accounts turned out to be one person, or turned out not to be."""
    line = asked.line
    by = asked.name(line.actor)
    where = "to your other account" if line.source is Place.AVAILABLE else "from your other account"
    reason = line.reason or "Two accounts of one person"
    return asked.answer(
        "merge",
        sentence=f"{asked.said} moved {where}: {reason.rstrip('.')}.",
        inputs=[Input("Reason", reason, by, line.recorded_at)],
        authority=Authority(
            "Two accounts, one person",
            "Points keep the day they expire when they move from one account to the other.",
            since=line.recorded_at,
            approved_by=by,
        ),
        sums=[Sum("Moved", amount=asked.change)],
        would_change=["If the two are not one person after all, the move can be undone."],
    )


def of_opening(asked: Asked) -> Because:
    """A balance brought along from another system."""
    line = asked.line
    by = asked.name(line.actor)
    return asked.answer(
        "opening",
        sentence=f"{asked.said} brought along: the balance you had when this programme began here.",
        inputs=[
            Input("Earned", asked.said, "The system before this one", line.occurred_at),
            Input("Taken over by", by or "the programme", "", line.recorded_at),
        ],
        authority=Authority(
            "Opening balance",
            f"What you had before counts from the day it was earned. {how_long_words(asked.unit)}",
            since=line.recorded_at,
            approved_by=by,
        ),
        sums=[Sum("Brought along", amount=asked.change)],
        would_change=["Another balance in the system before this one."],
    )
