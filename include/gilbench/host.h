/*
 * host: what machine this is and whether it is fit to measure on. Layer 3 (results). Reads /proc, /sys and
 * hwloc; all of it Linux-only; a port replaces src/host.
 *
 *	struct host host;
 *	host_read(&host);
 *	for (int i = 0; i < host.warning_count; i++)
 *		log_warn("%s (%s)", host.warnings[i].what, host.warnings[i].cure);
 */
#ifndef GILBENCH_HOST_H
#define GILBENCH_HOST_H

#include <stdbool.h>

#include <jansson.h>

struct host_warning {
	char what[200]; /* "the CPU governor is powersave" */
	char cure[200]; /* "cpupower frequency-set -g performance" */
};

/* How one check came out. Pointless: what is measured here would mislead. */
enum host_verdict { HOST_FINE, HOST_WARNING, HOST_POINTLESS };

/* One check in words, good or bad: what `gilbench doctor` prints. */
struct host_check {
	enum host_verdict verdict;
	struct host_warning words; /* the cure is empty when all is well */
};

/* Most checks there are. The exact value does not matter. */
#define HOST_CHECK_MAX 24

/* Other work above this much of the machine shows in medians: with half of the CPUs busy elsewhere, two
 * workers on two CPUs already share one. */
#define HOST_LOAD_PER_CPU 0.5

struct host {
	char cpu_model[128];
	int usable_cpus; /* the least of cpuset, affinity and quota (rounded up), at least 1 */
	int online_cpus;
	int physical_cores;                      /* among the usable CPUs */
	int performance_cores, efficiency_cores; /* 0, 0 where all are alike */
	bool has_smt;                            /* two usable CPUs share a core */
	double quota_cpus;                       /* cgroup quota in CPUs; 0: none */
	char governor[32], power_profile[32];    /* "" where the kernel tells none */
	int on_battery;                          /* 1, 0, -1 not known */
	char virtualization[32];                 /* "", "kvm", "wsl", "docker", "kvm+docker" ... */
	char kernel[128], libc[64], os[128], hostname[64];
	double load_average; /* of the last minute */
	double memory_bytes;
	double clock_cost_ns, clock_resolution_ns;
	struct host_warning warnings[HOST_CHECK_MAX];
	int warning_count;
	struct host_check checks[HOST_CHECK_MAX];
	int check_count;
};

/* Reads everything. Takes some 10 ms, most of it hwloc's. Never fails: what cannot be read stays empty. */
void host_read(struct host *);
/* Everything above, for the manifest (new reference). */
json_t *host_json(const struct host *);
/* One line for reports: "Intel Xeon, 2 usable CPUs (2 cores), virtual machine (kvm), Linux 6.1". Free it. */
char *host_context(const struct host *);
/* Usable CPUs alone; cheap. */
int host_usable_cpus(void);
/* How often this process's cgroup (and those above it) ran out of its quota so far; -1: no quota here. */
long host_throttled(void);

#endif
