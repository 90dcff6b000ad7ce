"""Work that happens later or when its time comes: PostgreSQL is the queue, the schedule and the lock.

A package declares what is done later (`@task`) in its `tasks.py`. What time makes happen is on the list
in `foundation.due`; a worker (`run_worker`) looks through it every minute, or as often as `attend` says,
and `run_due` does all of one organisation's at once.
"""

from plaudit.foundation.jobs.declaring import Task, task
from plaudit.foundation.jobs.lanes import WORK, Lane, open_lane
from plaudit.foundation.jobs.periodic import attend, run_due
from plaudit.foundation.jobs.trying import asked_to_stop

__all__ = ["WORK", "Lane", "Task", "asked_to_stop", "attend", "open_lane", "run_due", "task"]
