"""processes: a cell's tasks as forked processes, each with an interpreter and a lock of its own.

A worker says on a pipe that it is ready, reads the stop's time from another (a start that all can wait for), and
writes what it has to say to a third as one object of JSON. It stays until its memory has been looked at.
"""
import ctypes
import itertools
import json
import os
import select
import sys
import traceback

import clock
import histogram
import threads
import usage
import workloads

# The stop's time on the pipe: a fixed length, so that each worker reads just one.
STOP_FORMAT = "%020d"
STOP_BYTES = 20


def _context():
    """multiprocessing as of old: its locks and values come through a fork."""
    import multiprocessing

    return multiprocessing.get_context("fork") if hasattr(multiprocessing, "get_context") else multiprocessing


def _numbers(counter, limit):
    """Numbers from a counter that processes share."""
    lock = counter.get_lock()
    while True:
        with lock:
            number = counter.value
            if number >= limit:
                return
            counter.value = number + 1
        yield number


def _read_all(fd):
    parts = []
    while True:
        part = os.read(fd, 65536)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _write_all(fd, data):
    while data:
        data = data[os.write(fd, data) :]


class Worker(object):
    """One task, seen from the cell's own process."""

    def __init__(self, work, index, pid, result_fd):
        self.work = work
        self.index = index
        self.pid = pid
        self.result_fd = result_fd
        self.ops = 0
        self.end_ns = 0
        self.latency = None
        self.error = None
        self.used = usage.Usage()

    def read(self):
        text = _read_all(self.result_fd)
        os.close(self.result_fd)
        if not text:
            self.error = "a worker process ended without its result"
            return
        fields = json.loads(text.decode("ascii"))
        self.error = fields["error"]
        if self.error is None:
            self.end_ns = fields["end_ns"]
            self.used = usage.Usage(*fields["usage"])
            self.latency = histogram.from_json(fields["latency"])
            self.ops = self.latency.count


class Crew(object):
    has_processes = True

    def __init__(self):
        self.workers = []
        self._ready, self._say_ready = os.pipe()
        self._hear_go, self._go = os.pipe()
        self._stay, self._release = os.pipe()

    @staticmethod
    def new_lock():
        return _context().Lock()

    @staticmethod
    def new_counts(count):
        return _context().RawArray(ctypes.c_longlong, count)

    @staticmethod
    def _claims(work, ops):
        if ops is None and not work.is_numbered:
            return itertools.repeat(None)
        return _numbers(_context().Value(ctypes.c_longlong, 0), clock.NEVER_NS if ops is None else ops)

    def start(self, works, ops):
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        for work in works:
            claims = self._claims(work, ops)
            for index in range(work.role.tasks):
                hear, say = os.pipe()
                try:
                    pid = os.fork()
                except OSError as fault:
                    raise threads.SetupFailed("a process could not be started: %s" % fault.strerror)
                if pid == 0:
                    os.close(hear)
                    self._live(parent, work, claims, index, say)
                os.close(say)
                self.workers.append(Worker(work, index, pid, hear))
        for _ in self.workers:
            if os.read(self._ready, 1) != b"+":
                raise threads.SetupFailed(self._first_error())

    def _first_error(self):
        """Of those that have said something; others wait for a start that will not come."""
        fds = [worker.result_fd for worker in self.workers]
        for worker in self.workers:
            if worker.result_fd in select.select(fds, [], [], 1)[0]:
                return json.loads(os.read(worker.result_fd, 65536).decode("ascii"))["error"]
        return "a worker could not be set up"

    def _live(self, parent, work, claims, index, say):
        """In the worker. Never returns."""
        os.close(self._ready)
        os.close(self._go)
        os.close(self._release)
        try:
            usage.die_with_parent(parent)
            fields = self._perform(work, claims, index)
        except BaseException:
            fields = {"error": traceback.format_exc().strip().splitlines()[-1]}
            os.write(self._say_ready, b"-")
        _write_all(say, json.dumps(fields).encode("ascii"))
        os.close(say)
        os.read(self._stay, 1)
        os._exit(0)

    def _perform(self, work, claims, index):
        perform, recorder = work.task(index), histogram.Recorder()
        os.write(self._say_ready, b"+")
        stop_ns = int(os.read(self._hear_go, STOP_BYTES) or b"0")
        before = usage.now()
        end_ns = perform(workloads.Run(claims, clock.reader(), stop_ns, recorder))
        used = usage.now() - before
        latency = recorder.histogram()
        return {
            "error": None,
            "end_ns": end_ns,
            "usage": [used.cpu_s, used.ctx_voluntary, used.ctx_involuntary],
            "latency": latency.as_json(),
        }

    def fire(self, stop_ns):
        os.write(self._go, (STOP_FORMAT % stop_ns).encode("ascii") * len(self.workers))

    def is_over(self):
        fds = [worker.result_fd for worker in self.workers]
        return len(select.select(fds, [], [], 0)[0]) == len(fds)

    def join(self):
        used = usage.Usage()
        for worker in self.workers:
            worker.read()
            used += worker.used
        return used

    def rss_bytes(self):
        return sum((usage.pss_bytes(worker.pid) for worker in self.workers), usage.pss_bytes(os.getpid()))

    def end(self):
        """They may leave now."""
        os.close(self._release)
        for worker in self.workers:
            os.waitpid(worker.pid, 0)
