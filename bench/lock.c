/*
 * lock: what the simulated lock costs who has it to himself, beside what it is made of. One operation does the
 * same small thing `times` times over:
 *
 *	release     let the lock go and take it back: nobody else wants it (nothing at all where there is no lock)
 *	mutex       lock and unlock a pthread mutex that nobody else wants
 *	clock       read the clock
 *	allowance   four mutex pairs and two readings of the clock: what a release with accounting may cost
 *	checkpoint  look whether somebody asks for the lock
 *	bare        nothing: the loop that the others are in
 *
 * Two readings of the clock and a call stand around each operation: with `times` of 1000 and more they vanish.
 * The C library locks more cheaply while a process has one thread, so compare what one model measured: under
 * `gil` the worker is a thread beside the one that started it.
 *
 * Proof: rounds are counted in a register that the compiler cannot see through, and the clock never goes back.
 */
#include <gilbench/workload.h>

enum { WHAT, TIMES };
enum { WHAT_RELEASE, WHAT_MUTEX, WHAT_CLOCK, WHAT_ALLOWANCE, WHAT_CHECKPOINT, WHAT_BARE };
static const struct param params[] = {
	[WHAT] = {"what", WHAT_RELEASE, 0, 5, "release|mutex|clock|allowance|checkpoint|bare",
		  "what is done in each round"},
	[TIMES] = {"times", 1000, 1, 1e9, NULL, "rounds of one operation"},
	{0},
};

/* Each task's own: nobody else ever locks it. */
struct own {
	pthread_mutex_t mutex;
};

/* The compiler may know nothing of `count`, so the loop that counts stays. */
static inline uint64_t one_more(uint64_t count)
{
	count++;
	__asm__ volatile("" : "+r"(count));
	return count;
}

static inline void lock_pair(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
}

static uint64_t releases(struct task *t, uint64_t times)
{
	uint64_t count = 0;
	while (count < times) {
		task_release(t);
		count = one_more(count);
	}
	return count;
}

static uint64_t mutexes(struct task *t, uint64_t times)
{
	struct own *own = t->state;
	uint64_t count = 0;
	while (count < times) {
		lock_pair(&own->mutex);
		count = one_more(count);
	}
	return count;
}

/* A reading that is earlier than the last one is not counted. */
static uint64_t readings(struct task *t, uint64_t times)
{
	(void)t;
	uint64_t count = 0, back = 0, last_ns = 0;
	while (count < times) {
		uint64_t now = clock_now_ns();
		back += now < last_ns;
		last_ns = now;
		count = one_more(count);
	}
	return count - back;
}

/* One after the other, as each is measured: mixed together they would overlap in the processor. */
static uint64_t allowances(struct task *t, uint64_t times)
{
	return (mutexes(t, 4 * times) + readings(t, 2 * times)) / 6;
}

static uint64_t checkpoints(struct task *t, uint64_t times)
{
	uint64_t count = 0;
	while (count < times) {
		task_checkpoint(t, 1);
		count = one_more(count);
	}
	return count;
}

static uint64_t nothings(struct task *t, uint64_t times)
{
	(void)t;
	uint64_t count = 0;
	while (count < times)
		count = one_more(count);
	return count;
}

static uint64_t (*const doers[])(struct task *, uint64_t times) = {
	[WHAT_RELEASE] = releases,     [WHAT_MUTEX] = mutexes,          [WHAT_CLOCK] = readings,
	[WHAT_ALLOWANCE] = allowances, [WHAT_CHECKPOINT] = checkpoints, [WHAT_BARE] = nothings,
};

static int task_setup(struct task *t)
{
	struct own *own = t->state;
	pthread_mutex_init(&own->mutex, NULL);
	return 0;
}

static void task_teardown(struct task *t)
{
	struct own *own = t->state;
	pthread_mutex_destroy(&own->mutex);
}

static enum step step(struct task *t)
{
	const double *param = t->job->param;
	task_result(t, t->op + doers[(int)param[WHAT]](t, (uint64_t)param[TIMES]));
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	return op + (uint64_t)job->param[TIMES];
}

WORKLOAD(lock) = {
	.name = "lock",
	.summary = "the lock's own cost, beside what it is made of",
	.class = WORK_CPU,
	.params = params,
	.task_bytes = sizeof(struct own),
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
};
