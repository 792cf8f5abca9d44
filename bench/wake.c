/*
 * wake: how long it takes from one task's letting go until a sleeping one runs. Tasks hand one turn around. Who
 * has it computes for `hold_us` without a checkpoint, so that the next one is asleep by then; notes the time, and
 * lets go. The next one notes the time as soon as it runs. The latency of an operation is the time between.
 *
 *	what=lock    the next one sleeps in the take of the simulated lock. Its event is signalled at the
 *	             beginning of the turn: it wakes, wants the lock, finds it taken, and waits for it.
 *	what=futex   the next one sleeps on a bare futex, woken by one system call: what any lock needs at least.
 *
 *	operation i   wait for event i, take  ->  note, signal event i + 1, compute, note, end  ->  drop, wait for ...
 *	              wait for event i, call: sleep until turn = i  ->  the same, and turn = i + 1, wake
 *
 * What lets go of the lock is the wait with which a task begins its next operation: so it notes the time once more
 * just before that. Without a lock nobody sleeps in a take: tasks of what=lock then ask again and again, and let others go meanwhile.
 *
 * pin=yes keeps each task on a CPU of its own. Otherwise the kernel may wake a task on the CPU of the one that is
 * about to sleep, which is another thing to measure.
 *
 * Operations are claimed in order, and who has claimed one comes to its turn: so every turn is handed on. Proof:
 * turns are counted without lock or atomic, guarded by the turn alone, and operation i must find i of them.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gilbench/workload.h>

enum { WHAT, PIN, HOLD_US };
enum { WHAT_LOCK, WHAT_FUTEX };
static const struct param params[] = {
	[WHAT] = {"what", WHAT_LOCK, 0, 1, "lock|futex", "what the next task sleeps in"},
	[PIN] = {"pin", 0, 0, 1, "no|yes", "each task on a CPU of its own"},
	[HOLD_US] = {"hold_us", 200, 0, 1e6, NULL, "length of one turn, microseconds"},
	{0},
};

/* A sleep on the futex ends after some turns, so that on a loop the others come to theirs; and after a millisecond
 * at least. The exact values do not matter. */
#define SLEEP_TURNS    10
#define SLEEP_LEAST_NS NS_PER_MS

struct shared {
	/* Written by who has the turn, read by all, and slept on: a release and an acquire of what is below. */
	_Alignas(64) _Atomic uint32_t turn;
	uint64_t turns;             /* guarded by the turn */
	_Atomic uint64_t let_go_ns; /* when who had it before let go */
	struct task_event has_come; /* one of the others has begun its first operation */
	struct task_event event[];  /* an operation's turn has begun; a ring, one more than tasks */
};

struct own {
	uint64_t handed_on; /* the operation to which this task handed on the turn; 0: it never did */
	/* What a call brings home. */
	bool has_turn;
	uint64_t ran_ns;
};

static size_t event_count(const struct job *job)
{
	return (size_t)job->tasks + 1;
}

static size_t shared_bytes(const struct job *job)
{
	return sizeof(struct shared) + event_count(job) * sizeof(struct task_event);
}

static struct task_event *event_of(const struct job *job, uint64_t op)
{
	struct shared *shared = job->shared;
	return &shared->event[op % event_count(job)];
}

/* Tasks that will have an operation beside the one that has the first. */
static unsigned others(const struct job *job)
{
	uint64_t ops = job->ops == 0 ? UINT64_MAX : job->ops;
	return (unsigned)(ops < (uint64_t)job->tasks ? ops : (uint64_t)job->tasks) - 1;
}

/* ---- set-up ------------------------------------------------------------------------------------------ */

static int setup(struct job *job)
{
	struct shared *shared = job->shared;
	cpu_set_t cpus;
	if (job->param[PIN] == 1 &&
	    (sched_getaffinity(0, sizeof(cpus), &cpus) != 0 || CPU_COUNT(&cpus) < job->tasks))
		return job_refuse(job, "pin=yes needs a CPU for each of %d tasks", job->tasks);
	for (uint64_t op = 0; op < event_count(job); op++)
		if (task_event_init(job, event_of(job, op), 0) != 0)
			return -1;
	return task_event_init(job, &shared->has_come, 0);
}

/* Number `wanted` of these CPUs. */
static int cpu_number(const cpu_set_t *cpus, int wanted)
{
	int cpu = 0;
	for (; wanted >= 0; cpu++)
		wanted -= CPU_ISSET(cpu, cpus) != 0;
	return cpu - 1;
}

/* From the first to the last of the CPUs: those two share no core, however siblings are numbered (side by side, or
 * half of all apart). */
static int task_setup(struct task *t)
{
	cpu_set_t cpus, own;
	if (t->job->param[PIN] != 1 || t->job->tasks < 2)
		return 0;
	CPU_ZERO(&own);
	if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0)
		CPU_SET(cpu_number(&cpus, t->index * (CPU_COUNT(&cpus) - 1) / (t->job->tasks - 1)), &own);
	if (sched_setaffinity(0, sizeof(own), &own) != 0)
		return job_fail(t->job, "a task could not be kept on its CPU: %s", strerror(errno));
	return 0;
}

/* ---- a turn ------------------------------------------------------------------------------------------ */

static bool has_turn(const struct task *t)
{
	struct shared *shared = t->job->shared;
	return atomic_load(&shared->turn) == (uint32_t)t->op;
}

static int futex_kind(const struct task *t, int operation)
{
	return t->job->has_processes ? operation : operation | FUTEX_PRIVATE_FLAG;
}

/* A native call. May end without the turn. */
static void sleep_on_futex(struct task *t)
{
	struct shared *shared = t->job->shared;
	struct own *own = t->state;
	uint64_t length_ns = SLEEP_LEAST_NS + (uint64_t)(SLEEP_TURNS * t->job->param[HOLD_US] * NS_PER_US);
	const struct timespec length = clock_timespec(length_ns);
	uint32_t turn = atomic_load(&shared->turn);
	if (turn != (uint32_t)t->op)
		syscall(SYS_futex, &shared->turn, futex_kind(t, FUTEX_WAIT), turn, &length, NULL, 0);
	own->ran_ns = clock_now_ns();
	own->has_turn = has_turn(t);
}

static void hold(const struct task *t)
{
	uint64_t until_ns = clock_now_ns() + (uint64_t)(t->job->param[HOLD_US] * NS_PER_US);
	while (clock_now_ns() < until_ns)
		;
}

/* This turn is over, and the next operation's begins. */
static void hand_on(struct task *t)
{
	struct shared *shared = t->job->shared;
	struct own *own = t->state;
	task_result(t, shared->turns++);
	own->handed_on = t->op + 1;
	atomic_store(&shared->let_go_ns, clock_now_ns());
	atomic_store(&shared->turn, (uint32_t)(t->op + 1));
	if (t->job->param[WHAT] == WHAT_FUTEX)
		syscall(SYS_futex, &shared->turn, futex_kind(t, FUTEX_WAKE), INT_MAX, NULL, NULL, 0);
}

/* Back with the next operation, and still with the lock: only the wait that follows lets go of it. */
static void note_again(const struct task *t)
{
	struct shared *shared = t->job->shared;
	const struct own *own = t->state;
	if (own->handed_on > 0 && atomic_load(&shared->turn) == (uint32_t)own->handed_on)
		atomic_store(&shared->let_go_ns, clock_now_ns());
}

static enum step take_turn(struct task *t, uint64_t ran_ns)
{
	struct shared *shared = t->job->shared;
	uint64_t let_go_ns = atomic_load(&shared->let_go_ns);
	/* Nobody let go for the first; and without a lock the turn may be seen before it is let go. */
	if (t->op > 0)
		task_latency(t, ran_ns > let_go_ns ? ran_ns - let_go_ns : 0);
	task_signal(t, event_of(t->job, t->op + 1));
	hold(t);
	hand_on(t);
	return STEP_DONE;
}

static enum step step_futex(struct task *t)
{
	struct own *own = t->state;
	if (own->has_turn) {
		own->has_turn = false;
		return take_turn(t, own->ran_ns);
	}
	/* Every other time a wait: the cell's stop ends waits, not calls. */
	return t->phase++ % 2 == 1 ? task_call(t, sleep_on_futex, CALL_WAIT) : task_sleep(t, 0);
}

static enum step step_lock(struct task *t)
{
	uint64_t ran_ns = clock_now_ns();
	return has_turn(t) ? take_turn(t, ran_ns) : STEP_YIELD;
}

/* Until each of the other tasks has an operation to wait for; else the first would hand the turn to itself. */
static enum step await_others(struct task *t)
{
	struct shared *shared = t->job->shared;
	if (t->phase < others(t->job)) {
		t->phase++;
		return task_wait_event(t, &shared->has_come);
	}
	return take_turn(t, clock_now_ns());
}

static enum step await_turn(struct task *t)
{
	struct shared *shared = t->job->shared;
	t->phase = 1;
	if (t->op <= others(t->job))
		task_signal(t, &shared->has_come);
	if (t->job->param[WHAT] == WHAT_LOCK)
		note_again(t);
	return task_wait_event(t, event_of(t->job, t->op));
}

static enum step step(struct task *t)
{
	if (t->op == 0)
		return await_others(t);
	if (t->phase == 0)
		return await_turn(t);
	return t->job->param[WHAT] == WHAT_FUTEX ? step_futex(t) : step_lock(t);
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

WORKLOAD(wake) = {
	.name = "wake",
	.summary = "from letting go until a sleeping task runs",
	.class = WORK_WAIT,
	.has_call = true,
	.params = params,
	.task_bytes = sizeof(struct own),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
};
