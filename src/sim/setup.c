/*
 * setup: what a simulation needs, from its description; and what cannot be simulated, in one sentence.
 *
 * Owners of events are numbered: tasks, then loops, threads of pools, clients; then each lock's two clocks; then the
 * slice and the warm-up.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine.h"

/* Up to so many tasks each has a histogram of its own waits (20 KiB); beyond, they share their role's. */
#define OWN_WAITS_MAX 64

/* What a post costs that wakes nobody, as a part of a hand-off: a system call of 0.3 us beside a wake-up of 20 us. */
#define POST_PART 64

/* ---- what is asked for ------------------------------------------------------------------------------- */

static int refuse(struct sample *sample, const char *sentence)
{
	snprintf(sample->error, sizeof(sample->error), "%s", sentence);
	return -EINVAL;
}

static int64_t tasks_of(const struct simulation *what)
{
	int64_t tasks = 0;
	for (int i = 0; i < what->cast->count; i++)
		tasks += what->cast->role[i].tasks;
	return tasks;
}

static int check_shape(const struct simulation *what, int64_t tasks, struct sample *sample)
{
	if (what->shape.model == SIM_SEQ && tasks != 1)
		return refuse(sample, "seq runs one task");
	if (what->shape.processes <= tasks)
		return 0;
	snprintf(sample->error, sizeof(sample->error),
		 "%d processes cannot share %d task%s: a process needs one at least", what->shape.processes,
		 (int)tasks, tasks == 1 ? "" : "s");
	return -EINVAL;
}

static int check_times(const struct simulation *what, struct sample *sample)
{
	const int64_t longest = INT64_MAX / 4;
	if (what->kind == CELL_BATCH && (what->ops == 0 || what->cast->count != 1))
		return refuse(sample, "a batch is one role and one operation at least");
	if (what->kind == CELL_WINDOW && (what->window_ns == 0 || what->window_ns > (uint64_t)longest ||
					  what->warmup_ns > (uint64_t)longest))
		return refuse(sample, "a window is from 1 ns to 73 years");
	if (!(what->rate_per_s >= 0) || what->rate_per_s > 1e9)
		return refuse(sample, "a rate is from 0 to 10^9 per second");
	return 0;
}

static int check(const struct simulation *what, struct sample *sample)
{
	int64_t tasks = tasks_of(what);
	if (what->cores < 1 || what->cores > SIM_CORES_MAX)
		return refuse(sample, "from 1 to 65536 cores can be simulated");
	if (what->cast->count < 1 || what->cast->count > ROLE_MAX || tasks < 1 || tasks > SIM_TASKS_MAX)
		return refuse(sample, "from 1 to 1000000 tasks can be simulated");
	if (what->costs.slice_ns <= 0)
		return refuse(sample, "a time slice is longer than 0");
	int error = check_times(what, sample);
	return error != 0 ? error : check_shape(what, tasks, sample);
}

/* ---- memory ------------------------------------------------------------------------------------------- */

static bool is_client_role(const struct profile_role *role)
{
	for (size_t i = 0; i < role->profile.count; i++)
		if (role->profile.segment[i].kind == SEGMENT_CLIENT)
			return true;
	return false;
}

static void count_parts(struct sim *s)
{
	const struct simulation *what = s->what;
	s->task_count = s->live = (int)tasks_of(what);
	s->role_count = what->cast->count;
	switch (what->shape.model) {
	case SIM_GIL:
		s->lock_count = what->shape.processes;
		break;
	case SIM_INTERP:
		s->lock_count = s->task_count;
		break;
	case SIM_UV_POOL:
		s->pool_count = s->task_count;
		s->loop_count = 1;
		break;
	case SIM_UV:
		s->loop_count = what->shape.processes;
		break;
	case SIM_SEQ:
	case SIM_THREADS:
	case SIM_FORK:
	case SIM_FREE:
		break;
	}
	for (int i = 0; i < s->role_count; i++)
		if (is_client_role(&what->cast->role[i]))
			s->client_count += what->cast->role[i].tasks;
	s->thread_count = s->task_count + s->loop_count + s->pool_count + s->client_count;
	/* Tasks of a loop need no core of their own. */
	s->has_queue = s->thread_count - (s->loop_count > 0 ? s->task_count : 0) > what->cores;
}

static size_t owners_of(const struct sim *s)
{
	return (size_t)s->thread_count + 2 * (size_t)s->lock_count + 2;
}

/* Rounded up to a power of two. */
static size_t ring_size(int threads)
{
	size_t size = 2;
	while (size <= (size_t)threads)
		size *= 2;
	return size;
}

/* aligned_alloc's zeroed cousin: locks stand on lines of their own. */
static struct sim_lock *new_locks(int count)
{
	size_t bytes = (size_t)(count > 0 ? count : 1) * sizeof(struct sim_lock);
	struct sim_lock *locks = aligned_alloc(_Alignof(struct sim_lock), bytes);
	if (locks != NULL)
		memset(locks, 0, bytes);
	return locks;
}

static void *zeroed(size_t count, size_t bytes)
{
	return calloc(count > 0 ? count : 1, bytes);
}

static int ready_init(struct ready *r, size_t threads)
{
	*r = (struct ready){.room = threads, .heap = zeroed(threads, sizeof(ready_key))};
	return r->heap != NULL ? 0 : -ENOMEM;
}

static int allocate(struct sim *s)
{
	size_t ring = ring_size(s->thread_count);
	s->resuming_mask = ring - 1;
	s->tasks = zeroed((size_t)s->task_count, sizeof(*s->tasks));
	s->locks = new_locks(s->lock_count);
	s->loops = zeroed((size_t)s->loop_count, sizeof(*s->loops));
	s->pools = zeroed(1, sizeof(*s->pools));
	s->pool_threads = zeroed((size_t)s->pool_count, sizeof(*s->pool_threads));
	s->clients = zeroed((size_t)s->client_count, sizeof(*s->clients));
	s->thread = zeroed((size_t)s->thread_count, sizeof(struct sim_thread *));
	s->resuming = zeroed(ring, sizeof(struct sim_thread *));
	s->has_depth = s->what->costs.handoff_ns > 0 || s->what->costs.wakeup_ns > COST_SLACK_NS;
	size_t cores = s->has_depth ? (size_t)s->what->cores : 1;
	s->idle = zeroed(cores, sizeof(*s->idle));
	s->idle_place = zeroed(cores, sizeof(*s->idle_place));
	s->idle_since_ns = zeroed(cores, sizeof(*s->idle_since_ns));
	bool has_all = s->tasks && s->locks && s->loops && s->pools && s->pool_threads && s->clients &&
		       s->thread && s->resuming && s->idle && s->idle_place && s->idle_since_ns;
	return has_all && events_init(&s->events, owners_of(s)) == 0 &&
			       ready_init(&s->ready, s->has_queue ? (size_t)s->thread_count : 1) == 0
		       ? 0
		       : -ENOMEM;
}

static struct hist *new_hist(void)
{
	struct hist *h = calloc(1, sizeof(*h));
	if (h != NULL)
		hist_reset_zeroed(h);
	return h;
}

static int allocate_hists(struct sim *s)
{
	for (int i = 0; i < s->role_count; i++) {
		struct sim_role *role = &s->role[i];
		role->latency = s->what->has_latency ? new_hist() : NULL;
		role->waits = s->lock_count > 0 && s->policy->has_stats ? new_hist() : NULL;
		if (s->what->has_latency && role->latency == NULL)
			return -ENOMEM;
		for (int k = 0; role->waits != NULL && k < role->what->tasks; k++) {
			struct sim_task *t = &s->tasks[role->first + k];
			t->waits = s->task_count <= OWN_WAITS_MAX ? new_hist() : role->waits;
			if (t->waits == NULL)
				return -ENOMEM;
		}
	}
	return 0;
}

/* Says how many tasks would fit: half as many, and again half, until what they need can be had. */
static int no_memory(struct sim *s, struct sample *sample)
{
	size_t task_bytes = sizeof(struct sim_task) + sizeof(struct sim_lock) +
			    sizeof(struct sim_pool_thread) + sizeof(struct worker_sample) +
			    4 * sizeof(struct event) + sizeof(ready_key);
	int tasks = s->task_count, fit = tasks / 2;
	sim_release(s);
	for (; fit > 1; fit /= 2) {
		void *memory = malloc((size_t)fit * task_bytes);
		free(memory);
		if (memory != NULL)
			break;
	}
	snprintf(sample->error, sizeof(sample->error), "no memory for %d tasks; %d would fit", tasks, fit);
	return -ENOMEM;
}

/* ---- parts ---------------------------------------------------------------------------------------------- */

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
	int error = check(what, sample);
	if (error != 0)
		return error;
	count_parts(s);
	if (owners_of(s) >= (1u << READY_THREAD_BITS))
		return refuse(sample, "too many tasks, locks and clients in all");
	if (allocate(s) != 0)
		return no_memory(s, sample);
	set_up_parts(s);
	return allocate_hists(s) == 0 ? 0 : no_memory(s, sample);
}

static void release_waits(struct sim *s)
{
	for (int i = 0; s->tasks != NULL && i < s->task_count; i++)
		if (s->task_count <= OWN_WAITS_MAX)
			free(s->tasks[i].waits);
}

void sim_release(struct sim *s)
{
	release_waits(s);
	for (int i = 0; i < s->role_count; i++) {
		free(s->role[i].latency);
		free(s->role[i].waits);
	}
	events_release(&s->events);
	free(s->ready.heap);
	free(s->tasks);
	free(s->locks);
	free(s->loops);
	free(s->pools);
	free(s->pool_threads);
	free(s->clients);
	free(s->thread);
	free(s->resuming);
	free(s->idle);
	free(s->idle_place);
	free(s->idle_since_ns);
}
