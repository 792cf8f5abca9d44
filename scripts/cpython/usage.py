"""usage: processor time, context switches, memory and CPUs of this process and its children. Linux."""
import os
import resource
import signal

try:
    from math import nan
except ImportError:
    nan = float("nan")


class Usage(object):
    def __init__(self, cpu_s=0.0, ctx_voluntary=0.0, ctx_involuntary=0.0):
        self.cpu_s = cpu_s
        self.ctx_voluntary = ctx_voluntary
        self.ctx_involuntary = ctx_involuntary

    def __add__(self, other):
        return Usage(self.cpu_s + other.cpu_s, self.ctx_voluntary + other.ctx_voluntary,
                     self.ctx_involuntary + other.ctx_involuntary)

    def __sub__(self, other):
        return Usage(self.cpu_s - other.cpu_s, self.ctx_voluntary - other.ctx_voluntary,
                     self.ctx_involuntary - other.ctx_involuntary)


def now():
    """Of the whole process, all its threads."""
    r = resource.getrusage(resource.RUSAGE_SELF)
    return Usage(r.ru_utime + r.ru_stime, float(r.ru_nvcsw), float(r.ru_nivcsw))


def pss_bytes(pid):
    """Proportional set size, so that a sum over processes counts a shared page once. nan where it is not told."""
    try:
        with open("/proc/%d/smaps_rollup" % pid) as lines:
            for line in lines:
                if line.startswith("Pss:"):
                    return float(line.split()[1]) * 1024
    except (IOError, OSError):
        pass
    return nan


def process_cpu_s(pid):
    """Processor time of another process so far, also of one that has ended and was not waited for; 0 if not told."""
    try:
        with open("/proc/%d/schedstat" % pid) as text:
            return int(text.read().split()[0]) / 1e9
    except (IOError, OSError, ValueError, IndexError):
        return 0.0


def cpu_count():
    """CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.sysconf("SC_NPROCESSORS_ONLN")


def _cpu_list(text):
    cpus = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        cpus.extend(range(int(first), int(last or first) + 1))
    return cpus


def pin(text):
    """Keeps this process and its children to these CPUs: "0,2-3". ValueError or OSError if that cannot be."""
    cpus = _cpu_list(text)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cpus)
        return
    import ctypes

    bytes_ = 128  # of the kernel's mask: 1024 CPUs
    if min(cpus) < 0 or max(cpus) >= 8 * bytes_:
        raise ValueError("there is no such CPU")
    mask = (ctypes.c_ubyte * bytes_)()
    for cpu in cpus:
        mask[cpu // 8] |= 1 << cpu % 8
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.sched_setaffinity(0, bytes_, mask) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def die_with_parent(parent):
    """In a child: SIGKILL when the parent ends. Where that cannot be asked for, the end comes with the cell's."""
    try:
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, int(signal.SIGKILL))
    except (ImportError, AttributeError, OSError):
        pass
    if os.getppid() != parent:
        os._exit(1)
