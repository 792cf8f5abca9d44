"""answer: a sample in the form of samples.jsonl (src/store/sample_json.c), from what workers and companions left.

A number that does not apply is left out. Checksums are 0: the interpreter's arithmetic is not the compiled one's.
"""
import clock
import histogram

SCHEMA = "gilbench-sample-1"
NO_CHECKSUM = "0x%016x" % 0


def _cell(cell):
    return {
        "experiment": "once",
        "cast": cell.cast,
        "params": cell.params_text,
        "model": cell.model,
        "policy": cell.policy,
        "workers": sum(role.tasks for role in cell.roles),
        "kind": "batch" if cell.window_s is None else "window",
        "window_s": cell.window_s or 0.0,
        "source": "cpython",
    }


def _blank(cell):
    return {
        "schema": SCHEMA,
        "schema_version": 1,
        "cell": _cell(cell),
        "status": "ok",
        "block": 0,
        "order": 0,
        "seed": cell.seed,
        "ops_asked": cell.ops or 0,
        "is_throttled": 0,
        "roles": [],
    }


def refusal(cell, sentence):
    sample = _blank(cell)
    sample.update(status="unsupported", error=sentence[:255])
    return sample


def failure(cell, sentence):
    sample = _blank(cell)
    sample.update(status="crashed", error=sentence[:255])
    return sample


def _fairness(counts):
    """Jain's index. Nobody did anything: nobody was treated worse."""
    squares = sum(float(count) ** 2 for count in counts)
    return sum(counts) ** 2 / (len(counts) * squares) if squares else 1.0


def _role(work, workers, wall_s):
    """The role's row, and the processor time of its companions."""
    counts, latency, companion_cpu_s = [worker.ops for worker in workers], histogram.Histogram(), 0.0
    for worker in workers:
        latency.merge(worker.latency)
    outside = work.answer()
    if outside is not None:
        counts, latency, companion_cpu_s = outside
    fields = {
        "role": work.role.name,
        "workload": work.role.workload,
        "tasks": work.role.tasks,
        "ops": sum(counts),
        "checksum": NO_CHECKSUM,
        "lost_ops": 0,
        "throughput_per_s": sum(counts) / wall_s,
        "fairness": _fairness(counts),
    }
    if latency.count:
        fields["latency"] = latency.as_json()
    return fields, companion_cpu_s


def sample(cell, works, workers, race):
    """`race` has start_ns, setup_s, used and rss_bytes."""
    result = _blank(cell)
    end_ns = max([race.start_ns + 1] + [worker.end_ns for worker in workers])
    wall_s = cell.window_s or (end_ns - race.start_ns) / float(clock.NS_PER_S)
    companion_cpu_s = 0.0
    for work in works:
        fields, cpu_s = _role(work, [worker for worker in workers if worker.work is work], wall_s)
        result["roles"].append(fields)
        companion_cpu_s += cpu_s
    result.update(
        wall_s=wall_s,
        cpu_s=race.used.cpu_s,
        ctx_voluntary=race.used.ctx_voluntary,
        ctx_involuntary=race.used.ctx_involuntary,
        setup_s=race.setup_s,
        companion_cpu_s=companion_cpu_s,
    )
    if race.rss_bytes == race.rss_bytes:  # not nan
        result["rss_bytes"] = race.rss_bytes
    return result
