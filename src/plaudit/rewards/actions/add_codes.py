"""Fills a reward's pool of codes."""

from __future__ import annotations

from collections.abc import Sequence

from plaudit.foundation import audit, clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.rewards.models import Code, Reward
from plaudit.rewards.sealing import digest_of, seal


def add_codes(organisation_id: int, *, reward_id: int, codes: Sequence[str], actor: str) -> int:
    """Add codes to a reward's pool; how many were new. A code already in any pool is not added again."""

    def step() -> int:
        reward = Reward.objects.filter(organisation_id=organisation_id, id=reward_id).first()
        if reward is None:
            raise NotFound(kind="reward", ref=reward_id)
        wanted = {digest_of(organisation_id, code): code for code in (code.strip() for code in codes) if code}
        known = Code.objects.filter(organisation_id=organisation_id, digest__in=list(wanted))
        for digest in known.values_list("digest", flat=True):
            wanted.pop(bytes(digest), None)
        now = clock.now()
        Code.objects.bulk_create(
            Code(
                organisation_id=organisation_id,
                reward=reward,
                sealed=seal(organisation_id, code),
                digest=digest,
                added_at=now,
            )
            for digest, code in wanted.items()
        )
        audit.note(actor=actor, act="reward.codes_added", subject=reward.key, details={"codes": len(wanted)})
        return len(wanted)

    return act(organisation_id, step)
