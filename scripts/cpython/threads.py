"""threads: a cell's tasks as threads of this process, under whatever lock the interpreter has.

The start: every worker has done its task's set-up, says so, and waits for a lock of its own. The clock is read before
the first of them is released. All wait in the kernel, none looks at a clock.
"""
import itertools
import sys
import threading
import traceback

import clock
import histogram
import usage
import workloads


class SetupFailed(Exception):
    """A sentence: the cell could not be brought to the line."""


def has_lock():
    """Is the interpreter's lock on?"""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


class LockedClaims(object):
    """An iterator that threads may share without the interpreter's lock."""

    def __init__(self, claims):
        self._claims = claims
        self._lock = threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self._lock:
            return next(self._claims)

    next = __next__


def _claims(work, ops):
    """One item, one operation. Under the lock, iterators written in C give every item once."""
    if ops is None and not work.is_numbered:
        return itertools.repeat(None)
    numbers = itertools.count() if ops is None else iter(workloads.range_(ops))
    return numbers if has_lock() else LockedClaims(numbers)


class Worker(object):
    def __init__(self, crew, work, claims, index):
        self.work = work
        self.ops = 0
        self.end_ns = 0
        self.latency = None
        self.error = None
        self.ready, self.gate = threading.Lock(), threading.Lock()
        self.ready.acquire()
        self.gate.acquire()
        self.is_over = False
        self._crew = crew
        self._claims = claims
        self._index = index
        self._recorder = histogram.Recorder()
        self.thread = threading.Thread(target=self._life)
        self.thread.daemon = True

    def _life(self):
        try:
            perform = self.work.task(self._index)
            self.ready.release()
            self.gate.acquire()
            if self._crew.stop_ns is not None:
                run = workloads.Run(self._claims, clock.reader(), self._crew.stop_ns, self._recorder)
                self.end_ns = perform(run)
        except Exception:
            self.error = traceback.format_exc().strip().splitlines()[-1]
            if self._crew.stop_ns is None:
                self.ready.release()
        self.is_over = True

    def publish(self):
        """After the end: sorts what was recorded."""
        self.latency = self._recorder.histogram()
        self.ops = self.latency.count


class Crew(object):
    has_processes = False

    def __init__(self):
        self.workers = []
        self.stop_ns = None  # None: not started, or called off
        self._before = None

    new_lock = staticmethod(threading.Lock)

    @staticmethod
    def new_counts(count):
        return [0] * count

    def start(self, works, ops):
        for work in works:
            claims = _claims(work, ops)
            self.workers.extend(Worker(self, work, claims, index) for index in range(work.role.tasks))
        try:
            for worker in self.workers:
                worker.thread.start()
        except (RuntimeError, threading.ThreadError) as fault:
            raise SetupFailed("a thread could not be started: %s" % fault)
        for worker in self.workers:
            worker.ready.acquire()
        for worker in self.workers:
            if worker.error:
                raise SetupFailed(worker.error)

    def fire(self, stop_ns):
        self._before = usage.now()
        self.stop_ns = stop_ns
        for worker in self.workers:
            worker.gate.release()

    def is_over(self):
        return all(worker.is_over for worker in self.workers)

    def join(self):
        """Usage of all tasks since the start."""
        for worker in self.workers:
            worker.thread.join()
        used = usage.now() - self._before
        for worker in self.workers:
            worker.publish()
        return used

    def rss_bytes(self):
        import os

        return usage.pss_bytes(os.getpid())

    def end(self):
        pass
