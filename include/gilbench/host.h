/*
 * host: what machine this is and whether it is fit to measure on. Layer 3 (results). Reads /proc, /sys and
 * hwloc; all of it Linux-only; a port replaces src/host.
 */
#ifndef GILBENCH_HOST_H
#define GILBENCH_HOST_H

#include <stdbool.h>

#include <jansson.h>

struct host_warning {
	char what[200]; /* "the CPU governor is powersave" */
	char cure[200]; /* "cpupower frequency-set -g performance" */
};

struct host {
	char cpu_model[128];
	int usable_cpus; /* the least of cpuset, affinity and quota (rounded up), at least 1 */
	int online_cpus;
	int physical_cores;                      /* among the usable CPUs */
	int performance_cores, efficiency_cores; /* 0, 0 where all are alike */
	bool has_smt;
	double quota_cpus; /* cgroup quota in CPUs; 0: none */
	char governor[32], power_profile[32];
	int on_battery;          /* 1, 0, -1 not known */
	char virtualization[32]; /* "", "kvm", "wsl", "docker" ... */
	char kernel[128], libc[64], os[128], hostname[64];
	double load_average;
	double memory_bytes;
	double clock_cost_ns, clock_resolution_ns;
	struct host_warning warnings[16];
	int warning_count;
};

void host_read(struct host *);
/* Everything above, for the manifest (new reference). */
json_t *host_json(const struct host *);
/* One line for reports: "Intel Xeon, 2 usable CPUs (2 cores), KVM guest, Linux 6.1". Free it. */
char *host_context(const struct host *);
/* Usable CPUs alone; cheap. */
int host_usable_cpus(void);
/* nr_throttled of this process's cgroup, or -1. */
long host_throttled(void);

#endif
