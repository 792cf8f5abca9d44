#!/usr/bin/env bats
# predict: the answer to a profile, the same every time; and every mistake in one sentence.

load common

setup() {
    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
}

# Few cells, short windows: what is tested is not how well they are known.
small() {
    run "$GILBENCH" predict --profile 'gil 2ms, wait 10ms' --model gil,gil*2,uv,free --workers 2,8 --cores 2 \
        --window 1s "$@"
}

refuses() { # text options...: exit status 2 and one sentence with the text
    local text=$1
    shift
    run "$GILBENCH" predict "$@"
    status_is 2
    output_has "gilbench: " "$text"
    [ "${#lines[@]}" -eq 1 ]
}

@test "without a profile it says where the numbers come from, and so does --help" {
    run "$GILBENCH" predict
    status_is 2
    output_has "time.thread_time()" "py-spy record --gil" "gilbench predict --profile"
    run "$GILBENCH" predict --help
    status_is 0
    output_has "time.thread_time()" "py-spy record --gil" "gilbench predict --profile" "--goal" "--cost"
}

@test "a table, a picture, what limits each, a recommendation, and how far to trust it" {
    small
    status_is 0
    output_has "gil:2ms+wait:10ms" "one task alone" "1 x 8" "2 x 4" "lock held" "loop busy" "workers 2" \
        "Recommended: 2 processes of 4 threads" "of the best throughput: " "runner-up" "this holds" "an assumption, not a measurement" "not checked here"
    [[ ${lines[-1]} == "Trust: not checked here"* ]]
}

@test "the same seed gives the same bytes on any number of processors" {
    small --seed 3
    first=$output
    run taskset -c "$(taskset -cp $$ | grep -oE '[0-9]+' | tail -n 1)" "$GILBENCH" predict \
        --profile 'gil 2ms, wait 10ms' --model gil,gil*2,uv,free --workers 2,8 --cores 2 --window 1s --seed 3
    status_is 0
    [ "$output" = "$first" ]
}

@test "--csv is summary.csv and nothing else" {
    small --csv
    status_is 0
    [[ ${lines[0]} == experiment,role,workload,params,kind,model,policy,workers,source,status,samples,ops,* ]]
    [ "${#lines[@]}" -eq 10 ]
    output_has "predict,profile,profile,profile=gil:2ms+wait:10ms cores=2,window,seq,,1,virtual,ok," ",gil*2,py3,8,"
}

@test "free costs what is said, and then it is no assumption" {
    small --model free --cost free=1.25
    status_is 0
    output_has "× 1.25"
    [[ $output != *"1.25: an assumption"* ]]
}

@test "goals" {
    small --goal 'p99<1ms'
    status_is 0
    output_has "No shape keeps its p99 below 1.00" "above it"
    small --goal throughput
    output_has "Recommended: " "for the most"
}

@test "a window in which nothing is finished is said to be one" {
    small --window 2ms
    status_is 0
    output_has "No operation was finished" "longer --window"
}

@test "an open loop, with random or regular arrivals" {
    small --rate 50 --model gil --arrivals regular --window 60s
    status_is 0
    output_has "regular arrivals, 50 per second" "the load"
    small --rate 50 --model gil
    output_has "random arrivals"
}

@test "the chart with its data" {
    command -v gnuplot >/dev/null || skip "no gnuplot"
    small --chart "$BATS_TEST_TMPDIR/curves/mine.png"
    status_is 0
    for ending in png svg gp dat; do [ -s "$BATS_TEST_TMPDIR/curves/mine.$ending" ]; done
}

@test "a workload is recorded first" {
    run "$GILBENCH" predict --workload sleep --param ms=2 --model uv --workers 1,4
    status_is 0
    output_has "sleep ms=2, recorded here: " "wait:" "uvicorn --workers 1"
    refuses "did you mean 'spin'" --workload spn
}

@test "a mistake is answered in one sentence" {
    refuses "column" --profile 'gil -2ms'
    refuses "gil" --profile 'cpu 2ms'
    refuses "did you mean 'gil'" --profile 'gil 1ms' --model gli
    refuses "gil*9 has 9 processes" --profile 'gil 1ms' --model 'gil*9' --workers 4
    refuses "--rate" --profile 'gil 1ms' --rate nan
    refuses "--arrivals" --profile 'gil 1ms' --rate 5 --arrivals often
    refuses "--arrivals needs --rate" --profile 'gil 1ms' --arrivals regular
    refuses "did you mean 'switch'" --profile 'gil 1ms' --cost swich=1us
    refuses "--cores" --profile 'gil 1ms' --cores 0
    refuses "--gil is for models with a lock" --profile 'gil 1ms' --model uv --gil fifo
    refuses "the goal" --profile 'gil 1ms' --goal fast
    refuses "give one of them" --profile 'gil 1ms' --workload spin
    refuses ".png or .svg" --profile 'gil 1ms' --model uv --workers 2 --window 1s --chart x.pdf
}
