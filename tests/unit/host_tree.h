/*
 * host_tree: a /proc and /sys of a test's own, for the tests of src/host.
 */
#ifndef GILBENCH_TESTS_HOST_TREE_H
#define GILBENCH_TESTS_HOST_TREE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char root[64]; /* where this test's tree lies */

/* Write one file of the tree, folders included. */
static void tell(const char *path, const char *text)
{
	char full[512];
	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	FILE *file = fopen(full, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int new_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/gilbench-host-XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	setenv("GILBENCH_HOST_ROOT", root, 1);
	setenv("HWLOC_SYNTHETIC", "core:4 pu:1", 1);
	return 0;
}

static int drop_root(void **state)
{
	(void)state;
	char command[128];
	snprintf(command, sizeof(command), "rm -rf %s", root);
	unsetenv("GILBENCH_HOST_ROOT");
	unsetenv("HWLOC_SYNTHETIC");
	return system(command);
}

/* A group of version 2, mounted where every system has it. */
static void mount_v2(const char *group)
{
	char text[200];
	snprintf(text, sizeof(text), "0::%s\n", group);
	tell("/proc/self/cgroup", text);
	tell("/proc/self/mountinfo", "20 1 0:19 / /proc rw - proc proc rw\n"
				     "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_root, drop_root)

#endif
