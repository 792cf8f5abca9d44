/*
 * seq: one task, in the thread that is there already. The baseline of every speed-up: no worker is made, so
 * nothing is paid for concurrency.
 */
#include <sys/resource.h>

#include "model/engine.h"

static int start(struct engine *e)
{
	timer_slack_set(1);
	worker_setup(&e->workers[0]);
	return 0;
}

static void work(struct engine *e)
{
	struct worker *w = &e->workers[0];
	usage_read(RUSAGE_SELF, &w->usage_before);
	blocking_run(w);
	usage_since(RUSAGE_SELF, &w->usage_before, &w->slot->usage);
	worker_publish(w);
}

static void wake_all(struct engine *e)
{
	worker_interrupt(e->starter);
}

static void join(struct engine *e)
{
	worker_teardown(&e->workers[0]);
}

static const struct crew crew = {.ops = &blocking_ops,
				 .is_one_task = true,
				 .start = start,
				 .work = work,
				 .wake_all = wake_all,
				 .join = join};

static int run(const struct execution *execution, struct sample *sample)
{
	return engine_run(execution, sample, &crew, NULL, NULL);
}

const struct model model_seq = {
	.name = "seq",
	.label = "one after the other",
	.legend = "one after the other",
	.summary = "one task, no concurrency: the baseline",
	.is_single = true,
	.run = run,
};
