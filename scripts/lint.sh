#!/bin/bash
# Everything that can be said about the source without running it. Each check prints only what it found.
set -u
cd "$(dirname "$0")/.." || exit 1

faults=0
check() { # name command...
    local name=$1
    shift
    local output
    if output=$("$@" 2>&1); then
        echo "  $name: clean"
    else
        echo "  $name:"
        printf '%s\n' "$output" | head -n 200 | sed 's/^/    /'
        faults=$((faults + 1))
    fi
}

mapfile -t c_files < <(find src bench tests/unit -name '*.c' | LC_ALL=C sort)
mapfile -t c_and_h < <(find src bench include tests/unit -name '*.[ch]' | LC_ALL=C sort)
mapfile -t scripts < <(find scripts .ci -type f \( -name '*.sh' -o -name 'check-*' -o -name run \) | LC_ALL=C sort)

# No warning under the Makefile's list, by either compiler. Some of gcc's come with optimisation, so it is the one that
# people build with; where a build that stops at warnings is there already, GCC_BUILD names it. clang's front end has all
# of its own.
compiles() { make --no-print-directory -s -j"$(nproc)" CC="$1" BUILD="$2" EXTRA=-Werror "${@:3}" >/dev/null; }

check clang-format clang-format --dry-run -Werror "${c_and_h[@]}"
check cppcheck scripts/check-cppcheck "${c_files[@]}"
check shellcheck shellcheck -x "${scripts[@]}"
check python scripts/check-python
check gcc compiles gcc "${GCC_BUILD:-build-lint-gcc}" build units
check clang compiles clang build-lint-clang syntax
check layers scripts/check-layers .
check sizes scripts/check-sizes "${c_and_h[@]}"

if [ $faults -gt 0 ]; then
    echo "lint: $faults of the checks found something"
    exit 1
fi
echo "lint: clean"
