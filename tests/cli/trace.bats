#!/usr/bin/env bats
# `gilbench trace`: its files, its table, its presets and its bad input.

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
}

trace() { run timeout 60 "$GILBENCH" trace "$@"; }

# A PATH with nothing that the program may start.
without_gnuplot() {
    mkdir -p bin
    PATH=$PWD/bin "$@"
}

@test "trace writes Chrome trace events and a picture, and prints a table" {
    trace --workload sleep:1,spin:2 --gil py3,interval=1ms --window 30ms -o out
    status_is 0
    output_has "sleep:1,spin:2, gil (py3,interval=1ms), window 30 ms" "running" "wants lock" "switches" "forced" "longest wait" \
        "events recorded, 0 dropped" "https://ui.perfetto.dev" "chrome://tracing" \
        "out/timeline-sleep-1-spin-2-py3-interval-1ms.json"
    [ "$(grep -c '^spin [12] ' <<<"$output")" -eq 2 ]
    jq -e '.otherData.policy == "py3,interval=1ms" and .otherData.events_dropped == 0 and .otherData.window_ms == 30' \
        out/timeline-sleep-1-spin-2-py3-interval-1ms.json
    jq -e '[.traceEvents[] | select(.name == "thread_name") | .args.name] == ["sleep 1", "spin 1", "spin 2"]' out/timeline-*.json
    local name
    for name in running wants_gil sleeping hand-off waiters; do
        jq -e --arg name $name '[.traceEvents[] | select(.name == $name)] | length > 0' out/timeline-*.json
    done
    [ -s out/plots/timeline-sleep-1-spin-2-py3-interval-1ms.gp ] && [ -s out/plots/timeline-sleep-1-spin-2-py3-interval-1ms.dat ]
}

@test "pictures are drawn, with text that can be read, and again by plain gnuplot" {
    command -v gnuplot >/dev/null || skip "gnuplot is not here"
    trace cpu --window 20ms -o out
    status_is 0
    output_has "out/plots/timeline-cpu-py3.png"
    cd out/plots
    # Width and height stand at byte 16 of a PNG.
    [ "$(od -An -tu1 -j16 -N8 timeline-cpu-py3.png | tr -s ' ')" = " 0 0 6 64 0 0 3 132" ]
    smallest=$(grep -ho 'font-size="[0-9.]*"' timeline-cpu-py3.svg | tr -dc '0-9.\n' | sort -n | head -n 1)
    awk -v size="$smallest" 'BEGIN { exit !(size >= 22) }'
    rm timeline-cpu-py3.png timeline-cpu-py3.svg
    gnuplot timeline-cpu-py3.gp
    [ -s timeline-cpu-py3.png ] && [ -s timeline-cpu-py3.svg ]
}

@test "the standard place is a run directory's" {
    trace cpu --window 10ms --seed 7
    status_is 0
    local dir=(results/*Z-7)
    [ -s "${dir[0]}/timeline-cpu-py3.json" ]
    [ -s "plots/${dir[0]#results/}/timeline-cpu-py3.dat" ]
    # It is no run: what reads the latest run must not find it.
    [ ! -e results/latest ]
}

@test "a directory that holds a run keeps it" {
    "$ROOT/tests/data/make-run.sh" out
    cp out/samples.jsonl before
    trace cpu --window 10ms -o out/
    status_is 0
    [ -s out/timeline-cpu-py3.json ]
    cmp out/samples.jsonl before
}

@test "presets need nothing else, and give way to options" {
    trace io -o out
    status_is 0
    output_has "mixed:4, gil (py3), window 200 ms" "sleeping"
    trace cpu --gil prio --window 10ms -o out
    status_is 0
    output_has "spin:2, gil (prio), window 10 ms"
    [ -s out/timeline-cpu-prio.json ]
}

@test "the convoy is a server beside two CPU-bound tasks" {
    "$GILBENCH" list workloads | grep -q '^  echo ' || skip "the workload echo is not here"
    trace convoy --window 50ms -o out
    status_is 0
    output_has "echo:1,spin:2" "echo 1" "spin 2"
}

@test "models without a lock have states too" {
    local model
    for model in threads fork uv uv-pool; do
        trace --workload mixed:2,hash:1 --param mixed.work_ms=0.2 --param mixed.wait_ms=1 --model $model --window 20ms -o $model
        status_is 0
        output_has "mixed:2,hash:1" ", $model, window" "running" "sleeping" "native call"
        [[ $output != *"switches"* ]]
        jq -e '[.traceEvents[] | select(.ph == "X" and .name == "native call")] | length > 0' $model/timeline-*.json
        jq -e '[.traceEvents[] | select(.ph == "s")] | length == 0' $model/timeline-*.json
    done
    jq -e '[.traceEvents[] | select(.name == "wants_loop")] | length > 0' uv/timeline-*.json
    trace --workload sleep --param ms=1 --model seq --window 10ms -o seq
    status_is 0
    output_has "sleep:1 (ms=1), seq" "sleep 1 "
}

@test "a cast that a model cannot run is one sentence, and nothing is written" {
    trace --workload sleep:1,spin:1 --model seq --window 10ms -o out
    status_is 2
    output_has "seq cannot run this: one after the other"
    [ ! -e out/timeline-sleep-1-spin-1-seq.json ]
}

@test "dropped events are counted, and the timeline ends where they begin" {
    trace --workload spin --workers 2 --param iterations=100 --gil py3,interval=1ms --window 30ms --events 100 -o out
    status_is 0
    output_has "the timeline ends at" "a shorter --window or more --events"
    [[ $output != *" 0 dropped"* ]]
    jq -e '.otherData.events_dropped > 0 and .otherData.shown_ms < 30' out/timeline-*.json
}

@test "without gnuplot the picture is missing, and it is said" {
    without_gnuplot run "$GILBENCH" trace cpu --window 10ms -o out
    status_is 0
    output_has "gnuplot is not here" "events recorded"
    [ -s out/timeline-cpu-py3.json ] && [ -s out/plots/timeline-cpu-py3.gp ]
}

@test "a directory that cannot be written is one sentence, before anything is traced" {
    touch file
    local dir
    for dir in file file/below /proc/below; do
        trace cpu --window 10ms -o $dir
        status_is 2
        output_has "cannot write into $dir"
        [ "${#lines[@]}" -eq 1 ]
    done
}

@test "a file that cannot be written says why" {
    run bash -c "ulimit -f 2; exec timeout 60 '$GILBENCH' trace --workload null --window 10ms -o out"
    status_is 1
    output_has "cannot write out/timeline-null-1-py3.json: "
    [ ! -e out/timeline-null-1-py3.json ]
}

@test "bad input is one sentence and status 2" {
    local line
    while read -r line; do
        # shellcheck disable=SC2086
        trace $line
        status_is 2
        [ "${#lines[@]}" -le 2 ] || { echo "more than a sentence for: $line" && echo "$output" && return 1; }
    done <<'END'

cpu io
cpu --workload spin
--workload spn
--workload spin --model threads --gil py3
--workload spin --gil py9
--workload spin --window 0
--workload spin --window 2d
--workload spin --events 3
--workload spin --events many
--workload spin --workers 0
--workload spin -o
--workload spin --param msec=1
END
}

@test "suggestions are near" {
    trace convy
    status_is 2
    output_has "there is no preset 'convy'; did you mean 'convoy'?"
    trace somethingelse
    status_is 2
    output_has "cpu, io, convoy"
}
