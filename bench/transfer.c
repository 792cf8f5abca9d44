/*
 * transfer: gives an array to a consumer that adds it up: what it costs to feed a worker. With how=copy the
 * array goes through a pipe into the consumer's own memory, as multiprocessing sends arguments (less the
 * pickling); with how=share it stays in shared memory and only a token of 8 bytes goes through the pipe. Each
 * task is producer and consumer in turn, so the time is the sum of both sides and the operation is the same
 * under every model.
 *
 * Proof: word k holds k times a constant, so the sum of any stretch is known.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/workload.h>

/* Operation i gives the stretch that starts at word i % 16. */
#define STRETCHES 16
/* Odd, so that every word differs. */
#define CONSTANT 0x9E3779B97F4A7C15u

enum { HOW, BYTES };
enum { HOW_SHARE, HOW_COPY };
static const struct param params[] = {
	[HOW] = {"how", HOW_COPY, 0, 1, "share|copy", "through shared memory or through a pipe"},
	[BYTES] = {"bytes", 1 << 20, 8, 1 << 30, NULL, "length of the array"},
	{0},
};

struct channel {
	int in, out;        /* the two ends of this task's pipe */
	size_t sent, taken; /* bytes of this operation */
	uint64_t token;     /* how=share: which stretch */
	uint64_t *copy;     /* how=copy: the consumer's own memory */
};

static size_t word_count(const struct job *job)
{
	return (size_t)job->param[BYTES] / sizeof(uint64_t);
}

static size_t shared_bytes(const struct job *job)
{
	return (word_count(job) + STRETCHES) * sizeof(uint64_t);
}

static int setup(struct job *job)
{
	uint64_t *words = job->shared;
	for (uint64_t k = 0; k < word_count(job) + STRETCHES; k++)
		words[k] = k * CONSTANT;
	return 0;
}

static int task_setup(struct task *t)
{
	struct channel *c = t->state;
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return job_fail(t->job, "pipe for task %d: %s", t->index, strerror(errno));
	c->in = ends[0];
	c->out = ends[1];
	if (t->job->param[HOW] == HOW_COPY &&
	    (c->copy = malloc(word_count(t->job) * sizeof(uint64_t))) == NULL)
		return job_fail(t->job, "there is no memory for the copy");
	return 0;
}

static uint64_t sum(const uint64_t *words, size_t count)
{
	uint64_t total = 0;
	for (size_t k = 0; k < count; k++)
		total += words[k];
	return total;
}

/* One half turn of the pipe: fill it when it is empty, else empty it. */
static void move(struct channel *c, const void *from, void *to, size_t bytes)
{
	ssize_t moved;
	if (c->sent == c->taken) {
		moved = write(c->out, (const char *)from + c->sent, bytes - c->sent);
		c->sent += moved > 0 ? (size_t)moved : 0;
	} else {
		moved = read(c->in, (char *)to + c->taken, c->sent - c->taken);
		c->taken += moved > 0 ? (size_t)moved : 0;
	}
}

static enum step step(struct task *t)
{
	struct channel *c = t->state;
	const uint64_t *words = t->job->shared;
	size_t count = word_count(t->job), bytes = count * sizeof(*words);
	uint64_t start = t->op % STRETCHES;
	bool is_copy = t->job->param[HOW] == HOW_COPY;
	if (t->phase++ == 0)
		c->sent = c->taken = 0;
	if (is_copy)
		move(c, words + start, c->copy, bytes);
	else
		move(c, &start, &c->token, bytes = sizeof(start));
	if (c->sent > c->taken)
		return task_wait_fd(t, c->in, POLLIN);
	if (c->taken < bytes)
		return task_wait_fd(t, c->out, POLLOUT);
	task_result(t, is_copy ? sum(c->copy, count) : sum(words + c->token, count));
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	uint64_t start = op % STRETCHES, n = word_count(job);
	uint64_t triangle = n % 2 == 0 ? n / 2 * (n - 1) : (n - 1) / 2 * n;
	return (n * start + triangle) * CONSTANT;
}

static void task_teardown(struct task *t)
{
	struct channel *c = t->state;
	close(c->in);
	close(c->out);
	free(c->copy);
}

WORKLOAD(transfer) = {
	.name = "transfer",
	.summary = "an array goes to its consumer: copied through a pipe, or shared",
	.class = WORK_CPU,
	.period = STRETCHES,
	.params = params,
	.task_bytes = sizeof(struct channel),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
};
