#!/usr/bin/env bats
# Every workload under every model: the same answer everywhere. The sanitized and the hostile builds run this file.

load common

# Operations of one cell: more than any number of workers here, and no multiple of 3, so that shares differ.
OPS=16

workloads() {
    local file
    for file in "$ROOT"/bench/*.c; do basename "$file" .c; done
}

# Small work: a hostile or sanitized build is a hundred times as slow.
small() {
    case $1 in
    compress | files) echo --param bytes=4096 ;;
    counter) echo --param updates=50 ;;
    download) echo --param delay_ms=2 --param bytes=4096 ;;
    hash) echo --param bytes=4096 ;;
    lock) echo --param times=50 ;;
    matmul) echo --param size=24 ;;
    mixed) echo --param work_ms=0.05 --param wait_ms=1 ;;
    pipe | sleep) echo --param ms=1 ;;
    primes) echo --param numbers=300 ;;
    registers) echo --param rounds=1000 ;;
    spin) echo --param iterations=1000 ;;
    scan) echo --param bytes=1MiB ;;
    sort) echo --param items=500 ;;
    ticker) echo --param work_us=2 ;;
    ping) echo --param interval_ms=1 ;;
    transfer) echo --param bytes=64KiB ;;
    turns) echo --param most_ms=2 ;;
    wake) echo --param hold_us=20 ;;
    esac
}

once() {
    timeout 60 "$GILBENCH" once "$@" 2>&1
}

checksum_of() { # text of `once`
    awk '$1 == "checksum" { print $2 }' <<<"$1"
}

setup_file() {
    local workload text
    for workload in $(workloads); do
        # shellcheck disable=SC2046
        text=$(once --workload "$workload" $(small "$workload") --model seq --ops "$OPS") || echo "seq, $workload: $text"
        checksum_of "$text" >"$BATS_FILE_TMPDIR/$workload"
    done
}

# Fails unless every workload under this model gives what seq gave.
agrees_with_seq() {
    local model=$1 workload workers text expected
    for workload in $(workloads); do
        expected=$(<"$BATS_FILE_TMPDIR/$workload")
        [ -n "$expected" ] || { echo "seq gave no checksum of $workload" && return 1; }
        for workers in 1 2 3; do
            # shellcheck disable=SC2046
            text=$(once --workload "$workload" $(small "$workload") --model "$model" --workers "$workers" --ops "$OPS") || {
                echo "$model, $workload, $workers workers: $text"
                return 1
            }
            [ "$(checksum_of "$text")" = "$expected" ] || {
                echo "$model, $workload, $workers workers: checksum $(checksum_of "$text"), seq's is $expected"
                return 1
            }
        done
    done
}

# Several roles for a fixed time: every role does something, and `once` proves the sums itself.
# On a busy machine a short window may end before somebody has had a processor: then a longer one must do.
window_is_proved() {
    local text window
    for window in 200ms 1s 4s; do
        text=$(once --workload sleep:2,spin:1 --param sleep.ms=1 --param spin.iterations=1000 --model "$1" --window $window) || {
            echo "$1: $text"
            return 1
        }
        grep -q ': 0 operations' <<<"$text" || return 0
    done
    echo "a role did nothing: $text"
    return 1
}

@test "gil: every workload gives the answer of seq with 1, 2 and 3 workers" { agrees_with_seq gil; }
@test "threads: every workload gives the answer of seq with 1, 2 and 3 workers" { agrees_with_seq threads; }
@test "fork: every workload gives the answer of seq with 1, 2 and 3 workers" { agrees_with_seq fork; }
@test "uv: every workload gives the answer of seq with 1, 2 and 3 workers" { agrees_with_seq uv; }
@test "uv-pool: every workload gives the answer of seq with 1, 2 and 3 workers" { agrees_with_seq uv-pool; }

@test "wake on a futex: the answer of seq under every model" {
    local model workers text
    for model in gil threads fork uv uv-pool; do
        for workers in 1 2 3; do
            text=$(once --workload wake --param what=futex --param hold_us=20 --model "$model" --workers "$workers" --ops "$OPS") || {
                echo "$model, $workers workers: $text"
                return 1
            }
            [ "$(checksum_of "$text")" = "$(<"$BATS_FILE_TMPDIR/wake")" ]
        done
    done
}

@test "a window with two roles is proved under every model" {
    local model
    for model in gil threads fork uv uv-pool; do window_is_proved "$model"; done
}

@test "a window that ends inside operations is proved: waits, events, descriptors, calls" {
    local model workload text
    for model in seq gil threads fork uv uv-pool; do
        for workload in sleep pipe handoff download counter files echo ping ticker release turns wake; do
            # shellcheck disable=SC2046
            text=$(once --workload "$workload" $(small "$workload") --model "$model" --workers 3 --window 50ms) || {
                echo "$model, $workload: $text"
                return 1
            }
        done
    done
}

# Every operation that was due before the end is counted once, done or not; what is due depends on rate and window alone.
@test "open loop: work that is due at a rate is proved under every model" {
    local model workload text
    for model in seq gil threads fork uv uv-pool; do
        for workload in sleep spin ticker echo handoff; do
            # shellcheck disable=SC2046
            text=$(once --workload "$workload" $(small "$workload") --model "$model" --workers 3 --window 100ms --rate 500) || {
                echo "$model, $workload: $text"
                return 1
            }
            ! grep -qE ' (5[1-9]|[6-9][0-9]|[0-9]{3,}) operations' <<<"$text" || { echo "more than were due: $text" && return 1; }
        done
    done
}

@test "an unguarded counter is no wrong answer, and says what it lost" {
    local model text
    for model in seq gil threads fork uv uv-pool; do
        text=$(once --workload counter --param guard=none --param updates=500 --model "$model" --workers 3 --ops 300) || {
            echo "$model: $text"
            return 1
        }
    done
}

# A cell that computes, locks, waits and calls, under other rules of the lock.
policy_agrees_with_seq() {
    local workload text
    for workload in counter mixed hash handoff; do
        # shellcheck disable=SC2046
        text=$(once --workload "$workload" $(small "$workload") --model gil --gil "$1" --workers 3 --ops "$OPS") || {
            echo "gil ($1), $workload: $text"
            return 1
        }
        [ "$(checksum_of "$text")" = "$(<"$BATS_FILE_TMPDIR/$workload")" ] || {
            echo "gil ($1), $workload: checksum $(checksum_of "$text"), seq's is $(<"$BATS_FILE_TMPDIR/$workload")"
            return 1
        }
    done
    text=$(once --workload sleep:2,spin:1 --param sleep.ms=1 --param spin.iterations=1000 --model gil --gil "$1" --window 200ms) || {
        echo "gil ($1), window: $text"
        return 1
    }
}

@test "py2: the same answers, and a window is proved" { policy_agrees_with_seq py2; }
@test "py3: the same answers, and a window is proved" { policy_agrees_with_seq py3; }
@test "fifo: the same answers, and a window is proved" { policy_agrees_with_seq fifo; }
@test "prio: the same answers, and a window is proved" { policy_agrees_with_seq prio; }
@test "ruby: the same answers, and a window is proved" { policy_agrees_with_seq ruby,quantum=10ms; }

@test "a switch interval of a microsecond gives the same answer" {
    text=$(once --workload counter --param updates=50 --model gil --gil py3,interval=1us --workers 3 --ops "$OPS")
    [ "$(checksum_of "$text")" = "$(<"$BATS_FILE_TMPDIR/counter")" ]
}

@test "no folder stays behind" {
    export TMPDIR=$BATS_TEST_TMPDIR/scratch
    mkdir "$TMPDIR"
    once --workload files --param bytes=4096 --model fork --workers 2 --ops 8
    [ -z "$(ls -A "$TMPDIR")" ]
}

@test "a folder whose owner was killed is removed by the next cell" {
    export TMPDIR=$BATS_TEST_TMPDIR/scratch
    mkdir -p "$TMPDIR/.gilbench-cell-killed/inner"
    once --workload null --ops 8
    [ -z "$(ls -A "$TMPDIR")" ]
}

# A running cell of slow processes; its process id is in $cell.
start_slow_cell() {
    "$GILBENCH" once --workload sleep --param ms=60000 --model fork --workers 3 --ops 3 >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    cell=$!
    wait_until 20 has_children "$cell" 3
}

# pgrep -c fails on none.
has_children() { [ "$(pgrep -c -P "$1")" -eq "$2" ]; }
all_gone() {
    local pid
    for pid in "$@"; do ! kill -0 "$pid" 2>/dev/null || return 1; done
}

@test "fork: a killed worker ends the cell with a sentence" {
    start_slow_cell
    kill -9 "$(pgrep -P "$cell" | head -n 1)"
    status=0
    wait "$cell" || status=$?
    status_is 1
    run cat "$BATS_TEST_TMPDIR/out"
    output_has "crashed:" "worker process" "signal 9"
}

@test "fork: workers die with a killed starter" {
    start_slow_cell
    mapfile -t children < <(pgrep -P "$cell")
    kill -9 "$cell"
    wait_until 20 all_gone "${children[@]}"
}
