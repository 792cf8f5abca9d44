/*
 * pin: CPU affinity from a list. See pin.h. Affinity is inherited by threads and children, so pinning the
 * process once pins the whole cell.
 */
#include <sched.h>
#include <stdio.h>

#include <gilbench/numlist.h>
#include <gilbench/pin.h>

int pin_process(const char *cpu_list, char *error, size_t error_bytes)
{
	int cpus[NUMLIST_MAX];
	int count = numlist_parse(cpu_list, NULL, 0, CPU_SETSIZE - 1, cpus, error, error_bytes);
	if (count < 0)
		return -1;
	cpu_set_t wanted, got;
	CPU_ZERO(&wanted);
	for (int i = 0; i < count; i++)
		CPU_SET(cpus[i], &wanted);
	/* The kernel quietly drops CPUs that do not exist or that the cpuset forbids; a person should know.
	 */
	if (sched_setaffinity(0, sizeof(wanted), &wanted) != 0 ||
	    sched_getaffinity(0, sizeof(got), &got) != 0 || !CPU_EQUAL(&wanted, &got)) {
		snprintf(error, error_bytes,
			 "--affinity %s: not all of these CPUs exist and may be used here", cpu_list);
		return -1;
	}
	return 0;
}
