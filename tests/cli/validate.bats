#!/usr/bin/env bats
# validate: the simulated lock beside interpreters. Most of them here are a shell script that answers what it is told,
# one test runs the real python3; what any of it measures is not looked at.

load common

FAKE=$ROOT/tests/data/fake-python

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

# The smallest validating there is.
tiny() { run timeout 120 "$GILBENCH" validate --fast --scale 0.02 --min-time 2ms --min-samples 1 --seed 7 "$@"; }

count() { # text file
    grep -c "$1" "$2"
}

@test "the plan has both sides of every case and nothing is measured for it" {
    run "$GILBENCH" validate --fast --plan --python "$FAKE"
    status_is 0
    output_has "cells in" "validate-cpu: spin" "gil (py3), 2 workers" "gil (cpython-3.99.0), 2 workers" "validate-convoy"
    [ ! -e results ]
}

@test "an interpreter that is not there is one sentence and status 2" {
    run "$GILBENCH" validate --python /nowhere/python
    status_is 2
    output_has "there is no program '/nowhere/python'"
    [ "${#lines[@]}" -eq 1 ]
    run "$GILBENCH" validate --python /bin/true
    status_is 2
    output_has "'/bin/true' does not answer as a Python does"
    [ ! -e results ]
}

@test "no Python at all is one sentence" {
    mkdir empty
    PATH=$PWD/empty run "$GILBENCH" validate --fast
    status_is 2
    output_has "there is no program 'python3'"
}

@test "what to measure is not for the user to say" {
    run "$GILBENCH" validate python3
    status_is 2
    output_has "validate takes options only, not 'python3'; an interpreter is named by --python python3"
    run "$GILBENCH" validate --workload spin
    status_is 2
    run "$GILBENCH" validate --help
    status_is 0
    output_has "--python=PATH" "--fast" "--resume=RUN" "--budget=TIME"
    [[ $output != *"--workload"* ]]
}

@test "the real python3: a table, samples of both sides, and a report that says the same" {
    tiny -o out
    [ "$status" -le 1 ] || status_is 0
    output_has "Does the simulated lock (py3) behave like" "simulated [95 %]" "2 computing threads: speed-up" \
        "echo beside 1 thread: p50" "samples in" "next: gilbench report out"
    grep -q '"source":"cpython"' out/samples.jsonl
    grep -q '"source":"live"' out/samples.jsonl
    ! grep -q '"status":"crashed"' out/samples.jsonl
    grep -q ',cpython,' out/summary.csv
    run "$GILBENCH" report out
    status_is 0
    grep -q "Does the simulated lock behave like" out/report.md
    grep -q "echo beside 1 thread: fast replies" out/report.md
    grep -q "Does the simulated lock behave like" out/report.html
    ! grep -q "A/A twin" out/report.md
    for chart in cpu-speedup waits-speedup native-speedup convoy-rate convoy-latency; do
        [ -s "out/plots/validate-$chart.gp" ] || { echo "no $chart"; return 1; }
        grep -q "dashtype 2\|validate-native" "out/plots/validate-$chart.gp"
    done
}

@test "a figure outside its tolerance is status 1, with a sentence and a count" {
    tiny --min-samples 6 --python "$FAKE" -o out
    status_is 1
    output_has "echo, baseline: p50" "FAIL" "cause not known" "outside the tolerance"
}

@test "an interpreter that crashes is a failed measurement that says how to see it again" {
    FAKE_MODE=crash tiny --python "$FAKE" -o out
    status_is 1
    output_has "could not be timed" "exit status 3"
}

@test "an interpreter that cannot do a cell fails nothing" {
    tiny --python "$FAKE" -o out
    cp -r out again
    # Between fit and cells it forgets: the plan is kept, the samples are asked anew.
    sed -i 's/"status": *"complete"/"status": "interrupted"/' again/manifest.json
    : >again/samples.jsonl
    FAKE_MODE=refuse run timeout 120 "$GILBENCH" validate --resume again
    status_is 0
    output_has "missing" "not measured"
}

@test "several interpreters have a table each, and what one is not asked is said" {
    printf '#!/bin/sh\nFAKE_VERSION=2.7.18 exec %s "$@"\n' "'$FAKE'" >python2
    sed 's/\$0/'"${BATS_TEST_TMPDIR//\//\\/}"'\/old/' "$FAKE" | sed 's/3\.99\.0/2.7.18/' >old
    chmod +x old
    tiny --min-samples 1 --python "$FAKE" --python ./old -o out
    [ "$status" -le 1 ] || status_is 0
    output_has "Does the simulated lock (py3) behave like CPython 3.99.0" \
        "Does the simulated lock (py2) behave like CPython 2.7.18"
    run "$GILBENCH" validate --python ./old --plan
    status_is 0
    output_has "gil (py2)" "gil (py2,check=10000)" "gil (cpython-2.7.18,check=10000)"
    [[ $output != *interval=* ]]
}

@test "an interrupted validation goes on where it stopped" {
    "$GILBENCH" validate --fast --scale 0.02 --min-time 2ms --min-samples 3 --seed 7 --python "$FAKE" -o out >first 2>&1 &
    local pid=$!
    wait_until 60 test -s out/samples.jsonl
    kill -INT $pid
    wait $pid || status=$?
    [ "$status" -eq 130 ]
    grep -q "gilbench validate --resume out" first
    local before
    before=$(wc -l <out/samples.jsonl)
    run "$GILBENCH" run --resume out
    status_is 2
    output_has "gilbench validate --resume out"
    run "$GILBENCH" validate --resume out --python "$FAKE"
    status_is 2
    output_has "leave out --python"
    run timeout 120 "$GILBENCH" validate --resume out
    [ "$status" -le 1 ] || status_is 0
    output_has "Does the simulated lock"
    [ "$(wc -l <out/samples.jsonl)" -gt "$before" ]
    run "$GILBENCH" validate --resume out
    status_is 2
    output_has "is complete"
}
