#!/usr/bin/env bats
# Interrupted runs: nothing that was measured is lost, nothing is left running, and the end is the same.

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    # Told apart from what else runs here by their parameter.
    ms=$((3 + RANDOM % 3)).$((RANDOM % 1000))7
}

start() { # in the background, $driver is its id
    "$GILBENCH" run --workload sleep --param "ms=$ms" --model fork,uv --workers 1,4 --min-time 5ms \
        --fast --seed 7 -o out >said 2>&1 3>&- &
    driver=$!
}

lines_at_least() {
    [ -e out/samples.jsonl ] && [ "$(wc -l <out/samples.jsonl)" -ge "$1" ]
}

none_left() {
    ! pgrep -f "once --workload sleep --param ms=$ms" >/dev/null
}

manifest_says() {
    [ "$(python3 -c "import json; print(json.load(open('out/manifest.json'))['status'])")" = "$1" ]
}

# Every cell once per block, in one gapless order.
is_whole() {
    python3 - <<'PY'
import json
lines = [json.loads(line) for line in open("out/samples.jsonl")]
plan = json.load(open("out/manifest.json"))["plan"]
seen = {(json.dumps(s["cell"], sort_keys=True), s["block"]) for s in lines}
assert len(seen) == len(lines), "a cell twice in a block"
assert len(lines) == 6 * len(plan["cells"]), (len(lines), len(plan["cells"]))
assert [s["order"] for s in lines] == list(range(len(lines)))
assert all(s["status"] == "ok" for s in lines)
PY
}

interrupted_by() { # signal
    start
    wait_until 60 lines_at_least 9
    kill "-$1" "$driver"
    status=0
    wait "$driver" || status=$?
    status_is 130
    [ "$(tail -n 1 said)" = "gilbench run --resume out" ]
    manifest_says interrupted
    none_left
    run "$GILBENCH" run --resume out
    status_is 0
    manifest_says complete
    is_whole
}

@test "SIGINT keeps everything, and --resume ends like an uninterrupted run" {
    interrupted_by INT
}

@test "SIGTERM does the same" {
    interrupted_by TERM
}

@test "kill -9 of the driver leaves no process and loses at most the sample in flight" {
    start
    wait_until 60 lines_at_least 5
    kill -9 "$driver"
    wait "$driver" || true
    wait_until 10 none_left
    manifest_says running
    before=$(wc -l <out/samples.jsonl)
    printf '{"schema":"gilbench-sample-1","cell":{"exp' >>out/samples.jsonl
    run "$GILBENCH" run --resume out
    status_is 0
    output_has "torn"
    [ "$(wc -l <out/samples.jsonl)" -gt "$before" ]
    is_whole
}

@test "interrupted while calibrating: the resumed run is whole" {
    start
    wait_until 60 test -s out/manifest.json
    kill -INT "$driver"
    status=0
    wait "$driver" || status=$?
    status_is 130
    none_left
    run "$GILBENCH" run --resume out
    status_is 0
    is_whole
}

@test "a complete run is not resumed, and neither is what is no run" {
    "$GILBENCH" run --workload sleep --param ms=1 --model gil --workers 1 --min-time 2ms --fast -o out
    run "$GILBENCH" run --resume out
    status_is 2
    output_has "is complete"
    mkdir empty
    run "$GILBENCH" run --resume empty
    status_is 2
    output_has "not a run directory"
    run "$GILBENCH" run --resume nowhere
    status_is 2
}

@test "results/latest can be resumed and stays what it was" {
    cd "$BATS_TEST_TMPDIR" || return
    "$GILBENCH" run --workload sleep --param "ms=$ms" --model gil --workers 1,2 --min-time 5ms --fast >said 2>&1 3>&- &
    driver=$!
    wait_until 60 test -s results/latest/samples.jsonl
    kill -INT "$driver"
    wait "$driver" || true
    target=$(readlink results/latest)
    run "$GILBENCH" run --resume results/latest/
    status_is 0
    [ "$(readlink results/latest)" = "$target" ]
    [ -s results/latest/summary.csv ]
}

@test "two processes do not measure into one run" {
    start
    wait_until 60 lines_at_least 3
    run "$GILBENCH" run --resume out
    status_is 2
    output_has "another process is measuring into out"
    kill -INT "$driver"
    wait "$driver" || true
    run "$GILBENCH" run --resume out
    status_is 0
    is_whole
}
