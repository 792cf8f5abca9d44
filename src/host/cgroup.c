/*
 * cgroup: quotas of both versions of control groups. See cgroup.h.
 *
 * A quota may stand at any level between this process's group and the root that is visible here, and the
 * least one binds; so the walk goes up:
 *
 *     /proc/self/cgroup     which group:  v2 "0::/a/b"     v1 "4:cpu,cpuacct:/docker/f00/b"
 *     /proc/self/mountinfo  where groups are files:  "... /docker/f00 /sys/fs/cgroup/cpu ... - cgroup cgroup
 * rw,cpu" path of the group less the mount's root, below the mount point:  /sys/fs/cgroup/cpu/b, then
 * /sys/fs/cgroup/cpu
 *
 * v2 has "quota period" or "max period" in cpu.max; v1 has cpu.cfs_quota_us (-1: none) and cpu.cfs_period_us.
 * Both may be mounted at once, and then the quota is where the cpu controller is; both are read. A group
 * outside what is mounted here cannot be seen, and neither can a quota set above a container's own root.
 *
 * Sources: cgroups(7); the kernel's Documentation/admin-guide/cgroup-v2.rst, scheduler/sched-bwc.rst.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "host/cgroup.h"
#include "host/files.h"

struct hierarchy {
	bool is_v2;
	char mount[PATH_MAX]; /* "/sys/fs/cgroup/cpu" */
	char group[PATH_MAX]; /* below it: "" or "/b" */
};

/* Is `word` one of the comma-separated `list`? */
static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (; list != NULL; list = strchr(list, ',') != NULL ? strchr(list, ',') + 1 : NULL)
		if (strncmp(list, word, length) == 0 && (list[length] == ',' || list[length] == '\0'))
			return true;
	return false;
}

/* Path of this process's group in the hierarchy, as /proc/self/cgroup tells it. */
static bool own_group(bool is_v2, char path[PATH_MAX])
{
	char *text = host_file_text("/proc/self/cgroup"), *rest = NULL;
	bool is_found = false;
	if (text == NULL)
		return false;
	for (char *line = strtok_r(text, "\n", &rest); line != NULL && !is_found;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *controllers = strchr(line, ':');
		char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
		if (group == NULL)
			continue;
		*group++ = '\0';
		controllers++;
		is_found = is_v2 ? *controllers == '\0' : has_word(controllers, "cpu");
		if (is_found)
			snprintf(path, PATH_MAX, "%s", strcmp(group, "/") == 0 ? "" : group);
	}
	free(text);
	return is_found;
}

/* Is this line of mountinfo where the hierarchy is mounted? Then its root and mount point. */
static bool is_mount_of(const char *line, bool is_v2, char root[PATH_MAX], char mount[PATH_MAX])
{
	const char *dash = strstr(line, " - ");
	char type[32], options[512];
	if (dash == NULL || sscanf(dash, " - %31s %*s %511s", type, options) != 2)
		return false;
	if (strcmp(type, is_v2 ? "cgroup2" : "cgroup") != 0 || (!is_v2 && !has_word(options, "cpu")))
		return false;
	_Static_assert(PATH_MAX == 4096, "the widths below");
	return sscanf(line, "%*s %*s %*s %4095s %4095s", root, mount) == 2;
}

static bool find_hierarchy(bool is_v2, struct hierarchy *h)
{
	char root[PATH_MAX], path[PATH_MAX];
	h->is_v2 = is_v2;
	char *text = host_file_text("/proc/self/mountinfo"), *rest = NULL;
	bool is_found = false;
	for (char *line = text != NULL ? strtok_r(text, "\n", &rest) : NULL; line != NULL && !is_found;
	     line = strtok_r(NULL, "\n", &rest))
		is_found = is_mount_of(line, is_v2, root, h->mount);
	free(text);
	if (!is_found || !own_group(is_v2, path))
		return false;
	/* A container sees its own group as the mount's root, but may read the outer path of it. */
	size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
	bool is_below = strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
	snprintf(h->group, sizeof(h->group), "%s", is_below ? path + length : "");
	return true;
}

/* A file of the group. Free it. */
static char *group_file(const struct hierarchy *h, const char *name)
{
	return xasprintf("%s%s/%s", h->mount, h->group, name);
}

static bool group_number(const struct hierarchy *h, const char *name, double *number)
{
	char *path = group_file(h, name);
	bool is_read = host_file_number(path, number) == 0;
	free(path);
	return is_read;
}

/* Quota of this one group in CPUs; 0: none. */
static double group_quota(const struct hierarchy *h)
{
	double quota = 0, period = 0;
	if (h->is_v2) {
		char line[64] = "", *path = group_file(h, "cpu.max");
		bool is_set = host_file_line(path, line, sizeof(line)) == 0 &&
			      sscanf(line, "%lf %lf", &quota, &period) == 2;
		free(path);
		return is_set && quota > 0 && period > 0 ? quota / period : 0;
	}
	bool is_set =
		group_number(h, "cpu.cfs_quota_us", &quota) && group_number(h, "cpu.cfs_period_us", &period);
	return is_set && quota > 0 && period > 0 ? quota / period : 0;
}

static long group_throttled(const struct hierarchy *h)
{
	char value[32], *path = group_file(h, "cpu.stat");
	int status = host_file_value(path, "nr_throttled", value, sizeof(value));
	free(path);
	return status == 0 ? atol(value) : 0;
}

/* Calls `visit` for the group and each one above it, in both versions. */
static void walk(void (*visit)(const struct hierarchy *, void *), void *context)
{
	for (int version = 1; version <= 2; version++) {
		struct hierarchy h;
		if (!find_hierarchy(version == 2, &h))
			continue;
		visit(&h, context);
		for (char *slash; (slash = strrchr(h.group, '/')) != NULL;) {
			*slash = '\0';
			visit(&h, context);
		}
	}
}

static void least_quota(const struct hierarchy *h, void *context)
{
	double *least = context, quota = group_quota(h);
	if (quota > 0 && (*least <= 0 || quota < *least))
		*least = quota;
}

static void sum_throttled(const struct hierarchy *h, void *context)
{
	long *sum = context;
	if (group_quota(h) > 0)
		*sum = (*sum < 0 ? 0 : *sum) + group_throttled(h);
}

double cgroup_quota_cpus(void)
{
	double least = 0;
	walk(least_quota, &least);
	return least;
}

long cgroup_throttled(void)
{
	long sum = -1;
	walk(sum_throttled, &sum);
	return sum;
}
