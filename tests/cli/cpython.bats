#!/usr/bin/env bats
# scripts/cpython: every workload under the usual, the oldest and the newest Python at hand, and its bad input. Windows
# and batches are tiny: what is checked is that a sample is one, not how fast it was. How gilbench reads one is in the
# unit tests.

load common

CELL=$ROOT/scripts/cpython/cell.py

# The usual Python, the oldest and the newest of those at hand that start.
pythons() {
    local python version seen=" " kept
    mapfile -t kept < <(find "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python 2>/dev/null | sort -V | sed -n '1p;$p')
    for python in python3 python2.7 python3.14 "${kept[@]}"; do
        version=$("$python" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null) || continue
        [[ $seen == *" $version "* ]] || echo "$python"
        seen="$seen$version "
    done
}

setup() {
    command -v python3 >/dev/null && python3 -c '' 2>/dev/null || skip "there is no python3"
}

cell() { run timeout 60 "${PYTHON:-python3}" -E -s -B "$CELL" "$@"; }

# There is an answer, and this is true of it.
holds() {
    # jq is content with nothing at all.
    [ -n "$output" ] && jq -e "$1" <<<"$output" >/dev/null || {
        printf 'not true under %s: %s\nthe output (status %s):\n%s\n' "${PYTHON:-python3}" "$1" "$status" "$output"
        return 1
    }
}

# A sample with status ok, one role whose operations are $1, and a latency for each.
is_batch_of() {
    status_is 0
    holds '.schema == "gilbench-sample-1" and .status == "ok" and .cell.source == "cpython" and .is_throttled == 0'
    holds ".roles | length == 1 and .[0].ops == $1 and .[0].latency.count == $1"
    holds '.roles[0].latency | .count == ([.buckets[][1]] | add) and .min_ns <= .max_ns'
    holds '.wall_s > 0 and .setup_s > 0 and .rss_bytes > 0 and .cpu_s >= 0 and .ctx_voluntary >= 0'
}

@test "a probe says which interpreter this is" {
    for PYTHON in $(pythons); do
        cell --probe
        status_is 0
        [ "$(wc -l <<<"$output")" -eq 1 ]
        holds '.implementation | length > 0'
        holds '"\(.major).\(.minor)." as $begin | .version | startswith($begin)'
        holds '.has_gil != null and .has_asyncio == (.major > 2) and .cpus >= 1 and (.executable | startswith("/"))'
        holds '(.switch_interval_s == null) != (.check_interval == null)'
    done
}

@test "threads do every workload, under every Python" {
    for PYTHON in $(pythons); do
        for words in null "spin --param iterations=100" "sleep --param ms=0.1" "mixed --param iterations=100" \
            "hash --param bytes=2048" "sort --param items=100" handoff "release --param what=write" \
            "release --param what=hash --param bytes=4KiB"; do
            # shellcheck disable=SC2086 # words are several arguments
            cell --workload $words --workers 2 --ops 20
            if [[ $words == *hash* && $output == *"built without OpenSSL"* ]]; then
                holds '.status == "unsupported"'
            else
                is_batch_of 20
            fi
        done
    done
}

@test "processes and coroutines do what they can" {
    for PYTHON in $(pythons); do
        for words in "spin --param iterations=100" "sleep --param ms=0.1" handoff; do
            # shellcheck disable=SC2086
            cell --workload $words --model fork --workers 2 --ops 20
            is_batch_of 20
        done
        cell --workload mixed --param iterations=100 --param wait_ms=0.1 --model uv --workers 3 --ops 20
        if holds '.status == "unsupported"' >/dev/null; then
            output_has "no asyncio"
        else
            is_batch_of 20
        fi
    done
}

@test "a window of several roles ends, the server that waits too" {
    for PYTHON in $(pythons); do
        cell --workload echo:2,spin:1,handoff:2 --param spin.iterations=100 --param echo.busy=1 --window 0.3
        status_is 0
        holds '.status == "ok" and .wall_s == 0.3 and ([.roles[].role] == ["echo", "spin", "handoff"])'
        holds '.companion_cpu_s > 0 and .cell.workers == 5'
        holds '[.roles[] | select(.latency) | .latency.count == .ops] | all'
        cell --workload echo --window 0.3 --model fork
        holds '.status == "ok" and .roles[0].ops > 0 and .roles[0].latency.count == .roles[0].ops'
    done
}

@test "turns and gaps are at least a millisecond" {
    for PYTHON in $(pythons); do
        cell --workload turns:2,turns:2 --param turns2.what=gap --window 0.3
        status_is 0
        holds '.status == "ok" and ([.roles[].role] == ["turns", "turns2"])'
        holds '.roles[1] | .ops == 0 or .latency.min_ns >= 1000000'
    done
}

@test "intervals are set where the interpreter has them" {
    for PYTHON in $(pythons); do
        cell --workload null --ops 5 --switch-interval 0.001
        if [ "$("$PYTHON" -c 'import sys; print(sys.version_info[0])')" -eq 2 ]; then
            holds '.status == "unsupported" and (.error | contains("check interval and no switch interval"))'
            cell --workload null --ops 5 --check-interval 1000
            holds '.status == "ok" and (.cell.policy | endswith(",check=1000"))'
        else
            holds '.status == "ok" and (.cell.policy | endswith(",interval=1ms"))'
            cell --workload null --ops 5 --check-interval 1000
            holds '.status == "unsupported" and (.error | contains("switch interval and no check interval"))'
        fi
    done
}

@test "what an interpreter cannot do is a status with a sentence" {
    cell --workload echo --ops 5
    status_is 0
    holds '.status == "unsupported" and (.error | contains("it needs --window")) and .roles == []'
    cell --workload spin:1,null:1 --ops 5
    holds '.status == "unsupported" and (.error | contains("--window"))'
    cell --workload handoff --model uv --ops 5
    holds '.status == "unsupported" and (.error | contains("coroutine"))'
    cell --workload mixed --param spread=exp --ops 5
    status_is 2
    output_has "spread must be one of const, not 'exp'"
    cell --workload echo --param bytes=0 --window 0.1
    holds '.status == "unsupported" and (.error | contains("from 1 to 65507"))'
    # hashlib as of a Python that was built without OpenSSL.
    run python3 -s -B -c 'import hashlib, runpy, sys
sys.version_info = (3, 11)
hashlib.sha256 = abs
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")' "$CELL" --workload hash --param bytes=2048 --ops 5
    holds '.status == "unsupported" and (.error | contains("keeps the lock"))'
}

@test "without its lock an interpreter does threads, with it gil" {
    local lockless='import runpy, sys
sys._is_gil_enabled = lambda: False
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")'
    cell --workload spin --model threads --ops 5
    holds '.status == "unsupported" and (.error | contains("free-threaded"))'
    run python3 -s -B -c "$lockless" "$CELL" --workload handoff --model threads --workers 2 --ops 20
    is_batch_of 20
    run python3 -s -B -c "$lockless" "$CELL" --workload spin --model gil --ops 5
    holds '.status == "unsupported" and (.error | contains("lock of this Python"))'
}

@test "a wrong command line is one sentence and status 2" {
    local words
    for words in "--workload spni" "--workload spin --param foo=1" "--workload spin --param iterations=x" \
        "--workload spin:0" "--workload spin,sleep --param ms=5" "--workload spin --ops 0" "--ops 5" \
        "--workload spin --modle gil" \
        "--workload spin --ops 5 --window 1" "--workload spin --affinity 9999" "--workload spin --param what.x=1"; do
        # shellcheck disable=SC2086
        cell $words
        status_is 2
        output_has "cell.py: "
        [ "$(wc -l <<<"$output")" -eq 1 ]
    done
}

# A client that plays its part as echo.py says, with a given answer.
client() {
    cat >"$BATS_TEST_TMPDIR/client" <<END
#!/bin/sh
echo "\$@" >"$BATS_TEST_TMPDIR/words"
echo ready
read -r go
$1
END
    chmod +x "$BATS_TEST_TMPDIR/client"
}

@test "echo's client may be any program" {
    local latency='{"count":3,"sum_ns":30,"min_ns":9,"max_ns":11,"buckets":[[9,1],[10,1],[11,1]]}'
    client "echo '{\"ops\":3,\"latency\":$latency}'"
    cell --workload echo --param bytes=64 --window 0.1 --client-command "$BATS_TEST_TMPDIR/client -x"
    status_is 0
    holds '.status == "ok" and .roles[0].ops == 3 and .roles[0].throughput_per_s == 30'
    holds '.roles[0].latency.buckets == [[9, 1], [10, 1], [11, 1]]'
    read -r option port size seconds <"$BATS_TEST_TMPDIR/words"
    [ "$option" = -x ] && [ "$port" -gt 0 ] && [ "$size" -eq 64 ] && [ "$seconds" = 0.1 ]
}

@test "an echo that nobody was served by is a sample without latency" {
    local latency='{"count":0,"sum_ns":0,"min_ns":18446744073709551615,"max_ns":0,"buckets":[]}'
    client "echo '{\"ops\":0,\"latency\":$latency}'"
    cell --workload echo --window 0.1 --client-command "$BATS_TEST_TMPDIR/client"
    holds '.status == "ok" and .roles[0].ops == 0 and .roles[0].fairness == 1 and (.roles[0] | has("latency") | not)'
    # The usual client beside a server that never comes to answer.
    run python3 -s -B "$ROOT/scripts/cpython/client.py" 9 32 0.05 <<<go
    status_is 0
    run tail -n 1 <<<"$output"
    holds '.ops == 0 and .latency.count == 0 and .latency.min_ns == null'
}

@test "a client that fails is said, and nothing is left waiting" {
    client 'exit 1'
    cell --workload echo:1,spin:1 --param spin.iterations=100 --window 0.1 --client-command "$BATS_TEST_TMPDIR/client"
    status_is 0
    holds '.status == "crashed" and (.error | contains("helper process"))'
    client 'echo nonsense'
    cell --workload echo --window 0.1 --client-command "$BATS_TEST_TMPDIR/client"
    holds '.status == "crashed" and (.error | contains("no count and histogram: nonsense"))'
    cell --workload echo --window 0.1 --client-command /nonexistent/client
    holds '.status == "crashed" and (.error | contains("could not be started"))'
}

@test "an echo that ends leaves no process" {
    # A copy, so that those of other tests are not taken for its.
    cp -r "$ROOT/scripts/cpython" "$BATS_TEST_TMPDIR/"
    CELL=$BATS_TEST_TMPDIR/cpython/cell.py
    cell --workload echo --param busy=1 --window 0.1 --client-command "python3 -s -B $BATS_TEST_TMPDIR/cpython/client.py"
    holds '.status == "ok"'
    none_left() { ! pgrep -f "^[^ ]*python[^ ]* .*$BATS_TEST_TMPDIR/cpython/" >/dev/null; }
    wait_until 10 none_left
}
