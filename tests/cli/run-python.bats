#!/usr/bin/env bats
# run --python: an interpreter beside the live cells. It is a shell script that answers what it is told; what it
# measures is not looked at.

load common

FAKE=$ROOT/tests/data/fake-python

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

@test "an interpreter stands beside the live cells that it can do, also in a run that is gone on with" {
    run timeout 60 "$GILBENCH" run --workload spin --model gil,threads --workers 2 --min-time 2ms --fast --budget 30s \
        --seed 7 --python "$FAKE" -o out
    status_is 0
    output_has "CPython 3.99.0 is not asked for threads: it runs with its lock" "gil (cpython)" "seq (cpython)" \
        "CPython 3.99.0 beside real cores: of "
    grep -q '"policy":"cpython-3.99.0".*"source":"cpython"' out/samples.jsonl
    grep -q ',gil,cpython-3.99.0,[0-9]*,cpython,' out/summary.csv
    jq -e '.python.version == "3.99.0" and (.python.path | endswith("fake-python")) and .python.fit.spin_iterations >= 1' \
        out/manifest.json >/dev/null
    # As if it had been interrupted before its last sample; the fit is not measured again.
    sed -i '$d' out/samples.jsonl
    sed -i 's/"status": "complete"/"status": "interrupted"/' out/manifest.json
    jq .python.fit out/manifest.json >before
    run "$GILBENCH" run --resume out
    status_is 0
    jq .python.fit out/manifest.json | cmp - before
    "$GILBENCH" report out >said
    grep -q "CPython 3.99.0 beside real cores" out/report.md
    grep -q "the interpreter's loop makes" out/report.md
}

@test "an interpreter where there is nothing for it is one sentence and status 2" {
    run "$GILBENCH" run --workload spin --virtual --python "$FAKE"
    status_is 2
    output_has "--python puts an interpreter beside cells that run live"
    run "$GILBENCH" run --workload spin --python /nowhere/python
    status_is 2
    output_has "there is no program '/nowhere/python'"
    run "$GILBENCH" run --workload registers --model fork --python "$FAKE"
    status_is 2
    output_has "can do none of these cells" "no such workload"
    run "$GILBENCH" run --resume out --python "$FAKE"
    status_is 2
    output_has "leave out --python"
}
