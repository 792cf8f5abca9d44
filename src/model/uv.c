/*
 * uv: all tasks on one event loop in one thread; native calls run on the loop and stop everybody. See loop.c.
 */
#include "model/engine.h"

static int run(const struct execution *execution, struct sample *sample)
{
	return loop_run(execution, sample, false);
}

const struct model model_uv = {
	.name = "uv",
	.label = "event loop, one thread",
	.legend = "event loop",
	.summary = "all tasks on one libuv loop; native calls run on it (asyncio)",
	.is_loop = true,
	.run = run,
};
