#!/usr/bin/env bats
# client: the program that plays ping-pong with an echo server that is not ours.

load common

@test "the interpreter's echo server is played with by the same client as ours" {
    run timeout 60 python3 "$ROOT/scripts/cpython/cell.py" --workload echo --window 0.2 \
        --client-command "$GILBENCH client --work-us 1"
    status_is 0
    python3 - "$output" <<'PY'
import json, sys
sample = json.loads(sys.argv[1])
role = sample["roles"][0]
assert sample["status"] == "ok", sample
assert role["ops"] > 0 and role["latency"]["count"] == role["ops"], role
assert sum(n for _, n in role["latency"]["buckets"]) == role["ops"], role
PY
}

@test "without a word on its input it plays nothing" {
    run timeout 60 "$GILBENCH" client 9 32 0.1 </dev/null
    status_is 0
    [ "$output" = ready ]
}

@test "client refuses what it does not understand" {
    run "$GILBENCH" client 9 8 1
    status_is 2
    output_has "BYTES must be a number from 16 to 65507, not '8'"
    run "$GILBENCH" client 9 32
    status_is 2
    output_has "client takes PORT BYTES SECONDS"
    run "$GILBENCH" client 9 32 1 more
    status_is 2
    output_has "'more' is one too many"
}

@test "client is not in the help" {
    run "$GILBENCH" --help
    status_is 0
    [[ $output != *"gilbench client"* ]]
}
