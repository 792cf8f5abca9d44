/*
 * memory: all that a simulation takes, before it begins; and giving it back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine.h"

static bool is_client_role(const struct profile_role *role)
{
	for (size_t i = 0; i < role->profile.count; i++)
		if (role->profile.segment[i].kind == SEGMENT_CLIENT)
			return true;
	return false;
}

void sim_count_parts(struct sim *s)
{
	const struct simulation *what = s->what;
	s->task_count = s->live = (int)sim_tasks(what);
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

size_t sim_owners(const struct sim *s)
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

int sim_allocate(struct sim *s)
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
	return has_all && events_init(&s->events, sim_owners(s)) == 0 &&
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

int sim_allocate_hists(struct sim *s)
{
	for (int i = 0; i < s->role_count; i++) {
		struct sim_role *role = &s->role[i];
		role->latency = s->what->has_latency ? new_hist() : NULL;
		role->waits = s->lock_count > 0 && s->policy->has_stats ? new_hist() : NULL;
		if (s->what->has_latency && role->latency == NULL)
			return -ENOMEM;
		for (int k = 0; role->waits != NULL && k < role->what->tasks; k++) {
			struct sim_task *t = &s->tasks[role->first + k];
			t->waits = s->task_count <= SIM_WORKERS_MAX ? new_hist() : role->waits;
			if (t->waits == NULL)
				return -ENOMEM;
		}
	}
	return 0;
}

/* Says how many tasks would fit: half as many, and again half, until what they need can be had. */
int sim_no_memory(struct sim *s, struct sample *sample)
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

static void release_waits(struct sim *s)
{
	for (int i = 0; s->tasks != NULL && i < s->task_count; i++)
		if (s->task_count <= SIM_WORKERS_MAX)
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
