/*
 * download: the concurrent downloader of every introduction to asyncio. Each task keeps one HTTP/1.1
 * connection to a small server on 127.0.0.1, a companion process that answers every request after `delay_ms`
 * with `bytes` of body; between request and answer the task waits for its socket. Waits overlap under every
 * model. The server is one thread around epoll; its processor time is reported and counts in no metric, but
 * it needs a core as well.
 *
 * Proof: the CRC of the body that arrived against that of the stretch of the page that was asked for.
 * Requests cycle through 16 stretches: /0 to /15.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <zlib.h>

#include <gilbench/workload.h>

#define STRETCHES     16
#define STRETCH_SHIFT 64 /* bytes from the start of one stretch to that of the next */
/* Longest head of a request or a response; ours have about 70 bytes. */
#define HEAD_BYTES 512
/* What one read of a body takes at most. The exact value does not matter. */
#define CHUNK_BYTES 16384
/* Events taken in one turn of the server. The exact value does not matter. */
#define EVENTS 64

enum { BYTES, DELAY_MS };
static const struct param params[] = {
	[BYTES] = {"bytes", 16384, 1, 1 << 28, NULL, "length of one body"},
	[DELAY_MS] = {"delay_ms", 20, 0, 60000, NULL, "time from request to response, milliseconds"},
	{0},
};

static size_t shared_bytes(const struct job *job)
{
	return (size_t)job->param[BYTES] + STRETCHES * STRETCH_SHIFT;
}

static const unsigned char *stretch_of(const struct job *job, uint64_t number)
{
	return (const unsigned char *)job->shared + number % STRETCHES * STRETCH_SHIFT;
}

/* ---- the server: one response at a time per connection; connections live as long as it does ---- */

struct connection {
	int fd;
	char head[HEAD_BYTES]; /* of the request, then of the response */
	size_t head_bytes, sent;
	uint64_t number, due_ns;
	struct connection *next; /* in the queue of those that wait for their time */
};

struct server {
	struct job *job;
	int listener, epoll, timer;
	/* The delay is the same for all, so the first to ask is the first to be answered. */
	struct connection *first, **last;
};

static void watch(struct server *s, struct connection *c, int operation, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = c};
	epoll_ctl(s->epoll, operation, c->fd, &event);
}

/* False: a client can never be served, and would wait for ever. */
static bool greet(struct server *s)
{
	struct connection *c = NULL;
	int fd;
	while ((fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0 &&
	       (c = calloc(1, sizeof(*c))) != NULL) {
		c->fd = fd;
		watch(s, c, EPOLL_CTL_ADD, EPOLLIN);
	}
	if (errno != EMFILE && errno != ENFILE && errno != ENOMEM)
		return true;
	job_fail(s->job, "the server has no room for another client: %s (limits: ulimit -n)",
		 strerror(errno));
	return false;
}

static void set_alarm(struct server *s)
{
	uint64_t due_ns = s->first != NULL ? s->first->due_ns : 0;
	struct itimerspec at = {.it_value = {(time_t)(due_ns / NS_PER_S), (long)(due_ns % NS_PER_S)}};
	timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* A request is complete at its empty line; then its response waits for its time. */
static void read_request(struct server *s, struct connection *c)
{
	ssize_t got = read(c->fd, c->head + c->head_bytes, sizeof(c->head) - 1 - c->head_bytes);
	if (got <= 0) { /* the client is gone; its connection may still be queued, so it is kept */
		watch(s, c, EPOLL_CTL_DEL, 0);
		return;
	}
	c->head_bytes += (size_t)got;
	c->head[c->head_bytes] = '\0';
	if (strstr(c->head, "\r\n\r\n") == NULL)
		return;
	c->number = strtoull(c->head + strlen("GET /"), NULL, 10);
	c->due_ns = clock_now_ns() + (uint64_t)(s->job->param[DELAY_MS] * NS_PER_MS);
	c->head_bytes =
		(size_t)snprintf(c->head, sizeof(c->head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
				 (size_t)s->job->param[BYTES]);
	c->sent = 0;
	c->next = NULL;
	*s->last = c;
	s->last = &c->next;
	set_alarm(s);
}

/* Send what the socket takes; the rest when it can be written again. */
static void send_response(struct server *s, struct connection *c)
{
	size_t all = c->head_bytes + (size_t)s->job->param[BYTES];
	while (c->sent < all) {
		bool is_head = c->sent < c->head_bytes;
		const void *from = is_head ? (const void *)(c->head + c->sent)
					   : stretch_of(s->job, c->number) + (c->sent - c->head_bytes);
		size_t length = (is_head ? c->head_bytes : all) - c->sent;
		ssize_t sent = send(c->fd, from, length, MSG_NOSIGNAL | (is_head ? MSG_MORE : 0));
		if (sent < 0) {
			watch(s, c, errno == EAGAIN ? EPOLL_CTL_MOD : EPOLL_CTL_DEL, EPOLLOUT);
			return;
		}
		c->sent += (size_t)sent;
	}
	c->head_bytes = 0;
	watch(s, c, EPOLL_CTL_MOD, EPOLLIN);
}

static void send_due(struct server *s)
{
	while (s->first != NULL && s->first->due_ns <= clock_now_ns()) {
		struct connection *c = s->first;
		s->first = c->next;
		if (s->first == NULL)
			s->last = &s->first;
		send_response(s, c);
	}
	set_alarm(s);
}

static void serve(struct job *job)
{
	struct server s = {.job = job, .listener = *(int *)job->state, .last = &s.first};
	struct connection listener = {.fd = s.listener}, timer;
	struct epoll_event events[EVENTS];
	s.epoll = epoll_create1(EPOLL_CLOEXEC);
	s.timer = timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	watch(&s, &listener, EPOLL_CTL_ADD, EPOLLIN);
	watch(&s, &timer, EPOLL_CTL_ADD, EPOLLIN);
	companion_ready(job);
	for (int count; (count = epoll_wait(s.epoll, events, EVENTS, -1)) >= 0 || errno == EINTR;)
		for (int i = 0; i < count; i++) {
			struct connection *c = events[i].data.ptr;
			if (c == &listener && !greet(&s))
				return;
			if (c == &listener)
				continue;
			if (c == &timer)
				send_due(&s);
			else if (events[i].events & EPOLLOUT)
				send_response(&s, c);
			else
				read_request(&s, c);
		}
}

/* ---- the client ---- */

struct fetch {
	int fd;
	char head[HEAD_BYTES];
	size_t head_bytes, body_bytes; /* read so far, of this response */
	bool is_body;                  /* the head is complete */
	uLong crc;
};

static int setup(struct job *job)
{
	uint64_t *words = job->shared;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int *listener = job->state = malloc(sizeof(*listener));
	for (size_t i = 0; i < shared_bytes(job) / sizeof(*words); i++)
		words[i] = job_random(job, i, 0);
	if (listener == NULL)
		return job_fail(job, "there is no memory for a server");
	*listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(*listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(*listener, SOMAXCONN) != 0)
		return job_fail(job, "cannot listen on 127.0.0.1: %s", strerror(errno));
	return job_companion(job, serve);
}

/* The listener, which setup left open, is where tasks learn the port. */
static int task_setup(struct task *t)
{
	struct fetch *f = t->state;
	int listener = *(int *)t->job->state;
	struct sockaddr_in address;
	socklen_t length = sizeof(address);
	f->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (f->fd < 0 || getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
	    connect(f->fd, (struct sockaddr *)&address, length) != 0 ||
	    fcntl(f->fd, F_SETFL, O_NONBLOCK) != 0)
		return job_fail(t->job, "task %d cannot connect to the server: %s", t->index,
				strerror(errno));
	if (t->job->has_processes)
		close(listener);
	return 0;
}

static void ask(struct task *t, struct fetch *f)
{
	char request[HEAD_BYTES];
	int length = snprintf(request, sizeof(request), "GET /%d HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
			      (int)(t->op % STRETCHES));
	f->head_bytes = f->body_bytes = 0;
	f->is_body = false;
	f->crc = 0;
	send(f->fd, request, (size_t)length, MSG_NOSIGNAL);
}

static void take_body(struct fetch *f, const char *data, size_t bytes)
{
	f->crc = crc32(f->crc, (const unsigned char *)data, (uInt)bytes);
	f->body_bytes += bytes;
}

/* Read once. What is behind the head's empty line is the body's beginning. */
static ssize_t read_some(struct fetch *f)
{
	char chunk[CHUNK_BYTES], *end;
	ssize_t got;
	if (f->is_body) {
		got = read(f->fd, chunk, sizeof(chunk));
		take_body(f, chunk, got > 0 ? (size_t)got : 0);
		return got;
	}
	got = read(f->fd, f->head + f->head_bytes, sizeof(f->head) - 1 - f->head_bytes);
	f->head_bytes += got > 0 ? (size_t)got : 0;
	f->head[f->head_bytes] = '\0';
	if ((end = strstr(f->head, "\r\n\r\n")) != NULL) {
		end += strlen("\r\n\r\n");
		f->is_body = true;
		take_body(f, end, f->head_bytes - (size_t)(end - f->head));
	}
	return got;
}

static enum step step(struct task *t)
{
	struct fetch *f = t->state;
	ssize_t got = 1;
	if (t->phase++ == 0) {
		ask(t, f);
		return task_wait_fd(t, f->fd, POLLIN);
	}
	while (got > 0 && f->body_bytes < (size_t)t->job->param[BYTES])
		got = read_some(f);
	if (got < 0 && errno == EAGAIN)
		return task_wait_fd(t, f->fd, POLLIN);
	bool is_right = got > 0 && strncmp(f->head, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 ")) == 0;
	task_result(t, is_right ? f->crc : UINT64_MAX);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	return crc32(0, stretch_of(job, op), (uInt)job->param[BYTES]);
}

static void task_teardown(struct task *t)
{
	struct fetch *f = t->state;
	close(f->fd);
}

static void teardown(struct job *job)
{
	if (job->state != NULL)
		close(*(int *)job->state);
	free(job->state);
}

WORKLOAD(download) = {
	.name = "download",
	.summary = "bodies from an HTTP server on loopback: the concurrent downloader",
	.class = WORK_WAIT,
	.period = STRETCHES,
	.params = params,
	.task_bytes = sizeof(struct fetch),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
	.teardown = teardown,
};
