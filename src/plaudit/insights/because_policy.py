"""Why points moved by a policy or by a person: expiry, waiting time, adjustment, merge, opening balance."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plaudit.earning.published import published_rule
from plaudit.insights.asked import Asked, earned_words, how_long_words, rule_authority, unit_authority
from plaudit.insights.reasons import Authority, Because, Input, Sum
from plaudit.insights.wording import month_words
from plaudit.ledger.places import Place

_SHOWN_MAX = 6


def of_expiry(asked: Asked) -> Because:
    """Lots whose time was over."""
    used = asked.chain.burned
    last = asked.until(asked.line.occurred_at)
    oldest = min(use.other.recorded_at for use in used)
    many = asked.unit.many
    spending = _("Spending {said} by {last} would have kept their value").format(said=asked.said, last=last)
    return asked.answer(
        "expiry",
        sentence=_("{said} expired: they were good until {last} and were not spent by then.").format(
            said=asked.said, last=last
        ),
        inputs=_lapsed(asked),
        authority=unit_authority(
            asked, _("How long {many} last").format(many=many), how_long_words(asked.unit), at=oldest
        ),
        sums=_left(asked),
        total=_("Expired"),
        would_change=[
            _("{spending}: the points that expire first are spent first.").format(spending=spending)
        ],
    )


def _lapsed(asked: Asked) -> list[Input]:
    """The lots that lapsed: each, or together where they are many."""
    used = asked.chain.burned
    if len(used) > _SHOWN_MAX:
        value = _("{said} were left of {lines} lines").format(said=asked.said, lines=len(used))
        return [Input(_("Points not spent"), value, earned_words(asked, used))]
    return [
        Input(
            _("Earned {day}").format(day=asked.day(use.other.occurred_at)),
            _("{amount} of {all} were left").format(
                amount=asked.unit.say(use.amount), all=asked.unit.say(use.other.amount)
            ),
            _("Statement"),
            use.other.occurred_at,
            use.other.reference,
        )
        for use in used
    ]


def _left(asked: Asked) -> list[Sum]:
    """What was left of them, month by month."""
    left: dict[str, int] = {}
    for use in asked.chain.burned:
        month = month_words(use.other.occurred_at.astimezone(asked.zone))
        left[month] = left.get(month, 0) + use.amount
    return [Sum(_("Left of {month}").format(month=month), amount=-amount) for month, amount in left.items()]


def of_activation(asked: Asked) -> Because:
    """Pending points whose waiting time was over."""
    earned = asked.chain.undoes
    assert earned is not None, "an activation says what it activates"
    taken = earned.amount - asked.line.amount
    authority = Authority(
        _("Waiting time"), _("Points become yours to spend when their waiting time is over.")
    )
    if asked.line.rule_id is not None:
        ruled = published_rule(asked.organisation_id, asked.line.rule_id)
        rule = ruled.rule
        wait = (
            _("with {activity}").format(activity=rule.pending_until)
            if rule.pending_until
            else _("{days} days after what it is for").format(days=rule.pending_days)
        )
        authority = rule_authority(
            asked.organisation_id,
            ruled.programme,
            ruled.version,
            key=ruled.rule.key,
            name=ruled.rule.name,
            words=_("What it earns becomes yours to spend {wait}.").format(wait=wait),
        )
    sums = [Sum(_("Earned then"), amount=earned.amount)]
    if taken:
        sums.append(Sum(_("Taken back while it waited"), amount=-taken))
    return asked.answer(
        "activation",
        sentence=(
            _("{said} became yours to spend: the waiting time was over.")
            if earned.spendable_at
            else _("{said} became yours to spend: they were confirmed.")
        ).format(said=asked.said),
        inputs=[asked.about(earned, _("What had been earned"))],
        authority=authority,
        sums=sums,
        total=_("Yours to spend"),
        would_change=[_("A correction while they waited would have taken them back first.")],
    )


def of_adjustment(asked: Asked) -> Because:
    """Points given or taken by hand."""
    line, unit = asked.line, asked.unit
    by, approver = asked.name(line.actor), asked.name(line.approver)
    given = asked.change > 0
    words = _("Somebody may give or take points by hand, with a reason that you can read.")
    if unit.approval_from is not None:
        less = line.amount < unit.approval_from and not approver
        second = (
            _("From {amount} on, a second person must agree; this was less.")
            if less
            else _("From {amount} on, a second person must agree.")
        )
        words += " " + second.format(amount=unit.say(unit.approval_from))
    reason = line.reason or _("No reason was written down")
    return asked.answer(
        "adjustment",
        sentence=(_("{said} from {by}: {reason}.") if given else _("{said} taken by {by}: {reason}.")).format(
            said=asked.said, by=by, reason=reason.rstrip(".")
        ),
        inputs=[
            Input(_("Reason"), reason, by, line.recorded_at),
            *([Input(_("Second person"), approver, "", line.recorded_at)] if approver else []),
        ],
        authority=Authority(
            _("A decision by hand"), words, since=line.recorded_at, approved_by=approver or by
        ),
        sums=[Sum(_("Given") if given else _("Taken"), amount=asked.change)],
        would_change=[_("This was decided by a person; no rule would have changed it.")],
    )


def of_extension(asked: Asked) -> Because:
    """Points taken out of their lot, or given anew with a later expiry."""
    line = asked.line
    by = asked.name(line.actor)
    reason = line.reason or _("No reason was written down")
    until = _(", good until {day} now").format(day=asked.until(line.expires_at)) if line.expires_at else ""
    first = asked.chain.undoes
    return asked.answer(
        "extension",
        sentence=(
            _("{said} given for longer{until}: {reason}.")
            if asked.change > 0
            else _("{said} taken out to be given for longer{until}: {reason}.")
        ).format(said=asked.said, until=until, reason=reason.rstrip(".")),
        inputs=[
            Input(_("Reason"), reason, by, line.recorded_at),
            *([asked.about(first, _("The points they were"))] if first else []),
        ],
        authority=Authority(
            _("A longer life, by hand"),
            _("Points may be given longer to live. Two lines show it: one takes them, one gives them again."),
            since=line.recorded_at,
            approved_by=by,
        ),
        sums=[Sum(_("Given for longer") if asked.change > 0 else _("Taken out"), amount=asked.change)],
        would_change=[_("Without it they would have expired as they were to.")],
    )


def of_merge(asked: Asked) -> Because:
    """Points that moved because two accounts turned out to be one person, or turned out not to be."""
    line = asked.line
    by = asked.name(line.actor)
    where = _("to your other account") if line.source is Place.AVAILABLE else _("from your other account")
    reason = line.reason or _("Two accounts of one person")
    return asked.answer(
        "merge",
        sentence=_("{said} moved {where}: {reason}.").format(
            said=asked.said, where=where, reason=reason.rstrip(".")
        ),
        inputs=[Input(_("Reason"), reason, by, line.recorded_at)],
        authority=Authority(
            _("Two accounts, one person"),
            _("Points keep the day they expire when they move from one account to the other."),
            since=line.recorded_at,
            approved_by=by,
        ),
        sums=[Sum(_("Moved"), amount=asked.change)],
        would_change=[_("If the two are not one person after all, the move can be undone.")],
    )


def of_opening(asked: Asked) -> Because:
    """A balance brought along from another system."""
    line = asked.line
    by = asked.name(line.actor)
    return asked.answer(
        "opening",
        sentence=_("{said} brought along: the balance you had when this programme began here.").format(
            said=asked.said
        ),
        inputs=[
            Input(_("Earned"), asked.said, _("The system before this one"), line.occurred_at),
            Input(_("Taken over by"), by or _("the programme"), "", line.recorded_at),
        ],
        authority=Authority(
            _("Opening balance"),
            _("What you had before counts from the day it was earned.") + " " + how_long_words(asked.unit),
            since=line.recorded_at,
            approved_by=by,
        ),
        sums=[Sum(_("Brought along"), amount=asked.change)],
        would_change=[_("Another balance in the system before this one.")],
    )
