# What every command-line test needs: load it with `load common` at the top of a .bats file.
#
# $GILBENCH is the program under test (scripts/test.sh sets it); by hand: build/gilbench of this tree.
ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
: "${GILBENCH:=$ROOT/build/gilbench}"
export GILBENCH ROOT

# Fails with both sides shown unless $output contains each of the given texts.
output_has() {
    local text
    for text in "$@"; do
        [[ $output == *"$text"* ]] || {
            printf 'expected in the output: %s\nthe output (status %s):\n%s\n' "$text" "${status:-?}" "$output"
            return 1
        }
    done
}

# Fails with both sides shown unless `run` ended with the status $1.
status_is() {
    [ "$status" -eq "$1" ] || {
        printf 'expected status %s, got %s; the output:\n%s\n' "$1" "$status" "$output"
        return 1
    }
}

# Waits until the command succeeds, at most $1 seconds. A test never sleeps and hopes.
wait_until() {
    local limit_s=$1 tries=0
    shift
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt $((limit_s * 20)) ] || {
            echo "never came true within $limit_s s: $*"
            return 1
        }
        sleep 0.05
    done
}
