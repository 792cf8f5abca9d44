"""clock: monotonic time in nanoseconds, on every Python.

now_ns = clock.reader() gives each task a reader of its own. CLOCK_MONOTONIC throughout, so that times of several
processes can be compared. Python 2.7 has no such clock: there it is read through ctypes, by PyDLL, which keeps the
lock (CDLL would release it at each reading, and a reading would be a place where threads change).
"""
import time

NS_PER_S = 10**9
# No clock gets there: the stop of a cell that ends by its operations.
NEVER_NS = 2**63 - 1


def _from_float():
    monotonic = time.monotonic
    return lambda: int(monotonic() * 1e9)


def _from_libc():
    import ctypes

    class Timespec(ctypes.Structure):
        _fields_ = [("s", ctypes.c_long), ("ns", ctypes.c_long)]

    clock_monotonic = 1
    clock_gettime = ctypes.PyDLL(None).clock_gettime
    # Not shared with other threads: one could come between the reading and the look at it.
    time_read = Timespec()
    where = ctypes.byref(time_read)

    def now_ns():
        clock_gettime(clock_monotonic, where)
        return time_read.s * NS_PER_S + time_read.ns

    return now_ns


def reader():
    """A function without arguments that reads the clock. One per thread."""
    if hasattr(time, "monotonic_ns"):
        return time.monotonic_ns
    return _from_float() if hasattr(time, "monotonic") else _from_libc()


def sleep_until(deadline_ns):
    """Sleeps; an early waking sleeps again."""
    now_ns = reader()
    while True:
        rest_ns = deadline_ns - now_ns()
        if rest_ns <= 0:
            return
        time.sleep(rest_ns / 1e9)
