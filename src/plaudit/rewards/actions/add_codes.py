"""Fills a reward's pool of codes."""

from __future__ import annotations

from collections.abc import Sequence

from plaudit.foundation import audit, clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.rewards.models import Code, Reward
from plaudit.rewards.refusals import NotAStep
from plaudit.rewards.sealing import digest_of, seal


def add_codes(
    organisation_id: int, *, reward_id: int, codes: Sequence[str], actor: str, worth: int = 0
) -> int:
    """Add codes to a reward's pool; how many were new. A code already in any pool is not added again.

    `worth` says for which step of a ladder they are: its value in minor units, or its percent. Raises
    `NotFound` and `NotAStep`.
    """

    def step() -> int:
        reward = Reward.objects.filter(organisation_id=organisation_id, id=reward_id).first()
        if reward is None:
            raise NotFound(kind="reward", ref=reward_id)
        worths = [value or percent or 0 for _, value, percent, _ in reward.ladder] or [0]
        if worth not in worths:
            raise NotAStep(reward=reward.name, steps=worths)
        wanted = {digest_of(organisation_id, code): code for code in (code.strip() for code in codes) if code}
        known = Code.objects.filter(organisation_id=organisation_id, digest__in=list(wanted))
        for digest in known.values_list("digest", flat=True):
            wanted.pop(bytes(digest), None)
        now = clock.now()
        Code.objects.bulk_create(
            Code(
                organisation_id=organisation_id,
                reward=reward,
                worth=worth,
                sealed=seal(organisation_id, code),
                digest=digest,
                added_at=now,
            )
            for digest, code in wanted.items()
        )
        audit.note(actor=actor, act="reward.codes_added", subject=reward.key, details={"codes": len(wanted)})
        return len(wanted)

    return act(organisation_id, step)
