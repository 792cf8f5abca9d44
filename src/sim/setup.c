/*
 * setup: the parts of a simulation, put together from its description.
 *
 * Owners of events are numbered: tasks, then loops, threads of pools, clients; then each lock's two clocks; then the
 * slice and the warm-up.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/engine.h"

/* What a post costs that wakes nobody, as a part of a hand-off: a system call of 0.3 us beside a wake-up of 20 us. */
#define POST_PART 64

static void name_thread(struct sim *s, struct sim_thread *th, enum thread_kind kind, int *id)
{
	th->id = (uint32_t)*id;
	th->kind = (uint8_t)kind;
	th->core = *id % s->what->cores;
	s->thread[(*id)++] = th;
}

static void set_up_role(struct sim *s, int index, int first)
{
	const struct simulation *what = s->what;
	struct sim_role *role = &s->role[index];
	*role = (struct sim_role){.what = &what->cast->role[index],
				  .first = first,
				  .segment_count = (uint8_t)what->cast->role[index].profile.count,
				  .tick_ns = what->cast->role[index].profile.tick_ns,
				  .scale = what->shape.model == SIM_FREE ? what->costs.free_factor : 1,
				  .limit = what->kind == CELL_BATCH ? what->ops : UINT64_MAX};
	if (role->tick_ns <= 0)
		role->tick_ns = PROFILE_TICK_NS;
	memcpy(role->segment, role->what->profile.segment, role->segment_count * sizeof(role->segment[0]));
	client_find_answer(role);
	variate_seed(&role->arrivals, what->seed, UINT64_C(1) << 40 | (uint64_t)index);
	if (index > 0 || what->rate_per_s <= 0 || role->has_client)
		return;
	double period_ns = 1e9 / what->rate_per_s;
	role->period_ns = (int64_t)period_ns;
	role->period_rest = period_ns - (double)role->period_ns;
	if (role->period_ns < 1)
		role->period_ns = 1;
	if (what->is_poisson)
		operation_next_due(s, role);
}

static void set_up_task(struct sim *s, struct sim_task *t, struct sim_role *role, int index)
{
	t->role = role;
	t->where = WHERE_READY;
	variate_seed(&t->random, s->what->seed, (uint64_t)index + 1);
	if (s->what->shape.model == SIM_GIL)
		t->lock = &s->locks[index % s->lock_count];
	else if (s->what->shape.model == SIM_INTERP)
		t->lock = &s->locks[index];
	if (s->loop_count > 0)
		t->loop = &s->loops[index % s->loop_count];
}

static void set_up_tasks(struct sim *s, int *id)
{
	int client = 0;
	for (int r = 0, first = 0; r < s->role_count; first += s->role[r++].what->tasks) {
		set_up_role(s, r, first);
		for (int i = 0; i < s->role[r].what->tasks; i++) {
			struct sim_task *t = &s->tasks[first + i];
			set_up_task(s, t, &s->role[r], first + i);
			name_thread(s, &t->thread, THREAD_TASK, id);
			if (s->role[r].has_client) {
				t->client = &s->clients[client++];
				t->client->task = t;
			}
		}
	}
}

static void set_up_threads(struct sim *s, int *id)
{
	for (int i = 0; i < s->loop_count; i++) {
		name_thread(s, &s->loops[i].thread, THREAD_LOOP, id);
		s->loops[i].is_polling = true;
		s->loops[i].pool = s->pool_count > 0 ? s->pools : NULL;
	}
	for (int i = s->pool_count - 1; i >= 0; i--) {
		struct sim_pool_thread *th = &s->pool_threads[i];
		th->pool = s->pools;
		th->next_idle = s->pools->idle;
		s->pools->idle = th;
	}
	for (int i = 0; i < s->pool_count; i++)
		name_thread(s, &s->pool_threads[i].thread, THREAD_POOL, id);
	for (int i = 0; i < s->client_count; i++)
		name_thread(s, &s->clients[i].thread, THREAD_CLIENT, id);
}

static void set_up_locks(struct sim *s, int *id)
{
	s->lock_ids = (uint32_t)*id;
	for (int i = 0; i < s->lock_count; i++) {
		logic_init(&s->locks[i].logic, s->policy);
		s->locks[i].interval_id = (uint32_t)(*id)++;
		s->locks[i].tick_id = (uint32_t)(*id)++;
	}
	s->slice_id = (uint32_t)(*id)++;
	s->warmup_id = (uint32_t)(*id)++;
}

/* All idle, since long ago. */
static void set_up_cores(struct sim *s)
{
	s->idle_cores = s->what->cores;
	for (int32_t i = 0; s->has_depth && i < s->idle_cores; i++) {
		s->idle[i] = s->idle_place[i] = i;
		s->idle_since_ns[i] = INT64_MIN / 2;
	}
}

static void set_up_parts(struct sim *s)
{
	const struct costs *costs = &s->what->costs;
	int id = 0;
	set_up_tasks(s, &id);
	set_up_threads(s, &id);
	set_up_locks(s, &id);
	set_up_cores(s);
	variate_seed(&s->random, s->what->seed, 0);
	/* A thread is behind it by a slice at most: what it has used is never less than 0. */
	s->fair_ns = 2 * costs->slice_ns;
	s->slack_ns = costs->wakeup_ns < COST_SLACK_NS ? costs->wakeup_ns : COST_SLACK_NS;
	s->post_ns = costs->handoff_ns / POST_PART;
	s->signal_ns = (int64_t)((double)costs->handoff_ns * costs->signal);
	s->end_ns =
		s->what->kind == CELL_WINDOW ? (int64_t)(s->what->window_ns + s->what->warmup_ns) : INT64_MAX;
}

int sim_setup(struct sim *s, const struct simulation *what, struct sample *sample)
{
	*s = (struct sim){.what = what, .policy = &what->policy};
	sample->role_count = 0;
	sample->error[0] = '\0';
	int error = sim_check(what, sample);
	if (error != 0)
		return error;
	sim_count_parts(s);
	if (sim_owners(s) >= (1u << READY_THREAD_BITS)) {
		snprintf(sample->error, sizeof(sample->error),
			 "%d tasks are too many with their locks and clients", s->task_count);
		return -EINVAL;
	}
	if (sim_allocate(s) != 0)
		return sim_no_memory(s, sample);
	set_up_parts(s);
	return sim_allocate_hists(s) == 0 ? 0 : sim_no_memory(s, sample);
}
