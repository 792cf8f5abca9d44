#!/bin/bash
# Everything, measured and reported:  scripts/run-all.sh PROGRAM [BUDGET]
#
# Runs the shipped experiments that belong to no group within BUDGET (without one, within `gilbench run`'s own), draws the report, and prints its path last. Exit status: the run's own
# (1: a measurement failed, 2: a mistake or too small a budget, 130: interrupted), else the report's.
set -u
program=${1:-build/gilbench}
budget=${2:-}

for tool in gnuplot hyperfine; do
    command -v $tool >/dev/null || case $tool in
    gnuplot) echo "run-all: gnuplot is missing: the report will have no charts" >&2 ;;
    hyperfine) echo "run-all: hyperfine is missing: the report will lack its cross-check of times" >&2 ;;
    esac
done

"$program" run ${budget:+--budget "$budget"} all
run_status=$?
case $run_status in
# Done, or with failed measurements, which the report shows.
0 | 1) ;;
*) exit $run_status ;;
esac

"$program" report
report_status=$?

run=results/$(readlink results/latest 2>/dev/null || echo latest)
if [ -e "$run/report.html" ]; then
    # A form that terminals open with a click.
    echo "open file://$PWD/$run/report.html"
else
    echo "run-all: there is no report; the samples are in $run" >&2
    [ $report_status -ne 0 ] || report_status=1
fi
[ $run_status -ne 0 ] && exit $run_status
exit $report_status
