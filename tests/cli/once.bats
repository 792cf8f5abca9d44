#!/usr/bin/env bats
# `gilbench once`: what it prints, and its bad input.

load common

once() { run timeout 60 "$GILBENCH" once "$@"; }

@test "once prints wall time, latency and checksum" {
    once --workload null --model threads --workers 2 --ops 1000
    status_is 0
    output_has "threads without a lock" "1000 operations by 2 tasks" "p50" "checksum"
}

@test "once tells the lock's story under gil" {
    once --workload spin --param iterations=1000 --model gil --gil py3,interval=1ms --workers 2 --ops 10
    status_is 0
    output_has "lock " "held" "of the time, waited" "acquisitions" "switches" "forced" "wait " "p50" "p99" "longest"
}

@test "every worker has a line, and together they are their role" {
    once --workload spin --param iterations=1000 --model gil --gil py3,interval=1ms --workers 3 --ops 60
    status_is 0
    [ "$(grep -c '^  worker ' <<<"$output")" -eq 3 ]
    output_has "worker 0" "worker 2" "of its tasks' time"
    # Shares and counts of the workers add up to the role's; shares are rounded to three digits.
    tr '\302\240' '  ' <<<"$output" | awk '
        /operations by/ { ops = $2 }
        /^  lock / { held = $3 }
        /acquisitions/ { switches = $3; forced = $5 }
        /^  worker/ { gsub(",", ""); o += $3; h += $6; s += $14; f += $16 }
        END { if (o != ops || s != switches || f != forced || h - held > 0.2 || held - h > 0.2) { print o, ops, s, switches, f, forced, h, held; exit 1 } }
    ' <<<"$output" || { echo "$output"; return 1; }
}

@test "of many workers sixteen are shown, without a lock their operations alone" {
    once --workload null --model threads --workers 18 --ops 1000
    status_is 0
    [ "$(grep -c '^  worker ' <<<"$output")" -eq 16 ]
    output_has "... and 2 more"
    [[ $output != *held* && $output != *switches* ]]
    once --workload null --model seq --ops 10
    [[ $output != *worker* ]]
}

@test "without the lock's stats its switches are told and its times are not" {
    once --workload spin --param iterations=1000 --model gil --gil-stats off --workers 2 --ops 10
    status_is 0
    output_has "lock " "acquisitions" "switches" "worker 1"
    [[ $output != *"held"* && $output != *"wait "* ]]
    once --workload null --model gil --gil py2,check=1000 --gil-stats on --workers 2 --ops 10
    status_is 0
    output_has "held"
    once --workload null --model gil --gil-stats maybe
    status_is 2
    output_has "stats must be one of off|on, not 'maybe'"
}

@test "without latency nothing is said of it" {
    once --workload null --ops 1000 --no-latency
    status_is 0
    [[ $output != *latency* ]]
}

@test "a sample goes to a descriptor as one line of JSON" {
    run bash -c "'$GILBENCH' once --workload null --ops 10 --sample-fd 5 5>&1 >/dev/null"
    status_is 0
    output_has '"schema"' '"status":"ok"'
    [ "$(wc -l <<<"$output")" -eq 1 ]
}

@test "words that people type for models are understood" {
    once --workload null --model multiprocessing --ops 10
    output_has "processes"
    once --workload null --model asyncio --ops 10
    output_has "event loop"
    once --workload null --model threading --ops 10
    status_is 2
    output_has "gil" "threads"
}

@test "seq takes one task whatever is asked" {
    once --workload null --model seq --workers 4 --ops 10
    status_is 0
    output_has "by 1 task"
}

@test "a model that cannot run a cast says so and does not fail" {
    once --workload sleep:2,spin:1 --model seq --window 10ms
    status_is 0
    output_has "unsupported:"
}

@test "tasks that cannot each have a CPU are not pinned, and it says so" {
    once --workload wake --param pin=yes --model threads --workers 2 --window 10ms --affinity "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')"
    status_is 0
    output_has "unsupported: pin=yes needs a CPU for each of 2 tasks"
}

@test "bad input is one sentence and status 2" {
    local line
    while read -r line; do
        # shellcheck disable=SC2086
        once $line
        status_is 2
        [ "${#lines[@]}" -le 2 ] || { echo "more than a sentence for: $line" && echo "$output" && return 1; }
    done <<'END'
--model gil
--workload nll
--workload null --model gill
--workload null --model gil --gil py9
--workload null --model gil --gil py3,interval=1ns
--workload null --model gil --gil py3,intervl=1ms
--workload null --model gil --gil py3,check=100
--workload null --model gil --gil py2,handoff=fifo
--workload null --model gil --gil interval=1ms,quantum=1ms
--workload null --model seq --gil-stats off
--workload null --model threads --gil py3
--workload null --workers 0
--workload null --workers x
--workload null --ops 0
--workload null --ops 1.5
--workload null --window 0s
--workload null --window 1s --ops 5
--workload null --seed -1
--workload null --affinity 0-
--workload null --affinity 1023
--workload null extra
--workload sleep --param msec=1
--workload sleep:1,spin:1 --ops 5
END
}

@test "suggestions are near" {
    once --workload sleeep
    output_has "did you mean 'sleep'"
    once --workload null --model gil --gil py33
    output_has "did you mean 'py3'"
    once --workload null --model gil --gil py3,intervall=1ms
    output_has "did you mean 'interval'"
}

@test "affinity keeps the cell on one processor" {
    once --workload registers --model threads --workers 2 --ops 50 --affinity "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')"
    status_is 0
    cores=$(sed -n 's/.*(\([0-9.]*\) cores).*/\1/p' <<<"$output")
    awk -v c="$cores" 'BEGIN { exit !(c < 1.2) }' || { echo "used $cores cores" && return 1; }
}

@test "threads that cannot be made are one sentence" {
    local model
    for model in threads gil uv-pool; do
        run bash -c "ulimit -v 400000; exec '$GILBENCH' once --workload null --model $model --workers 256 --ops 512"
        status_is 1
        output_has "crashed:" "could not be made"
    done
}

@test "processes that cannot be made are one sentence" {
    # Root has no limit on processes, so root becomes somebody who has one.
    local as=()
    [ "$(id -u)" -ne 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" test -x "$GILBENCH" || skip "the program cannot be run by another user here"
    run "${as[@]}" bash -c "ulimit -u 3; exec '$GILBENCH' once --workload null --model fork --workers 30 --ops 60"
    status_is 1
    output_has "crashed:" "could not be made"
}

@test "a server that has no descriptors left is one sentence, not a hang" {
    local model
    for model in threads fork uv; do
        run bash -c "ulimit -n 20; exec timeout 60 '$GILBENCH' once --workload download --model $model --workers 64"
        status_is 1
        output_has "crashed:" "Too many open files"
    done
}

@test "a file that cannot be written says why" {
    run bash -c "ulimit -f 10; exec timeout 60 '$GILBENCH' once --workload files --ops 5"
    status_is 1
    output_has "a file could not be written and read back: "
}
