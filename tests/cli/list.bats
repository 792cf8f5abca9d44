#!/usr/bin/env bats
# list: what there is, from the tables that the program itself uses.

load common

@test "list alone shows a short version of everything" {
    run "$GILBENCH" list
    status_is 0
    output_has "Experiments:" "Workloads:" "Models:" "Policies:" "gilbench list workloads"
    [[ $output != *"iterations="* ]]
}

@test "every workload file is listed, with its parameters" {
    run "$GILBENCH" list workloads
    status_is 0
    for file in "$ROOT"/bench/*.c; do
        grep -qE "^  $(basename "$file" .c) " <<<"$output"
    done
    output_has "iterations=20000" "ms=5" "(lock|none)" "to 60000)"
}

@test "every shipped experiment is listed and none is faulty" {
    run "$GILBENCH" list experiments
    status_is 0
    for file in "$ROOT"/bench/experiments/*.ini; do
        [ -e "$file" ] || continue
        grep -qE "^  $(basename "$file" .ini) " <<<"$output"
    done
}

@test "experiments that belong to a group say so" {
    run "$GILBENCH" list experiments
    grep -qE "^  convoy +The convoy \(group under-the-lock\)$" <<<"$output"
    grep -qE "^  cpu-scaling +CPU-bound work$" <<<"$output"
    output_has "a group is run by its name"
}

@test "a faulty experiment says where, and the list goes on" {
    mkdir -p "$BATS_TEST_TMPDIR/bench/experiments"
    echo "nonsense" >"$BATS_TEST_TMPDIR/bench/experiments/a.ini"
    printf '[experiment]\ntitle = A good one\nquestion = Is it?\nclass = cpu\n[cells spin]\ncast = spin\n' \
        >"$BATS_TEST_TMPDIR/bench/experiments/b.ini"
    GILBENCH_DATADIR=$BATS_TEST_TMPDIR run "$GILBENCH" list experiments
    status_is 0
    output_has "a.ini:1:" "A good one" "Is it?"
}

@test "models carry their labels and the words people type" {
    run "$GILBENCH" list models
    status_is 0
    output_has "one after the other" "threads without a lock (C; the ceiling for free-threaded Python" "multiprocessing"
}

@test "policies show their fields and where they come from" {
    run "$GILBENCH" list policies
    status_is 0
    for policy in py2 py3 fifo prio ruby; do grep -qE "^  $policy " <<<"$output"; done
    output_has "interval=5ms" "check=100" "quantum=100ms" "priority=io" "primitive=semaphore" "primitive=per-waiter"
    [ "$(grep -c "follows:" <<<"$output")" -eq 5 ]
    [ "$(grep -c "source:" <<<"$output")" -eq 5 ]
    # A policy shows what it heeds and nothing else.
    [ "$(grep -c "interval=" <<<"$(grep "^      " <<<"$output")")" -eq 3 ]
}

@test "an unknown list gets a suggestion and status 2" {
    run "$GILBENCH" list workload
    status_is 2
    output_has "there is no list of 'workload'; did you mean 'workloads'?"
    run "$GILBENCH" list elephants
    status_is 2
    output_has "there are experiments, workloads, models, policies"
    run "$GILBENCH" list models models
    status_is 2
    output_has "list takes one word"
}
