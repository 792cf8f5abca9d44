#!/usr/bin/env bats
# run: measures, keeps a run directory, prints a table; and says what would be right when something else was typed.

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

# One run for the tests that only look at it; what it said is in `said`, how it ended in `ended`.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    local ended=0
    "$GILBENCH" run --workload sleep --param ms=1 --model gil --workers 1,2 --min-time 2ms --fast --seed 7 -o out \
        >said 2>&1 || ended=$?
    echo $ended >ended
}

# As if it had just been made here.
the_run() {
    cp -r "$BATS_FILE_TMPDIR/out" .
    output=$(<"$BATS_FILE_TMPDIR/said")
    status=$(<"$BATS_FILE_TMPDIR/ended")
    status_is 0
}

# The smallest measuring there is: short samples, few of them.
small() {
    run "$GILBENCH" run --workload sleep --param ms=1 --model gil --workers 1,2 --min-time 2ms --fast --seed 7 "$@"
}

json() { # file expression: what the Python expression says of the JSON object `m`
    python3 -c "import json, sys; m = json.load(open(sys.argv[1])); print($2)" "$1"
}

refuses() { # text... -- arguments...: exit status 2 and one sentence that contains the texts
    local texts=()
    while [ "$1" != "--" ]; do
        texts+=("$1")
        shift
    done
    shift
    run "$GILBENCH" run "$@"
    status_is 2
    output_has "${texts[@]}"
    [ ! -e results ]
}

@test "a run prints its table, its directory and the next command" {
    the_run
    output_has "adhoc: sleep" "median" "speed-up" "verdict" "noise floor" "baseline" "gilbench report out"
    output_has "threads under a GIL (as Python's threading)"
    for file in manifest.json samples.jsonl summary.csv; do [ -s "out/$file" ]; done
}

@test "the manifest holds what repeating needs" {
    the_run
    [ "$(json out/manifest.json 'm["status"], m["seed"], m["scaled"]')" = "complete 7 False" ]
    [ "$(json out/manifest.json 'sorted(m["sources"])[-1]')" = "sleep" ]
    [ "$(json out/manifest.json '"--seed 7" in m["command"]')" = True ]
    for key in host build versions models warnings plan options experiments groups ceiling wait_control duration_s \
        driver hyperfine started finished resume; do
        [ "$(json out/manifest.json "'$key' in m")" = True ] || { echo "no $key"; return 1; }
    done
}

@test "every cell has its samples, seq and an A/A twin among them, each line a JSON object" {
    the_run
    python3 - <<'PY'
import json, collections
lines = [json.loads(line) for line in open("out/samples.jsonl")]
cells = collections.Counter()
for s in lines:
    assert s["schema"] == "gilbench-sample-1" and s["schema_version"] == 1 and s["status"] == "ok", s
    c = s["cell"]
    cells[c["experiment"], c["cast"], c["model"], c["workers"], c.get("is_twin", False)] += 1
assert cells["adhoc", "sleep", "seq", 1, False] == 6, cells
assert cells["adhoc", "sleep", "seq", 1, True] == 6, cells
assert cells["adhoc", "sleep", "gil", 2, False] == 6, cells
assert set(cells.values()) == {6}, cells
assert [s["order"] for s in lines] == list(range(len(lines)))
PY
}

@test "without -o the run lies in results, and results/latest points to it" {
    small
    status_is 0
    [ "$(find results -mindepth 1 -maxdepth 1 -type d -name '*-7' | wc -l)" -eq 1 ]
    [ -s results/latest/manifest.json ]
}

@test "the same seed gives the same plan, and --plan measures nothing" {
    "$GILBENCH" run --workload spin --model gil,fork --workers 1-3 --seed 5 --plan >a
    "$GILBENCH" run --workload spin --model gil,fork --workers 1-3 --seed 5 --plan >b
    "$GILBENCH" run --workload spin --model gil,fork --workers 1-3 --seed 6 --plan >c
    cmp a b
    ! cmp -s a c
    [ ! -e results ]
}

@test "an experiment may be a file anywhere" {
    mkdir elsewhere
    printf '[experiment]\ntitle = T\nquestion = Q?\nclass = wait\n[cells nap]\ncast = sleep\nparams = ms=1\n' \
        >elsewhere/mine.ini
    run "$GILBENCH" run elsewhere/mine.ini --model gil --workers 1 --min-time 2ms --fast -o out
    status_is 0
    output_has "mine: sleep"
    [ "$(json out/manifest.json 'm["experiments"][0]["name"]')" = mine ]
}

@test "every shipped experiment can be planned" {
    for file in "$ROOT"/bench/experiments/*.ini; do
        name=$(basename "$file" .ini)
        run "$GILBENCH" run "$name" --plan
        status_is 0
        grep -q " $name: " <<<"$output"
    done
}

@test "a group is run by its name, and not with all" {
    run "$GILBENCH" run under-the-lock --plan
    status_is 0
    output_has "convoy: " "switch-interval: " "policies: " "old-and-new: " "fairness: " "short-release: "
    [[ $output != *"cpu-scaling: "* ]]
    run "$GILBENCH" run all --plan
    status_is 0
    output_has "cpu-scaling: "
    [[ $output != *"convoy: "* ]]
    refuses "did you mean 'under-the-lock'" -- under-the-loc
}

@test "a plan under several policies has each cell once, with the window of its section" {
    run "$GILBENCH" run switch-interval --plan --fast
    status_is 0
    for policy in py3 py3,interval=100us py3,interval=1ms py3,interval=20ms py3,interval=100ms; do
        [ "$(sed -n '/^block 2/q;p' <<<"$output" | grep -c "gil ($policy), 2 workers$")" -eq 1 ]
    done
}

@test "--ops does exactly so many, and says where that caps a speed-up" {
    small -o out --ops 5
    status_is 0
    output_has "5 operations shared by 2 workers cannot be more than 1.67 times as fast"
    python3 -c "
import json
for s in map(json.loads, open('out/samples.jsonl')):
    assert s['cell']['experiment'] == 'controls' or s['ops_asked'] == s['roles'][0]['ops'] == 5, s"
}

@test "roles run over a window" {
    run "$GILBENCH" run --workload sleep:2,null:1 --param sleep.ms=1 --model gil,uv --window 5ms --min-time 2ms --fast -o out
    status_is 0
    output_has "gil (py3), sleep" "uv, null" "per second"
}

@test "cells under a lock have a second block, others have none" {
    the_run
    # One row per cell under the lock: gil with 1 and 2 workers.
    [ "$(sed -n '/under the lock/,/^$/p' <<<"$output" | grep -c '^  gil (py3) ')" -eq 2 ]
    output_has "held" "waited" "switches/s" "forced/s" "longest wait" "fairness" "held: the share of the time"
    run "$GILBENCH" run --workload sleep --param ms=1 --model uv --workers 1 --min-time 2ms --fast -o free
    status_is 0
    [[ $output != *"under the lock"* && $output != *"held:"* ]]
}

@test "--quiet leaves the table" {
    "$GILBENCH" run --workload sleep --param ms=1 --model gil --workers 1 --min-time 2ms --fast -q -o out >table 2>said
    [ ! -s said ]
    grep -q verdict table
}

@test "a budget too short for one sample a cell names the least" {
    run "$GILBENCH" run --workload spin --budget 0.1s
    status_is 2
    output_has "--budget 0.1s does not hold" "the least is about"
    [ -z "$(ls -A results)" ]
}

@test "a short budget scales samples down and says so" {
    run "$GILBENCH" run --workload sleep --model gil --workers 1,2 --budget 3s --min-time 2s -o out
    status_is 0
    output_has "scaled down" "few"
    [ "$(json out/manifest.json 'm["scaled"]')" = True ]
}

@test "a directory that holds a run is not written into" {
    the_run
    small -o out
    status_is 2
    output_has "holds a run already"
}

@test "no words: one sentence that says how" {
    refuses "say what to measure" --
}

@test "a workload, a model, an address or a program where an experiment belongs" {
    refuses "gilbench run --workload spin" -- spin
    refuses "gilbench run --workload spin --model gil" -- gil
    refuses "--workload mixed --param work_ms=2" -- http://localhost:8000/
    refuses "--workload mixed --param work_ms=2" -- -- python app.py
}

@test "unknown names suggest the nearest" {
    refuses "did you mean 'spin'" -- --workload spni
    refuses "did you mean 'threads'" -- --workload spin --model thread
    refuses "did you mean 'cpu-scaling'" -- cpu-scalin
    refuses "did you mean the workload: gilbench run --workload spin" -- spni
    refuses "'gil'" "'threads'" -- --workload spin --model threading
    refuses "no file nope.ini" -- nope.ini
    refuses "py3" -- --workload spin --model gil --gil py4
}

@test "impossible numbers get a sentence" {
    refuses "--budget" -- --workload spin --budget soon
    refuses "--min-time" -- --workload spin --min-time 0
    refuses "--precision" -- --workload spin --precision 0
    refuses "--min-samples" -- --workload spin --min-samples 0
    refuses "--ops" -- --workload spin --ops 1.5
    refuses "--seed" -- --workload spin --seed -1
    refuses "list of whole numbers" -- --workload spin --workers two
    refuses "from 1 to 4096" -- --workload spin --workers 0
    refuses "--affinity" -- --workload spin --affinity 1000
    refuses "NAME=VALUE" -- --workload spin --param iterations
    refuses "--window" -- --workload spin --window 0
}

@test "options that exclude each other" {
    refuses "--ops and --window" -- --workload spin --ops 3 --window 1s
    refuses "not both" -- --workload spin cpu-scaling
    refuses "--window" -- --workload spin:1,sleep:1
    refuses "leave out --seed" -- --resume x --seed 3
    refuses "leave out 'cpu-scaling'" -- --resume x cpu-scaling
}

@test "an unknown option is a usage error" {
    run "$GILBENCH" run --frobnicate
    status_is 2
}
