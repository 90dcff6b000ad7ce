"""Every way in which the product writes, as its callers do it: registered here, or the census fails."""

from tests.faults.flows import (
    cases,
    devices,
    directories,
    earning,
    engagement,
    learning,
    listening,
    memberships,
    people,
    points,
    programmes,
    recognition,
    rewards,
    social,
    surveys,
    targeting,
    ways_in,
    webhooks,
)
from tests.faults.trial import Flow

FLOWS: list[Flow] = [
    *points.FLOWS,
    *cases.FLOWS,
    *devices.FLOWS,
    *directories.FLOWS,
    *earning.FLOWS,
    *engagement.FLOWS,
    *recognition.FLOWS,
    *social.FLOWS,
    *learning.FLOWS,
    *surveys.FLOWS,
    *listening.FLOWS,
    *targeting.FLOWS,
    *people.FLOWS,
    *memberships.FLOWS,
    *programmes.FLOWS,
    *ways_in.FLOWS,
    *rewards.FLOWS,
    *webhooks.FLOWS,
]
