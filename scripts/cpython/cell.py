"""cell: runs one cell once in this interpreter and prints its sample, one line of JSON as in samples.jsonl.

    python -E -s cell.py --workload echo:1,spin:2 --model gil --window 3 --switch-interval 0.005
    python -E -s cell.py --workload spin --param iterations=10000 --model fork --workers 2 --ops 100
    python -E -s cell.py --probe

Standard library only; Python 2.7 and 3.6 or later, unchanged. Exit status 0 whatever the sample's status is, 2 for a
wrong command line; what goes wrong besides is a traceback and status 1.
"""
import argparse
import json
import os
import sys

import answer
import cast
import clock
import echo
import handoff
import probe
import threads
import usage
import workloads

WORKLOADS = {
    "counter": workloads.Counter,
    "echo": echo.Echo,
    "handoff": handoff.Handoff,
    "hash": workloads.Hash,
    "mixed": workloads.Mixed,
    "null": workloads.Null,
    "release": workloads.Release,
    "sleep": workloads.Sleep,
    "sort": workloads.Sort,
    "spin": workloads.Spin,
    "turns": workloads.Turns,
}

# seq: the baseline, one thread whatever --workers says.
MODELS = ("seq", "gil", "threads", "fork", "uv")

# What a coroutine can do: waits that are awaited, and work that blocks the loop. The others wait in system calls.
ON_LOOP = ("hash", "mixed", "null", "sleep", "sort", "spin")


def _offer():
    """The workloads with their parameters, each with its standard value or its words, and what a coroutine can do."""
    return dict((name, {"params": kind.params, "on_loop": name in ON_LOOP}) for name, kind in WORKLOADS.items())


class Cell(object):
    """What was asked for, and what its workloads may use."""

    def __init__(self, options):
        self.cast = options.workload
        self.params_text = " ".join(options.param)
        self.model = options.model
        self.window_s = options.window
        self.ops = options.ops if options.window is None else None
        self.seed = options.seed
        self.client_command = options.client_command
        self.switch_interval_s = options.switch_interval
        self.check_interval = options.check_interval
        self.policy = "cpython-" + probe.version()
        self.roles = cast.parse(self.cast, options.param, 1 if self.model == "seq" else options.workers, WORKLOADS)
        self.new_lock = self.new_counts = None


class Race(object):
    """The times and amounts of one run."""

    start_ns = 0
    setup_s = 0.0
    used = None
    rss_bytes = None


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        """One sentence, not the usage and then one."""
        raise cast.Mistake(message)


def _parser():
    parser = _Parser(prog="cell.py", description="One cell, once, in this interpreter.")
    parser.add_argument("--probe", action="store_true", help="say which interpreter this is, and nothing else")
    parser.add_argument("--workload", metavar="CAST", help="spin, or several roles: echo:1,spin:2")
    parser.add_argument("--param", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("--model", choices=MODELS, default="gil")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--ops", type=int, help="operations in all (default 100)")
    parser.add_argument("--window", type=float, metavar="SECONDS", help="run for so long instead, and count")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--affinity", metavar="LIST", help="keep to these CPUs: 0,2-3")
    parser.add_argument("--switch-interval", type=float, metavar="SECONDS", help="of the lock since Python 3.2")
    parser.add_argument("--check-interval", type=int, metavar="TICKS", help="of the lock before that")
    parser.add_argument("--client-command", metavar="COMMAND", help="echo's client instead of client.py")
    parser.add_argument("--sample-fd", type=int, metavar="FD", default=1, help="write to FD instead of stdout")
    return parser


def _complete(options):
    if not options.workload:
        raise cast.Mistake("--workload is missing")
    if options.ops is not None and options.window is not None:
        raise cast.Mistake("--ops and --window are two ways to end a cell: give one of them")
    if options.ops is None:
        options.ops = 100
    if options.ops < 1 or not 1 <= options.workers <= cast.TASKS_MAX:
        raise cast.Mistake("--ops must be at least 1, --workers from 1 to %d" % cast.TASKS_MAX)
    if options.window is not None and not 0.001 <= options.window <= 86400:
        raise cast.Mistake("--window must be from 0.001 to 86400 seconds")
    if options.switch_interval is not None and not 0 < options.switch_interval <= 100:
        raise cast.Mistake("--switch-interval must be above 0 and at most 100 seconds")
    if options.check_interval is not None and not 0 <= options.check_interval < 2**31:
        raise cast.Mistake("--check-interval must be from 0 to 2147483647 ticks")


def _lacks_interval(cell):
    if cell.switch_interval_s is not None and not probe.has_switch_interval():
        return "Python %s has a check interval and no switch interval" % probe.version()
    if cell.check_interval is not None and probe.has_switch_interval():
        return "Python %s has a switch interval and no check interval" % probe.version()
    return None


def _lacks_model(cell):
    if cell.model == "uv" and not probe.has_asyncio():
        return "Python %s has no asyncio with coroutines" % probe.version()
    if cell.model == "threads" and threads.has_lock():
        return "this Python %s runs with its lock: threads without one need a free-threaded build" % probe.version()
    if cell.model == "gil" and not threads.has_lock():
        return "the lock of this Python %s is off: compare it with threads" % probe.version()
    return None


def _lacks_work(cell, works):
    for work in works:
        if cell.model == "uv" and work.role.workload not in ON_LOOP:
            return "%s waits in system calls: it is not offered as a coroutine" % work.role.name
        if cell.window_s is None and work.needs_window:
            return "%s has no end of its own: it needs --window" % work.role.name
        if work.unsupported():
            return "%s: %s" % (work.role.name, work.unsupported())
    if cell.window_s is None and len(works) > 1:
        return "a cast of several roles needs --window: its roles have no common number of operations"
    return None


def _new_crew(model):
    if model == "uv":
        import loop

        return loop.Crew()
    if model == "fork":
        import processes

        return processes.Crew()
    return threads.Crew()


def _set_intervals(cell):
    if cell.switch_interval_s is not None:
        sys.setswitchinterval(cell.switch_interval_s)
        cell.policy += ",interval=%.9gms" % (cell.switch_interval_s * 1e3)
    if cell.check_interval is not None:
        sys.setcheckinterval(cell.check_interval)
        cell.policy += ",check=%d" % cell.check_interval


def _run(cell, crew, works):
    """From the line to the end. The clock is read before anybody can run."""
    now_ns, race = clock.reader(), Race()
    before_ns = now_ns()
    for work in works:
        work.setup()
    crew.start(works, cell.ops)
    race.setup_s = (now_ns() - before_ns) / float(clock.NS_PER_S)
    race.start_ns = now_ns()
    stop_ns = clock.NEVER_NS
    if cell.window_s is not None:
        stop_ns = race.start_ns + int(cell.window_s * clock.NS_PER_S)
    for work in works:
        work.start(cell.window_s)
    crew.fire(stop_ns)
    if cell.window_s is not None:
        for work in works:
            work.finish(stop_ns, crew.is_over)
    race.used = crew.join()
    race.rss_bytes = crew.rss_bytes()
    crew.end()
    for worker in crew.workers:
        if worker.error:
            return answer.failure(cell, "%s: %s" % (worker.work.role.name, worker.error))
    return answer.sample(cell, works, crew.workers, race)


def _sample(cell):
    reason = _lacks_interval(cell) or _lacks_model(cell)
    works = [WORKLOADS[role.workload](role, cell) for role in cell.roles]
    reason = reason or _lacks_work(cell, works)
    if reason:
        return answer.refusal(cell, reason)
    _set_intervals(cell)
    crew = _new_crew(cell.model)
    cell.new_lock, cell.new_counts = crew.new_lock, crew.new_counts
    try:
        return _run(cell, crew, works)
    except (threads.SetupFailed, echo.ClientFailed) as fault:
        return answer.failure(cell, str(fault))


def _write(fd, fields):
    line = (json.dumps(fields) + "\n").encode("ascii")
    while line:
        line = line[os.write(fd, line) :]


def main():
    try:
        options = _parser().parse_args()
        if options.probe:
            _write(options.sample_fd, dict(probe.probe(), workloads=_offer()))
            return
        _complete(options)
        if options.affinity:
            usage.pin(options.affinity)
        cell = Cell(options)
    except (cast.Mistake, ValueError, OSError) as fault:
        sys.stderr.write("cell.py: %s\n" % fault)
        sys.exit(2)
    _write(options.sample_fd, _sample(cell))
    # Nothing that still waits, as after a failure, may keep the process.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
