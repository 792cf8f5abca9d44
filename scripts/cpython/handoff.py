"""handoff: tasks pass a token, as bench/handoff.c: say "i has come", wait for the token, wait for "i + 1 has come",
hand it on. A place has two plain locks, each locked until it is signalled: acquire waits, release signals.

Who passes the token finds as many passes as its operation's number, or the cell is wrong.
"""
import time
from functools import partial

import clock
import workloads

# Between two rounds of waking whoever still waits after the stop. The exact value does not matter.
WAKE_PAUSE_S = 0.001


class Place(object):
    def __init__(self, new_lock):
        self.come, self.token = new_lock(), new_lock()
        self.come.acquire()
        self.token.acquire()


class Handoff(workloads.Workload):
    is_numbered = True

    def setup(self):
        self._places = [Place(self.cell.new_lock) for _ in range(self.role.tasks + 1)]
        self._places[0].token.release()
        self._passes = self.cell.new_counts(1)  # guarded by the token alone

    def task(self, index):
        return partial(_pass_on, self._places, self._passes, self.role.tasks > 1, self.cell.ops)

    def finish(self, stop_ns, is_over):
        clock.sleep_until(stop_ns)
        while not is_over():
            for place in self._places:
                _signal(place.come)
                _signal(place.token)
            time.sleep(WAKE_PAUSE_S)


def _signal(lock):
    """Also of one that nobody holds. The errors differ: RuntimeError, thread.error of 2.7, multiprocessing's own."""
    try:
        lock.release()
    except Exception:
        pass


def _pass_on(places, passes, has_others, ops, run):
    """Returns when the last counted operation ended."""
    recorded = [run.clock()]
    try:
        _pass_on_until_stop(places, passes, has_others, ops, run, recorded)
    except ArithmeticError:
        raise
    except Exception:
        # After the stop, whoever wakes the sleepers takes the locks out of order.
        if run.clock() <= run.stop_ns:
            raise
    return recorded[0]


def _pass_on_until_stop(places, passes, has_others, ops, run, end):
    now_ns, stop_ns, count = run.clock, run.stop_ns, len(places)
    end_of_followed = clock.NEVER_NS if ops is None else ops - 1
    last = end[0]
    for claims, record in run.recorder.phases(run.claims):
        for op in claims:
            here, following = places[op % count], places[(op + 1) % count]
            if op > 0 and has_others:
                here.come.release()
            here.token.acquire()
            if has_others and op < end_of_followed:
                following.come.acquire()
            found = passes[0]
            passes[0] = found + 1
            following.token.release()
            now = now_ns()
            if now > stop_ns:
                return
            if found != op:
                raise ArithmeticError("operation %d found %d passes of the token" % (op, found))
            record(now - last)
            end[0] = last = now
