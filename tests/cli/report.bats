#!/usr/bin/env bats
# report: charts and a report from a run directory, on believable samples that nobody measured (tests/data/make-run.sh).

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    mkdir results
}

# A run in the standard place with a standard name, and where its charts go.
ONE=results/20260102T030405Z-42
PLOTS=plots/20260102T030405Z-42

make_run() { # name [samples] [status]
    "$ROOT/tests/data/make-run.sh" "results/$1" "${2:-6}" "${3:-complete}"
}

# A PATH with everything that the program may start, but gnuplot.
without_gnuplot() {
    mkdir -p bin
    local tool
    for tool in tar gzip rm; do ln -sf "$(command -v "$tool")" "bin/$tool"; done
    PATH=$PWD/bin "$@"
}

@test "report draws every chart and writes both reports and the table" {
    make_run 20260102T030405Z-42
    run "$GILBENCH" report $ONE
    status_is 0
    output_has "$ONE/report.html" "confirmed" "7 of 7 drawn"
    [ -s $ONE/report.md ] && [ -s $ONE/report.html ] && [ -s $ONE/summary.csv ]
    for chart in cpu-scaling-spin-speedup io-scaling-speedup io-scaling-latency io-scaling-memory; do
        for ending in gp dat png svg; do [ -s "$PLOTS/$chart.$ending" ]; done
    done
}

@test "report without RUN takes results/latest" {
    make_run 20260102T030405Z-42
    ln -s "${ONE##*/}" results/latest
    run "$GILBENCH" report
    status_is 0
    [ -s $ONE/report.html ]
    [ -d $PLOTS ]
    [ ! -e plots/latest ]
}

@test "charts of a run with a name of its own lie in the run, in results/ too" {
    make_run mine
    "$GILBENCH" report mine
    [ -s results/mine/plots/io-scaling-speedup.png ]
    [ ! -e plots ]
}

@test "charts of a run elsewhere lie in the run" {
    "$ROOT/tests/data/make-run.sh" elsewhere
    run "$GILBENCH" report elsewhere
    status_is 0
    [ -s elsewhere/plots/io-scaling-speedup.png ]
    grep -q '"plots/io-scaling-speedup.png"' elsewhere/report.html
}

@test "a chart is drawn again by plain gnuplot, from its folder" {
    command -v gnuplot >/dev/null || skip "gnuplot is not here"
    make_run 20260102T030405Z-42
    "$GILBENCH" report $ONE
    mv $PLOTS moved
    rm moved/*.png moved/*.svg
    (cd moved && gnuplot cpu-scaling-spin-speedup.gp)
    [ -s moved/cpu-scaling-spin-speedup.png ]
    [ -s moved/cpu-scaling-spin-speedup.svg ]
}

@test "pictures are 1600 x 900 and their text is at least 22 pixels" {
    command -v gnuplot >/dev/null || skip "gnuplot is not here"
    make_run 20260102T030405Z-42
    "$GILBENCH" report $ONE
    # Width and height stand at byte 16 of a PNG.
    [ "$(od -An -tu1 -j16 -N8 $PLOTS/io-scaling-speedup.png | tr -s ' ')" = " 0 0 6 64 0 0 3 132" ]
    smallest=$(grep -ho 'font-size="[0-9.]*"' $PLOTS/*.svg | tr -dc '0-9.\n' | sort -n | head -n 1)
    awk -v size="$smallest" 'BEGIN { exit !(size >= 22) }'
}

@test "no chart says the bare word threads" {
    make_run 20260102T030405Z-42
    "$GILBENCH" report $ONE
    run grep -hoE "'threads'|threads [0-9]" $PLOTS/*.gp
    status_is 1
}

@test "the report needs no network and holds the first page" {
    make_run 20260102T030405Z-42
    "$GILBENCH" report $ONE
    run cat $ONE/report.html
    output_has "What these numbers are not" "data:image/svg+xml;base64" "git checkout 0123456789abcdef" "--seed 42" \
        "powersave" "cpupower frequency-set" "What failed" "signal 11" "gilbench once --workload primes --model fork" \
        "The driver and hyperfine" "Noise floor" "What the harness costs"
    [[ $output != *"http://"* && $output != *"https://"* && $output != *"<script"* ]]
    # The note of the experiment has mark-up in it.
    output_has "&lt;b&gt;not&lt;/b&gt;" "1 &lt; 2 &amp;&amp; 2 &gt; 1"
}

@test "claims are judged in the report and on the screen" {
    make_run 20260102T030405Z-42
    run "$GILBENCH" report $ONE
    output_has "confirmed  one lock, one core of bytecode" "refuted    a loop uses two cores"
    run cat $ONE/report.md
    output_has "**confirmed**" "**refuted**"
}

@test "what the lock did has a table in both reports, and columns in the summary" {
    make_run 20260102T030405Z-42
    "$GILBENCH" report $ONE
    run cat $ONE/report.md
    output_has "**Under the lock**" "| role | policy | workers | held" "longest wait" "Held is the share of the time"
    grep -q '<strong>Under the lock</strong>' $ONE/report.html
    head -n 1 $ONE/summary.csv | grep -q ',lost_ops,gil_waited_fraction,gil_acquisitions,gil_longest_wait_s,gil_wait_p50_s,gil_wait_p99_s,throughput_lo_per_s,throughput_hi_per_s,gil_switches_per_op,gil_wait_per_switch_s$'
    # spin under the lock with two workers: waited 49 % of its tasks' time, in 42 takes.
    run grep ',spin,spin,iterations=20000,batch,gil,py3,2,' $ONE/summary.csv
    output_has ",0,0.49,42,0.0"
}

@test "a run of before the lock's table: no such times, no failure" {
    make_run 20260102T030405Z-42
    sed -i 's/"gil_waited_fraction":[^,]*,//; s/"gil_acquisitions":[^,]*,//; s/"gil_longest_wait_s":[^,]*,//; s/,"gil_span_s":[0-9.e-]*//; s/"wait":{[^}]*},//; s/,"worker":\[[^]]*\]//' $ONE/samples.jsonl
    run grep -cE 'waited_fraction|acquisitions|gil_span|"wait"' $ONE/samples.jsonl
    output_has 0
    run "$GILBENCH" report $ONE
    status_is 0
    run cat $ONE/report.md
    output_has "**Under the lock**" "| spin | py3 | 2 | 99.0"
}

@test "an interrupted run gets a report that says so, and how to go on" {
    make_run torn 2 interrupted
    printf '{"schema":"gilbench-sam' >>results/torn/samples.jsonl
    run "$GILBENCH" report results/torn
    status_is 0
    output_has "not complete (status: interrupted)" "undecided"
    run cat results/torn/report.md
    output_has "did not run to its end" "gilbench run --resume" "torn" "few samples"
}

@test "a run without one finished sample gets a report" {
    make_run empty 6 interrupted
    : >results/empty/samples.jsonl
    run "$GILBENCH" report results/empty
    status_is 0
    [ -s results/empty/report.html ]
}

@test "without gnuplot the report is written and says so" {
    make_run 20260102T030405Z-42
    without_gnuplot run "$GILBENCH" report $ONE
    status_is 0
    output_has "gnuplot was not found"
    [ -s $PLOTS/io-scaling-speedup.gp ] && [ -s $PLOTS/io-scaling-speedup.dat ]
    [ ! -e $PLOTS/io-scaling-speedup.png ]
    grep -q "gnuplot was not found" $ONE/report.html
}

@test "without gnuplot, pictures that were drawn from the same numbers are kept and shown" {
    command -v gnuplot >/dev/null || skip "gnuplot is not here"
    make_run 20260102T030405Z-42
    "$GILBENCH" report $ONE
    without_gnuplot run "$GILBENCH" report $ONE
    status_is 0
    output_has "7 of 7 drawn"
    [ -s $PLOTS/io-scaling-speedup.png ]
    grep -q "data:image/svg+xml" $ONE/report.html
    # Other numbers: the old picture must not pass for theirs.
    sed -i '$d' $ONE/samples.jsonl
    sed -i 's/"throughput_per_s":[0-9]*/&1/' $ONE/samples.jsonl
    without_gnuplot run "$GILBENCH" report $ONE
    output_has "gnuplot was not found"
    [ ! -e $PLOTS/io-scaling-speedup.png ]
}

@test "without hyperfine the report says so" {
    make_run 20260102T030405Z-42
    sed -i 's/"hyperfine": "hyperfine.json"/"hyperfine": "absent"/' $ONE/manifest.json
    rm $ONE/hyperfine.json
    "$GILBENCH" report $ONE
    grep -q "hyperfine was not there" $ONE/report.html
}

@test "report never measures: samples and manifest stay as they are" {
    make_run 20260102T030405Z-42
    before=$(cat $ONE/samples.jsonl $ONE/manifest.json | cksum)
    "$GILBENCH" report $ONE
    "$GILBENCH" report $ONE
    [ "$(cat $ONE/samples.jsonl $ONE/manifest.json | cksum)" = "$before" ]
}

@test "a run that is not there: one sentence with the nearest name" {
    make_run 20260102T030405Z-42
    run "$GILBENCH" report results/20260102T030405Z-43
    status_is 2
    output_has "did you mean results/20260102T030405Z-42?"
    [ "${#lines[@]}" -eq 1 ]
}

@test "no run at all, a foreign folder, a foreign file, two runs: one sentence each" {
    run "$GILBENCH" report
    status_is 2
    output_has "no run yet"
    mkdir foreign
    run "$GILBENCH" report foreign
    status_is 2
    output_has "manifest.json"
    [ "${#lines[@]}" -eq 1 ]
    echo text >file
    run "$GILBENCH" report file
    status_is 2
    [ "${#lines[@]}" -eq 1 ]
    run "$GILBENCH" report one two
    status_is 2
    [ "${#lines[@]}" -eq 1 ]
}

@test "a run folder that cannot be written: one sentence" {
    [ "$(id -u)" -ne 0 ] || skip "root writes anywhere"
    make_run 20260102T030405Z-42
    chmod a-w $ONE
    run "$GILBENCH" report $ONE
    status_is 1
    [ "${#lines[@]}" -eq 1 ]
}
