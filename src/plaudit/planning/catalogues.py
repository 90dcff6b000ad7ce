"""The way down to the catalogue: the rewards of a programme, published with its rules."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from plaudit.rewards.definitions import RewardDefinition

_CATALOGUE = "plaudit.rewards.actions.publish_catalogue"


def publish_rewards(organisation_id: int, programme: str, rewards: Sequence[RewardDefinition]) -> None:
    """Publish these rewards as the programme's whole catalogue, where the rewards package keeps one."""
    if find_spec("plaudit.rewards.actions") is not None and find_spec(_CATALOGUE) is not None:
        import_module(_CATALOGUE).publish_catalogue(organisation_id, programme, list(rewards))
