/*
 * turns: CPU-bound Python that looks at the clock on every turn of its loop, and so sees when it stood still. A gap
 * of a millisecond or more between two looks ends its turn of the lock. With what=turn an operation's latency is the
 * length of a turn, with what=gap that of a gap: how long a thread runs before others get their turn, and how long
 * they keep it. Two tasks or more; what it measures can be seen from outside an interpreter just so.
 *
 * A turn that nobody ends is cut off after most_ms, and its gap is none.
 *
 * Every wait for a processor is a gap as well, so where tasks outnumber the processors of a model without a lock,
 * the turns are the kernel's.
 *
 * Proof: each look advances an affine map, whose end is computed from the number of looks; the operation's own
 * contribution is its number, and only what saw that end right contributes it.
 */
#include <gilbench/workload.h>

enum { WHAT, GAP_MS, MOST_MS };
enum { WHAT_TURN, WHAT_GAP };
static const struct param params[] = {
	[WHAT] = {"what", WHAT_TURN, 0, 1, "turn|gap",
		  "what is timed: turns of the lock, or gaps between them"},
	[GAP_MS] = {"gap_ms", 1, 0.01, 1000, NULL, "the least gap that ends a turn, milliseconds"},
	[MOST_MS] = {"most_ms", 200, 1, 60000, NULL, "a turn that nobody ends is cut off here, milliseconds"},
	{0},
};

struct watch {
	uint64_t turn_began_ns; /* 0: the first operation has not begun */
};

static uint64_t param_ns(const struct task *t, int which)
{
	return (uint64_t)(t->job->param[which] * NS_PER_MS);
}

static enum step step(struct task *t)
{
	struct watch *watch = t->state;
	uint64_t least_ns = param_ns(t, GAP_MS), most_ns = param_ns(t, MOST_MS), looks = 0, x = t->op;
	uint64_t before_ns, now_ns = clock_now_ns(), gap_ns;
	if (watch->turn_began_ns == 0)
		watch->turn_began_ns = now_ns;
	do {
		before_ns = now_ns;
		x = task_interpret(t, x, 1);
		looks++;
		now_ns = clock_now_ns();
		gap_ns = now_ns - before_ns;
	} while (gap_ns < least_ns && now_ns - watch->turn_began_ns < most_ns);
	uint64_t turn_ns = before_ns - watch->turn_began_ns;
	task_latency(t, t->job->param[WHAT] == WHAT_TURN ? turn_ns : gap_ns >= least_ns ? gap_ns : 0);
	watch->turn_began_ns = now_ns;
	bool is_right = x == arithmetic_after(t->op, looks * INTERPRETED_ROUNDS);
	task_result(t, is_right ? t->op : NOT_SAID);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

WORKLOAD(turns) = {
	.name = "turns",
	.summary = "CPU-bound work that times its own turns of the lock, or the gaps between them",
	.class = WORK_CPU,
	.is_stand_in = true,
	.params = params,
	.task_bytes = sizeof(struct watch),
	.step = step,
	.value = value,
};
