/*
 * clients: whoever asks a task, in a process of its own.
 *
 *	client   works ──▶ asks, sleeps ──────────────────────────▶ awake: has its answer, works ──▶
 *	task                 └─▶ awake (latency, a core), serves ──▶ answers, sleeps ──▶
 *
 * An operation is the client's: it begins with the work of asking (what a profile says of a client is making, sending and
 * receiving) and ends when it has the answer and a core. A client is one process with one request at a time, needs a core
 * for its work as everybody does, and is counted in no metric of its task's but these.
 */
#include "sim/engine.h"

void client_answer(struct sim *s, struct sim_task *t)
{
	cpu_wake(s, &t->client->thread, WAKING_BY_SIGNAL);
}

/* Its work is done: it asks. */
static void ask(struct sim *s, struct sim_client *client)
{
	struct sim_task *t = client->task;
	client->is_at_work = false;
	if (t->loop != NULL)
		sim_loop_asked(s, t);
	else
		task_wake(s, t, WHY_WAITED, WAKING_BY_SIGNAL);
	cpu_sleep(s, &client->thread);
}

void client_resume(struct sim *s, struct sim_client *client)
{
	if (client->is_at_work) {
		ask(s, client);
		return;
	}
	if (client->has_begun)
		operation_answered(s, client->task, s->now_ns - client->began_ns);
	client->has_begun = true;
	client->began_ns = s->now_ns;
	const struct segment *segment = task_segment(client->task);
	client->is_at_work = true;
	cpu_work(s, &client->thread, variate_segment(&client->task->random, segment));
}
