/*
 * clients: whoever asks a task, in a process of its own.
 *
 *	client   works ──▶ asks, sleeps ──────────────────────────▶ awake: has its answer, works ──▶ asks
 *	task                 └─▶ awake (latency, a core), serves ──▶ answers ───────▶ comes for the next request
 *
 * The answer is on its way from the end of the last call without the lock (free, block) before the client's segment, if
 * there is one, else from the beginning of that segment. A server that must wait for the lock again in between does not
 * keep its client waiting: the next request may be there when the server comes for it, and then the client's segment is
 * a release of the lock and no wait.
 *
 * An operation is the client's: it begins with the work of asking (what a profile says of a client is making, sending and
 * receiving) and ends when it has the answer and a core. A client is one process with one request at a time, needs a core
 * for its work as everybody does, and is counted in no metric of its task's but these.
 */
#include "sim/engine.h"

/* ---- which segment waits for the client, and which answers it ------------------------------------- */

static bool is_without_lock(enum segment_kind kind)
{
	return kind == SEGMENT_FREE || kind == SEGMENT_BLOCK;
}

static bool is_with_lock(enum segment_kind kind)
{
	return kind == SEGMENT_GIL || kind == SEGMENT_HOLD;
}

void client_find_answer(struct sim_role *role)
{
	uint8_t count = role->segment_count, client = 0;
	while (client < count && role->segment[client].kind != SEGMENT_CLIENT)
		client++;
	if (client == count)
		return;
	role->has_client = true;
	uint8_t answer = client;
	/* Segments go round. */
	do
		answer = (uint8_t)(answer > 0 ? answer - 1 : count - 1);
	while (is_with_lock(role->segment[answer].kind));
	role->client_segment = client;
	role->answer_segment = is_without_lock(role->segment[answer].kind) ? answer : SEGMENT_MAX;
}

/* ---- what it does ------------------------------------------------------------------------------------ */

int64_t client_answer(struct sim *s, struct sim_task *t)
{
	struct sim_client *client = t->client;
	bool has_idle_core = s->idle_cores > 0;
	if (client->is_answered || client->has_asked)
		return 0;
	client->is_answered = true;
	int64_t ns = cpu_wake(s, &client->thread, WAKING_BY_SIGNAL);
	/* Where both share a core, that is part of what the call was measured to take. */
	return has_idle_core ? ns : 0;
}

bool client_has_asked(struct sim_task *t)
{
	struct sim_client *client = t->client;
	bool has_asked = client->has_asked;
	client->has_asked = false;
	client->is_awaited = !has_asked;
	return has_asked;
}

/* Its work is done: it asks. */
static void ask(struct sim *s, struct sim_client *client)
{
	struct sim_task *t = client->task;
	bool is_awaited = client->is_awaited;
	client->is_at_work = client->is_answered = client->is_awaited = false;
	client->has_asked = !is_awaited;
	if (is_awaited && t->loop != NULL)
		sim_loop_asked(s, t);
	else if (is_awaited)
		task_wake(s, t, WHY_WAITED, WAKING_BY_SIGNAL);
	cpu_sleep(s, &client->thread);
}

void client_resume(struct sim *s, struct sim_client *client)
{
	struct sim_task *t = client->task;
	if (client->is_at_work) {
		ask(s, client);
		return;
	}
	if (client->has_begun)
		operation_answered(s, t, s->now_ns - client->began_ns);
	client->has_begun = true;
	client->began_ns = s->now_ns;
	client->is_at_work = true;
	cpu_work(s, &client->thread, variate_segment(&t->random, &t->role->segment[t->role->client_segment]));
}
