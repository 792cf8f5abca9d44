/*
 * fake_sim: a simulator that knows no queue: throughput is what the first full server leaves, every operation takes as
 * long as the last one, and everything is a little off by the seed, as replicates are. For tests of what is made of
 * simulations; it stands in for src/sim.
 */
#ifndef TESTS_FAKE_SIM_H
#define TESTS_FAKE_SIM_H

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/sim.h>
#include <gilbench/util.h>

/* Full width of what the seed moves, relative; runs so far. */
static double fake_sim_noise = 0.004;
static atomic_int fake_sim_runs;

static double fake_kinds_s(const struct profile *p, const char *kinds)
{
	double s = 0;
	for (; *kinds != '\0'; kinds++)
		s += profile_seconds(p, *kinds == 'g'   ? SEGMENT_GIL
					: *kinds == 'h' ? SEGMENT_HOLD
					: *kinds == 'f' ? SEGMENT_FREE
							: SEGMENT_BLOCK);
	return s;
}

/* Operations per second, and which server is full. */
static double fake_rate(const struct simulation *s, int tasks, struct sim_counts *c)
{
	const struct profile *p = &s->cast->role[0].profile;
	bool has_lock = s->shape.model == SIM_GIL, is_loop = s->shape.model == SIM_UV;
	double longer = s->shape.model == SIM_FREE ? s->costs.free_factor : 1;
	double all = profile_seconds(p, SEGMENT_KINDS) + (longer - 1) * fake_kinds_s(p, "g");
	double cpu = fake_kinds_s(p, "hf") + longer * fake_kinds_s(p, "g"), lock = fake_kinds_s(p, "gh");
	double loop = fake_kinds_s(p, "ghfb");
	double per_s = fmin(tasks / all, s->cores / cpu);
	if (has_lock)
		per_s = fmin(per_s, s->shape.processes / lock);
	if (is_loop)
		per_s = fmin(per_s, s->shape.processes / loop);
	if (s->rate_per_s > 0)
		per_s = fmin(per_s, s->rate_per_s);
	*c = (struct sim_counts){.lock_busy = has_lock ? per_s * lock / s->shape.processes : NAN,
				 .loop_busy = is_loop ? per_s * loop / s->shape.processes : NAN,
				 .core_busy = per_s * cpu / s->cores};
	double window_s = (double)s->window_ns / 1e9;
	c->in_work_s = per_s * cpu * window_s;
	c->in_wait_s = per_s * (all - cpu) * window_s;
	return per_s;
}

int sim_run(const struct simulation *s, struct sample *sample, struct sim_counts *counts)
{
	struct sim_counts unused;
	int tasks = 0;
	atomic_fetch_add(&fake_sim_runs, 1);
	sample->status = SAMPLE_OK;
	sample->wall_s = (double)s->window_ns / 1e9;
	sample->cpu_s = sample->ctx_voluntary = sample->ctx_involuntary = sample->rss_bytes = NAN;
	sample->setup_s = sample->companion_cpu_s = sample->gil_span_s = NAN;
	sample->role_count = s->cast->count;
	for (int i = 0; i < s->cast->count; i++)
		tasks += s->cast->role[i].tasks;
	double noise = ((double)(mix64(s->seed) % 1000) / 1000 - 0.5) * fake_sim_noise;
	double per_s = fake_rate(s, tasks, counts != NULL ? counts : &unused) * (1 + noise);
	for (int i = 0; i < s->cast->count; i++) {
		struct role_sample *role = &sample->role[i];
		snprintf(role->role, sizeof(role->role), "%s", s->cast->role[i].name);
		snprintf(role->workload, sizeof(role->workload), "%s", s->cast->role[i].workload);
		role->tasks = s->cast->role[i].tasks;
		role->throughput_per_s = per_s * role->tasks / tasks;
		role->ops = (uint64_t)(role->throughput_per_s * sample->wall_s);
		role->gil_held_fraction = role->gil_waited_fraction = role->gil_wait_s = NAN;
		role->gil_acquisitions = role->gil_switches = role->gil_forced = NAN;
		role->gil_longest_wait_s = NAN;
		role->fairness = 1;
		if (!s->has_latency)
			continue;
		role->latency = xcalloc(1, sizeof(struct hist));
		hist_reset(role->latency);
		hist_record(role->latency, (uint64_t)(tasks / per_s * 1e9));
	}
	return 0;
}

int sim_shape_parse(const char *model, struct sim_shape *shape, char *error, size_t error_bytes)
{
	static const char *const names[] = {"seq", "gil",     "threads", "fork",
					    "uv",  "uv-pool", "interp",  "free"};
	const char *star = strchr(model, '*');
	size_t length = strcspn(model, "*");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strlen(names[i]) == length && strncmp(names[i], model, length) == 0) {
			*shape = (struct sim_shape){(enum sim_model)i, star != NULL ? atoi(star + 1) : 1};
			return 0;
		}
	snprintf(error, error_bytes, "there is no model '%s'", model);
	return -1;
}

#endif
