/*
 * machine: what the kernel tells of hardware and system. See machine.h.
 *
 * Every fact has its file; a fact whose file is missing stays empty, which is the normal case in a guest (no
 * governor, no battery) and no fault.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <gnu/libc-version.h>

#include <gilbench/clock.h>
#include <gilbench/util.h>

#include "host/files.h"
#include "host/hypervisor.h"
#include "host/machine.h"

static void read_cpu_model(struct host *host)
{
	char *model = host->cpu_model;
	size_t bytes = sizeof(host->cpu_model);
	/* x86 names the processor; boards with ARM and RISC-V name themselves. */
	if (host_file_value("/proc/cpuinfo", "model name", model, bytes) == 0 ||
	    host_file_line("/proc/device-tree/model", model, bytes) == 0 ||
	    host_file_value("/proc/cpuinfo", "Hardware", model, bytes) == 0)
		return;
	struct utsname name;
	uname(&name);
	snprintf(model, bytes, "unnamed %.64s processor", name.machine);
}

static void read_power(struct host *host)
{
	if (host_file_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", host->governor,
			   sizeof(host->governor)) != 0)
		host_file_line("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", host->governor,
			       sizeof(host->governor));
	host_file_line("/sys/firmware/acpi/platform_profile", host->power_profile,
		       sizeof(host->power_profile));
}

/* What one supply says: 0 it feeds the machine, 1 the machine drains it, -1 nothing. */
static int supply_drains(const char *name)
{
	const char *const facts[] = {"scope", "online", "status"};
	char fact[ARRAY_LEN(facts)][32];
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		char *path = xasprintf("/sys/class/power_supply/%s/%s", name, facts[i]);
		host_file_line(path, fact[i], sizeof(fact[i]));
		free(path);
	}
	/* Mice and headsets have batteries too. */
	if (strcmp(fact[0], "Device") == 0)
		return -1;
	if (fact[2][0] != '\0')
		return strcmp(fact[2], "Discharging") == 0;
	return strcmp(fact[1], "1") == 0 ? 0 : -1;
}

static int read_battery(void)
{
	char *path = host_file_path("/sys/class/power_supply");
	DIR *dir = opendir(path);
	free(path);
	int answer = -1;
	for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		int drains = supply_drains(entry->d_name);
		if (drains > answer)
			answer = drains;
	}
	if (dir != NULL)
		closedir(dir);
	return answer;
}

static const char *container(void)
{
	if (host_file_exists("/run/.containerenv"))
		return "podman";
	if (host_file_exists("/.dockerenv"))
		return "docker";
	return host_file_exists("/run/systemd/container") ? "container" : "";
}

static void read_virtualization(struct host *host)
{
	const char *below = hypervisor_name(), *inside = container();
	snprintf(host->virtualization, sizeof(host->virtualization), "%s%s%s", below,
		 *below != '\0' && *inside != '\0' ? "+" : "", inside);
}

static void read_system(struct host *host)
{
	struct utsname name;
	uname(&name);
	snprintf(host->kernel, sizeof(host->kernel), "%.60s %.60s", name.sysname, name.release);
	snprintf(host->libc, sizeof(host->libc), "glibc %s", gnu_get_libc_version());
	if (host_file_value("/etc/os-release", "PRETTY_NAME", host->os, sizeof(host->os)) != 0)
		host_file_value("/usr/lib/os-release", "PRETTY_NAME", host->os, sizeof(host->os));
	snprintf(host->hostname, sizeof(host->hostname), "%.63s", name.nodename);
	host_file_number("/proc/loadavg", &host->load_average);
	char kibibytes[32];
	if (host_file_value("/proc/meminfo", "MemTotal", kibibytes, sizeof(kibibytes)) == 0)
		host->memory_bytes = atof(kibibytes) * 1024;
}

void machine_read(struct host *host)
{
	read_cpu_model(host);
	read_power(host);
	host->on_battery = read_battery();
	read_virtualization(host);
	read_system(host);
	host->clock_cost_ns = clock_cost_ns();
	host->clock_resolution_ns = clock_resolution_ns();
}
