/*
 * echo: a UDP server beside whatever else the cell runs, D. Beazley's example of what a GIL does to I/O. Each task
 * serves one socket: receive, a little interpreted work, send back. The client of each is a companion process that
 * plays ping-pong, as ccbench's does: its next question follows its last answer at once. Throughput and latency are
 * the client's, for the server does not see what it is late for.
 *
 * Under `gil` both system calls let the lock go, each for a moment; what costs is to get it back.
 *
 * Open loop (--rate): the client asks at fixed times, whether answered or not, and latency counts from the time at
 * which it meant to ask. Questions that find the server's socket full are lost, as UDP is; a question that is
 * unanswered at the end has waited at least until then.
 *
 * An idle core takes tens of microseconds to wake on virtual machines, and that alone makes an echo with nothing
 * beside it slower than one beside a busy process. So busy=1 keeps one more process busy: the baseline for echo
 * beside CPU-bound tasks.
 *
 * The default work is CPython's: 3.11 spends 0.93 us between recvfrom's return and sendto's call and 0.38 us from
 * there to the next recvfrom, where the harness alone spends 0.22 and 0.31 (docs/policies.md).
 *
 * Proof: question k of a client carries a number that only client and k decide; the server counts questions and
 * checks each, and the client checks that each answer is its question.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gilbench/workload.h>

/* Largest datagram over loopback's IPv4. */
#define BYTES_MAX 65507
/* Interpreted turns per microsecond of work: task_interpret's turn is about 50 ns. */
#define TURNS_PER_US 20

enum { BYTES, WORK_US, CLIENT_US, BUSY };
static const struct param params[] = {
	[BYTES] = {"bytes", 32, 16, BYTES_MAX, NULL,
		   "length of a question; 1024 is ccbench's bandwidth test"},
	[WORK_US] = {"work_us", 0.5, 0, 1e6, NULL,
		     "interpreted work of the server per question, microseconds"},
	[CLIENT_US] = {"client_us", 1, 0, 1e6, NULL,
		       "work of the client between answer and question, microseconds"},
	[BUSY] = {"busy", 0, 0, 1, "0|1", "1: a busy process beside it, so that no core falls asleep"},
	{0},
};

/* The parent's; each companion and task has its copy. */
struct service {
	int next;  /* the client that the next companion is */
	int *fd;   /* the servers' sockets, one per task */
	int *port; /* network order */
};

struct server {
	char *datagram;
	struct sockaddr_in from;
	socklen_t from_bytes;
	ssize_t bytes; /* of the last call, or -1 with its `error` */
	int error;
	uint64_t last; /* number of the last question; questions are never repeated */
};

/* ---- the client: a companion ---- */

struct client {
	struct job *job;
	struct ping_pong game;
	uint64_t answered; /* number of the next answer */
	double period_ns;  /* open loop: between two questions of all clients; 0: closed */
	uint64_t start_ns;
};

static uint64_t due_ns(const struct client *c, uint64_t number)
{
	/* Clients ask in turn. */
	uint64_t turn = number * (uint64_t)c->job->tasks + (uint64_t)c->game.index;
	return c->start_ns + (uint64_t)((double)turn * c->period_ns);
}

static bool is_over(void *client)
{
	return companion_is_over(((struct client *)client)->job);
}

static void done(void *client, uint64_t latency_ns)
{
	const struct client *c = client;
	companion_done(c->job, c->game.index, latency_ns);
}

/* Answers may be missing, never out of order: UDP on loopback keeps order. */
static void take_answers(struct client *c, int flags)
{
	for (uint64_t heard; (heard = ping_pong_hear(&c->game, flags)) != NOT_SAID; flags = MSG_DONTWAIT) {
		uint64_t now = clock_now_ns();
		c->answered = heard + 1;
		if (now <= c->game.stop_ns)
			companion_done(c->job, c->game.index, now - due_ns(c, heard));
		else
			companion_undone(c->job, c->game.index, c->game.stop_ns - due_ns(c, heard));
	}
}

/* Sleep until the next question is due or an answer comes. */
static void await_either(struct client *c, uint64_t until_ns)
{
	uint64_t now = clock_now_ns();
	const struct timespec left = clock_timespec(until_ns > now ? until_ns - now : 0);
	struct pollfd poller = {.fd = c->game.fd, .events = POLLIN};
	if (until_ns > now && ppoll(&poller, 1, &left, NULL) > 0)
		take_answers(c, MSG_DONTWAIT);
}

static void play_open(struct client *c)
{
	uint64_t stop_ns = c->game.stop_ns;
	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	while (!c->game.is_wrong && !is_over(c) && clock_now_ns() < stop_ns) {
		uint64_t next_ns = due_ns(c, c->game.asked);
		await_either(c, next_ns < stop_ns ? next_ns : stop_ns);
		if (next_ns < stop_ns && clock_now_ns() >= next_ns)
			ping_pong_ask(&c->game);
	}
	take_answers(c, MSG_DONTWAIT);
	for (uint64_t number = c->answered; due_ns(c, number) < stop_ns; number++)
		companion_undone(c->job, c->game.index, stop_ns - due_ns(c, number));
}

static void client(struct job *job)
{
	struct service *s = job->state;
	struct client c = {.job = job,
			   .game = {.index = s->next,
				    .bytes = (size_t)job->param[BYTES],
				    .work_us = job->param[CLIENT_US],
				    .is_over = is_over,
				    .done = done,
				    .context = &c}};
	int error = ping_pong_open(&c.game, s->port[s->next]);
	c.period_ns = job->rate_per_s > 0 ? NS_PER_S / job->rate_per_s : 0;
	if (error != 0) {
		job_fail(job, "client %d: %s", c.game.index, strerror(-error));
		return;
	}
	companion_ready(job);
	if (!companion_await_gun(job, &c.start_ns, &c.game.stop_ns))
		return;
	if (c.period_ns > 0)
		play_open(&c);
	else
		ping_pong_play(&c.game);
	if (c.game.is_wrong)
		job_fail(job, "client %d was answered what it had not asked", c.game.index);
}

/* Beside it, for busy=1. */
static void keep_busy(struct job *job)
{
	companion_ready(job);
	for (volatile uint64_t turns = 0;; turns++)
		;
}

/* ---- the server ---- */

static int open_server(struct job *job, struct service *s, int index)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = s->fd[index] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		return job_fail(job, "a server on 127.0.0.1 could not be opened: %s", strerror(errno));
	s->port[index] = address.sin_port;
	return 0;
}

static int setup(struct job *job)
{
	struct service *s = job->state = calloc(1, sizeof(*s));
	if (s == NULL || (s->fd = calloc(2 * (size_t)job->tasks, sizeof(*s->fd))) == NULL)
		return job_fail(job, "there is no memory for %d servers", job->tasks);
	s->port = s->fd + job->tasks;
	for (; s->next < job->tasks; s->next++)
		if (open_server(job, s, s->next) != 0 || job_companion(job, client) != 0)
			return -1;
	return job->param[BUSY] > 0 ? job_companion(job, keep_busy) : 0;
}

static int task_setup(struct task *t)
{
	struct service *s = t->job->state;
	struct server *server = t->state;
	for (int i = 0; i < t->job->tasks; i++)
		if (t->job->has_processes && i != t->index)
			close(s->fd[i]);
	server->datagram = malloc((size_t)t->job->param[BYTES]);
	return server->datagram != NULL ? 0 : job_fail(t->job, "there is no memory for a datagram");
}

static int fd_of(const struct task *t)
{
	return ((struct service *)t->job->state)->fd[t->index];
}

static void receive(struct task *t)
{
	struct server *s = t->state;
	s->from_bytes = sizeof(s->from);
	s->bytes = recvfrom(fd_of(t), s->datagram, (size_t)t->job->param[BYTES], 0,
			    (struct sockaddr *)&s->from, &s->from_bytes);
	s->error = errno;
}

static void send_back(struct task *t)
{
	struct server *s = t->state;
	s->bytes = sendto(fd_of(t), s->datagram, (size_t)s->bytes, MSG_NOSIGNAL, (struct sockaddr *)&s->from,
			  s->from_bytes);
	s->error = errno;
}

static bool is_right(const struct task *t, struct server *s)
{
	struct ping_question q;
	memcpy(&q, s->datagram, sizeof(q));
	bool is_next = q.number >= s->last && q.proof == ping_proof(t->index, q.number);
	s->last = q.number + 1;
	return is_next && s->bytes == (ssize_t)t->job->param[BYTES];
}

static enum step call(struct task *t, void (*fn)(struct task *), short events)
{
	task_call(t, fn, CALL_WAIT);
	t->call.fd = fd_of(t);
	t->call.events = events;
	return STEP_CALL;
}

enum { RECEIVE, RECEIVED, SENT };

static enum step step(struct task *t)
{
	struct server *s = t->state;
	if (t->phase == SENT) {
		task_result(t, s->bytes == (ssize_t)t->job->param[BYTES] ? t->op : NOT_SAID);
		return STEP_DONE;
	}
	/* Interrupted: the model knows whether the cell has ended. */
	bool has_none = t->phase == RECEIVED && s->bytes < 0 && (s->error == EAGAIN || s->error == EINTR);
	if (t->phase == RECEIVE || has_none) {
		t->phase = RECEIVED;
		return call(t, receive, POLLIN);
	}
	t->phase = SENT;
	if (!is_right(t, s))
		return job_fail(t->job, "server %d was asked what its client does not ask", t->index),
		       STEP_END;
	s->from.sin_zero[0] =
		(unsigned char)task_interpret(t, t->op, (uint64_t)(t->job->param[WORK_US] * TURNS_PER_US));
	/* Loopback takes it at once: no reason to poll. */
	return task_call(t, send_back, CALL_WAIT);
}

static uint64_t value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

static void task_teardown(struct task *t)
{
	free(((struct server *)t->state)->datagram);
}

static void teardown(struct job *job)
{
	struct service *s = job->state;
	for (int i = 0; s != NULL && s->fd != NULL && i < job->tasks; i++)
		close(s->fd[i]);
	free(s != NULL ? s->fd : NULL);
	free(s);
}

WORKLOAD(echo) = {
	.name = "echo",
	.summary = "a UDP echo server; its client plays ping-pong in a process of its own",
	.class = WORK_WAIT,
	.is_stand_in = true,
	.has_call = true,
	.has_client = true,
	.params = params,
	.task_bytes = sizeof(struct server),
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
	.teardown = teardown,
};
