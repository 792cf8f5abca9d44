/*
 * record: which processes are run for a recording, and for how long. See record.h; what is made of their events:
 * record_segments.c.
 *
 * Two of each role. The first runs under a lock that counts ticks, and is told at every checkpoint: it says which work
 * is interpreted, how long an operation is, and whether operations differ, but is a few per cent too slow. The second
 * runs under the lock that nobody asks, and is what the lengths are taken from. It is long enough for a median, or, where
 * operations differ, for a distribution.
 *
 * An operation that is longer than the first process runs has it run again for longer, once.
 *
 * A server and its client are kept to one CPU. On two, each would find the other's asleep at every request, and what
 * that costs is the machine's and not the work's: the simulator adds it where it happens.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/calibration.h>
#include <gilbench/clock.h>
#include <gilbench/driver.h>
#include <gilbench/record.h>
#include <gilbench/registry.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "driver/execute.h"
#include "driver/record_segments.h"

/* A count that no window uses up, and a lock that is never asked for. */
#define POLICY_COUNTING "py2,check=1000000000"
#define POLICY_TIMING   "py3"
/* Ten operations of the usual workloads. */
#define COUNTING_S 0.05
/* For a median: so long, or so many operations. */
#define TIMING_S     0.2
#define TIMING_OPS   20
#define WINDOW_MIN_S 0.01
/* To start, set up and end a process, beside its window. The exact value does not matter. */
#define GRACE_S 2
/* Work with random parts has them from here. The value does not matter. */
#define SEED 1
/* Most bytes of an answer: events have 30 at most. */
#define ANSWER_LIMIT_BYTES (64u * RECORD_EVENTS_MAX)

/* One role's recording under way. */
struct recorder {
	const struct role *role;
	char *params;
	uint64_t end_ns; /* of its part of the budget */
	char cpu[16];    /* that a server and its client are kept to; "" where that is not known */
	char *error;
	size_t error_bytes;
};

/* What one process gave. */
struct take {
	struct recording recording;
	struct record_facts facts;
};

static int refuse(const struct recorder *s, const char *why)
{
	snprintf(s->error, s->error_bytes, "'%s' cannot be recorded: %s", s->role->workload->name, why);
	return -1;
}

static int refuse_long(const struct recorder *s, double window_s)
{
	char why[120];
	snprintf(why, sizeof(why), "one operation takes longer than the %.3g s that there are for it",
		 window_s);
	return refuse(s, why);
}

static double left_s(const struct recorder *s)
{
	uint64_t now = clock_now_ns();
	return s->end_ns > now ? clock_seconds(s->end_ns - now) : 0;
}

/* What a switch takes here. */
static double switch_s(void)
{
	struct costs costs;
	char note[512];
	calibration_load(&costs, note, sizeof(note));
	return (double)costs.switch_ns / NS_PER_S;
}

static void use_sample(const struct recorder *s, const struct sample *sample, struct take *take)
{
	bool has_client = s->role->workload->has_client;
	double ops = sample->role_count > 0 ? (double)sample->role[0].ops : 0;
	if (ops == 0)
		return;
	take->facts = (struct record_facts){.has_client = has_client,
					    .switch_s = has_client && s->cpu[0] != '\0' ? switch_s() : 0,
					    .op_s = sample->wall_s / ops,
					    .cpu_s = sample->cpu_s / ops,
					    .client_s = sample->companion_cpu_s / ops};
}

/* 0, or -1 with a sentence. */
static int use_answer(const struct recorder *s, const json_t *answer, struct take *take)
{
	struct sample sample;
	struct trace_ring ring;
	char error[200];
	json_t *strings = json_array();
	int status = sample_from_json(answer, &sample, strings, error, sizeof(error));
	json_decref(strings);
	if (status != 0)
		return refuse(s, error);
	sample_release(&sample);
	if (sample.status != SAMPLE_OK)
		return refuse(s, sample.error);
	if (record_from_json(json_object_get(answer, "events"), &ring) != 0)
		return refuse(s, "its process gave no events");
	use_sample(s, &sample, take);
	recording_read(&ring, &take->recording);
	free(ring.event);
	return 0;
}

static int read_answer(const struct recorder *s, const char *text, size_t length, const char *complaint,
		       struct take *take)
{
	json_error_t fault;
	json_t *answer = json_loadb(text, length, 0, &fault);
	if (answer == NULL)
		return refuse(s, complaint[0] != '\0' ? complaint : "its process ended without an answer");
	int status = use_answer(s, answer, take);
	json_decref(answer);
	return status;
}

/* One process, sleeping until it has ended. 0; or -1 with a sentence, and then `take` holds nothing. */
static int run_process(const struct recorder *s, const struct request *request, struct take *take)
{
	struct child child;
	char *text, complaint[200];
	size_t length;
	int wait_status, error = execute_start(request, true, &child);
	*take = (struct take){.facts = {.op_s = 0}};
	if (error != 0)
		return refuse(s, strerror(-error));
	uint64_t deadline_ns = clock_now_ns() + (uint64_t)(request->deadline_s * NS_PER_S);
	enum child_end end =
		child_listen(&child, deadline_ns, ANSWER_LIMIT_BYTES, &text, &length, &wait_status);
	child_finish(&child, complaint, sizeof(complaint));
	int status = end == CHILD_STOPPED         ? refuse(s, "it was interrupted")
		     : end == CHILD_PAST_DEADLINE ? refuse_long(s, request->deadline_s)
						  : read_answer(s, text, length, complaint, take);
	free(text);
	return status;
}

static struct cell cell_of(const struct recorder *s, const char *model, const char *policy, double window_s)
{
	return (struct cell){.experiment = "record",
			     .cast = s->role->workload->name,
			     .params = s->params,
			     .model = model,
			     .policy = policy,
			     .workers = 1,
			     .kind = CELL_WINDOW,
			     .window_s = window_s,
			     .source = SOURCE_LIVE};
}

static struct request request_of(const struct recorder *s, const struct cell *cell)
{
	double rest_s = left_s(s);
	return (struct request){.cell = cell,
				.seed = SEED,
				.affinity =
					s->role->workload->has_client && s->cpu[0] != '\0' ? s->cpu : NULL,
				.deadline_s = (rest_s > cell->window_s ? rest_s : cell->window_s) + GRACE_S};
}

static int run(const struct recorder *s, const char *policy, double window_s, struct take *take)
{
	const struct cell cell = cell_of(s, "gil", policy, window_s);
	const struct request request = request_of(s, &cell);
	return run_process(s, &request, take);
}

/* A server and its client once more, with no lock and nothing recorded, which are a third of so short an operation. */
static void time_client(const struct recorder *s, struct record_facts *facts)
{
	const struct cell cell = cell_of(s, "threads", "", COUNTING_S);
	const struct request request = request_of(s, &cell);
	struct sample sample;
	if (!facts->has_client || execute_process(NULL, &request, &sample) != 0)
		return;
	double ops = sample.status == SAMPLE_OK && sample.role_count > 0 ? (double)sample.role[0].ops : 0;
	if (ops > 0) {
		facts->op_s = sample.wall_s / ops;
		facts->cpu_s = sample.cpu_s / ops;
		facts->client_s = sample.companion_cpu_s / ops;
	}
	sample_release(&sample);
}

static void take_release(struct take *take)
{
	recording_release(&take->recording);
}

/* The first process, and again where it saw no operation. */
static int count(const struct recorder *s, struct take *take)
{
	double window_s = left_s(s) / 2 < COUNTING_S ? left_s(s) / 2 : COUNTING_S;
	window_s = window_s > WINDOW_MIN_S ? window_s : WINDOW_MIN_S;
	if (run(s, POLICY_COUNTING, window_s, take) != 0)
		return -1;
	if (take->recording.ops > 0)
		return 0;
	take_release(take);
	if (left_s(s) / 2 > window_s)
		window_s = left_s(s) / 2;
	if (run(s, POLICY_COUNTING, window_s, take) != 0)
		return -1;
	if (take->recording.ops > 0)
		return 0;
	take_release(take);
	return refuse_long(s, window_s);
}

/* How long the second one runs. */
static double timing_s(const struct recorder *s, const struct take *counted)
{
	double wanted_s = TIMING_OPS * counted->facts.op_s;
	if (wanted_s < TIMING_S)
		wanted_s = TIMING_S;
	if (recording_varies(&counted->recording) && wanted_s < RECORD_OPS_MAX * counted->facts.op_s)
		wanted_s = RECORD_OPS_MAX * counted->facts.op_s;
	double most_s = left_s(s), window_s = wanted_s < most_s ? wanted_s : most_s;
	return window_s > WINDOW_MIN_S ? window_s : WINDOW_MIN_S;
}

static int time_and_describe(const struct recorder *s, const struct take *counted, struct profile *profile)
{
	struct take timed;
	char why[200];
	double window_s = timing_s(s, counted);
	if (run(s, POLICY_TIMING, window_s, &timed) != 0)
		return -1;
	int status = timed.recording.ops == 0 ? refuse_long(s, window_s) : 0;
	time_client(s, &timed.facts);
	if (status == 0 && recording_profile(&timed.recording, &counted->recording, &timed.facts, profile,
					     why, sizeof(why)) != 0)
		status = refuse(s, why);
	take_release(&timed);
	return status;
}

/* The first that this process may use. */
static void choose_cpu(char *text, size_t bytes)
{
	cpu_set_t usable;
	if (sched_getaffinity(0, sizeof(usable), &usable) != 0)
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &usable)) {
			snprintf(text, bytes, "%d", cpu);
			return;
		}
}

static int record_role(struct recorder *s, struct profile_role *out)
{
	struct take counted;
	s->params = param_text(s->role->workload->params, s->role->param);
	int status = count(s, &counted);
	if (status == 0) {
		status = time_and_describe(s, &counted, &out->profile);
		take_release(&counted);
	}
	free(s->params);
	snprintf(out->name, sizeof(out->name), "%s", s->role->name);
	snprintf(out->workload, sizeof(out->workload), "%s", s->role->workload->name);
	out->tasks = s->role->tasks;
	return status;
}

int profile_record(const struct cell *cell, double budget_s, struct profile_cast *out, char *error,
		   size_t error_bytes)
{
	struct execution x;
	int before = out->count;
	if (cast_resolve(cell, &x, error, error_bytes) != 0)
		return -1;
	if (before + x.role_count > ROLE_MAX) {
		snprintf(error, error_bytes, "a cast has at most %d roles", ROLE_MAX);
		return -1;
	}
	for (int i = 0; i < x.role_count; i++) {
		struct recorder s = {.role = &x.role[i], .error = error, .error_bytes = error_bytes};
		choose_cpu(s.cpu, sizeof(s.cpu));
		s.end_ns = clock_now_ns() + (uint64_t)(budget_s / x.role_count * NS_PER_S);
		if (record_role(&s, &out->role[out->count]) == 0) {
			out->count++;
			continue;
		}
		while (out->count > before)
			profile_release(&out->role[--out->count].profile);
		return -1;
	}
	return 0;
}
