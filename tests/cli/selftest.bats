#!/usr/bin/env bats
# selftest: the arithmetic against known answers, repeatable by its seed.

bats_require_minimum_version 1.5.0
load common

@test "selftest passes, and prints its table on stdout" {
    run --separate-stderr "$GILBENCH" selftest --part statistics --rounds 2000
    status_is 0
    output_has "exact coverage of 6 values" "speed-up covers, <= 48 blocks: two modes" "A/A: called a difference" \
        "0 failed (seed 1)"
    [[ $output != *FAIL* ]]
}

@test "selftest compares the simulator with exact answers" {
    # The first rows of many: the reader goes away, and so does selftest.
    run bash -c '"$1" selftest --part simulator 2>/dev/null | head -n 12' - "$GILBENCH"
    output_has "all constant, operations/s, 8 tasks" " 800 " "pass"
    [[ $output != *FAIL* ]]
}

@test "selftest gives the same table for the same seed" {
    "$GILBENCH" selftest --part statistics --rounds 2000 --seed 7 >"$BATS_TEST_TMPDIR/one"
    "$GILBENCH" selftest --part statistics --rounds 2000 --seed 7 >"$BATS_TEST_TMPDIR/two"
    cmp "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
}

@test "selftest refuses bad numbers and arguments in one sentence" {
    for bad in "--rounds 10" "--rounds many" "--seed -1" "spin" "--nonsense" "--part simulater"; do
        # shellcheck disable=SC2086 # an option and its value
        run "$GILBENCH" selftest $bad
        status_is 2
    done
    run "$GILBENCH" selftest --rounds 10
    output_has "--rounds '10': a whole number from 2000"
    [ "${#lines[@]}" -eq 1 ]
    run "$GILBENCH" selftest --part simulater
    output_has "--part 'simulater'" "did you mean 'simulator'?"
    [ "${#lines[@]}" -eq 1 ]
}
