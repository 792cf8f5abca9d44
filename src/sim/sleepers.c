/*
 * sleepers: who sleeps for a lock, in which order, and until when at most. See locks.c for what they do when they wake.
 *
 * Sleepers of a condition variable are called in the order in which they lay down, and who lies down again because an
 * interval was over lies at the end (glibc's condition variables come close to that). Their intervals are all of one
 * length, so this order is also the one in which the intervals end: one event per lock is enough for all. Of those who
 * sleep on a semaphore any may be called.
 */
#include "sim/engine.h"

static int class_of(const struct sim_task *t)
{
	return t->party.waits_as_io ? GIL_IO : GIL_OTHERS;
}

void sleepers_arm(struct sim *s, struct sim_lock *lock)
{
	int64_t next_ns = INT64_MAX;
	if (s->policy->slice != GIL_SLICE_INTERVAL || events_has(&s->events, lock->interval_id))
		return;
	for (int class = 0; class < GIL_CLASSES; class ++)
		if (lock->first[class] != NULL && lock->first[class]->deadline_ns < next_ns)
			next_ns = lock->first[class]->deadline_ns;
	if (next_ns != INT64_MAX)
		events_put(&s->events, next_ns > s->now_ns ? next_ns : s->now_ns, lock->interval_id);
}

void sleepers_add(struct sim *s, struct sim_task *t)
{
	struct sim_lock *lock = t->lock;
	int class = class_of(t);
	t->seen = lock->logic.switch_number;
	t->deadline_ns = s->now_ns + (int64_t)s->policy->interval_ns + s->slack_ns;
	t->before = lock->last[class];
	t->next = NULL;
	*(lock->last[class] != NULL ? &lock->last[class]->next : &lock->first[class]) = t;
	lock->last[class] = t;
	lock->sleeping[class]++;
	sleepers_arm(s, lock);
	cpu_sleep(s, &t->thread);
}

void sleepers_remove(struct sim_lock *lock, struct sim_task *t)
{
	int class = class_of(t);
	*(t->before != NULL ? &t->before->next : &lock->first[class]) = t->next;
	*(t->next != NULL ? &t->next->before : &lock->last[class]) = t->before;
	t->before = NULL;
	lock->sleeping[class]--;
}

/* All of these return what it costs whoever calls, in ns. */
int64_t sleepers_call(struct sim *s, struct sim_lock *lock, struct sim_task *t)
{
	if (t == NULL)
		return 0;
	sleepers_remove(lock, t);
	return task_wake(s, t, WHY_LOCK, WAKING_BY_SIGNAL);
}

static int64_t call_all(struct sim *s, struct sim_lock *lock, int class)
{
	int64_t ns = 0;
	while (lock->first[class] != NULL)
		ns += sleepers_call(s, lock, lock->first[class]);
	return ns;
}

/* Any of those who sleep on a semaphore. */
struct sim_task *sleepers_anyone(struct sim *s, const struct sim_lock *lock)
{
	struct sim_task *t = lock->first[GIL_OTHERS];
	uint32_t sleeping = lock->sleeping[GIL_OTHERS];
	uint32_t steps = sleeping > 1 ? (uint32_t)(variate_uniform(&s->random) * sleeping) : 0;
	for (; t != NULL && t->next != NULL && steps > 0; steps--)
		t = t->next;
	return t;
}

/* The one that a wake-up by name means sleeps for this lock: it may have been called before, and be on its way. */
static bool is_asleep(const struct sim_lock *lock, const struct sim_task *t)
{
	return t->before != NULL || lock->first[class_of(t)] == t;
}

int64_t sleepers_wake(struct sim *s, struct sim_lock *lock, struct gil_wake wake)
{
	switch (wake.how) {
	case GIL_WAKE_NOBODY:
		break;
	case GIL_WAKE_ONE:
		return sleepers_call(s, lock, lock->first[wake.of]);
	case GIL_WAKE_ALL:
		return call_all(s, lock, wake.of);
	case GIL_WAKE_THIS: {
		struct sim_task *t = task_of_party(wake.whom);
		return is_asleep(lock, t) ? sleepers_call(s, lock, t) : 0;
	}
	}
	return 0;
}
