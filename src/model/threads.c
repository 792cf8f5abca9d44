/*
 * threads: one thread per task and no lock around them. What a free-threaded Python could reach at best; not
 * what Python's threading does (that is `gil`).
 */
#include "model/engine.h"

static const struct crew crew = {
	.ops = &blocking_ops,
	.claims_runs = true,
	.start = thread_crew_start,
	.wake_all = thread_crew_wake,
	.interrupt = thread_crew_wake,
	.join = thread_crew_join,
};

static int run(const struct execution *execution, struct sample *sample)
{
	return engine_run(execution, sample, &crew, NULL, NULL);
}

const struct model model_threads = {
	.name = "threads",
	.label = "threads without a lock (C; the ceiling for free-threaded Python, not Python's threading)",
	.legend = "threads, no lock",
	.summary = "one thread per task, nothing shared but what the work shares",
	.run = run,
};
