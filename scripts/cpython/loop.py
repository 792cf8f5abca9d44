"""loop: a cell's tasks as coroutines on one asyncio loop. Imported only where there is `async`.

A wait is `await asyncio.sleep`; work blocks the loop, as it does for everybody, and after it the next operation
starts on a later turn.
"""
import asyncio
import itertools
import os
import traceback

import clock
import histogram
import usage
import workloads


class Worker(object):
    def __init__(self, work):
        self.work = work
        self.ops = 0
        self.end_ns = 0
        self.latency = None
        self.error = None
        self.recorder = histogram.Recorder()


async def _perform(work, wait_s, run):
    clock_, stop_ns, sleep = run.clock, run.stop_ns, asyncio.sleep
    last = clock_()
    for claims, record in run.recorder.phases(run.claims):
        for _ in claims:
            if work is not None:
                work()
            await sleep(wait_s)
            now = clock_()
            if now > stop_ns:
                return last
            record(now - last)
            last = now
    return last


class Crew(object):
    has_processes = False
    new_lock = None
    new_counts = None

    def __init__(self):
        self.workers = []
        self._loop = asyncio.new_event_loop()
        self._gate = self._loop.create_future()
        self._tasks = []
        self._before = None

    async def _life(self, worker, work, claims):
        try:
            stop_ns = await self._gate
            run = workloads.Run(claims, clock.reader(), stop_ns, worker.recorder)
            worker.end_ns = await _perform(work, worker.work.wait_s or 0, run)
        except Exception:
            worker.error = traceback.format_exc().strip().splitlines()[-1]

    def start(self, works, ops):
        for work in works:
            claims = itertools.repeat(None) if ops is None else iter(range(ops))
            for _ in range(work.role.tasks):
                worker = Worker(work)
                self.workers.append(worker)
                self._tasks.append(self._loop.create_task(self._life(worker, work.work(), claims)))
        # One turn of the loop brings all to the gate.
        self._loop.run_until_complete(asyncio.sleep(0))

    def fire(self, stop_ns):
        self._before = usage.now()
        self._gate.set_result(stop_ns)

    def is_over(self):
        return all(task.done() for task in self._tasks)

    def join(self):
        self._loop.run_until_complete(asyncio.wait(self._tasks))
        used = usage.now() - self._before
        for worker in self.workers:
            worker.latency = worker.recorder.histogram()
            worker.ops = worker.latency.count
        return used

    def rss_bytes(self):
        return usage.pss_bytes(os.getpid())

    def end(self):
        self._loop.close()
