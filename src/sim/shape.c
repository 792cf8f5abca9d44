/*
 * shape: the names of models, in virtual time. See sim.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "sim/engine.h"

static const char *const names[] = {
	[SIM_SEQ] = "seq", [SIM_GIL] = "gil",         [SIM_THREADS] = "threads", [SIM_FORK] = "fork",
	[SIM_UV] = "uv",   [SIM_UV_POOL] = "uv-pool", [SIM_INTERP] = "interp",   [SIM_FREE] = "free",
};

/* "4" of gil*4. 0: it is none. */
static int processes_of(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);
	bool is_number = text[0] >= '1' && text[0] <= '9' && *end == '\0';
	return is_number && value >= 2 && value <= SIM_TASKS_MAX ? (int)value : 0;
}

int sim_shape_parse(const char *model, struct sim_shape *shape, char *error, size_t error_bytes)
{
	size_t length = strcspn(model, "*");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strlen(names[i]) != length || strncmp(names[i], model, length) != 0)
			continue;
		*shape = (struct sim_shape){.model = (enum sim_model)i, .processes = 1};
		if (model[length] == '\0')
			return 0;
		shape->processes = processes_of(model + length + 1);
		if (shape->processes > 0 && (i == SIM_GIL || i == SIM_UV))
			return 0;
		snprintf(error, error_bytes,
			 "'%s' is no model: several processes are written gil*P or uv*P, with P of 2 or more",
			 model);
		return -1;
	}
	const char *near = nearest_name(model, names, ARRAY_LEN(names));
	snprintf(error, error_bytes, "there is no model '%s' in virtual time%s%s%s", model,
		 near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
	return -1;
}
