#!/usr/bin/env bats
# The house: make's targets, the set-up of dependencies, honest counting of tests, and that a planted fault is caught.

load common

# A small tree with the given checks' scripts, to plant faults in.
plant() { # file text
    mkdir -p "$BATS_TEST_TMPDIR/tree/$(dirname "$1")"
    printf '%b' "$2" >"$BATS_TEST_TMPDIR/tree/$1"
}

layers() { run "$ROOT/scripts/check-layers" "$BATS_TEST_TMPDIR/tree"; }

@test "make help lists every target" {
    run make -s -C "$ROOT" help
    status_is 0
    for target in all run-all demo test lint tsan asan hostile bench-sim deps install uninstall clean; do
        output_has "make $target "
    done
}

@test "make says in one sentence what it needs when the system is not Linux" {
    printf '#!/bin/sh\necho Darwin\n' >"$BATS_TEST_TMPDIR/uname"
    chmod +x "$BATS_TEST_TMPDIR/uname"
    PATH=$BATS_TEST_TMPDIR:$PATH run make -s -C "$ROOT" all
    [ "$status" -ne 0 ]
    output_has "gilbench needs Linux"
}

@test "make CFLAGS=... keeps the project's own flags" {
    run make -C "$ROOT" -n V=1 BUILD="$BATS_TEST_TMPDIR/b" CFLAGS=-O0 build
    status_is 0
    output_has "-std=c17" "-Wextra" "-O0"
}

@test "dependencies: silent when nothing is missing, each group by name" {
    for group in build run test; do
        run "$ROOT/scripts/deps.sh" $group
        status_is 0
        [ -z "$output" ]
    done
    run "$ROOT/scripts/deps.sh" everything
    status_is 2
}

# A PATH with only what deps.sh itself uses, so that the probes find nothing and no package manager is there.
bare_path() {
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    local tool
    for tool in sh awk tr id tail find grep mktemp rm cat env; do
        ln -sf "$(command -v $tool)" "$BATS_TEST_TMPDIR/bin/$tool"
    done
    echo "$BATS_TEST_TMPDIR/bin"
}

@test "dependencies: elsewhere than on Debian, what is missing is named" {
    PATH=$(bare_path) run "$ROOT/scripts/deps.sh" test
    status_is 1
    output_has "bats: bats" "libuv: libuv1-dev"
}

@test "dependencies: without the right to install, the one command to type" {
    bin=$(bare_path)
    printf '#!/bin/sh\nexit 1\n' >"$bin/dpkg-query"
    printf '#!/bin/sh\nexit 1\n' >"$bin/apt-get"
    rm "$bin/id"
    printf '#!/bin/sh\necho 1000\n' >"$bin/id"
    chmod +x "$bin/dpkg-query" "$bin/apt-get" "$bin/id"
    PATH=$bin run "$ROOT/scripts/deps.sh" build
    status_is 1
    output_has "type: sudo apt-get install" "libuv1-dev"
}

@test "dependencies: a missing gnuplot is said and stops nothing" {
    bin=$(bare_path)
    printf '#!/bin/sh\nexit 1\n' >"$bin/apt-get"
    # Everything is installed but gnuplot.
    printf '#!/bin/sh\nshift 3\nfor p; do [ $p = gnuplot-nox ] || echo "installed $p"; done\n' >"$bin/dpkg-query"
    rm "$bin/id"
    printf '#!/bin/sh\necho 1000\n' >"$bin/id"
    chmod +x "$bin/dpkg-query" "$bin/apt-get" "$bin/id"
    PATH=$bin run "$ROOT/scripts/deps.sh" run
    status_is 0
    output_has "without gnuplot-nox reports have no charts" "apt-get install --no-install-recommends -y gnuplot-nox"
}

@test "layers: the source as it is is clean" {
    run "$ROOT/scripts/check-layers" "$ROOT"
    status_is 0
}

@test "layers: an upward include is caught" {
    plant include/gilbench/plan.h ''
    plant src/base/a.c '#include <stdio.h>\n#include <gilbench/plan.h>\n'
    layers
    status_is 1
    output_has "src/base/a.c:2: upward: src/base/a.c (0 base) -> include/gilbench/plan.h (2 data)"
}

@test "layers: execution and results do not see each other" {
    plant src/model/engine.h ''
    plant src/stats/stats.h ''
    plant src/stats/a.c '#include "model/engine.h"\n'
    plant src/model/b.c '#include "stats/stats.h"\n'
    layers
    status_is 1
    output_has "sideways: src/stats/a.c (3 results) -> src/model/engine.h (3 execution)" \
        "sideways: src/model/b.c (3 execution) -> src/stats/stats.h (3 results)"
}

@test "layers: a workload includes its contract alone" {
    plant include/gilbench/workload.h ''
    plant include/gilbench/util.h ''
    plant bench/a.c '#include <zlib.h>\n#include <gilbench/workload.h>\n#include <gilbench/util.h>\n'
    layers
    status_is 1
    output_has "bench/a.c:3: includes gilbench/util.h"
    [[ $output != *"bench/a.c:2"* ]]
}

@test "layers: a cycle is caught and shown as a chain" {
    plant src/base/a.h '#include "base/b.h"\n'
    plant src/base/b.h '#include "c.h"\n'
    plant src/base/c.h '#include "base/a.h"\n'
    layers
    status_is 1
    output_has "cycle: src/base/a.h -> src/base/b.h -> src/base/c.h -> src/base/a.h"
}

@test "layers: a header in no layer and an include of nothing are caught" {
    plant include/gilbench/novel.h ''
    plant src/base/a.c '#include "base/nothing.h"\n'
    layers
    status_is 1
    output_has "include/gilbench/novel.h: in no layer" "base/nothing.h is nowhere"
}

@test "sizes: a function above 60 lines and a file above 400 are caught" {
    {
        echo 'static int long_one(int a)'
        echo '{'
        yes '	a++;' | head -n 60
        echo '}'
    } >"$BATS_TEST_TMPDIR/long.c"
    { echo 'int x;' && yes '' | head -n 400; } >"$BATS_TEST_TMPDIR/tall.c"
    run "$ROOT/scripts/check-sizes" "$BATS_TEST_TMPDIR/long.c" "$BATS_TEST_TMPDIR/tall.c"
    status_is 1
    output_has "long.c:2: long_one has 62 lines" "tall.c: 401 lines"
}

# One unit test program that says what $1 says, in a tree of its own, counted by scripts/test.sh.
count() {
    local tree=$BATS_TEST_TMPDIR/count
    mkdir -p "$tree/scripts" "$tree/tests/unit" "$tree/tests/cli" "$tree/build/tests"
    cp "$ROOT/scripts/test.sh" "$tree/scripts/"
    : >"$tree/tests/unit/test_x.c"
    printf '#!/bin/sh\n%s\n' "$1" >"$tree/build/tests/test_x"
    chmod +x "$tree/build/tests/test_x"
    run "$tree/scripts/test.sh" build
}

last_line_is() {
    [ "${lines[-1]}" = "$1" ] || {
        printf 'expected the last line: %s\n%s\n' "$1" "$output"
        return 1
    }
}

@test "counting: passed and failed are summed, and a failure fails" {
    count 'echo 1..2; echo ok 1 - a; echo ok 2 - b'
    status_is 0
    last_line_is "2 passed, 0 failed"
    count 'echo 1..2; echo ok 1 - a; echo "not ok 2 - b"; echo "# the reason"; exit 1'
    status_is 1
    output_has "the reason"
    last_line_is "1 passed, 1 failed"
}

@test "counting: a program that dies early has failed" {
    count 'echo 1..3; echo ok 1 - a; kill -SEGV $$'
    status_is 1
    output_has "2 of 3 tests never reported"
    last_line_is "1 passed, 2 failed"
    count 'echo 1..1; echo ok 1 - a; exit 3'
    status_is 1
    last_line_is "1 passed, 1 failed"
    count 'true'
    status_is 1
    last_line_is "0 passed, 1 failed"
}

@test "counting: a skipped test is named and counts as neither" {
    count 'echo 1..2; echo ok 1 - a; echo "ok 2 - b # skip no such thing here"'
    status_is 0
    output_has "no such thing here" "1 skipped"
    last_line_is "1 passed, 0 failed"
}

@test "counting: a test that was not built has failed" {
    count 'true'
    rm "$BATS_TEST_TMPDIR/count/build/tests/test_x"
    run "$BATS_TEST_TMPDIR/count/scripts/test.sh" build
    status_is 1
    last_line_is "0 passed, 1 failed"
}

@test "the registry lists what the folders hold" {
    run "$ROOT/scripts/registry.sh"
    status_is 0
    for file in "$ROOT"/bench/*.c; do output_has "&workload_$(basename "$file" .c),"; done
    for file in "$ROOT"/src/cli/cmd_*.c; do
        name=$(basename "$file" .c)
        output_has "&command_${name#cmd_},"
    done
}

@test "install and uninstall" {
    run make -s -C "$ROOT" BUILD="${GILBENCH%/*}" DESTDIR="$BATS_TEST_TMPDIR" PREFIX=/usr/local install
    status_is 0
    installed=$BATS_TEST_TMPDIR/usr/local
    run env GILBENCH_DATADIR="$installed/share/gilbench" "$installed/bin/gilbench" list
    status_is 0
    output_has "Workloads:"
    run make -s -C "$ROOT" BUILD="${GILBENCH%/*}" DESTDIR="$BATS_TEST_TMPDIR" PREFIX=/usr/local uninstall
    status_is 0
    [ -z "$(find "$installed" -type f)" ]
}

# A program that says what it was told, for run-all.
fake_program() { # status of run, status of report
    cat >"$BATS_TEST_TMPDIR/program" <<SCRIPT
#!/bin/sh
echo "told: \$*"
case \$1 in
run) mkdir -p results/one && ln -sfn one results/latest; exit $1 ;;
report) [ $2 -ne 0 ] || : >results/one/report.html; exit $2 ;;
esac
SCRIPT
    chmod +x "$BATS_TEST_TMPDIR/program"
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "run-all measures, reports, and prints the report's path last" {
    fake_program 0 0
    run "$ROOT/scripts/run-all.sh" "$BATS_TEST_TMPDIR/program" ""
    status_is 0
    output_has "told: run all" "told: report"
    [ "${lines[-1]}" = "open file://$BATS_TEST_TMPDIR/results/one/report.html" ]
}

@test "run-all passes the budget on and is honest about failures" {
    fake_program 1 0
    run "$ROOT/scripts/run-all.sh" "$BATS_TEST_TMPDIR/program" 60s
    status_is 1
    output_has "--budget 60s" "/results/one/report.html"
    fake_program 2 0
    run "$ROOT/scripts/run-all.sh" "$BATS_TEST_TMPDIR/program" 1s
    status_is 2
    [[ $output != *"told: report"* ]]
    fake_program 0 1
    rm -f results/one/report.html
    run "$ROOT/scripts/run-all.sh" "$BATS_TEST_TMPDIR/program" 60s
    status_is 1
    output_has "there is no report; the samples are in results/one"
}
