/*
 * ping: ccbench's latency test. A companion process sends a time-stamped datagram every `interval_ms`; the task
 * sleeps in its receive call and, woken, needs the lock again: the operation's latency is the time from the stamp to
 * where interpreted code can look at it. Questions come by the clock and not after the last answer, so a task that
 * is held up is late for all that came meanwhile, and each counts.
 *
 * ccbench sends 20 of them, a tenth of a second apart, and prints whole milliseconds; here every one is kept.
 *
 * Proof: datagram k carries a number that only the companion computes. Numbers may be missing where a socket
 * overflowed, but never come twice.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gilbench/workload.h>

enum { INTERVAL_MS };
static const struct param params[] = {
	[INTERVAL_MS] = {"interval_ms", 100, 0.01, 60000, NULL,
			 "from one datagram to the next, milliseconds"},
	{0},
};

struct stamp {
	uint64_t number, proof, sent_ns;
};

struct listener {
	struct stamp stamp;
	ssize_t bytes;
	int error;
	uint64_t next; /* no smaller number may come */
};

/* The parent's: a socket per task, and where it listens. */
struct post {
	int fd;
	struct sockaddr_in address;
};

static uint64_t proof_of(uint64_t number)
{
	uint64_t x = number * 0x9E3779B97F4A7C15u + 1;
	return (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
}

/* ---- the companion ---- */

static void send_to_all(struct job *job, int fd, uint64_t number)
{
	const struct post *posts = job->state;
	for (int i = 0; i < job->tasks; i++) {
		const struct stamp stamp = {number, proof_of(number), clock_now_ns()};
		sendto(fd, &stamp, sizeof(stamp), MSG_NOSIGNAL, (const struct sockaddr *)&posts[i].address,
		       sizeof(posts[i].address));
	}
}

static void sender(struct job *job)
{
	uint64_t start_ns, stop_ns, period_ns = (uint64_t)(job->param[INTERVAL_MS] * NS_PER_MS);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		job_fail(job, "the sender of ping has no socket: %s", strerror(errno));
		return;
	}
	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	companion_ready(job);
	if (!companion_await_gun(job, &start_ns, &stop_ns))
		return;
	for (uint64_t number = 0, due_ns = start_ns; due_ns < stop_ns; number++) {
		due_ns += period_ns;
		if (!companion_sleep(job, due_ns < stop_ns ? due_ns : stop_ns))
			return;
		if (due_ns < stop_ns)
			send_to_all(job, fd, number);
	}
}

/* ---- the tasks ---- */

static int open_post(struct job *job, struct post *post)
{
	socklen_t length = sizeof(post->address);
	post->address =
		(struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	post->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (post->fd < 0 || bind(post->fd, (struct sockaddr *)&post->address, length) != 0 ||
	    getsockname(post->fd, (struct sockaddr *)&post->address, &length) != 0)
		return job_fail(job, "a socket on 127.0.0.1 could not be opened: %s", strerror(errno));
	return 0;
}

static int setup(struct job *job)
{
	struct post *posts = job->state = calloc((size_t)job->tasks, sizeof(*posts));
	if (posts == NULL)
		return job_fail(job, "there is no memory for %d sockets", job->tasks);
	for (int i = 0; i < job->tasks; i++)
		posts[i].fd = -1;
	for (int i = 0; i < job->tasks; i++)
		if (open_post(job, &posts[i]) != 0)
			return -1;
	return job_companion(job, sender);
}

static int task_setup(struct task *t)
{
	const struct post *posts = t->job->state;
	for (int i = 0; i < t->job->tasks; i++)
		if (t->job->has_processes && i != t->index)
			close(posts[i].fd);
	return 0;
}

static int fd_of(const struct task *t)
{
	return ((const struct post *)t->job->state)[t->index].fd;
}

static void receive(struct task *t)
{
	struct listener *l = t->state;
	l->bytes = recv(fd_of(t), &l->stamp, sizeof(l->stamp), 0);
	l->error = errno;
}

static bool is_right(struct listener *l)
{
	const struct stamp *s = &l->stamp;
	bool is_new = l->bytes == sizeof(*s) && s->proof == proof_of(s->number) && s->number >= l->next;
	l->next = s->number + 1;
	return is_new;
}

static enum step step(struct task *t)
{
	struct listener *l = t->state;
	if (t->phase++ == 0 || (l->bytes < 0 && (l->error == EINTR || l->error == EAGAIN))) {
		task_call(t, receive, CALL_WAIT);
		t->call.fd = fd_of(t);
		t->call.events = POLLIN;
		return STEP_CALL;
	}
	task_latency(t, clock_now_ns() - l->stamp.sent_ns);
	task_result(t, is_right(l) ? t->op : NOT_SAID);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

static void teardown(struct job *job)
{
	struct post *posts = job->state;
	for (int i = 0; i < job->tasks && posts != NULL; i++)
		if (posts[i].fd >= 0)
			close(posts[i].fd);
	free(posts);
}

WORKLOAD(ping) = {
	.name = "ping",
	.summary = "a time-stamped datagram now and then: how late is it seen?",
	.class = WORK_WAIT,
	.is_stand_in = true,
	.has_call = true,
	.params = params,
	.task_bytes = sizeof(struct listener),
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.teardown = teardown,
};
