#!/usr/bin/env bats
# demo: shows rows as they come, is plain text when it is not on a terminal, and ends cleanly when interrupted.

load common

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

has_row() { grep -q "^ $1 " out; }

@test "demo shows its first row, and Ctrl-C keeps what was measured" {
    LC_ALL=C "$GILBENCH" demo >out 2>err 3>&- &
    pid=$!
    wait_until 30 has_row seq
    kill -INT $pid
    status=0
    wait $pid || status=$?
    output=$(cat out err)
    status_is 130
    output_has "CPU-bound: computing (spin)" "one after the other" "Interrupted. What was measured is in results/"
    grep -q spin results/*/samples.jsonl
    # Plain ASCII, no escape sequences, at most 80 columns.
    run grep -nP '[^\x20-\x7e]|^.{81,}' out
    status_is 1
}

@test "demo takes no arguments" {
    run "$GILBENCH" demo --fast
    status_is 2
    run "$GILBENCH" demo --help
    status_is 0
    output_has "half-minute"
}
