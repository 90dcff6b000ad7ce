"""The worker: takes jobs from every lane, begins each period's work, and stops cleanly when told to."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from procrastinate.app import App
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.psycopg_connector import PsycopgConnector

from plaudit.foundation.jobs.declaring import BLUEPRINT
from plaudit.foundation.jobs.lanes import SCHEDULE, Lane, lanes
from plaudit.foundation.jobs.periodic import SWEEP, periods
from plaudit.foundation.jobs.trying import INTERRUPTED, INTERRUPTIONS, TRIES, overdue, stop_soon

_log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 30.0
GRACE_SECONDS = 10.0
_TICK_SECONDS = 1.0

# What a supervisor reads as "start me again": a job hung, and a thread cannot be ended from outside.
HUNG = 75

# A worker that died or froze sends no heartbeat. Its jobs are taken up again: once at once, then within a
# minute, at a moment drawn by lot, so that one which kills its workers does not take the same others with
# it every time. A job that hung counts as tried. One statement: two workers that look at the same time
# cannot both take a job up.
_RESUME = """
    update procrastinate_jobs j
       set status = (case when {last} then 'failed' else 'todo' end)::procrastinate_job_status,
           attempts = j.attempts + {counts}, scheduled_at = {at}, worker_id = null, abort_requested = false
     where j.status = 'doing' and {lost}
 returning j.id
"""
_LOST = """(j.worker_id is null or not exists (
            select 1 from procrastinate_workers w where w.id = j.worker_id
               and w.last_heartbeat > clock_timestamp() - make_interval(secs => %(stalled)s)))"""

RESUME_STALLED = _RESUME.format(
    last=f"j.attempts / {INTERRUPTED} + 1 >= {INTERRUPTIONS}",
    counts=INTERRUPTED,
    at=f"case when j.attempts >= {INTERRUPTED} then clock_timestamp() + random() * interval '1 minute' end",
    lost=_LOST,
)
RESUME_HUNG = _RESUME.format(
    last=f"mod(j.attempts, {INTERRUPTED}) + 1 >= {TRIES}", counts=1, at="null", lost="j.id = any(%(jobs)s)"
)


def run_worker() -> int:
    """Work until SIGTERM or SIGINT; the exit code. Running jobs are finished first, within ten seconds.

    A database that goes away is waited for. `HUNG` is returned where a job ran past its time limit: the
    process then has to end, and whoever started it starts another.
    """
    return asyncio.run(_Worker().run())


class _Worker:
    """One process with hands in every lane, and the clock that begins each period's work."""

    def __init__(self) -> None:
        self.told_to_stop = asyncio.Event()
        self.begun: dict[str, int] = {}

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(sum(lane.at_once for lane in lanes()) + 4, "job"))
        for stop in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(stop, self._stop)
        pause = 0.5
        while not self.told_to_stop.is_set():
            began = loop.time()
            try:
                await self._work()
            except (ConnectorException, psycopg.Error, OSError) as error:
                _log.warning("The database does not answer (%s); trying again.", error.__cause__ or error)
            pause = 0.5 if loop.time() - began > 60 else min(pause * 2, 10)
            await _wait_for(self.told_to_stop, pause)
        return 0

    def _stop(self) -> None:
        stop_soon()
        self.told_to_stop.set()

    async def _work(self) -> None:
        """Work until told to stop or until something breaks; then let running jobs finish."""
        # Opening the pool would wait half a minute for a database that is not there; this fails at once.
        await (await psycopg.AsyncConnection.connect(**connector_params())).close()
        app = new_app(new_connector())
        async with app.open_async():
            working = [_task(in_lane(app, lane, wait=True)) for lane in lanes()]
            working += [_task(self._keep_time(app)), _task(self.told_to_stop.wait())]
            try:
                await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await self._finish(working)
        for ended in working:
            if not ended.cancelled() and (error := ended.exception()) is not None:
                raise error

    async def _finish(self, working: list[asyncio.Task[Any]]) -> None:
        for one in working:
            one.cancel()
        _, unfinished = await asyncio.wait(working, timeout=GRACE_SECONDS + 2)
        if unfinished:
            _end_process(1, "Jobs did not finish in time; they will be tried again.")

    async def _keep_time(self, app: App) -> None:
        """Every second: begin the periods that have come, take up lost jobs, look for hanging ones."""
        while True:
            await begin_periods(app, self.begun)
            await app.connector.execute_query_async(RESUME_STALLED, stalled=STALLED_SECONDS)
            if hung := [job.id for job in overdue()]:
                await app.connector.execute_query_async(RESUME_HUNG, jobs=hung)
                _end_process(HUNG, f"Jobs {hung} ran past their time limit.")
            await asyncio.sleep(_TICK_SECONDS)


async def begin_periods(app: App, begun: dict[str, int]) -> None:
    """Queue the sweep of each happening whose period has come, once however many schedulers there are.

    The time is the database's, so that all agree on it. `begun` remembers what this process has seen to.
    """
    row = await app.connector.execute_query_one_async(
        "select extract(epoch from clock_timestamp())::bigint as seconds"
    )
    for happening, every in periods().items():
        period = row["seconds"] // every * every
        if begun.get(happening) == period:
            continue
        job = Job(
            queue=SCHEDULE.name,
            lock=None,
            queueing_lock=None,
            task_name=SWEEP,
            task_kwargs={"timestamp": period, "happening": happening},
        )
        await app.job_manager.defer_periodic_job(job=job, periodic_id=happening, defer_timestamp=period)
        begun[happening] = period


def new_connector() -> PsycopgConnector:
    """Connections of the worker's own, to the application's database as Django's settings name it."""
    return PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=len(lanes()) + 2, timeout=10)


def new_app(connector: BaseAsyncConnector) -> App:
    """What workers run. Declared tasks keep queueing through Django's connection, in its transaction."""
    app = DjangoApp(connector=connector)
    app.tasks.update(BLUEPRINT.tasks)
    return app


def in_lane(app: App, lane: Lane, *, wait: bool) -> Coroutine[Any, Any, None]:
    """Take jobs from one lane, until stopped or, not waiting, until it is empty."""
    return app.run_worker_async(
        name=lane.name,
        queues=[lane.name],
        concurrency=lane.at_once,
        wait=wait,
        listen_notify=wait,
        delete_jobs="successful",
        install_signal_handlers=False,
        shutdown_graceful_timeout=GRACE_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
    )


def work_off() -> None:
    """Do every job that is due now, in this process, and return: for tests and one-off commands."""

    async def empty_lanes() -> None:
        app = new_app(new_connector())
        async with app.open_async():
            while True:
                await asyncio.gather(*(in_lane(app, lane, wait=False) for lane in lanes()))
                row = await app.connector.execute_query_one_async(
                    "select exists (select 1 from procrastinate_jobs where status = 'todo'"
                    " and coalesce(scheduled_at, '-infinity') <= clock_timestamp()) as more"
                )
                if not row["more"]:
                    return

    asyncio.run(empty_lanes())


def _task(coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return asyncio.get_running_loop().create_task(coroutine)


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


def _end_process(code: int, why: str) -> None:
    """End without waiting for threads: one that hangs would keep the process for ever."""
    _log.critical(why)
    logging.shutdown()
    os._exit(code)
