#!/usr/bin/env bats
# export: a run as one file that `report` reads back anywhere.

load common

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    mkdir results tmp
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    "$ROOT/tests/data/make-run.sh" results/one
}

@test "a bundle holds report, charts, samples and manifest, and leaves nothing behind" {
    run "$GILBENCH" export results/one --format bundle -o one.tar.gz
    status_is 0
    output_has "one.tar.gz"
    run tar -tzf one.tar.gz
    output_has one/manifest.json one/samples.jsonl one/summary.csv one/report.html one/report.md \
        one/plots/io-scaling-speedup.gp one/plots/io-scaling-speedup.dat one/hyperfine.json
    [ -z "$(ls -A tmp)" ]
    [ ! -e results/one/report.html ]
}

@test "links in a bundle are relative and lead to what is in it" {
    "$GILBENCH" export one --format bundle -o one.tar.gz
    mkdir far && tar -xzf one.tar.gz -C far
    run grep -oE '(href|\]\()="?[^#")]*' far/one/report.html
    while read -r link; do
        link=${link#href=\"}
        [ -z "$link" ] || [ -e "far/one/$link" ]
    done <<<"$output"
    ! grep -q "$BATS_TEST_TMPDIR" far/one/report.html
    ! grep -q "$BATS_TEST_TMPDIR" far/one/report.md
}

@test "report reads a bundle back with the same numbers" {
    "$GILBENCH" report results/one
    "$GILBENCH" export results/one --format bundle -o one.tar.gz
    mv results/one kept
    run "$GILBENCH" report one.tar.gz
    status_is 0
    html=${lines[-1]}
    [ -s "$html" ]
    cmp "${html%report.html}summary.csv" kept/summary.csv
}

@test "without -o the bundle is named after the run" {
    run "$GILBENCH" export results/one --format bundle
    status_is 0
    [ -s one.tar.gz ]
}

@test "mistakes are one sentence and status 2" {
    run "$GILBENCH" export results/one --format xml
    status_is 2
    output_has "'xml'" "bundle"
    [ "${#lines[@]}" -eq 1 ]
    run "$GILBENCH" export results/one
    status_is 2
    output_has "bundle"
    run "$GILBENCH" export results/onee --format bundle
    status_is 2
    output_has "did you mean results/one?"
}

@test "a place that cannot be written: one sentence, no half file" {
    run "$GILBENCH" export results/one --format bundle -o nowhere/one.tar.gz
    status_is 1
    output_has "nowhere/one.tar.gz"
    [ "${#lines[@]}" -eq 1 ]
}
