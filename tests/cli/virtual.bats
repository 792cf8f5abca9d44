#!/usr/bin/env bats
# Virtual time on the command line: runs, single cells, timelines, and what is said where it does not go.

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    # What this machine was found to cost must not decide a test.
    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
}

says() { # status sentence arguments...
    local status_wanted=$1 sentence=$2
    shift 2
    run "$GILBENCH" "$@"
    status_is "$status_wanted"
    output_has "$sentence"
}

small_run() { # directory more...
    local dir=$1
    shift
    "$GILBENCH" run --profile 'gil 1ms, wait exp(5ms)' --virtual --cores 1,4 --model 'gil,gil*cores,free' --workers 4,8 \
        --ops 400 --fast --seed 9 -o "$dir" "$@"
}

@test "a profile runs in virtual time, on as many machines as it is asked" {
    run small_run out
    status_is 0
    output_has "profile=gil:1ms+wait:exp(5ms) cores=4   (virtual time, 4 cores)" "gil*4 (py3) 4 x 2" \
        "threads of a free-threaded Python (PEP 703)"
    grep -q ',virtual,ok,6,' out/summary.csv
    [ "$(grep -c '"source":"live"' out/samples.jsonl)" -eq 0 ]
    python3 - <<'PY'
import json
m = json.load(open("out/manifest.json"))
assert m["virtual"]["costs"]["origin"]["free"] == "assumed", m["virtual"]
assert m["virtual"]["costs"]["switch_ns"] == 2000
assert all(g["twin"] == -1 for g in m["plan"]["groups"])
PY
}

@test "the same seed gives the same samples, also when a run is gone on with" {
    small_run a >said
    small_run b >said
    cmp a/samples.jsonl b/samples.jsonl
    # As if it had been interrupted after twenty samples.
    head -n 20 a/samples.jsonl >cut && mv cut b/samples.jsonl
    sed -i 's/"status": "complete"/"status": "interrupted"/' b/manifest.json
    run "$GILBENCH" run --resume b
    status_is 0
    cmp a/samples.jsonl b/samples.jsonl
}

@test "costs are kept with the run, and said on its pages" {
    small_run out --cost switch=3us --cost free=1.5 >said
    "$GILBENCH" report out >said
    grep -q "switch=3us" out/report.md
    grep -q "Under free, interpreted work takes 1.5 times as long\." out/report.md
    grep -q "all of it in virtual time" out/report.md
    grep -q "Virtual time: " out/plots/*.gp
}

@test "one cell, once: the command that a failed sample names" {
    run "$GILBENCH" once --virtual --profile 'io:2 = gil 1ms, wait 5ms' --profile 'cpu = gil 5ms' --cores 8 --window 1s \
        --model 'gil*2' --workers 3 --cost handoff=0
    status_is 0
    output_has "virtual time, 8 cores" "handoff=0" "io: " "cpu: "
    [[ $output != *"memory"* ]]
}

@test "open arrivals, regular and random" {
    local one=(once --virtual --profile 'gil 5ms' --model gil --workers 8 --cores 4 --window 20s --rate 100)
    run "$GILBENCH" "${one[@]}"
    status_is 0
    output_has "100 per second" "p99 5.0"
    run "$GILBENCH" "${one[@]}" --param arrivals=random
    status_is 0
    [[ $output != *"p99 5.0"* ]]
}

@test "a timeline in virtual time" {
    run "$GILBENCH" trace --virtual --profile 'gil 2ms, wait 10ms' --workers 4 --cores 4 -o out
    status_is 0
    output_has "virtual time: profile:4" "sleeping" "timeline-profile-4-py3.json"
    python3 -c "import json; assert len(json.load(open('out/timeline-profile-4-py3.json'))['traceEvents']) > 50"
}

@test "an experiment of virtual time needs no --virtual, and takes cores and costs" {
    cat >few.ini <<'INI'
[experiment]
title    = Few
question = What?
class    = mixed
source   = virtual
models   = gil,uv*cores
workers  = 4
chart    = throughput_per_s role=io x=cores
expect   = gil throughput_per_s params~cores=4 100.. "a claim"
[cells io]
profile  = io = gil 1ms, wait 5ms
window   = 100ms
INI
    run "$GILBENCH" run few.ini --cores 2,4 --cost wakeup=0 --fast --seed 1 -o out
    status_is 0
    output_has "cores=2" "cores=4" "uv*4 4 x 1, io"
    run "$GILBENCH" report out
    status_is 0
    output_has "confirmed" "1 of 1 drawn"
}

@test "a workload is recorded, and the recording is in the manifest" {
    run "$GILBENCH" run --workload sleep --param ms=1 --virtual --cores 64 --model threads --workers 1,64 --fast --seed 1 -o out
    status_is 0
    output_has "virtual time, 64 cores" "faster"
    python3 -c "
import json
r = json.load(open('out/manifest.json'))['virtual']['recordings'][0]
assert r['cast'] == 'sleep' and r['params'] == 'ms=1', r
assert 'wait' in [s['kind'] for s in r['roles'][0]['segments']], r"
}

@test "what virtual time does not understand is one sentence" {
    says 2 "--cores is for virtual time: add --virtual" run --workload spin --cores 4
    says 2 "--profile is for virtual time: add --virtual" run --profile 'gil 1ms'
    says 2 "the model gil*2 exists in virtual time only" run --workload spin --model 'gil*2'
    says 2 "the model interp exists in virtual time only" once --workload spin --model interp
    says 2 "--cost: there is no cost 'swich'; did you mean 'switch'?" run --profile 'gil 1ms' --virtual --cost swich=1us
    says 2 "--profile 'cpu 1ms': column 1: 'cpu' is no kind of segment" run --profile 'cpu 1ms' --virtual
    says 2 "--workload and --profile are two ways" run --profile 'gil 1ms' --workload spin --virtual
    says 2 "gil*8 has more processes than there are workers" run --profile 'gil 1ms' --virtual --model 'gil*8' --workers 4
    says 2 "measure an experiment (cpu-scaling) or a profile" run cpu-scaling --profile 'gil 1ms' --virtual
    says 2 "--cores: " run --profile 'gil 1ms' --virtual --cores 0
    says 2 "several roles" once --virtual --profile 'a = gil 1ms' --profile 'b = gil 1ms'
}
