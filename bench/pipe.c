/*
 * pipe: waits for a descriptor, as a client of a database does: each task sends a number to a companion
 * process through a pipe of its own (a socket pair), and the answer comes back after `ms`. Like sleep it
 * needs no processor and scales with the tasks under every model, but what ends the wait is a descriptor:
 * poll under threads, poll with the lock dropped under `gil`, uv_poll on the loop. The companion's own time
 * is small and counted apart.
 *
 * Proof: the answer is a function of the number that only the companion computes.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <gilbench/workload.h>

enum { MS };
static const struct param params[] = {
	[MS] = {"ms", 5, 0.001, 60000, NULL, "time from question to answer, milliseconds"},
	{0},
};

/* One pair per task: the task has `task_fd`, the companion has `far_fd`. */
struct line {
	int task_fd, far_fd;
	uint64_t question, due_ns; /* in the companion; due_ns 0: nothing asked */
};

static uint64_t answer(uint64_t question)
{
	uint64_t x = question + 0x9E3779B97F4A7C15u;
	x = (x ^ x >> 31) * 0xBF58476D1CE4E5B9u;
	return x ^ x >> 29;
}

/* The companion: takes questions down, answers those that are due, sleeps until the next is. */
static void hear(struct job *job, struct line *line)
{
	if (read(line->far_fd, &line->question, sizeof(line->question)) == sizeof(line->question))
		line->due_ns = clock_now_ns() + (uint64_t)(job->param[MS] * NS_PER_MS);
}

static uint64_t answer_due(struct line *lines, int count)
{
	uint64_t now = clock_now_ns(), next_ns = 0;
	for (struct line *line = lines; line < lines + count; line++) {
		if (line->due_ns != 0 && line->due_ns <= now) {
			uint64_t result = answer(line->question);
			line->due_ns = 0;
			if (send(line->far_fd, &result, sizeof(result), MSG_NOSIGNAL) < 0)
				return 0; /* that task is gone: the cell is ending */
		}
		if (line->due_ns != 0 && (next_ns == 0 || line->due_ns < next_ns))
			next_ns = line->due_ns;
	}
	return next_ns;
}

static void companion(struct job *job)
{
	struct line *lines = job->state;
	struct pollfd *polls = calloc((size_t)job->tasks + 1, sizeof(*polls));
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC); /* poll's own timeout is in milliseconds */
	if (polls == NULL || timer < 0)
		return;
	for (int i = 0; i < job->tasks; i++)
		polls[i] = (struct pollfd){.fd = lines[i].far_fd, .events = POLLIN};
	polls[job->tasks] = (struct pollfd){.fd = timer, .events = POLLIN};
	companion_ready(job);
	while (poll(polls, (nfds_t)job->tasks + 1, -1) > 0 || errno == EINTR) {
		for (int i = 0; i < job->tasks; i++)
			if (polls[i].revents & POLLIN)
				hear(job, &lines[i]);
		uint64_t next_ns = answer_due(lines, job->tasks);
		struct itimerspec alarm = {
			.it_value = {(time_t)(next_ns / NS_PER_S), (long)(next_ns % NS_PER_S)}};
		timerfd_settime(timer, TFD_TIMER_ABSTIME, &alarm, NULL);
	}
}

static int setup(struct job *job)
{
	struct line *lines = job->state = calloc((size_t)job->tasks, sizeof(*lines));
	if (lines == NULL)
		return job_fail(job, "there is no memory for %d pipes", job->tasks);
	for (int i = 0; i < job->tasks; i++) {
		int pair[2];
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
			return job_fail(job, "socketpair for task %d: %s", i, strerror(errno));
		lines[i] = (struct line){.task_fd = pair[0], .far_fd = pair[1]};
	}
	if (job_companion(job, companion) != 0)
		return -1;
	for (int i = 0; i < job->tasks; i++)
		close(lines[i].far_fd);
	return 0;
}

static int task_setup(struct task *t)
{
	struct line *lines = t->job->state;
	for (int i = 0; i < t->job->tasks; i++)
		if (t->job->has_processes && i != t->index)
			close(lines[i].task_fd);
	return 0;
}

static enum step step(struct task *t)
{
	struct line *line = (struct line *)t->job->state + t->index;
	uint64_t result;
	if (t->phase++ == 0) {
		send(line->task_fd, &t->op, sizeof(t->op), MSG_NOSIGNAL);
		return task_wait_fd(t, line->task_fd, POLLIN);
	}
	ssize_t bytes = read(line->task_fd, &result, sizeof(result));
	if (bytes < 0 && errno == EAGAIN)
		return task_wait_fd(t, line->task_fd, POLLIN);
	task_result(t, bytes == sizeof(result) ? result : 0);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return answer(op);
}

static void teardown(struct job *job)
{
	struct line *lines = job->state;
	for (int i = 0; i < job->tasks && lines != NULL; i++)
		close(lines[i].task_fd);
	free(lines);
}

WORKLOAD(pipe) = {
	.name = "pipe",
	.summary = "a wait for a descriptor: an answer that takes its time",
	.class = WORK_WAIT,
	.params = params,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.teardown = teardown,
};
