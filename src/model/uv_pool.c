/*
 * uv-pool: all tasks on one event loop; native calls go to libuv's pool, which has a thread per task. See
 * loop.c.
 */
#include "model/engine.h"

static int run(const struct execution *execution, struct sample *sample)
{
	return loop_run(execution, sample, true);
}

const struct model model_uv_pool = {
	.name = "uv-pool",
	.label = "event loop + thread pool",
	.legend = "event loop + pool",
	.summary = "as uv, but native calls run in libuv's pool, a thread per task",
	.is_loop = true,
	.run = run,
};
