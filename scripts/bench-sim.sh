#!/bin/bash
# How fast the simulator is, beside SimPy on the same closed loop:  scripts/bench-sim.sh PROGRAM
#
# The loop: 1,000 tasks think for exp(1 s) and keep the one lock for exp(1 ms), in order of arrival. The two run by turns,
# each for about a second of its own, so that a disturbance meets both. Rates are per second of processor time, medians
# of the pairs with their 95 % interval; a target is what the simulator was built for, on a machine that has nothing else
# to do.
set -u
cd "$(dirname "$0")/.." || exit 1
program=${1:-build/gilbench}
pairs=7

# Debian's package belongs to Debian's Python, which need not be the first one.
for python in python3 /usr/bin/python3; do
    "$python" -s -c 'import simpy' 2>/dev/null && break
    python=""
done
[ -n "$python" ] || {
    echo "bench-sim: no Python has SimPy here; Debian's package is python3-simpy3" >&2
    exit 1
}

speed() { "$program" sim-speed "$@"; }

echo "Closed loop: 1,000 tasks, wait exp(1s), hold exp(1ms), one lock in order of arrival; $pairs pairs, by turns"
rates=$(mktemp)
trap 'rm -f "$rates" "$rates".*' EXIT
for _ in $(seq $pairs); do
    read -r events ops seconds _ < <(speed gil 1000 3000 'loop:1000 = wait exp(1s), hold exp(1ms)') || exit 1
    read -r their_ops their_seconds version < <("$python" -s -B scripts/bench_sim.py 1000 60 $RANDOM) || exit 1
    awk -v e="$events" -v o="$ops" -v s="$seconds" -v to="$their_ops" -v ts="$their_seconds" \
        'BEGIN { printf "%.9g %.9g %.9g\n", o / s, to / ts, e / s }' >>"$rates"
done
cut -d ' ' -f 1,2 "$rates" | speed --pairs >"$rates.ops"
cut -d ' ' -f 3,3 "$rates" | awk '{ print $1, 1 }' | speed --pairs | head -n 1 >"$rates.events"
awk -v simpy="SimPy ${version:-}" '
    NR < 3 { printf "  %-13s %10.3f million operations/s [%.3f, %.3f]\n", NR == 1 ? "gilbench" : simpy, $1 / 1e6, $2 / 1e6, $3 / 1e6 }
    NR == 3 { printf "  %-13s %10.1f times as many       [%.1f, %.1f]   target: at least 25\n", "ratio", $1, $2, $3 }
    NR == 4 { printf "  %-13s %10.1f million events/s     [%.1f, %.1f]   target: at least 15\n", "gilbench", $1 / 1e6, $2 / 1e6, $3 / 1e6 }
' "$rates.ops" "$rates.events"

echo "Many cores: 10,000 tasks of gil 1ms, wait 10ms under fork on 1,024 cores, 60 s"
read -r events ops seconds rss < <(speed fork 1024 60 'many:10000 = gil 1ms, wait 10ms') || exit 1
awk -v s="$seconds" -v rss="$rss" -v o="$ops" 'BEGIN {
    printf "  %.1f s (target: at most 15), %.0f MiB (target: at most 100), %.0f operations\n", s, rss / 1048576, o }'

# The same load of the lock and as many operations, whatever the number of tasks.
echo "Cost of an event over the number of tasks (target: grows no faster than the logarithm)"
for tasks in 10 100 1000 10000 100000; do
    read -r seconds hold < <(awk -v n=$tasks 'BEGIN { print 5e5 / n, 1 / n }')
    read -r events ops taken _ < <(speed gil $((tasks < 65536 ? tasks : 65536)) "$seconds" "loop:$tasks = wait exp(1s), hold exp(${hold}s)") || exit 1
    awk -v n=$tasks -v e="$events" -v s="$taken" 'BEGIN { printf "%d %.9g\n", n, s / e * 1e9 }'
done | awk '
    NR == 1 { least = $1; first = $2 }
    { printf "  %7d tasks %8.1f ns   %.2f times that of %d, the logarithm of tasks: %.2f times\n", $1, $2, $2 / first, least, log($1) / log(least) }'
