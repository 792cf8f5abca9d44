/*
 * execute: one sample of either side. A cell's source says which, and of several interpreters the name in its policy.
 */
#include <stdio.h>
#include <string.h>

#include "validate/cases.h"

static const struct contender *contender_of(const struct validate_sides *sides, const struct cell *cell)
{
	size_t length = strcspn(cell->policy, ",");
	for (size_t i = 0; i < sides->count; i++)
		if (strlen(sides->contenders[i].name) == length &&
		    strncmp(sides->contenders[i].name, cell->policy, length) == 0)
			return &sides->contenders[i];
	return NULL;
}

int validate_execute(void *context, const struct request *request, struct sample *sample)
{
	const struct validate_sides *sides = context;
	if (request->cell->source != SOURCE_CPYTHON)
		return sides->live != NULL ? sides->live(NULL, request, sample)
					   : execute_process(NULL, request, sample);
	const struct contender *c = contender_of(sides, request->cell);
	if (c == NULL) {
		*sample = (struct sample){.cell = *request->cell,
					  .seed = request->seed,
					  .ops_asked = request->ops,
					  .status = SAMPLE_UNSUPPORTED};
		snprintf(sample->error, sizeof(sample->error), "the interpreter %.60s is not here",
			 request->cell->policy);
		return 0;
	}
	return sides->python != NULL ? sides->python(&c->python, request, sample)
				     : cpython_execute(&c->python, request, sample);
}

char *validate_command(void *context, const struct request *request)
{
	const struct contender *c =
		request->cell->source == SOURCE_CPYTHON ? contender_of(context, request->cell) : NULL;
	return c != NULL ? cpython_command(&c->python, request) : execute_command(request);
}
