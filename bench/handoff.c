/*
 * handoff: two tasks pass a token to and fro, each waiting until it has it: the price of waking another task,
 *which is what a queue between a producer and a consumer costs. Under threads and processes every pass is a
 *wake-up through the kernel; under `gil` the woken task must also get the lock; on a loop a pass is a queue
 *entry. Tasks 2k and 2k+1 are a pair; a task without a partner passes the token to itself.
 *
 *	        first to ask takes it              partner waits: hand it over
 *	  box  ----------------------->  held  <------------------------------.
 *	   ^                              |  '---------------------------------'
 *	   '------------------------------'  nobody waits: back into the box
 *
 * Nobody waits while the token is in the box, and whoever holds it finishes its operation: so every wait
 *ends, for any number of operations and tasks. Proof: passes are counted without lock or atomic, guarded by
 *the token alone, and must add up to the operations done.
 */
#include <inttypes.h>

#include <gilbench/workload.h>

struct pair {
	struct task_mutex mutex;    /* protects is_out and is_waiting */
	bool is_out;                /* the token is held, or on its way to a waiting task */
	bool is_waiting[2];         /* side 0 and 1 */
	uint64_t passes;            /* protected by the token */
	struct task_event token[2]; /* ends the wait of side 0, 1 */
};

static size_t shared_bytes(const struct job *job)
{
	return ((size_t)job->tasks + 1) / 2 * sizeof(struct pair);
}

static int setup(struct job *job)
{
	struct pair *pairs = job->shared;
	for (int i = 0; i < job->tasks; i++)
		if (task_event_init(job, &pairs[i / 2].token[i % 2], 0) != 0)
			return -1;
	for (int i = 0; i < (job->tasks + 1) / 2; i++)
		if (task_mutex_init(job, &pairs[i].mutex) != 0)
			return -1;
	return 0;
}

/* Ask for the token: from the box at once, else from the partner when it is done. */
static void ask(struct task *t, struct pair *pair, int side)
{
	task_lock(t, &pair->mutex);
	bool is_free = !pair->is_out;
	pair->is_out = true;
	pair->is_waiting[side] = !is_free;
	task_unlock(t, &pair->mutex);
	if (is_free)
		task_signal(t, &pair->token[side]);
}

static void pass(struct task *t, struct pair *pair, int side)
{
	int other = 1 - side;
	pair->passes++;
	task_lock(t, &pair->mutex);
	bool is_wanted = pair->is_waiting[other];
	pair->is_waiting[other] = false;
	pair->is_out = is_wanted;
	task_unlock(t, &pair->mutex);
	if (is_wanted)
		task_signal(t, &pair->token[other]);
}

static enum step step(struct task *t)
{
	struct pair *pair = (struct pair *)t->job->shared + t->index / 2;
	int side = t->index % 2;
	if (t->phase++ == 0) {
		ask(t, pair, side);
		return task_wait_event(t, &pair->token[side]);
	}
	pass(t, pair, side);
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
	struct pair *pairs = job->shared;
	uint64_t passes = 0;
	for (int i = 0; i < (job->tasks + 1) / 2; i++)
		passes += pairs[i].passes;
	if (passes != done)
		return job_fail(job, "the token was passed %" PRIu64 " times in %" PRIu64 " operations",
				passes, done);
	return 0;
}

WORKLOAD(handoff) = {
	.name = "handoff",
	.summary = "two tasks pass a token: the price of waking another",
	.class = WORK_WAIT,
	.shared_bytes = shared_bytes,
	.setup = setup,
	.step = step,
	.value = value,
	.check = check,
};
