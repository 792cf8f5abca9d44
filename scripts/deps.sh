#!/bin/sh
# Installs what is missing, or says what to type: scripts/deps.sh build|run|test|lint|sim|all (default: all)
#
# One row per need: group, Debian package, and a probe that finds the thing where no Debian package is. A need is
# missing when neither the package nor the probe is there. Silent, without network and in a few hundredths of a
# second when nothing is missing. `run` rows are optional: without them charts or the cross-check are absent from a
# report or the real interpreter from a comparison, and nothing else. `sim` is no part of `all`: who compares simulators.
set -u

needs='
build gcc              command:gcc
build make             command:make
build libc6-dev        header:stdio.h
build pkg-config       command:pkg-config
build libuv1-dev       pkg-config:libuv
build libinih-dev      pkg-config:inih
build libjansson-dev   pkg-config:jansson
build libgsl-dev       pkg-config:gsl
build libssl-dev       pkg-config:libcrypto
build zlib1g-dev       pkg-config:zlib
build libhwloc-dev     pkg-config:hwloc
run   gnuplot-nox      command:gnuplot
run   fonts-dejavu-core font:DejaVuSans.ttf
run   hyperfine        command:hyperfine
run   python3          command:python3
test  libcmocka-dev    pkg-config:cmocka
test  bats             command:bats
test  jq               command:jq
test  procps           command:pgrep
lint  clang            command:clang
lint  clang-format     command:clang-format
lint  cppcheck         command:cppcheck
lint  shellcheck       command:shellcheck
sim   python3-simpy3   python:simpy
'

# Which groups a target needs, in the order of the table.
case ${1:-all} in
build) groups="build" ;;
run) groups="build run" ;;
test) groups="build run test" ;;
lint) groups="build lint" ;;
sim) groups="build sim" ;;
all) groups="build run test lint" ;;
*)
    echo "deps.sh: '$1' is not one of build, run, test, lint, sim, all" >&2
    exit 2
    ;;
esac

is_debian() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

# The wanted rows as "group package probe".
wanted=$(echo "$needs" | awk -v groups=" $groups " 'NF == 3 && index(groups, " " $1 " ")')

probe() { # kind:what
    what=${1#*:}
    case $1 in
    command:*) command -v "$what" >/dev/null ;;
    pkg-config:*) pkg-config --exists "$what" 2>/dev/null ;;
    python:*) python3 -s -c "import $what" 2>/dev/null ;;
    header:*) [ -e "/usr/include/$what" ] ;;
    font:*) find /usr/share/fonts "${HOME:-/root}/.fonts" -name "$what" 2>/dev/null | grep -q . ;;
    esac
}

# Prints the missing rows. Packages first, all in one query: a probe per need would take longer than the build check may.
missing_rows() {
    here=""
    if is_debian; then
        # shellcheck disable=SC2046 # one word per package is meant
        here=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(echo "$wanted" | awk '{print $2}') 2>/dev/null |
            awk '$1 == "installed" {print $2}' | tr '\n' ' ')
    fi
    echo "$wanted" | while read -r group package what; do
        case " $here " in *" $package "*) continue ;; esac
        probe "$what" || echo "$group $package $what"
    done
}

rows=$(missing_rows)
[ -n "$rows" ] || exit 0

required=$(echo "$rows" | awk '$1 != "run" {printf "%s%s", sep, $2; sep = " "}')
optional=$(echo "$rows" | awk '$1 == "run" {printf "%s%s", sep, $2; sep = " "}')

say_optional() {
    for package in $optional; do
        case $package in
        python3) echo "deps: without $package nothing can be compared with the real CPython" >&2 ;;
        hyperfine) echo "deps: without $package the report lacks its cross-check of times" >&2 ;;
        *) echo "deps: without $package reports have no charts" >&2 ;;
        esac
    done
}

if ! is_debian; then
    say_optional
    [ -n "$required" ] || exit 0
    echo "deps: missing (what: Debian's package for it):" >&2
    echo "$rows" | awk '$1 != "run" {sub(/.*:/, "", $3); printf "  %s: %s\n", $3, $2}' >&2
    exit 1
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        say_optional
        packages=$required
        [ -n "$required" ] && packages="$required${optional:+ $optional}" || packages=$optional
        echo "deps: missing packages; type: sudo apt-get install --no-install-recommends -y $packages" >&2
        [ -z "$required" ]
        exit
    fi
fi

install_packages() {
    # shellcheck disable=SC2086 # the words are separate arguments; as_root may be none
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >"$log" 2>&1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "deps: installing ${required:+$required }$optional" >&2
# A failed update is no failure yet: the packages may be in the cache of the last one.
$as_root apt-get update -qq >"$log" 2>&1 || echo "deps: apt-get update failed: $(tail -n 1 "$log")" >&2
# shellcheck disable=SC2086 # one argument per package
if [ -n "$required" ] && ! install_packages $required; then
    cat "$log" >&2
    echo "deps: could not install: $required" >&2
    exit 1
fi
# shellcheck disable=SC2086
if [ -n "$optional" ] && ! install_packages $optional; then
    tail -n 3 "$log" >&2
    say_optional
fi
exit 0
