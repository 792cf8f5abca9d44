/*
 * handoff: tasks pass one token around, each waiting until it has it: the price of waking another task, which
 * is what a queue between a producer and a consumer costs. With two tasks the token goes to and fro; a task
 * alone passes it to itself. Nothing runs at once, so nothing scales: under threads and processes a pass is a
 * wake-up through the kernel, under `gil` the woken task must get the lock as well, on a loop it is an entry
 * in a queue.
 *
 *	operation i:   say "i has come" -> wait for the token -> wait for "i + 1 has come" -> hand it on
 *
 * Who has the token waits for the next operation to come, so that it goes to another task and not straight
 * back. The last operation does not, nor a task alone. Operations are claimed in order, and while i holds the
 * token some task is free to claim i + 1: so every wait ends, for any number of operations and tasks. Proof:
 * passes are counted without lock or atomic, guarded by the token alone, and operation i must find i of them.
 */
#include <gilbench/workload.h>

/* Operations in progress follow one another and there are at most as many as tasks: a ring of one more holds
 * them and the next. */
struct place {
	struct task_event come, token;
};

struct ring {
	uint64_t passes; /* protected by the token */
	struct place place[];
};

static int place_count(const struct job *job)
{
	return job->tasks + 1;
}

static size_t shared_bytes(const struct job *job)
{
	return sizeof(struct ring) + (size_t)place_count(job) * sizeof(struct place);
}

/* The token lies ready for operation 0. */
static int setup(struct job *job)
{
	struct ring *ring = job->shared;
	for (int i = 0; i < place_count(job); i++)
		if (task_event_init(job, &ring->place[i].come, 0) != 0 ||
		    task_event_init(job, &ring->place[i].token, i == 0) != 0)
			return -1;
	return 0;
}

static struct place *place_of(const struct job *job, uint64_t op)
{
	struct ring *ring = job->shared;
	return &ring->place[op % (uint64_t)place_count(job)];
}

/* Does another task make the operation after this one? */
static bool is_followed(const struct job *job, uint64_t op)
{
	return job->tasks > 1 && (job->ops == 0 || op + 1 < job->ops);
}

static enum step step(struct task *t)
{
	struct ring *ring = t->job->shared;
	struct place *here = place_of(t->job, t->op), *next = place_of(t->job, t->op + 1);
	unsigned phase = t->phase++;
	if (phase == 0) {
		if (t->op > 0 && is_followed(t->job, t->op - 1))
			task_signal(t, &here->come);
		return task_wait_event(t, &here->token);
	}
	if (phase == 1 && is_followed(t->job, t->op))
		return task_wait_event(t, &next->come);
	task_result(t, ring->passes++);
	task_signal(t, &next->token);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

WORKLOAD(handoff) = {
	.name = "handoff",
	.summary = "tasks pass a token: the price of waking another",
	.class = WORK_WAIT,
	.shared_bytes = shared_bytes,
	.setup = setup,
	.step = step,
	.value = value,
};
