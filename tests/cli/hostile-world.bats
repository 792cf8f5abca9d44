#!/usr/bin/env bats
# What the world does to a run: full disks, killed and hung children, one processor, missing programs.

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    ms=$((300 + RANDOM % 100)).$((RANDOM % 1000))7
}

small() {
    "$GILBENCH" run --workload sleep --param ms=1 --model gil,fork --workers 1,2 --min-time 2ms --fast --seed 7 "$@"
}

manifest() { # expression on the manifest `m`
    python3 -c "import json; m = json.load(open('out/manifest.json')); print($1)"
}

@test "a full disk ends with one sentence and a valid run directory" {
    # 64 blocks of 1 KiB: the manifest fits, the samples do not.
    run bash -c "ulimit -f 64; '$GILBENCH' run --workload sleep --param ms=1 --model gil --workers 1-8 --min-time 20ms \
        --fast -o out"
    status_is 1
    output_has "cannot write to out"
    [ "$(manifest 'm["schema"]')" = gilbench-manifest-1 ]
    python3 -c "
import json
for line in open('out/samples.jsonl'): assert line.endswith('\n') and json.loads(line)"
    run "$GILBENCH" run --resume out
    status_is 0
    [ "$(manifest 'm["status"]')" = complete ]
}

@test "a directory that cannot be made is named" {
    touch file
    run "$GILBENCH" run --workload null --min-time 2ms --fast -o file/below
    status_is 2
    output_has "cannot write into file/below"
}

# Not seq's: a twin has the same command line, and is no row.
child_of() { # pid: its child that plays under the lock, into $child
    child=$(pgrep -P "$1" -f "ms=$ms --model gil") && [ -n "$child" ]
}

@test "a killed child is a result with the command that repeats it, and the run goes on" {
    "$GILBENCH" run --workload sleep --param "ms=$ms" --model gil --workers 1 --ops 1 --min-time 2ms --fast \
        -o out >said 2>&1 3>&- &
    driver=$!
    wait_until 60 child_of "$driver"
    kill -9 "$child"
    status=0
    wait "$driver" || status=$?
    status_is 1
    output=$(cat said)
    output_has "ended by signal 9" "to repeat it: gilbench once --workload sleep --param ms=$ms" "crashed: adhoc (sleep)"
    [ "$(grep -c '"status":"crashed"' out/samples.jsonl)" -eq 1 ]
    [ "$(manifest 'm["status"]')" = complete ]
    grep -q crashed out/summary.csv
}

@test "a hung child is ended at its deadline, asked no more, and named" {
    GILBENCH_DEADLINE_S=0.2 run "$GILBENCH" run --workload sleep --param ms=2000 --model gil --workers 1 --ops 1 \
        --min-time 2ms --fast -o out
    status_is 1
    output_has "deadline" "timeout: adhoc (sleep)" "gilbench once"
    [ "$(grep -c '"status":"timeout"' out/samples.jsonl)" -ge 1 ]
    ! pgrep -f "once --workload sleep --param ms=2000" >/dev/null
}

@test "one allowed processor" {
    cpu=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
    run taskset -c "$cpu" "$GILBENCH" run --workload spin --model gil,threads,fork,uv --min-time 5ms --fast -o out
    status_is 0
    [ "$(manifest 'm["host"]["usable_cpus"]')" = 1 ]
    run "$GILBENCH" run --workload spin --model gil --affinity "$cpu" --min-time 5ms --fast -o pinned
    status_is 0
    grep -q "\"affinity\": \"$cpu\"" pinned/manifest.json
}

@test "without hyperfine the manifest says so" {
    mkdir bin
    for tool in bash git; do ln -s "$(command -v $tool)" bin/$tool; done
    PATH=$BATS_TEST_TMPDIR/bin run "$GILBENCH" run --workload spin --model threads --workers 1 --min-time 5ms --fast -o out
    status_is 0
    [ "$(manifest 'm["hyperfine"]')" = absent ]
    [ "$(manifest 'm["versions"]["hyperfine"]')" = "" ]
}

@test "hyperfine times the same commands" {
    command -v hyperfine >/dev/null || skip "there is no hyperfine here"
    run "$GILBENCH" run --workload spin --model threads --workers 1 --min-time 5ms --fast -o out
    status_is 0
    [ "$(manifest 'm["hyperfine"]')" = hyperfine.json ]
    python3 -c "
import json
r = json.load(open('out/hyperfine.json'))['results']
assert len(r) == 2 and all('once --workload spin' in x['command'] and len(x['times']) >= 3 for x in r), r"
}

@test "the driver's standard input may be closed, and its output a broken pipe" {
    small -o out <&- >/dev/null
    small -o two 2>/dev/null | head -n 1
    [ "$(python3 -c "import json; print(json.load(open('two/manifest.json'))['status'])")" = complete ]
}

@test "results that cannot be written are a failure, and a closed standard output is none" {
    run bash -c "'$GILBENCH' list workloads >/dev/full"
    status_is 1
    output_has "the results could not be written to standard output"
    run bash -c "'$GILBENCH' list workloads | head -n 1"
    status_is 0
    run bash -c "'$GILBENCH' once --workload null --sample-fd 5 5>'$BATS_TEST_TMPDIR/sample' <&- >&- 2>&-; cat '$BATS_TEST_TMPDIR/sample'"
    output_has '"status":"ok"'
    run bash -c "cd '$BATS_TEST_TMPDIR' && '$GILBENCH' run --workload null --model threads --workers 1 --ops 10 --min-time 2ms --fast -o closed <&- >&- 2>&-"
    status_is 0
}

@test "hyperfine is not asked to time what hung" {
    mkdir bin
    # shellcheck disable=SC2016
    printf '%s\n' '#!/bin/sh' '[ "$1" = --version ] && echo "hyperfine 1.0" || touch called' >bin/hyperfine
    chmod +x bin/hyperfine
    PATH=$PWD/bin:$PATH GILBENCH_DEADLINE_S=0.2 run "$GILBENCH" run --workload registers \
        --param rounds=1000000000000 --model threads --workers 1 --ops 1 --min-time 2ms --fast --seed 7 -o out
    status_is 1
    output_has "timeout"
    [ ! -e called ]
    [ "$(manifest 'm["hyperfine"]')" = skipped ]
}
