/*
 * release: native calls, back to back, that let the lock go for a short time: what a thread loses when it does so
 * beside a CPU-bound one. Either it has the lock back before the other is awake, or the other has taken it, and then
 * the call takes as long as the other's turn. Which of the two is a race between the call's return and a wake-up of
 * tens of microseconds, so the longer the call, the more often it is lost.
 *
 * us=0 writes one byte to /dev/null, the shortest call that programs make; otherwise the call keeps a processor busy
 * for that long, as hashing does. The share of lost calls is the share of latencies of half an interval and more.
 *
 * Proof: each call counts itself, and operation i contributes i only if its own call was made once.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/workload.h>

enum { US };
static const struct param params[] = {
	[US] = {"us", 0, 0, 1e6, NULL,
		"length of the call, microseconds; 0: as long as writing one byte to /dev/null"},
	{0},
};

struct caller {
	int fd;
	uint64_t calls;
	ssize_t written;
};

static int task_setup(struct task *t)
{
	struct caller *c = t->state;
	c->fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	return c->fd >= 0 ? 0 : job_fail(t->job, "/dev/null cannot be opened: %s", strerror(errno));
}

static void call(struct task *t)
{
	struct caller *c = t->state;
	c->calls++;
	if (t->job->param[US] <= 0) {
		c->written = write(c->fd, "x", 1);
		return;
	}
	uint64_t until_ns = clock_now_ns() + (uint64_t)(t->job->param[US] * NS_PER_US);
	while (clock_now_ns() < until_ns)
		;
	c->written = 1;
}

static enum step step(struct task *t)
{
	struct caller *c = t->state;
	if (t->phase++ == 0) {
		c->calls = 0;
		return task_call(t, call, CALL_CPU);
	}
	task_result(t, c->calls == 1 && c->written == 1 ? t->op : NOT_SAID);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

static void task_teardown(struct task *t)
{
	close(((struct caller *)t->state)->fd);
}

WORKLOAD(release) = {
	.name = "release",
	.summary = "native calls that let the lock go for a short time",
	.class = WORK_CPU,
	.has_call = true,
	.params = params,
	.task_bytes = sizeof(struct caller),
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
};
