/*
 * operations: claimed, due, done. As src/model/worker.c has it.
 *
 * Open loop: operation i is due at i / rate (or at random moments with that mean distance). A task that claims it early
 * waits; its latency counts from when it was due, not from when somebody got round to it.
 *
 * In a window an operation counts if it ended before the stop. With a warm-up it counts if it ended in the window.
 */
#include "sim/engine.h"

/* The distance between two operations is no whole number of nanoseconds: what is cut off goes to the next. */
void operation_next_due(struct sim *s, struct sim_role *role)
{
	if (s->what->is_poisson) {
		role->due_ns += variate_exponential(&role->arrivals, role->period_ns);
		return;
	}
	role->due_ns += role->period_ns;
	role->due_rest += role->period_rest;
	if (role->due_rest >= 1) {
		role->due_rest -= 1;
		role->due_ns++;
	}
}

bool operation_begin(struct sim *s, struct sim_task *t)
{
	struct sim_role *role = t->role;
	if (role->next_op >= role->limit)
		return false;
	role->next_op++;
	t->segment = 0;
	t->is_drawn = false;
	t->began_ns = s->now_ns;
	if (role->period_ns > 0) {
		t->began_ns = role->due_ns;
		t->is_early = role->due_ns > s->now_ns;
		operation_next_due(s, role);
	}
	return true;
}

/* What ends at the very end of the warm-up was done in it: of two windows on end each operation is in one. */
static void count(struct sim *s, struct sim_task *t, int64_t latency_ns)
{
	if (s->counts_since_ns > 0 && s->now_ns == s->counts_since_ns)
		return;
	t->ops++;
	t->role->end_ns = s->now_ns;
	if (t->role->latency != NULL)
		hist_record(t->role->latency, (uint64_t)latency_ns);
}

void operation_done(struct sim *s, struct sim_task *t)
{
	if (t->role->has_client)
		return;
	sim_note(s, t, TRACE_DONE, false);
	count(s, t, s->now_ns - t->began_ns);
}

void operation_answered(struct sim *s, struct sim_task *t, int64_t latency_ns)
{
	sim_note(s, t, TRACE_DONE, false);
	count(s, t, latency_ns);
}
