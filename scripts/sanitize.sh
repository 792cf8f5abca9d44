#!/bin/bash
# Builds a second program with other flags beside the first and runs the unit tests and the matrix of workloads and
# models under it:  scripts/sanitize.sh NAME FLAGS   builds into build-NAME.
set -u
cd "$(dirname "$0")/.." || exit 1
name=$1
flags=$2
build=build-$name

# A report ends the program, so that it cannot pass unnoticed.
export TSAN_OPTIONS="halt_on_error=1 exitcode=66 second_deadlock_stack=1"
export ASAN_OPTIONS="halt_on_error=1 exitcode=66 detect_leaks=1 detect_stack_use_after_return=1"
export UBSAN_OPTIONS="halt_on_error=1 print_stacktrace=1"

# Address randomisation is off (setarch -R) where that is allowed: with 32 bits of it, which newer kernels have, gcc 12's
# ThreadSanitizer meets mappings where its shadow must lie and refuses to start.
run=()
if setarch -R true 2>/dev/null; then run=(setarch -R); fi

# With little optimisation, for what is looked for here does not depend on it, and half of the time goes into compiling.
make --no-print-directory -j"$(nproc)" BUILD="$build" EXTRA="-O1 -g1 $flags" build units || exit 1
GILBENCH=$PWD/$build/gilbench "${run[@]}" scripts/test.sh "$build" tests/cli/matrix.bats
