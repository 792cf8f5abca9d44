/*
 * cgroup and cpus: the processor quota of both versions of control groups, and the least that binds.
 */
#include "host/cgroup.h"
#include "host/cpus.h"
#include "host_tree.h"

static void test_usable_is_the_least(void **state)
{
	(void)state;
	assert_int_equal(cpus_least(8, 0), 8);
	assert_int_equal(cpus_least(8, 2), 2);
	assert_int_equal(cpus_least(8, 1.5), 2);
	assert_int_equal(cpus_least(8, 0.2), 1);
	assert_int_equal(cpus_least(2, 16), 2);
	assert_int_equal(cpus_least(0, 0), 1);
}

static void test_no_groups_no_quota(void **state)
{
	(void)state;
	assert_float_equal(cgroup_quota_cpus(), 0, 0);
	assert_int_equal(cgroup_throttled(), -1);
}

static void test_v2_quota_of_the_group_itself(void **state)
{
	(void)state;
	mount_v2("/user/job");
	tell("/sys/fs/cgroup/user/job/cpu.max", "150000 100000\n");
	tell("/sys/fs/cgroup/user/job/cpu.stat", "usage_usec 5\nnr_periods 9\nnr_throttled 3\n");
	assert_float_equal(cgroup_quota_cpus(), 1.5, 1e-9);
	assert_int_equal(cgroup_throttled(), 3);
}

static void test_v2_the_least_of_the_groups_above_binds(void **state)
{
	(void)state;
	mount_v2("/a/b/c");
	tell("/sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n");
	tell("/sys/fs/cgroup/a/b/cpu.max", "400000 100000\n");
	tell("/sys/fs/cgroup/a/b/cpu.stat", "nr_throttled 2\n");
	tell("/sys/fs/cgroup/a/cpu.max", "25000 50000\n");
	tell("/sys/fs/cgroup/a/cpu.stat", "nr_throttled 40\n");
	assert_float_equal(cgroup_quota_cpus(), 0.5, 1e-9);
	assert_int_equal(cgroup_throttled(), 42);
}

static void test_v2_max_is_no_quota(void **state)
{
	(void)state;
	mount_v2("/");
	tell("/sys/fs/cgroup/cpu.max", "max 100000\n");
	assert_float_equal(cgroup_quota_cpus(), 0, 0);
	assert_int_equal(cgroup_throttled(), -1);
}

/* A container of version 1: the path of the group is the outer one, and the mount's root is the same. */
static void test_v1_quota_in_a_container(void **state)
{
	(void)state;
	tell("/proc/self/cgroup", "5:cpuset:/docker/f00\n4:cpu,cpuacct:/docker/f00\n0::/\n");
	tell("/proc/self/mountinfo",
	     "31 23 0:27 /docker/f00 /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset\n"
	     "32 23 0:28 /docker/f00 /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n");
	tell("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
	tell("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
	tell("/sys/fs/cgroup/cpu,cpuacct/cpu.stat", "nr_periods 1\nnr_throttled 7\nthrottled_time 9\n");
	assert_float_equal(cgroup_quota_cpus(), 2, 1e-9);
	assert_int_equal(cgroup_throttled(), 7);
}

static void test_v1_minus_one_is_no_quota(void **state)
{
	(void)state;
	tell("/proc/self/cgroup", "1:cpu:/\n");
	tell("/proc/self/mountinfo", "32 23 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n");
	tell("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
	tell("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
	assert_float_equal(cgroup_quota_cpus(), 0, 0);
}

/* A controller named cpuset or cpuacct is not cpu. */
static void test_v1_other_controllers_are_not_cpu(void **state)
{
	(void)state;
	tell("/proc/self/cgroup", "2:cpuacct:/\n1:cpuset:/\n");
	tell("/proc/self/mountinfo", "32 23 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n");
	tell("/sys/fs/cgroup/cpuset/cpu.cfs_quota_us", "100000\n");
	tell("/sys/fs/cgroup/cpuset/cpu.cfs_period_us", "100000\n");
	assert_float_equal(cgroup_quota_cpus(), 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_usable_is_the_least),          TEST(test_no_groups_no_quota),
		TEST(test_v2_quota_of_the_group_itself), TEST(test_v2_the_least_of_the_groups_above_binds),
		TEST(test_v2_max_is_no_quota),           TEST(test_v1_quota_in_a_container),
		TEST(test_v1_minus_one_is_no_quota),     TEST(test_v1_other_controllers_are_not_cpu),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
