/*
 * companion: helper processes of a workload (a server, a client) that no metric counts.
 *
 *	setup, in the starter                companion
 *	job_companion(job, fn)  -- fork -->  fn(job): open sockets ...
 *	  waits (at most 10 s)  <---------   companion_ready(job)
 *	... the cell ...                     serve
 *	companions_end: SIGKILL, wait        dead; or it returned before
 *
 * A companion dies with the cell, whatever happens to it: the kernel kills it when the starter ends.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <gilbench/clock.h>

#include "model/engine.h"

/* A companion that is not ready by then never will be. The exact value does not matter. */
#define READY_TIMEOUT_NS (10ull * NS_PER_S)

/* A client that has not ended by then is stuck. Long beside its longest sleep. */
#define CLIENT_END_TIMEOUT_NS (2ull * NS_PER_S)

/* A sleeping client looks this often whether its cell is over. */
#define LOOK_PERIOD_NS (20ull * NS_PER_MS)

/* What a companion's word says. */
enum { COMPANION_STARTS, COMPANION_READY, COMPANION_CLIENT, COMPANION_OVER };

/* Between two looks at a companion that gets ready: short beside starting a process. */
#define READY_POLL_NS (200u * NS_PER_US)

void die_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have died before the line above. */
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
}

void describe_end(int wait_status, char *text, size_t bytes)
{
	if (WIFSIGNALED(wait_status))
		snprintf(text, bytes, "was ended by signal %d (%s)", WTERMSIG(wait_status),
			 strsignal(WTERMSIG(wait_status)));
	else
		snprintf(text, bytes, "ended with status %d", WEXITSTATUS(wait_status));
}

static _Noreturn void companion_main(struct job *job, struct engine *e, int index, pid_t parent,
				     void (*fn)(struct job *))
{
	die_with_parent(parent);
	e->self_companion = index;
	fn(job);
	/* Pairs with the load in companions_settle: what the client counted is visible. */
	atomic_store(e->companion[index].state, COMPANION_OVER);
	_exit(job->error[0] == '\0' ? EXIT_SUCCESS : EXIT_FAILURE);
}

static int wait_ready(struct job *job, struct companion *c)
{
	const struct timespec pause = clock_timespec(READY_POLL_NS);
	uint64_t deadline_ns = clock_now_ns() + READY_TIMEOUT_NS;
	int status;
	/* Pairs with the store in companion_ready: what the companion set up is visible. */
	while (atomic_load(c->state) == COMPANION_STARTS) {
		if (waitpid(c->pid, &status, WNOHANG) == c->pid) {
			char end[96];
			describe_end(status, end, sizeof(end));
			c->pid = 0;
			return job_fail(job, "the helper process of %s %s before it was ready",
					job->workload->name, end);
		}
		if (clock_now_ns() > deadline_ns)
			return job_fail(job, "the helper process of %s was not ready within 10 s",
					job->workload->name);
		nanosleep(&pause, NULL);
	}
	return 0;
}

int job_companion(struct job *job, void (*fn)(struct job *))
{
	struct engine *e = ((struct lane *)job->harness)->engine;
	if (e->companion_count == COMPANION_MAX)
		return job_fail(job, "a cell has at most %d helper processes", COMPANION_MAX);
	struct companion *c = &e->companion[e->companion_count];
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		companion_main(job, e, e->companion_count, parent, fn);
	if (pid < 0)
		return job_fail(job, "the helper process of %s could not be made: %s", job->workload->name,
				strerror(errno));
	c->pid = pid;
	e->companion_count++;
	return wait_ready(job, c);
}

void companion_ready(struct job *job)
{
	struct engine *e = ((struct lane *)job->harness)->engine;
	atomic_store(e->companion[e->self_companion].state, COMPANION_READY);
}

bool companion_await_gun(struct job *job, uint64_t *start_ns, uint64_t *stop_ns)
{
	struct engine *e = ((struct lane *)job->harness)->engine;
	atomic_store(e->companion[e->self_companion].state, COMPANION_CLIENT);
	bool is_fired = gun_watch(e->gun);
	*start_ns = e->gun->start_ns;
	*stop_ns = e->gun->stop_ns;
	return is_fired;
}

bool companion_is_over(struct job *job)
{
	return atomic_load(&((struct lane *)job->harness)->engine->gun->released) != 0;
}

bool companion_sleep(struct job *job, uint64_t until_ns)
{
	for (uint64_t now; (now = clock_now_ns()) < until_ns;) {
		if (companion_is_over(job))
			return false;
		const struct timespec until =
			clock_timespec(until_ns - now < LOOK_PERIOD_NS ? until_ns : now + LOOK_PERIOD_NS);
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	}
	return !companion_is_over(job);
}

void companion_done(struct job *job, int index, uint64_t latency_ns)
{
	struct lane *lane = job->harness;
	lane->clients[index].ops++;
	hist_record(&lane->client_hists[index], latency_ns);
}

void companion_undone(struct job *job, int index, uint64_t age_ns)
{
	hist_record(&((struct lane *)job->harness)->client_hists[index], age_ns);
}

void companions_note(struct engine *e)
{
	for (int i = 0; i < e->companion_count; i++)
		e->companion[i].cpu_before_s = usage_process_cpu_s(e->companion[i].pid);
}

double companions_cpu_s(const struct engine *e)
{
	double sum = 0;
	for (int i = 0; i < e->companion_count; i++)
		if (e->companion[i].pid != 0)
			sum += usage_process_cpu_s(e->companion[i].pid) - e->companion[i].cpu_before_s;
	return sum;
}

void companions_settle(struct engine *e)
{
	const struct timespec pause = clock_timespec(READY_POLL_NS);
	uint64_t deadline_ns = clock_now_ns() + CLIENT_END_TIMEOUT_NS;
	for (int i = 0; i < e->companion_count; i++) {
		while (atomic_load(e->companion[i].state) == COMPANION_CLIENT && clock_now_ns() < deadline_ns)
			nanosleep(&pause, NULL);
		if (atomic_load(e->companion[i].state) == COMPANION_CLIENT)
			job_fail(e->lane[0].job, "a client did not end with its cell");
	}
}

bool companions_have_lost(struct engine *e)
{
	for (int i = 0; i < e->companion_count; i++) {
		struct companion *c = &e->companion[i];
		siginfo_t info = {0};
		/* WNOWAIT: a companion that returned in peace stays to be asked for its time. */
		if (c->pid == 0 || waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
		    info.si_pid == 0 || (info.si_code == CLD_EXITED && info.si_status == 0))
			continue;
		/* What it said itself is better. */
		if (lanes_error(e) != NULL)
			snprintf(e->error, sizeof(e->error), "%.200s", lanes_error(e));
		else
			snprintf(e->error, sizeof(e->error), "a helper process %s %d during the measurement",
				 info.si_code == CLD_EXITED ? "ended with status" : "was ended by signal",
				 info.si_status);
		return true;
	}
	return false;
}

void companions_end(struct engine *e)
{
	for (int i = 0; i < e->companion_count; i++) {
		struct companion *c = &e->companion[i];
		if (c->pid == 0)
			continue;
		kill(c->pid, SIGKILL);
		while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
			;
		c->pid = 0;
	}
	e->companion_count = 0;
}
