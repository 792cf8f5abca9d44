/*
 * host: the whole picture, and its two forms for readers. See host.h.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/host.h>
#include <gilbench/util.h>

#include "host/checks.h"
#include "host/cpus.h"
#include "host/machine.h"

void host_read(struct host *host)
{
	memset(host, 0, sizeof(*host));
	machine_read(host);
	cpus_read(host);
	checks_run(host);
}

static json_t *warnings_json(const struct host *host)
{
	json_t *list = json_array();
	for (int i = 0; i < host->warning_count; i++)
		json_array_append_new(list, json_pack("{ss ss}", "what", host->warnings[i].what, "cure",
						      host->warnings[i].cure));
	return list;
}

json_t *host_json(const struct host *host)
{
	json_t *object = json_pack(
		"{ss si si si si si sb sf ss ss ss ss ss ss ss sf sf sf sf}", "cpu_model", host->cpu_model,
		"usable_cpus", host->usable_cpus, "online_cpus", host->online_cpus, "physical_cores",
		host->physical_cores, "performance_cores", host->performance_cores, "efficiency_cores",
		host->efficiency_cores, "has_smt", host->has_smt, "quota_cpus", host->quota_cpus, "governor",
		host->governor, "power_profile", host->power_profile, "virtualization", host->virtualization,
		"kernel", host->kernel, "libc", host->libc, "os", host->os, "hostname", host->hostname,
		"load_average", host->load_average, "memory_bytes", host->memory_bytes, "clock_cost_ns",
		host->clock_cost_ns, "clock_resolution_ns", host->clock_resolution_ns);
	/* A file of the kernel's with bytes that are no UTF-8 makes json_pack give up: rather no host than no
	 * run. */
	if (object == NULL)
		object = json_object();
	json_object_set_new(object, "on_battery",
			    host->on_battery < 0 ? json_null() : json_boolean(host->on_battery));
	json_object_set_new(object, "warnings", warnings_json(host));
	return object;
}

/* ", 8 performance and 4 efficiency cores" or ", 4 cores with SMT". Free it. */
static char *cores_text(const struct host *host)
{
	if (host->efficiency_cores > 0)
		return xasprintf("%d performance + %d efficiency cores", host->performance_cores,
				 host->efficiency_cores);
	return xasprintf("%d core%s%s", host->physical_cores, host->physical_cores == 1 ? "" : "s",
			 host->has_smt ? " with SMT" : "");
}

char *host_context(const struct host *host)
{
	char *cores = cores_text(host);
	char *quota = host->quota_cpus > 0 ? xasprintf(", quota %g CPUs", host->quota_cpus) : xstrdup("");
	const char *kind = host->virtualization;
	char *place = kind[0] == '\0'                ? xstrdup("")
		      : strcmp(kind, "vm") == 0      ? xstrdup(", virtual machine")
		      : strncmp(kind, "wsl", 3) == 0 ? xstrdup(", WSL")
						     : xasprintf(", %s", kind);
	const char *battery = host->on_battery == 1 ? ", on battery" : "";
	char *text = xasprintf("%s, %d usable CPU%s (%s)%s%s%s%s%s, %s", host->cpu_model, host->usable_cpus,
			       host->usable_cpus == 1 ? "" : "s", cores, quota, place, battery,
			       host->governor[0] != '\0' ? ", governor " : "", host->governor, host->kernel);
	free(cores);
	free(quota);
	free(place);
	return text;
}
