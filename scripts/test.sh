#!/bin/bash
# Runs every unit test program and every command-line test of a build and ends with `N passed, N failed`.
#
#     scripts/test.sh BUILD [BATS_FILE...]      without files: all of tests/cli
#
# Both kinds speak TAP. A program that crashes, hangs, or stops before its plan is fulfilled counts as failed even if
# every line that it printed says ok. A skipped test is named and counts as neither.
#
# One more runs at a time than there are processors, for most of them wait for most of their time ($JOBS says otherwise);
# what each has to say is printed when it ends. The tests of one file run one after the other. Files must not look for
# each other's processes, nor write into the tree.
set -u

cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
shift
[ "${build#/}" != "$build" ] || build=$PWD/$build

# Longest life of one unit test program, and of one command-line test. They take seconds; this ends a hang.
unit_limit_s=120
export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-180}

export GILBENCH=${GILBENCH:-$build/gilbench}
export BUILD=$build

# The tests must not depend on who runs them.
export LC_ALL=C.UTF-8 CMOCKA_MESSAGE_OUTPUT=TAP
unset CMOCKA_XML_FILE CMOCKA_TEST_FILTER NO_COLOR GILBENCH_DATADIR

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# judge NAME STATUS FILE: shows what became of the tests whose TAP is in FILE, and leaves their counts in FILE.counts.
judge() {
    local name=$1 status=$2 tap=$3 p f s planned
    read -r p f s planned < <(awk '
        /^[[:space:]]*not ok( |$)/ { if (tolower($0) ~ /# *(skip|todo)/) s++; else f++; next }
        /^[[:space:]]*ok( |$)/ { if (tolower($0) ~ /# *skip/) s++; else p++; next }
        /^1\.\.[0-9]+/ { split($0, n, /\.\./); planned += n[2] }
        END { print p + 0, f + 0, s + 0, planned + 0 }' "$tap")
    local note=""
    if [ $((p + f + s)) -lt "$planned" ]; then
        note="$((planned - p - f - s)) of $planned tests never reported (exit status $status)"
        f=$((planned - p - s))
    elif [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
        note="exit status $status although no test reported a failure"
        f=1
    elif [ $((p + f + s)) -eq 0 ]; then
        note="no test in it"
        f=1
    fi
    echo "$p $f $s" >"$tap.counts"
    printf '  %-28s %3d passed' "$name" "$p"
    [ "$f" -eq 0 ] || printf ', %d failed' "$f"
    [ "$s" -eq 0 ] || printf ', %d skipped' "$s"
    echo
    if [ "$f" -gt 0 ]; then
        [ -z "$note" ] || echo "    $note"
        [ "$status" -ne 124 ] || echo "    ended after $unit_limit_s s"
        # What failed, with the lines that follow it: TAP puts the reason in comments after `not ok`.
        awk '/^[[:space:]]*(ok|1\.\.)/ { show = 0 } /^[[:space:]]*not ok/ { show = 1 } show { print "    " $0 }' "$tap" | head -n 60
        [ -z "$note" ] || tail -n 10 "$tap" | sed 's/^/    | /'
    fi
    awk 'tolower($0) ~ /^[[:space:]]*(not )?ok.*# *skip/ { print "    " $0 }' "$tap"
}

run_unit() { # program tap
    timeout -k 5 $unit_limit_s "$1" >"$2" 2>"$2.err" </dev/null
    local status=$?
    # cmocka writes the reasons to stderr in some versions: keep them as comments.
    sed 's/^/# /' "$2.err" >>"$2"
    return $status
}

run_one() { # program or .bats file
    local name=${1##*/}
    local tap=$scratch/$name.tap status
    [ -e "$1" ] || {
        echo "  $name: was not built"
        echo 0 1 0 >"$tap.counts"
        return
    }
    case $1 in
    *.bats) bats --tap "$1" >"$tap" 2>&1 </dev/null ;;
    *) run_unit "$1" "$tap" ;;
    esac
    status=$?
    # In one piece, for others print too.
    judge "$name" $status "$tap" >"$tap.said"
    flock "$scratch" cat "$tap.said"
}
export -f judge run_unit run_one
export scratch unit_limit_s

if [ $# -eq 0 ]; then
    shopt -s nullglob
    set -- tests/cli/*.bats
fi
programs=()
for source in tests/unit/test_*.c; do
    [ -e "$source" ] || continue
    programs+=("$build/tests/$(basename "$source" .c)")
done
# The long ones first, so that at the end no processor is idle.
# shellcheck disable=SC2016 # the inner shell's
printf '%s\0' "$@" "${programs[@]}" | xargs -0 -P "${JOBS:-$(($(nproc) + 1))}" -n 1 bash -c 'run_one "$1"' run_one

# What left no counts was ended from outside, or was never there.
passed=0
failed=0
skipped=0
for file in "$@" "${programs[@]}"; do
    read -r p f s 2>/dev/null <"$scratch/${file##*/}.tap.counts" || {
        echo "  ${file##*/}: was not finished"
        p=0 f=1 s=0
    }
    passed=$((passed + p))
    failed=$((failed + f))
    skipped=$((skipped + s))
done

[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
