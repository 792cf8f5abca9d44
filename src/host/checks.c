/*
 * checks: one function per check, one row in the table below. See checks.h.
 *
 * A check that does not apply says nothing (no governor in a guest). A warning says what the machine does to
 * the numbers and what to type against it. Pointless is kept for what no care in statistics mends: a program
 * built for debugging, a clock too coarse or too dear to see one operation, a quota below one CPU.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include <gilbench/util.h>

#include "host/checks.h"
#include "host/files.h"

/* A wake-up that the kernel may delay for longer than this shows in waits of a millisecond. Linux's own is 50
 * us. */
#define TIMER_SLACK_NS 100000.0
/* Coarser than a microsecond is a clock of ticks (1 to 10 ms), on which operations look instant or a tick
 * long. */
#define CLOCK_STEP_NS 1000.0
/* Reading the clock through the vDSO takes 20 to 60 ns, through the kernel 200 and more: the harness then
 * costs more than a small operation. */
#define CLOCK_COST_NS          150.0
#define CLOCK_COST_TOO_MUCH_NS 5000.0

static void say(struct host *host, enum host_verdict verdict, const char *cure, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void say(struct host *host, enum host_verdict verdict, const char *cure, const char *format, ...)
{
	if (host->check_count == HOST_CHECK_MAX)
		return;
	struct host_check *check = &host->checks[host->check_count++];
	check->verdict = verdict;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(check->words.what, sizeof(check->words.what), format, arguments);
	va_end(arguments);
	snprintf(check->words.cure, sizeof(check->words.cure), "%s", cure);
	if (verdict != HOST_FINE)
		host->warnings[host->warning_count++] = check->words;
}

static void check_build(struct host *host)
{
#if !defined(__OPTIMIZE__)
	say(host, HOST_POINTLESS, "make clean; make",
	    "the program was built without optimisation: compiled work takes several times as long");
#elif defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
	say(host, HOST_POINTLESS, "use build/gilbench", "the program was built with a sanitizer, for tests");
#elif defined(GILBENCH_HOSTILE)
	say(host, HOST_POINTLESS, "use build/gilbench", "this is the hostile build, for tests");
#else
	say(host, HOST_FINE, "", "the program was built with optimisation");
#endif
}

static void check_cpus(struct host *host)
{
	if (host->usable_cpus == 1)
		say(host, HOST_WARNING, "give it more CPUs (taskset, cpuset, the machine's settings)",
		    "one usable CPU: nothing can run in parallel, so no model can be faster than one worker");
	else
		say(host, HOST_FINE, "", "%d usable CPUs of %d, %d core%s", host->usable_cpus,
		    host->online_cpus, host->physical_cores, host->physical_cores == 1 ? "" : "s");
}

static void check_quota(struct host *host)
{
	const char *cure =
		"raise or remove it: docker --cpus, systemd CPUQuota, or cpu.max of the control group";
	if (host->quota_cpus > 0 && host->quota_cpus < 1)
		say(host, HOST_POINTLESS, cure,
		    "a quota of %g CPUs stops every process for part of each 100 ms, whatever it does",
		    host->quota_cpus);
	else if (host->quota_cpus > 0)
		say(host, HOST_WARNING, cure,
		    "a quota of %g CPUs: more busy workers than that are stopped for part of each 100 ms",
		    host->quota_cpus);
	else
		say(host, HOST_FINE, "", "no processor quota");
}

static void check_load(struct host *host)
{
	double per_cpu = host->load_average / host->usable_cpus;
	if (per_cpu > HOST_LOAD_PER_CPU)
		say(host, HOST_WARNING, "wait for it, or end it: `top` shows what runs",
		    "other work is running: load average %.2f on %d usable CPU%s", host->load_average,
		    host->usable_cpus, host->usable_cpus == 1 ? "" : "s");
	else
		say(host, HOST_FINE, "", "little else is running: load average %.2f", host->load_average);
}

static void check_governor(struct host *host)
{
	if (host->governor[0] == '\0')
		return;
	if (strcmp(host->governor, "performance") == 0)
		say(host, HOST_FINE, "", "the CPU governor is performance");
	else
		say(host, HOST_WARNING, "sudo cpupower frequency-set -g performance",
		    "the CPU governor is %s: the clock follows the load, so a lone worker may run slower "
		    "than many",
		    host->governor);
}

static void check_profile(struct host *host)
{
	if (strcmp(host->power_profile, "low-power") == 0 || strcmp(host->power_profile, "quiet") == 0)
		say(host, HOST_WARNING, "powerprofilesctl set performance",
		    "the power profile is %s: the clock is held down", host->power_profile);
	else if (host->power_profile[0] != '\0')
		say(host, HOST_FINE, "", "the power profile is %s", host->power_profile);
}

static void check_battery(struct host *host)
{
	if (host->on_battery == 1)
		say(host, HOST_WARNING, "plug it in",
		    "the machine runs on battery: the clock drops to save it");
	else if (host->on_battery == 0)
		say(host, HOST_FINE, "", "the machine runs on mains power");
}

static void check_smt(struct host *host)
{
	if (host->has_smt)
		say(host, HOST_WARNING,
		    "read efficiency against the ceiling, or: echo off | sudo tee "
		    "/sys/devices/system/cpu/smt/control",
		    "SMT is on: %d CPUs are %d cores, and workers beyond the cores share them",
		    host->usable_cpus, host->physical_cores);
	else
		say(host, HOST_FINE, "", "every usable CPU is a core of its own");
}

static void check_kinds(struct host *host)
{
	if (host->efficiency_cores > 0)
		say(host, HOST_WARNING, "--affinity with the performance cores alone (`lscpu --extended`)",
		    "%d performance and %d efficiency cores: the same work takes longer on the latter",
		    host->performance_cores, host->efficiency_cores);
}

static void check_virtualization(struct host *host)
{
	const char *kind = host->virtualization;
	if (strncmp(kind, "wsl", 3) == 0)
		say(host, HOST_WARNING, "boot Linux itself, or compare within one run only",
		    "this is WSL: timers, files and the network go through Windows");
	else if (kind[0] != '\0' && strcmp(kind, "docker") != 0 && strcmp(kind, "podman") != 0 &&
		 strcmp(kind, "container") != 0)
		say(host, HOST_WARNING,
		    "the interval and the noise floor show it; measure on bare metal for better",
		    "a virtual machine (%s): its host may take the CPUs away unseen", kind);
	else
		say(host, HOST_FINE, "", kind[0] != '\0' ? "a container (%s) on bare metal" : "bare metal%s",
		    kind);
}

static void check_clock(struct host *host)
{
	const char *cure = "/sys/devices/system/clocksource/clocksource0/current_clocksource should say tsc";
	if (host->clock_resolution_ns > CLOCK_STEP_NS || host->clock_cost_ns > CLOCK_COST_TOO_MUCH_NS)
		say(host, HOST_POINTLESS, cure, "the clock steps by %.0f ns and costs %.0f ns to read",
		    host->clock_resolution_ns, host->clock_cost_ns);
	else if (host->clock_cost_ns > CLOCK_COST_NS)
		say(host, HOST_WARNING, cure, "reading the clock costs %.0f ns, and every operation is timed",
		    host->clock_cost_ns);
	else
		say(host, HOST_FINE, "", "the clock costs %.0f ns to read and steps by %.0f ns",
		    host->clock_cost_ns, host->clock_resolution_ns);
}

static void check_timer_slack(struct host *host)
{
	double slack_ns;
	if (host_file_number("/proc/self/timerslack_ns", &slack_ns) != 0)
		return;
	if (slack_ns > TIMER_SLACK_NS)
		say(host, HOST_WARNING,
		    "start it from another shell or service: this one raised its timer slack",
		    "the kernel may end every wait up to %.3g ms late (timer slack)", slack_ns / 1e6);
	else
		say(host, HOST_FINE, "", "timer slack is %.0f us", slack_ns / 1e3);
}

static void check_address_layout(struct host *host)
{
	double mode = 2;
	host_file_number("/proc/sys/kernel/randomize_va_space", &mode);
	/* 0xffffffff asks without setting. */
	int persona = personality(0xffffffff);
	if (mode < 1)
		say(host, HOST_WARNING, "sudo sysctl kernel.randomize_va_space=2",
		    "address randomisation is off: every sample has the same memory layout, lucky or not");
	else if (persona >= 0 && (persona & ADDR_NO_RANDOMIZE) != 0)
		say(host, HOST_WARNING, "start it without setarch -R",
		    "address randomisation is off for this process: every sample has the same memory layout");
	else
		say(host, HOST_FINE, "", "address randomisation is on");
}

static void check_priority(struct host *host)
{
	errno = 0;
	int nice_level = getpriority(PRIO_PROCESS, 0);
	if (errno == 0 && nice_level > 0)
		say(host, HOST_WARNING, "start it without nice",
		    "this process is nice (%d): other work goes first", nice_level);
}

void checks_run(struct host *host)
{
	static void (*const checks[])(struct host *) = {
		check_build,          check_cpus,           check_quota,   check_load,
		check_governor,       check_profile,        check_battery, check_smt,
		check_kinds,          check_virtualization, check_clock,   check_timer_slack,
		check_address_layout, check_priority,
	};
	_Static_assert(ARRAY_LEN(checks) <= HOST_CHECK_MAX, "a place for what each check says");
	host->check_count = host->warning_count = 0;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		checks[i](host);
}
