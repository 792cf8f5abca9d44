#!/usr/bin/env bats
# doctor: the checks in words, each warning with its cure, and an exit status that says whether measuring makes sense.

load common

setup() {
    export GILBENCH_HOST_ROOT=$BATS_TEST_TMPDIR/root
    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
    tell /proc/loadavg "0.01 0.01 0.01 1/100 1"
}

tell() { # path text: one file of the machine that doctor is told of
    mkdir -p "$GILBENCH_HOST_ROOT${1%/*}"
    echo "$2" >"$GILBENCH_HOST_ROOT$1"
}

quota() { # microseconds of each 100 ms
    tell /proc/self/cgroup "0::/"
    tell /proc/self/mountinfo "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"
    tell /sys/fs/cgroup/cpu.max "$1 100000"
}

@test "doctor describes the machine as it is" {
    unset GILBENCH_HOST_ROOT
    run "$GILBENCH" doctor
    output_has "usable CPU" "GiB of memory" "load average" "the clock"
}

@test "doctor says ok lines, and fit when nothing is wrong" {
    run "$GILBENCH" doctor
    status_is 0
    output_has "ok       no processor quota" "Fit to measure on"
}

@test "every warning has its cure" {
    tell /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor powersave
    tell /sys/class/power_supply/BAT0/status Discharging
    tell /proc/sys/kernel/randomize_va_space 0
    tell /proc/loadavg "999 999 999 1/1 1"
    tell /proc/version "Linux version 5.15-microsoft-standard-WSL2"
    quota 150000
    run "$GILBENCH" doctor
    status_is 0
    output_has "governor is powersave" "cpupower frequency-set" "on battery" "plug it in" "randomisation is off" \
        "load average 999" "WSL" "quota of 1.5 CPUs"
    [ "$(grep -c '^  warning' <<<"$output")" -eq "$(grep -c 'cure: ' <<<"$output")" ]
}

@test "a quota below one CPU makes measuring pointless" {
    quota 50000
    run "$GILBENCH" doctor
    status_is 1
    output_has "FAULT" "quota of 0.5 CPUs" "pointless"
}

@test "one allowed CPU is said" {
    unset GILBENCH_HOST_ROOT
    run taskset -c "$(taskset -cp $$ | grep -oE '[0-9]+' | tail -n 1)" "$GILBENCH" doctor
    output_has "one usable CPU"
}

@test "doctor takes no arguments" {
    run "$GILBENCH" doctor everything
    status_is 2
    output_has "doctor takes no arguments, not 'everything'"
    run "$GILBENCH" doctor --help
    status_is 0
    output_has "Exit status"
}

@test "costs: never measured, interrupted, measured and stored" {
    run "$GILBENCH" doctor
    output_has "Costs in virtual time: switch=2us" "never measured here"
    run timeout --preserve-status -s INT 0.5 "$GILBENCH" doctor --calibrate
    status_is 130
    [ ! -e "$XDG_CONFIG_HOME/gilbench/costs.json" ]
    run "$GILBENCH" doctor --calibrate
    status_is 0
    output_has switch wakeup handoff poll slice "Stored in $XDG_CONFIG_HOME/gilbench/costs.json"
    run "$GILBENCH" doctor
    # On a machine with much else to do, `wakeup` may be one more.
    output_has "measured on this machine"
    [[ $output =~ free\ (is\ an\ assumption,\ not\ a\ measurement|are\ assumptions,\ not\ measurements) ]]
}
