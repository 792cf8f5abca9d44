"""workloads: what one operation does, under the same names and parameters as bench/*.c.

A workload is a class. `params` are its parameters with their standard values (a word's standard is the first of the
list "const|exp"). In this order:

    setup()              once, in the cell's own process, before any worker
    task(index)          in the worker, before the start: returns perform(run), which does operations until none is
                         left or the stop has come, and returns when the last counted one ended
    start(window_s)      in the cell's own process, at the start
    finish(stop_ns, is_over)   there too, in a window: waits for the stop and ends what would wait for ever
    answer()             after all: None, or what outsiders measured (see echo.py)

Most have two parts, work and wait, which threads, processes and coroutines alike can do: `work()` returns a function
without arguments or None, `wait_s` is the length of the wait or None.
"""
import hashlib
import itertools
import os
import random
import sys
import time
from functools import partial

try:
    range_ = xrange
except NameError:
    range_ = range

# A modulus of 16 bits keeps every product within one digit of a Python integer.
FACTOR = 1103
INCREMENT = 12345


def interpret(turns):
    """Interpreted work: about ten opcodes a turn, as INTERPRETED_TICKS of the compiled stand-in says."""
    x = 1
    for _ in range_(turns):
        x = (x * 1103 + 12345) & 65535
    return x


def interpreted(turns):
    """What interpret(turns) returns, found by repeated squaring of its affine map."""
    x, factor, increment = 1, FACTOR, INCREMENT
    while turns > 0:
        if turns % 2 == 1:
            x = x * factor + increment & 65535
        increment = increment * (factor + 1) & 65535
        factor = factor * factor & 65535
        turns //= 2
    return x


class Run(object):
    """What a worker needs to perform: claims (an iterator: one item, one operation), the clock, the stop."""

    def __init__(self, claims, clock, stop_ns, recorder):
        self.claims = claims
        self.clock = clock
        self.stop_ns = stop_ns
        self.recorder = recorder


def perform(operation, run):
    """Operations one after the other: the end of one is the start of the next, as in gilbench's worker.c."""
    clock, stop_ns = run.clock, run.stop_ns
    last = clock()
    for claims, record in run.recorder.phases(run.claims):
        for _ in claims:
            operation()
            now = clock()
            if now > stop_ns:
                return last
            record(now - last)
            last = now
    return last


class Workload(object):
    params = {}
    needs_window = False  # it has no end of its own
    is_numbered = False  # claims must be the numbers of the operations, in order, shared by all its tasks
    wait_s = None

    def __init__(self, role, cell):
        self.role = role
        self.params = role.params
        self.cell = cell  # its ops (None: a window), seed, client_command; new_lock and new_counts of its workers' kind

    def work(self):
        return None

    def unsupported(self):
        """Why this cannot be done, or None."""
        return None

    def setup(self):
        pass

    def _operation(self):
        work, wait_s, sleep = self.work(), self.wait_s, time.sleep
        if wait_s is None:
            return work
        if work is None:
            return partial(sleep, wait_s)

        def operation():
            work()
            sleep(wait_s)

        return operation

    def task(self, index):
        return partial(perform, self._operation())

    def start(self, window_s):
        pass

    def finish(self, stop_ns, is_over):
        pass

    def answer(self):
        return None


class Null(Workload):
    def work(self):
        def nothing():
            pass

        return nothing


class Spin(Workload):
    params = {"iterations": 20000}

    def work(self):
        turns = int(self.params["iterations"])
        expected = interpreted(turns)

        def work():
            if interpret(turns) != expected:
                raise ArithmeticError("the loop's result is wrong")

        return work


class Counter(Workload):
    """`count += 1` by all tasks, on one object."""

    params = {"guard": "lock|none", "updates": 1000}

    def unsupported(self):
        return "processes do not share an object" if self.cell.model == "fork" else None

    def setup(self):
        self._lock = self.cell.new_lock()
        self._count = 0

    def _update(self, updates):
        for _ in range_(updates):
            self._count += 1

    def _update_guarded(self, updates):
        lock = self._lock
        for _ in range_(updates):
            with lock:
                self._count += 1

    def work(self):
        update = self._update_guarded if self.params["guard"] == "lock" else self._update
        return partial(update, int(self.params["updates"]))


class Sleep(Workload):
    params = {"ms": 5}

    @property
    def wait_s(self):
        return self.params["ms"] / 1000.0


class Mixed(Workload):
    params = {"work_ms": 1, "wait_ms": 4, "spread": "const", "iterations_per_ms": 20000, "iterations": -1}

    def work(self):
        given = self.params["iterations"]
        turns = given if given >= 0 else self.params["work_ms"] * self.params["iterations_per_ms"]
        return partial(interpret, int(turns))

    @property
    def wait_s(self):
        return self.params["wait_ms"] / 1000.0


# HASHLIB_GIL_MINSIZE: from here on the lock is released.
RELEASE_BYTES = 2048

# Blocks of bench/hash.c start a cache line apart in one buffer.
BLOCKS = 16
LINE_BYTES = 64


def _blocks(bytes_, seed):
    """The blocks that operations cycle through, as views of one buffer."""
    draw = random.Random(seed)
    buffer_ = bytearray(draw.getrandbits(8) for _ in range(4096)) * (bytes_ // 4096 + 1)
    buffer_ = bytes(buffer_ + buffer_[: BLOCKS * LINE_BYTES])
    if str is bytes:
        return [buffer(buffer_, i * LINE_BYTES, bytes_) for i in range(BLOCKS)]  # noqa: F821, Python 2 has it
    return [memoryview(buffer_)[i * LINE_BYTES : i * LINE_BYTES + bytes_] for i in range(BLOCKS)]


def _kept_by_hash(bytes_):
    """hashlib lets go of the lock where OpenSSL computes; its own code does so since 3.12 only."""
    if bytes_ < RELEASE_BYTES or hashlib.sha256.__name__.startswith("openssl") or sys.version_info >= (3, 12):
        return None
    return "this Python was built without OpenSSL, and its own SHA-256 keeps the lock"


class Hash(Workload):
    params = {"bytes": 1 << 20}

    def unsupported(self):
        return _kept_by_hash(self.params["bytes"])

    def setup(self):
        self._blocks = _blocks(int(self.params["bytes"]), self.cell.seed)

    def work(self):
        blocks, sha256 = itertools.cycle(self._blocks), hashlib.sha256

        def work():
            return sha256(next(blocks)).digest()

        return work


# As in bench/sort.c: keys of 16 bits, list i starts at item i % 16 of one shared list.
KEY_COUNT = 65536
LISTS = 16


class Sort(Workload):
    params = {"items": 20000}

    def setup(self):
        draw = random.Random(self.cell.seed)
        self._items = [draw.randrange(KEY_COUNT) for _ in range(int(self.params["items"]) + LISTS)]

    def work(self):
        items, count, starts = self._items, int(self.params["items"]), itertools.cycle(range_(LISTS))

        def work():
            first = next(starts)
            copy = items[first : first + count]
            copy.sort()

        return work


class Release(Workload):
    """One native call that lets go of the lock for a short time, back to back."""

    params = {"what": "write|hash", "bytes": 4096}

    def unsupported(self):
        return _kept_by_hash(self.params["bytes"]) if self.params["what"] == "hash" else None

    def setup(self):
        if self.params["what"] == "write":
            self._call = partial(os.write, os.open("/dev/null", os.O_WRONLY), b"x")
        else:
            self._call = partial(hashlib.sha256, _blocks(int(self.params["bytes"]), self.cell.seed)[0])

    def work(self):
        return self._call


# A thread that finds the clock this much further was not running.
JUMP_NS = 1000000


class Turns(Workload):
    """A loop that reads the clock: one operation is one turn, from a jump to the next; its latency is the turn's
    length, or the length of the jump after it (what=gap)."""

    params = {"what": "turn|gap"}
    needs_window = True

    def task(self, index):
        return _turns if self.params["what"] == "turn" else _gaps


def _turns(run):
    clock, stop_ns = run.clock, run.stop_ns
    now = end = clock()
    for turns, record in run.recorder.phases(run.claims):
        for _ in turns:
            began = last = now
            while now - last < JUMP_NS:
                if now > stop_ns:
                    return end
                last = now
                now = clock()
            record(last - began)
            end = last
    return end


def _gaps(run):
    clock, stop_ns = run.clock, run.stop_ns
    now = end = clock()
    for turns, record in run.recorder.phases(run.claims):
        for _ in turns:
            last = now
            while now - last < JUMP_NS:
                if now > stop_ns:
                    return end
                last = now
                now = clock()
            if now > stop_ns:
                return end
            record(now - last)
            end = now
    return end
