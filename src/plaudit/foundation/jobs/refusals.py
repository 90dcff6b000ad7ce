"""The ways the queue says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict


class NotSetAside(Conflict):
    code = "job_not_set_aside"
    sentence = "Job {job_id} is not set aside."
    way_forward = "It may have been tried again meanwhile; look at the list of failed jobs."

    def __init__(self, *, job_id: int) -> None:
        super().__init__(job_id=job_id)


class NotWaiting(Conflict):
    """The job named does not wait: it runs in one piece, is done, was set aside, or never was."""

    code = "job_not_waiting"
    sentence = "Job {job_id} does not wait any more."
    way_forward = "What runs in one piece goes on to its end; what runs in steps can be cancelled."

    def __init__(self, *, job_id: int) -> None:
        super().__init__(job_id=job_id)
