/*
 * seq: one task, in the thread that is there already. The baseline of every speed-up: no worker is made, so
 * nothing is paid for concurrency.
 */
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include <gilbench/util.h>

#include "model/engine.h"

static int start(struct engine *e)
{
	timer_slack_set(1);
	e->workers[0].thread = pthread_self();
	worker_setup(&e->workers[0]);
	return 0;
}

/* The starter is the worker, so nobody looks at the clock while it blocks in a call: a timer does. */
static timer_t interrupt_at(uint64_t stop_ns)
{
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = WAKE_SIGNAL};
	/* Again and again, for a signal that comes just before a system call interrupts nothing. */
	const struct itimerspec when = {.it_value = clock_timespec(stop_ns),
					.it_interval = clock_timespec(WAKE_PERIOD_NS)};
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
	    timer_settime(timer, TIMER_ABSTIME, &when, NULL) != 0)
		die("the timer of a window's end");
	return timer;
}

static void work(struct engine *e)
{
	struct worker *w = &e->workers[0];
	bool is_window = e->execution->kind == CELL_WINDOW;
	timer_t timer = is_window ? interrupt_at(e->gun->stop_ns) : NULL;
	usage_read(RUSAGE_SELF, &w->usage_before);
	blocking_run(w);
	usage_since(RUSAGE_SELF, &w->usage_before, &w->slot->usage);
	if (is_window)
		timer_delete(timer);
	worker_publish(w);
}

static void wake_all(struct engine *e)
{
	worker_interrupt(&e->workers[0]);
}

static void join(struct engine *e)
{
	worker_teardown(&e->workers[0]);
}

static const struct crew crew = {.ops = &blocking_ops,
				 .is_one_task = true,
				 .start = start,
				 .work = work,
				 .wake_all = wake_all,
				 .join = join};

static int run(const struct execution *execution, struct sample *sample)
{
	return engine_run(execution, sample, &crew, NULL, NULL);
}

const struct model model_seq = {
	.name = "seq",
	.label = "one after the other",
	.legend = "one after the other",
	.summary = "one task, no concurrency: the baseline",
	.is_single = true,
	.run = run,
};
