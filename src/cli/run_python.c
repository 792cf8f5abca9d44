/*
 * run_python: see run_python.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/clock.h>
#include <gilbench/log.h>
#include <gilbench/util.h>

#include "cli/contenders.h"
#include "cli/run_python.h"

/* Every figure beside the live cells carries this fit's error: more rounds than a validation has, which judges ratios of
 * one side. */
#define FIT_ROUNDS 10

static bool has_live_cells(const struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].cell.source == SOURCE_LIVE)
			return true;
	return false;
}

static void take(struct run_python *p)
{
	p->is_used = true;
	p->client = contender_client();
	p->contender.python.client_command = p->client;
}

void run_python_plan(struct run_python *p, struct plan *plan)
{
	if (p->path == NULL)
		return;
	if (!has_live_cells(plan))
		die_usage("--python puts an interpreter beside cells that run live, and all of these are in "
			  "virtual time");
	p->contender = contender_named(p->path);
	take(p);
	if (counterparts_plan(plan, &p->contender) == 0)
		die_usage("%s can do none of these cells: %s", p->contender.label,
			  plan->warning_count > 0 ? plan->warnings[plan->warning_count - 1]
						  : "none belongs to an experiment");
}

void run_python_resume(struct run_python *p, const struct run *earlier)
{
	const json_t *said = json_object_get(earlier->manifest, COUNTERPART_KEY);
	if (said == NULL)
		return;
	if (contender_from_json(said, &p->contender) != 0)
		die_usage("cannot resume %s: its manifest does not say which interpreter took part",
			  earlier->path);
	contender_renew(&p->contender);
	take(p);
}

int run_python_fit(struct run_python *p, struct virtual_runner *runner, bool is_resumed)
{
	char error[400];
	double start_s = clock_seconds(clock_now_ns());
	p->sides = (struct counterparts){.python = &p->contender,
					 .others = virtual_execute,
					 .others_context = runner,
					 .others_command = virtual_command};
	if (!p->is_used || is_resumed)
		return 0;
	int status = validate_fit_spin(&p->contender, FIT_ROUNDS, counterparts_execute, &p->sides, error,
				       sizeof(error));
	p->fit_s = clock_seconds(clock_now_ns()) - start_s;
	if (status == 0)
		return 0;
	if (status != -EINTR)
		fprintf(stderr, "gilbench: %s\n", error);
	return status == -EINTR ? EXIT_INTERRUPTED : EXIT_MEASUREMENT;
}

void run_python_use(struct run_python *p, struct session *session, json_t *more)
{
	if (!p->is_used)
		return;
	json_object_set_new(more, COUNTERPART_KEY, contender_to_json(&p->contender));
	session->driver.execute = counterparts_execute;
	session->driver.command = counterparts_command;
	session->driver.context = &p->sides;
	/* Part of the budget. */
	session->driver.used_s = p->fit_s;
}

void run_python_release(struct run_python *p)
{
	if (p->is_used)
		contender_release(&p->contender);
	free(p->client);
}
