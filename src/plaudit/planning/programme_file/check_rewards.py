"""Checks what a reward says against the rest of its file: its condition, and parts that only go together."""

from __future__ import annotations

from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.problems import Problems
from plaudit.planning.programme_file.programme import Programme, Reward
from plaudit.rewards.eligibility import eligibility_of


def check_rewards(programme: Programme, problems: Problems) -> None:
    """Note every condition that cannot be asked, and every part that has nothing to belong to."""
    for reward in programme.rewards:
        if reward.eligible and not problems.under(("member_fields",)):
            _check_condition(programme, reward, problems)
        _check_parts(reward, problems)


def _check_condition(programme: Programme, reward: Reward, problems: Problems) -> None:
    try:
        eligibility_of(reward.eligible, stored_fields(programme.known_of_members()))
    except ExpressionRefused as refused:
        problems.note(("rewards", reward.key, "eligible"), refused.advice, code="expression")


def _check_parts(reward: Reward, problems: Problems) -> None:
    def note(key: str, sentence: str, advice: str) -> None:
        problems.note(("rewards", reward.key, key), sentence, advice)

    percents = reward.percent is not None or any(step.percent is not None for step in reward.ladder)
    if percents and reward.kind != "discount":
        key = "percent" if reward.percent is not None else "ladder"
        note(key, "Only a discount takes off percents.", "Write kind: discount, or an amount of money.")
    if reward.ladder and reward.percent is not None:
        note("percent", "The steps of a ladder say what they are worth.", "Leave it out.")
    if reward.charity and reward.kind != "donation":
        note("charity", "Only a donation has a charity.", "Write kind: donation, or leave it out.")
    if reward.charity and reward.value is None:
        note("charity", "It is not said how much the charity receives.", "Add value:, such as 10 USD.")
    if (reward.product or reward.cost is not None) and not reward.supplier:
        note("product" if reward.product else "cost", "No supplier is named.", "Add supplier:.")
    if reward.approval_from is not None and reward.approval_in_money and reward.value is None:
        note("approval_from", "The reward has no value in money.", "Write it in points, or add value:.")
