/*
 * cgroup: the processor quota that this process lives under. Private to src/host.
 */
#ifndef GILBENCH_HOST_CGROUP_H
#define GILBENCH_HOST_CGROUP_H

/* The least quota of this process's cgroup and those above it, in CPUs (1.5: one and a half); 0: none. */
double cgroup_quota_cpus(void);
/* Sum of nr_throttled over the same groups, those with a quota alone; -1 when none has one. */
long cgroup_throttled(void);

#endif
