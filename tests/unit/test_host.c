/*
 * host: every branch of what /proc and /sys may say, told by trees of files that the tests write themselves.
 */
#include <gilbench/host.h>
#include <gilbench/util.h>

#include "host/files.h"
#include "host/hypervisor.h"
#include "host_tree.h"

static bool warns(const struct host *host, const char *words)
{
	for (int i = 0; i < host->warning_count; i++)
		if (strstr(host->warnings[i].what, words) != NULL)
			return host->warnings[i].cure[0] != '\0';
	return false;
}

/* ---- the machine ---- */

static void test_an_empty_machine_is_still_described(void **state)
{
	(void)state;
	struct host host;
	host_read(&host);
	assert_true(host.usable_cpus >= 1);
	assert_true(host.physical_cores >= 1);
	assert_int_equal(host.on_battery, -1);
	assert_string_equal(host.governor, "");
	assert_string_equal(host.virtualization, "");
	assert_non_null(strstr(host.cpu_model, "unnamed"));
	assert_true(host.check_count > 0);
	assert_false(warns(&host, "governor"));
	assert_false(warns(&host, "virtual machine"));
}

static void test_a_laptop_on_battery(void **state)
{
	(void)state;
	struct host host;
	tell("/proc/cpuinfo", "processor\t: 0\nmodel name\t: A Laptop CPU @ 2 GHz\nflags\t\t: fpu vme\n");
	tell("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
	tell("/sys/firmware/acpi/platform_profile", "low-power\n");
	tell("/sys/class/power_supply/AC/online", "0\n");
	tell("/sys/class/power_supply/BAT0/status", "Discharging\n");
	tell("/proc/loadavg", "64.00 1.00 1.00 1/1 1\n");
	tell("/proc/meminfo", "MemTotal:       16000 kB\nMemFree:   1 kB\n");
	tell("/etc/os-release", "NAME=x\nPRETTY_NAME=\"Some Linux 12 (name)\"\n");
	host_read(&host);
	assert_string_equal(host.cpu_model, "A Laptop CPU @ 2 GHz");
	assert_string_equal(host.governor, "powersave");
	assert_string_equal(host.power_profile, "low-power");
	assert_string_equal(host.os, "Some Linux 12 (name)");
	assert_int_equal(host.on_battery, 1);
	assert_float_equal(host.memory_bytes, 16000.0 * 1024, 0);
	assert_float_equal(host.load_average, 64, 1e-9);
	assert_true(warns(&host, "governor is powersave"));
	assert_true(warns(&host, "power profile is low-power"));
	assert_true(warns(&host, "on battery"));
	assert_true(warns(&host, "load average 64.00"));
	char *context = host_context(&host);
	assert_non_null(strstr(context, "A Laptop CPU @ 2 GHz"));
	assert_non_null(strstr(context, "on battery"));
	free(context);
}

static void test_mains_and_a_mouse(void **state)
{
	(void)state;
	struct host host;
	tell("/sys/class/power_supply/AC/online", "1\n");
	tell("/sys/class/power_supply/BAT0/status", "Full\n");
	tell("/sys/class/power_supply/mouse/scope", "Device\n");
	tell("/sys/class/power_supply/mouse/status", "Discharging\n");
	tell("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "performance\n");
	tell("/proc/loadavg", "0.01 1.00 1.00 1/1 1\n");
	host_read(&host);
	assert_int_equal(host.on_battery, 0);
	assert_string_equal(host.governor, "performance");
	assert_false(warns(&host, "battery"));
	assert_false(warns(&host, "governor"));
	assert_false(warns(&host, "load"));
}

static void is_virtualization(const char *path, const char *text, const char *expected)
{
	struct host host;
	assert_int_equal(new_root(NULL), 0);
	tell(path, text);
	host_read(&host);
	assert_string_equal(host.virtualization, expected);
	drop_root(NULL);
}

static void test_kinds_of_virtual_machine(void **state)
{
	drop_root(state);
	is_virtualization("/proc/version", "Linux version 5.15.1-microsoft-standard-WSL2 (gcc)\n", "wsl");
	is_virtualization("/sys/class/dmi/id/sys_vendor", "QEMU\n", "kvm");
	is_virtualization("/sys/class/dmi/id/product_name", "VirtualBox\n", "virtualbox");
	is_virtualization("/sys/class/dmi/id/product_name", "Virtual Machine\n", "hyper-v");
	is_virtualization("/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n", "vmware");
	is_virtualization("/sys/hypervisor/type", "xen\n", "xen");
	is_virtualization("/proc/cpuinfo", "flags\t\t: fpu hypervisor lahf_lm\n", "vm");
	is_virtualization("/proc/cpuinfo", "flags\t\t: fpu hypervisor\n", "vm");
	is_virtualization("/proc/cpuinfo", "flags\t\t: fpu lahf_lm\n", "");
	is_virtualization("/.dockerenv", "", "docker");
	is_virtualization("/run/.containerenv", "", "podman");
	assert_int_equal(new_root(NULL), 0);
}

static void test_hypervisors_sign_their_names(void **state)
{
	(void)state;
	assert_string_equal(hypervisor_of_signature("KVMKVMKVM"), "kvm");
	assert_string_equal(hypervisor_of_signature("Microsoft Hv"), "hyper-v");
	assert_string_equal(hypervisor_of_signature(""), "vm");
	assert_string_equal(hypervisor_of_signature("NeverHeardOf"), "vm");
}

static void test_guests_are_warned_of_and_containers_are_not(void **state)
{
	(void)state;
	struct host host;
	tell("/.dockerenv", "");
	host_read(&host);
	assert_false(warns(&host, "virtual machine"));
	tell("/proc/cpuinfo", "flags\t\t: fpu hypervisor\n");
	host_read(&host);
	assert_string_equal(host.virtualization, "vm+docker");
	assert_true(warns(&host, "virtual machine"));
	tell("/proc/version", "Linux version 5.15.1-microsoft-standard-WSL2 (gcc)\n");
	host_read(&host);
	assert_true(warns(&host, "WSL"));
	assert_false(warns(&host, "virtual machine"));
}

static void test_settings_of_kernel_and_process(void **state)
{
	(void)state;
	struct host host;
	tell("/proc/sys/kernel/randomize_va_space", "0\n");
	tell("/proc/self/timerslack_ns", "50000000\n");
	host_read(&host);
	assert_true(warns(&host, "address randomisation is off"));
	assert_true(warns(&host, "timer slack"));
}

static int worst(const struct host *host)
{
	int verdict = HOST_FINE;
	for (int i = 0; i < host->check_count; i++)
		if ((int)host->checks[i].verdict > verdict)
			verdict = host->checks[i].verdict;
	return verdict;
}

static void test_a_quota_is_warned_of(void **state)
{
	(void)state;
	struct host host;
	mount_v2("/");
	tell("/sys/fs/cgroup/cpu.max", "100000 100000\n");
	host_read(&host);
	assert_int_equal(host.usable_cpus, 1);
	assert_float_equal(host.quota_cpus, 1, 1e-9);
	assert_true(warns(&host, "quota of 1 CPUs"));
	assert_true(warns(&host, "one usable CPU"));
	char *context = host_context(&host);
	assert_non_null(strstr(context, "quota 1 CPUs"));
	free(context);
	tell("/sys/fs/cgroup/cpu.max", "50000 100000\n");
	host_read(&host);
	assert_int_equal(worst(&host), HOST_POINTLESS);
}

/* ---- cores ---- */

static void test_smt_and_cores(void **state)
{
	(void)state;
	struct host host;
	host_read(&host);
	assert_int_equal(host.physical_cores, 4);
	assert_false(host.has_smt);
	setenv("HWLOC_SYNTHETIC", "core:3 pu:2", 1);
	host_read(&host);
	assert_int_equal(host.physical_cores, 3);
	assert_true(host.has_smt);
	assert_true(warns(&host, "SMT is on"));
	assert_int_equal(host.efficiency_cores, 0);
}

/* ---- forms ---- */

static void test_json_has_every_field(void **state)
{
	(void)state;
	static const char *const fields[] = {
		"cpu_model",
		"usable_cpus",
		"online_cpus",
		"physical_cores",
		"performance_cores",
		"has_smt",
		"quota_cpus",
		"governor",
		"power_profile",
		"efficiency_cores",
		"kernel",
		"virtualization",
		"libc",
		"os",
		"hostname",
		"warnings",
		"load_average",
		"memory_bytes",
		"on_battery",
		"clock_resolution_ns",
		"clock_cost_ns",
	};
	struct host host;
	tell("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "ondemand\n");
	host_read(&host);
	json_t *object = host_json(&host);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (json_object_get(object, fields[i]) == NULL)
			fail_msg("no %s", fields[i]);
	assert_int_equal(json_object_size(object), ARRAY_LEN(fields));
	assert_int_equal(json_array_size(json_object_get(object, "warnings")), host.warning_count);
	assert_true(json_is_null(json_object_get(object, "on_battery")));
	json_decref(object);
}

static void test_values_of_keyed_files(void **state)
{
	(void)state;
	char value[64];
	tell("/f", "ab\t: x y\nNAME=\"quoted\"\nabc: z\n");
	assert_int_equal(host_file_value("/f", "ab", value, sizeof(value)), 0);
	assert_string_equal(value, "x y");
	assert_int_equal(host_file_value("/f", "NAME", value, sizeof(value)), 0);
	assert_string_equal(value, "quoted");
	assert_int_equal(host_file_value("/f", "a", value, sizeof(value)), -1);
	assert_string_equal(value, "");
	double number = 5;
	assert_int_not_equal(host_file_number("/f", &number), 0);
	assert_float_equal(number, 5, 0);
}

/* On the machine as it is: whatever it is, the answer is possible. */
static void test_this_machine(void **state)
{
	(void)state;
	struct host host;
	unsetenv("GILBENCH_HOST_ROOT");
	unsetenv("HWLOC_SYNTHETIC");
	host_read(&host);
	assert_in_range(host.usable_cpus, 1, host.online_cpus);
	assert_int_equal(host.usable_cpus, host_usable_cpus());
	assert_true(host.physical_cores >= 1);
	assert_true(host.memory_bytes > 0);
	assert_true(host.clock_cost_ns > 0);
	assert_true(host.clock_resolution_ns > 0);
	assert_true(host_throttled() >= -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_empty_machine_is_still_described),
		TEST(test_a_laptop_on_battery),
		TEST(test_mains_and_a_mouse),
		TEST(test_kinds_of_virtual_machine),
		TEST(test_hypervisors_sign_their_names),
		TEST(test_guests_are_warned_of_and_containers_are_not),
		TEST(test_settings_of_kernel_and_process),
		TEST(test_a_quota_is_warned_of),
		TEST(test_smt_and_cores),
		TEST(test_json_has_every_field),
		TEST(test_values_of_keyed_files),
		TEST(test_this_machine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
