/*
 * idle: cores that nobody has, and how soon they come back.
 *
 * Which core is idle, and since when, is only kept where that matters: a core that has just gone idle still polls, or its
 * host does, and is back in a few microseconds; one that has slept for milliseconds needs ten times that
 * (costs.h, `depth`).
 */
#include "sim/engine.h"

void idle_put(struct sim *s, int32_t core)
{
	int place = s->idle_cores++;
	if (!s->has_depth)
		return;
	s->idle[place] = core;
	s->idle_place[core] = place;
	s->idle_since_ns[core] = s->now_ns;
}

int32_t idle_take(struct sim *s, const struct sim_thread *th)
{
	int32_t core = th->core;
	s->idle_cores--;
	if (!s->has_depth)
		return core;
	int last = s->idle_cores, place = s->idle_place[core];
	if (place < 0)
		core = s->idle[place = last];
	/* The order is that in which they went idle, but for what is taken out of the middle. */
	s->idle[place] = s->idle[last];
	s->idle_place[s->idle[place]] = place;
	s->idle_place[core] = -1;
	return core;
}

int64_t idle_latency(struct sim *s, int32_t core, enum waking how)
{
	const struct costs *costs = &s->what->costs;
	int64_t median_ns = how == WAKING_BY_SIGNAL ? costs->handoff_ns : costs->wakeup_ns - s->slack_ns;
	double sigma = how == WAKING_BY_SIGNAL ? costs->handoff_sigma : costs->wakeup_sigma;
	if (median_ns <= 0)
		return 0;
	int depth = 0;
	while (s->now_ns - s->idle_since_ns[core] >= cost_depth_ns[depth])
		depth++;
	median_ns = (int64_t)((double)median_ns * costs->depth[depth]);
	return sigma > 0 ? variate_lognormal_median(&s->random, median_ns, sigma) : median_ns;
}
