#!/bin/sh
# Makes a small run directory with known samples: tests/data/make-run.sh DIR [SAMPLES] [STATUS]
# Medians are the true speed-ups of the table below; noise is 0.5 %, the same at every call. One cell (primes
# under fork at 4 workers) crashes once per block; the A/A twin of each baseline is the baseline with other
# noise. Believable, and made up: nothing here was measured.
set -eu
dir=$1
samples=${2:-6}
status=${3:-complete}
mkdir -p "$dir"

awk -v samples="$samples" '
function noise() { return exp(0.005 * (rand() + rand() + rand() + rand() - 2) * 1.7) }
function whole(x) { return sprintf("%.0f", x) }
# The bucket of hist.h: 64 per power of two.
function bucket(ns,   e, p) {
    if (ns < 64) return int(ns)
    e = 0; p = ns
    while (p >= 2) { p /= 2; e++ }
    return (e - 5) * 64 + int(ns / 2 ^ (e - 6)) % 64
}
function histogram(median_ns, tail_ns, count,   a, b, c) {
    # 90 % at the median, 8 % between, 2 % at the tail.
    a = int(count * 0.9); b = int(count * 0.08); c = count - a - b
    return sprintf("{\"count\":%d,\"sum_ns\":%s,\"min_ns\":%s,\"max_ns\":%s,\"buckets\":[[%d,%d],[%d,%d],[%d,%d]]}",
        count, whole(median_ns * count), whole(median_ns), whole(tail_ns * 1.01),
        bucket(median_ns), a, bucket(median_ns * 1.5), b, bucket(tail_ns), c)
}
# Each did 120 operations; under the lock each held it for its share and waited for the rest.
function tasks(workers, has_lock, wall,   i, text) {
    for (i = 0; i < workers; i++)
        text = text (i ? "," : "") (has_lock \
            ? sprintf("{\"ops\":120,\"held_s\":%.9g,\"wait_s\":%.9g,\"longest_wait_s\":0.005,\"acquisitions\":%d,\"switches\":%d,\"forced\":%d}", 0.99 * wall / workers, 0.98 * wall * (1 - 1 / workers), 42 / workers, 40 / workers, 38 / workers) \
            : "{\"ops\":120,\"acquisitions\":0,\"switches\":0,\"forced\":0}")
    return "[" text "]"
}
function sample(exp_, cast, params, model, workers, speed, op_s, p50, p99, twin, status,   policy, wall, ops, lock) {
    policy = model == "gil" ? "py3" : ""
    ops = 120 * workers
    wall = ops * op_s / speed * noise()
    lock = model == "gil" ? sprintf("\"gil_held_fraction\":0.99,\"gil_waited_fraction\":%.3f,\"gil_wait_s\":0.4,\"gil_acquisitions\":42,\"gil_switches\":40,\"gil_forced\":38,\"gil_longest_wait_s\":%.9g,\"wait\":%s,", 0.98 * (1 - 1 / workers), op_s * 5.05, histogram(op_s * 5e9, op_s * 5e9, 42)) : ""
    printf "{\"schema\":\"gilbench-sample-1\",\"schema_version\":1,\"cell\":{\"experiment\":\"%s\",\"cast\":\"%s\",\"params\":\"%s\",\"model\":\"%s\",\"policy\":\"%s\",\"workers\":%d,\"window_s\":0,\"is_twin\":%s,\"kind\":\"batch\",\"source\":\"live\"},", exp_, cast, params, model, policy, workers, twin ? "true" : "false"
    printf "\"status\":\"%s\",\"block\":%d,\"order\":%d,\"seed\":%d,\"ops_asked\":%d,\"error\":\"%s\",\"is_throttled\":0,", status, block, order++, 1000 + block, ops, status == "ok" ? "" : "the child was ended by signal 11 (Segmentation fault)"
    printf "\"wall_s\":%.9g,\"cpu_s\":%.9g,\"ctx_voluntary\":%d,\"ctx_involuntary\":3,\"rss_bytes\":%d,\"setup_s\":%.9g%s,\"roles\":[", wall, (cast == "sleep" ? 0.02 : 0.99) * ops * op_s, 10 * workers, 2200000 + (model == "fork" ? 400000 : 40000) * workers, (model == "fork" ? 4e-4 : 5e-5) * workers, model == "gil" ? sprintf(",\"gil_span_s\":%.9g", wall) : ""
    if (status == "ok")
        printf "{\"role\":\"%s\",\"workload\":\"%s\",\"tasks\":%d,\"ops\":%d,\"checksum\":\"0x00000000deadbeef\",\"lost_ops\":0,\"throughput_per_s\":%.9g,%s\"fairness\":0.98,\"latency\":%s,\"worker\":%s}", cast, cast, workers, ops, ops / wall, lock, histogram(p50 * 1e9, p99 * 1e9, ops), tasks(workers, model == "gil", wall)
    printf "]}\n"
}
function cells(exp_, cast, params, list, op_s,   n, w, i, k, models, nm, m, parts, speed, failing) {
    n = split(list, w, ",")
    nm = split("gil threads fork uv", models, " ")
    sample(exp_, cast, params, "seq", 1, 1, op_s, op_s, op_s * 1.1, 0, "ok")
    sample(exp_, cast, params, "seq", 1, 1, op_s, op_s, op_s * 1.1, 1, "ok")
    for (i = 1; i <= nm; i++) for (k = 1; k <= n; k++) {
        m = models[i]
        speed = cast == "sleep" ? w[k] * (1 - 0.002 * w[k]) * (m == "fork" ? 0.97 : 1) : \
            (m == "gil" ? 0.985 - 0.008 * w[k] : m == "uv" ? 0.992 : (w[k] < 2 ? w[k] : 2) * (m == "fork" ? 0.965 : 0.985))
        failing = cast == "primes" && m == "fork" && w[k] == 4
        sample(exp_, cast, params, m, w[k], speed, op_s, op_s * (cast == "sleep" ? 1.01 : w[k] / speed),
            op_s * (m == "gil" ? 12 : 1.6), 0, failing ? "crashed" : "ok")
    }
}
BEGIN {
    srand(7); order = 0
    for (block = 0; block < samples; block++) {
        cells("cpu-scaling", "spin", "iterations=20000", "1,2,3,4", 1e-3)
        cells("cpu-scaling", "primes", "limit=20000", "1,2,3,4", 1.2e-3)
        cells("io-scaling", "sleep", "ms=5", "1,2,4,8,16,32", 5e-3)
        sample("controls", "registers", "", "seq", 1, 1, 1e-3, 1e-3, 1e-3, 0, "ok")
        for (k = 1; k <= 4; k++) sample("controls", "registers", "", "fork", k, k < 2 ? k : 1.985, 1e-3, 1e-3, 1e-3, 0, "ok")
        sample("controls", "null", "", "threads", 2, 2, 4e-8, 4e-8, 9e-8, 0, "ok")
        sample("controls", "null", "", "gil", 1, 1, 9e-8, 9e-8, 2e-7, 0, "ok")
        sample("controls", "null", "", "uv", 1, 1, 3e-7, 3e-7, 6e-7, 0, "ok")
    }
}' >"$dir/samples.jsonl"

# The file's text as the inside of a JSON string.
json_text() { awk '{gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); printf "%s\\n", $0}'; }

cpu=$(json_text <<'INI'
[experiment]
title    = CPU-bound work
question = Does CPU-bound work get faster with more workers?
answer   = Two threads under a GIL: {gil speedup workload=spin workers=2}; without a lock {threads speedup workload=spin workers=2}, as processes {fork speedup workload=spin workers=2}.
class    = cpu
models   = gil,threads,fork,uv
chart    = speedup
expect   = gil speedup workload=spin workers=2 0.90..1.05 "one lock, one core of bytecode"
expect   = threads speedup workload=spin workers=2 0.93*ceiling..1.03*ceiling "no lock: the machine's ceiling"
expect   = uv speedup workload=primes workers=2 1.50.. "a loop uses two cores"
note     = Compiled loops with checkpoints stand for bytecode; <b>not</b> a Python program's speed.

[cells spin]
cast     = spin
params   = iterations=20000

[cells primes]
cast     = primes
INI
)
io=$(json_text <<'INI'
[experiment]
title    = I/O-bound work
question = Does waiting get faster with more workers?
answer   = 32 threads under a GIL wait {gil speedup workload=sleep workers=32} as fast as one; one loop {uv speedup workload=sleep workers=32}.
class    = wait
models   = gil,threads,fork,uv
chart    = speedup
chart    = latency
chart    = seconds
chart    = memory
chart    = setup
expect   = gil speedup workload=sleep workers=32 28.. "a wait releases the lock"

[cells sleep]
cast     = sleep
params   = ms=5
INI
)
cat >"$dir/manifest.json" <<JSON
{
 "schema": "gilbench-manifest-1",
 "run": "2026-01-02T03-04-05Z-42", "started": "2026-01-02T03:04:05Z", "finished": "2026-01-02T03:06:05Z",
 "status": "$status", "command": "gilbench run cpu-scaling io-scaling --seed 42",
 "resume": "gilbench run --resume results/2026-01-02T03-04-05Z-42", "seed": 42,
 "options": {"min_samples": $([ "$samples" -lt 6 ] && echo 6 || echo "$samples"), "max_samples": 12, "precision": 0.02, "min_time_s": 0.1, "budget_s": 0},
 "host": {"cpu_model": "Example CPU @ 2.50GHz", "usable_cpus": 2, "physical_cores": 2, "kernel": "Linux 6.1.0",
  "context": "Example CPU @ 2.50GHz, 2 usable CPUs (2 cores), KVM guest, Linux 6.1.0"},
 "build": {"version": "0.1", "compiler": "gcc 12.2.0", "cflags": "-O2 -g", "commit": "0123456789abcdef", "dirty": false},
 "versions": {"libuv": "1.44.2", "gnuplot": "5.4", "hyperfine": "1.15.0"},
 "experiments": [{"name": "cpu-scaling", "path": "bench/experiments/cpu-scaling.ini", "text": "$cpu"},
  {"name": "io-scaling", "path": "bench/experiments/io-scaling.ini", "text": "$io"}],
 "sources": {"spin": "/* spin */\nint main(void) { return 1 < 2 && 2 > 1; }\n", "sleep": "/* sleep */\n"},
 "models": [{"name": "seq", "label": "one after the other", "legend": "one after the other"},
  {"name": "gil", "label": "threads under a GIL (as Python's threading)", "legend": "threads + GIL"},
  {"name": "threads", "label": "threads without a lock (C; the ceiling for free-threaded Python, not Python's threading)", "legend": "threads, no lock"},
  {"name": "fork", "label": "processes", "legend": "processes"},
  {"name": "uv", "label": "event loop, one thread", "legend": "event loop"}],
 "warnings": [{"what": "the CPU governor is powersave", "cure": "cpupower frequency-set -g performance"},
  "the load average was 1.4 on 2 CPUs"],
 "noise_floor": 0.004,
 "ceiling": {"1": 1.0, "2": 1.985, "3": 1.985, "4": 1.985},
 "wait_control": {"1": 1.0, "32": 31.4},
 "duration_s": 120, "scaled": false, "hyperfine": "hyperfine.json"
}
JSON
cat >"$dir/hyperfine.json" <<'JSON'
{"results": [
 {"command": "gilbench once --workload spin --model threads --workers 2 --ops 240", "mean": 0.1271, "stddev": 0.001,
  "median": 0.1268, "user": 0.24, "system": 0.01, "min": 0.125, "max": 0.13, "times": [0.125, 0.1268, 0.13], "exit_codes": [0, 0, 0]}
]}
JSON
