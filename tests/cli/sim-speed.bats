#!/usr/bin/env bats
# sim-speed: what `make bench-sim` asks of the program; how fast it was is nobody's business here.

load common

@test "one simulation is one line of four numbers, the same work each time" {
    run "$GILBENCH" sim-speed gil 20 10 'loop:20 = wait exp(1s), hold exp(50ms)'
    status_is 0
    [[ $output =~ ^[0-9]+\ [0-9]+\ [0-9.]+\ [0-9]+$ ]]
    read -r events ops _ <<<"$output"
    # Two segments end in every operation, and the lock is granted once.
    [ "$ops" -gt 100 ] && [ "$events" -ge $((3 * ops)) ] && [ "$events" -le $((6 * ops)) ] || {
        echo "$events events in $ops operations"
        return 1
    }
    run "$GILBENCH" sim-speed gil 20 10 'loop:20 = wait exp(1s), hold exp(50ms)'
    [[ $output == "$events $ops "* ]]
}

@test "pairs give two medians and a ratio with their intervals" {
    run "$GILBENCH" sim-speed --pairs <<<"20 1
22 1
24 1
26 1
28 1
30 1
32 1"
    status_is 0
    [ "$output" = "26 20 32
1 1 1
26 20 32" ]
    run "$GILBENCH" sim-speed --pairs </dev/null
    status_is 2
    output_has "there were none"
}

@test "sim-speed refuses what it does not understand, and is not in the help" {
    run "$GILBENCH" sim-speed gil 20 10
    status_is 2
    output_has "MODEL CORES SECONDS PROFILE"
    run "$GILBENCH" sim-speed gil 0 10 'wait 1s'
    status_is 2
    output_has "CORES must be a number from 1 to 65536, not '0'"
    run "$GILBENCH" sim-speed gli 1 10 'wait 1s'
    status_is 2
    output_has "gil"
    run "$GILBENCH" --help
    [[ $output != *sim-speed* ]]
}
