/*
 * cpus: counts of processors and cores. See cpus.h.
 *
 * The affinity mask that the kernel returns is already cut by the cpuset, so it stands for both. A quota
 * limits time, not places: 1.5 CPUs of it can be spent on any of them, and two workers are then what can run
 * at once.
 *
 * Cores, SMT and kinds are hwloc's: a core counts when any of its CPUs is in the mask, SMT counts when two of
 * one core are.
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stddef.h>
#include <unistd.h>

#include <hwloc.h>

#include "host/cgroup.h"
#include "host/cpus.h"

/* The kernel refuses a mask smaller than its own; the largest machine that Linux is built for has 8192 CPUs.
 */
#define MASK_CPUS_MAX (1 << 16)

static int allowed_cpus(void)
{
	for (int cpus = 1024; cpus <= MASK_CPUS_MAX; cpus *= 2) {
		cpu_set_t *mask = CPU_ALLOC(cpus);
		size_t bytes = CPU_ALLOC_SIZE(cpus);
		if (mask == NULL)
			return 1;
		int status = sched_getaffinity(0, bytes, mask) == 0 ? 0 : errno;
		int count = status == 0 ? CPU_COUNT_S(bytes, mask) : 1;
		CPU_FREE(mask);
		if (status != EINVAL)
			return count;
	}
	return 1;
}

int cpus_least(int allowed, double quota_cpus)
{
	int least = allowed;
	if (quota_cpus > 0 && ceil(quota_cpus) < least)
		least = (int)ceil(quota_cpus);
	return least > 1 ? least : 1;
}

int host_usable_cpus(void)
{
	return cpus_least(allowed_cpus(), cgroup_quota_cpus());
}

long host_throttled(void)
{
	return cgroup_throttled();
}

static int common_bits(hwloc_const_bitmap_t a, hwloc_const_bitmap_t b)
{
	hwloc_bitmap_t both = hwloc_bitmap_alloc();
	hwloc_bitmap_and(both, a, b);
	int count = hwloc_bitmap_weight(both);
	hwloc_bitmap_free(both);
	return count;
}

/* Cores with a CPU in `set`; *has_smt when one of them has two. */
static int count_cores(hwloc_topology_t topology, hwloc_const_bitmap_t set, bool *has_smt)
{
	int count = 0;
	for (hwloc_obj_t core = NULL;
	     (core = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_CORE, core)) != NULL;) {
		int here = common_bits(core->cpuset, set);
		count += here > 0;
		if (here > 1)
			*has_smt = true;
	}
	return count;
}

/* Kinds are ranked: the last is the fastest, whatever is below it is an efficiency core. */
static void count_kinds(hwloc_topology_t topology, hwloc_const_bitmap_t set, struct host *host)
{
#if HWLOC_API_VERSION >= 0x00020400
	int kinds = hwloc_cpukinds_get_nr(topology, 0);
	hwloc_bitmap_t members = hwloc_bitmap_alloc();
	for (int kind = 0; kinds > 1 && kind < kinds; kind++) {
		int efficiency = -1;
		bool has_smt = false;
		if (hwloc_cpukinds_get_info(topology, (unsigned)kind, members, &efficiency, NULL, NULL, 0) !=
			    0 ||
		    efficiency < 0)
			continue;
		hwloc_bitmap_and(members, members, set);
		int cores = count_cores(topology, members, &has_smt);
		if (kind == kinds - 1)
			host->performance_cores = cores;
		else
			host->efficiency_cores += cores;
	}
	hwloc_bitmap_free(members);
	/* All usable ones of one kind: alike. */
	if (host->performance_cores == 0 || host->efficiency_cores == 0)
		host->performance_cores = host->efficiency_cores = 0;
#else
	(void)topology, (void)set, (void)host;
#endif
}

static void read_topology(struct host *host)
{
	hwloc_topology_t topology;
	if (hwloc_topology_init(&topology) != 0)
		return;
	if (hwloc_topology_load(topology) == 0) {
		hwloc_bitmap_t set = hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(topology));
		/* Fails, and leaves the set as it is, for a topology that a test described. */
		hwloc_bitmap_t bound = hwloc_bitmap_alloc();
		if (hwloc_get_cpubind(topology, bound, HWLOC_CPUBIND_PROCESS) == 0 &&
		    !hwloc_bitmap_iszero(bound))
			hwloc_bitmap_and(set, set, bound);
		hwloc_bitmap_free(bound);
		host->physical_cores = count_cores(topology, set, &host->has_smt);
		count_kinds(topology, set, host);
		hwloc_bitmap_free(set);
	}
	hwloc_topology_destroy(topology);
}

void cpus_read(struct host *host)
{
	host->online_cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	host->quota_cpus = cgroup_quota_cpus();
	host->usable_cpus = cpus_least(allowed_cpus(), host->quota_cpus);
	read_topology(host);
	/* A kernel that hides its cores: as many as CPUs. */
	if (host->physical_cores < 1)
		host->physical_cores = host->usable_cpus;
}
