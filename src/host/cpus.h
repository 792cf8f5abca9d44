/*
 * cpus: how many processors this process may use, and what kind they are. Private to src/host.
 */
#ifndef GILBENCH_HOST_CPUS_H
#define GILBENCH_HOST_CPUS_H

#include <gilbench/host.h>

/* The least of what the affinity mask allows and the quota (rounded up), at least 1. */
int cpus_least(int allowed_cpus, double quota_cpus);
/* Fills usable_cpus, online_cpus, quota_cpus, physical_cores, performance_cores, efficiency_cores, has_smt.
 */
void cpus_read(struct host *);

#endif
