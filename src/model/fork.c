/*
 * fork: one process per task. Slots, counters of claims and the workload's shared memory lie in the cell's
 * arena; everything else is each process's own.
 *
 * No process is left behind: a worker is killed by the kernel when the starter ends, whatever the reason, and
 * the starter waits for every child it made. A worker that dies before it stands at the finish ends the cell:
 * the others may wait for it for ever, so they are killed, and the sample says which one died and how.
 *
 * What it does not do: a Python pool ships every operation and every result through a pipe. Here work is
 * claimed from a shared counter, so operations below about a millisecond look better than they would there.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/engine.h"

static _Noreturn void worker_main(struct worker *w, pid_t parent)
{
	die_with_parent(parent);
	blocking_life(w, RUSAGE_SELF);
	/* Not exit(): what the parent had buffered or registered is the parent's to write and to run. */
	_exit(EXIT_SUCCESS);
}

static void kill_all(struct engine *e)
{
	for (int i = 0; i < e->at_line; i++)
		if (e->workers[i].pid != 0)
			kill(e->workers[i].pid, SIGKILL);
}

static void reap(struct worker *w)
{
	while (w->pid != 0 && waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
}

static void join(struct engine *e)
{
	for (int i = 0; i < e->at_line; i++)
		reap(&e->workers[i]);
	e->at_line = 0;
}

static int start(struct engine *e)
{
	pid_t parent = getpid();
	for (int i = 0; i < e->task_count; i++) {
		struct worker *w = &e->workers[i];
		pid_t pid = fork();
		if (pid == 0)
			worker_main(w, parent);
		if (pid < 0) {
			int error = errno;
			snprintf(e->error, sizeof(e->error),
				 "process %d of %d could not be made: %s (limits: ulimit -u, pids.max of the "
				 "cgroup)",
				 i + 1, e->task_count, strerror(error));
			kill_all(e);
			join(e);
			return -error;
		}
		w->pid = pid;
		e->at_line++;
	}
	return 0;
}

/* The first worker that has ended, described in engine->error. */
static bool has_dead_worker(struct engine *e)
{
	for (int i = 0; i < e->at_line; i++) {
		struct worker *w = &e->workers[i];
		int status;
		if (w->pid == 0 || waitpid(w->pid, &status, WNOHANG) != w->pid)
			continue;
		char end[96];
		describe_end(status, end, sizeof(end));
		snprintf(e->error, sizeof(e->error), "worker process %d of %d %s", i + 1, e->task_count, end);
		w->pid = 0;
		return true;
	}
	return false;
}

/* Has somebody died without whom the others may wait for ever? Then all are killed. */
static bool has_lost(struct engine *e)
{
	if (!has_dead_worker(e) && !companions_have_lost(e))
		return false;
	kill_all(e);
	return true;
}

static void interrupt(struct engine *e)
{
	for (int i = 0; i < e->at_line; i++)
		if (e->workers[i].pid != 0)
			worker_interrupt(&e->workers[i]);
}

static double workers_rss(const struct engine *e)
{
	double sum = 0;
	for (int i = 0; i < e->task_count; i++)
		sum += usage_pss_bytes(e->workers[i].pid);
	return sum;
}

static const struct crew crew = {
	.ops = &blocking_ops,
	.claims_runs = true,
	.has_processes = true,
	.start = start,
	.has_lost = has_lost,
	.interrupt = interrupt,
	.join = join,
	.workers_rss = workers_rss,
};

static int run(const struct execution *execution, struct sample *sample)
{
	return engine_run(execution, sample, &crew, NULL, NULL);
}

const struct model model_fork = {
	.name = "fork",
	.label = "processes",
	.legend = "processes",
	.summary = "one process per task; what they share lies in shared memory (multiprocessing)",
	.run = run,
};
