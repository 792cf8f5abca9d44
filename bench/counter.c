/*
 * counter: `counter += 1` on one counter that all tasks share. With guard=lock every update is a critical
 * section: right everywhere, and the price shows. With guard=none an update is load, checkpoint, store, and
 * another task may come in between: threads and processes lose updates all the time, `gil` loses them at each
 * forced switch (the GIL protects the interpreter, not your program), and seq and the loop lose none.
 *
 * Proof: guarded, the final count must be the number of updates; unguarded, what is missing is reported as
 * lost.
 */
#include <inttypes.h>

#include <gilbench/workload.h>

/* Opcodes between load and store in CPython: LOAD_CONST, BINARY_OP. */
#define TICKS 2

enum { GUARD, UPDATES };
enum { GUARD_LOCK, GUARD_NONE };
static const struct param params[] = {
	[GUARD] = {"guard", GUARD_LOCK, 0, 1, "lock|none", "what protects the counter"},
	[UPDATES] = {"updates", 1000, 1, 1e9, NULL, "updates of the counter in one operation"},
	{0},
};

struct shared {
	struct task_mutex mutex; /* protects `count` with guard=lock */
	_Alignas(64) _Atomic uint64_t count;
};

static size_t shared_bytes(const struct job *job)
{
	(void)job;
	return sizeof(struct shared);
}

static int setup(struct job *job)
{
	struct shared *shared = job->shared;
	return task_mutex_init(job, &shared->mutex);
}

/* Relaxed on both sides: the race is the point. As atomics they stay defined behaviour, whatever is lost. */
static void update(struct task *t, struct shared *shared)
{
	uint64_t count = atomic_load_explicit(&shared->count, memory_order_relaxed);
	task_checkpoint(t, TICKS);
	atomic_store_explicit(&shared->count, count + 1, memory_order_relaxed);
}

static enum step step(struct task *t)
{
	struct shared *shared = t->job->shared;
	bool is_guarded = t->job->param[GUARD] == GUARD_LOCK;
	for (uint64_t left = (uint64_t)t->job->param[UPDATES]; left > 0; left--) {
		if (is_guarded)
			task_lock(t, &shared->mutex);
		update(t, shared);
		if (is_guarded)
			task_unlock(t, &shared->mutex);
	}
	task_result(t, t->op);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

static int check(struct job *job, uint64_t done)
{
	struct shared *shared = job->shared;
	uint64_t updates = (uint64_t)job->param[UPDATES], expected = done * updates,
		 count = atomic_load(&shared->count);
	if (count > expected || (job->param[GUARD] == GUARD_LOCK && count != expected))
		return job_fail(job, "the counter is %" PRIu64 " after %" PRIu64 " updates", count, expected);
	job->lost_ops = (expected - count + updates - 1) / updates;
	return 0;
}

WORKLOAD(counter) = {
	.name = "counter",
	.summary = "one shared counter, guarded or not",
	.class = WORK_CPU,
	.is_stand_in = true,
	.params = params,
	.shared_bytes = shared_bytes,
	.setup = setup,
	.step = step,
	.value = value,
	.check = check,
};
