"""histogram: the log-linear histogram of include/gilbench/hist.h, and a recorder that stays out of hot loops.

64 buckets per power of two from 1 ns to 2^42 ns. Finding a bucket in Python costs as much as a short operation, so a
recorder keeps plain durations, 8 bytes each, and sorts them into buckets after the clock has stopped. Beyond
KEPT_DURATIONS it counts at once: slower, and bounded.
"""
import itertools
from array import array

SUB_BITS = 6
MAX_BITS = 42
BUCKETS = (MAX_BITS - SUB_BITS + 1) << SUB_BITS

# 32 MiB per task: most cells never get there. The exact value does not matter.
KEPT_DURATIONS = 1 << 22


def index(value_ns):
    """hist_index of C."""
    if value_ns < 1 << SUB_BITS:
        return value_ns
    exponent = value_ns.bit_length() - 1
    if exponent >= MAX_BITS:
        return BUCKETS - 1
    shift = exponent - SUB_BITS
    return ((shift + 1) << SUB_BITS) + ((value_ns >> shift) & ((1 << SUB_BITS) - 1))


class Histogram(object):
    def __init__(self):
        self.count = 0
        self.sum_ns = 0
        self.min_ns = None
        self.max_ns = 0
        self.buckets = {}

    def record(self, value_ns):
        bucket = index(value_ns)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1
        self.count += 1
        self.sum_ns += value_ns
        self.max_ns = max(self.max_ns, value_ns)
        self.min_ns = value_ns if self.min_ns is None else min(self.min_ns, value_ns)

    def merge(self, other):
        if other.count == 0:
            return
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count
        self.min_ns = other.min_ns if self.min_ns is None else min(self.min_ns, other.min_ns)
        self.max_ns = max(self.max_ns, other.max_ns)
        self.count += other.count
        self.sum_ns += other.sum_ns

    def as_json(self):
        """As in samples.jsonl, where an empty one has no place: its minimum is no number."""
        return {
            "count": self.count,
            "sum_ns": self.sum_ns,
            "min_ns": self.min_ns,
            "max_ns": self.max_ns,
            "buckets": [[bucket, count] for bucket, count in sorted(self.buckets.items())],
        }


def from_json(fields):
    """What as_json gave, or another program in its place. The minimum of an empty one may be anything."""
    histogram = Histogram()
    histogram.count = int(fields["count"])
    if histogram.count == 0:
        return histogram
    histogram.sum_ns = int(fields["sum_ns"])
    histogram.min_ns = int(fields["min_ns"])
    histogram.max_ns = int(fields["max_ns"])
    histogram.buckets = dict((int(bucket), int(count)) for bucket, count in fields["buckets"])
    return histogram


class Recorder(object):
    """The durations of one task.

    for claims, record in recorder.phases(claims):
        for op in claims: ...; record(duration_ns)
    """

    def __init__(self):
        # Python 2 has no type code for 64 bits. A double is exact up to 104 days.
        self._durations = array("l" if array("l").itemsize == 8 else "d")
        self._histogram = Histogram()

    def phases(self, claims):
        yield itertools.islice(claims, KEPT_DURATIONS), self._durations.append
        yield claims, self._histogram.record

    def histogram(self):
        """Everything recorded. Once, after the clock has stopped."""
        for duration_ns in self._durations:
            self._histogram.record(int(duration_ns))
        del self._durations[:]
        return self._histogram
