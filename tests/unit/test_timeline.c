/*
 * timeline: made-up events become the states that they mean, the trace file is valid and nested and sums to the
 * counters of its own run, and the picture shows the part that it says.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include <gilbench/clock.h>
#include <gilbench/registry.h>
#include <gilbench/timeline.h>
#include <gilbench/util.h>

#include "scratch.h"

/* ---- made-up events ---------------------------------------------------------------------------------- */

/* The gun of made-up cells. */
#define GUN_NS 1000

struct story {
	struct trace trace;
	struct execution execution;
	struct timeline line;
};

static struct workload stand = {.name = "work"};

static void begin_story(struct story *s, int tasks, uint32_t room)
{
	*s = (struct story){.execution = {.role_count = 1}};
	s->execution.role[0] = (struct role){.name = "work", .workload = &stand, .tasks = tasks};
	if (trace_open(&s->trace, tasks, room) != 0)
		fail_msg("no memory for a trace");
	s->trace.start_ns = GUN_NS;
}

/* At `at` nanoseconds after the gun. */
static void tell(struct story *s, int task, uint64_t at, enum trace_kind kind, bool flag)
{
	trace_record(&s->trace.ring[task], GUN_NS + at, kind, flag, 0);
}

static void end_story(struct story *s, enum timeline_turns turns)
{
	timeline_make(&s->line, &s->trace, &s->execution, turns);
}

static void release_story(struct story *s)
{
	timeline_release(&s->line);
	trace_close(&s->trace);
}

struct span {
	uint64_t from, to;
	enum timeline_state state;
};

static void expect_spans(const struct story *s, int track, const struct span *spans, size_t count)
{
	const struct timeline_track *t = &s->line.track[track];
	for (size_t i = 0; i < count && i < t->count; i++) {
		const struct timeline_slice *got = &t->slice[i];
		if (got->from_ns - GUN_NS != spans[i].from || got->to_ns - GUN_NS != spans[i].to ||
		    got->state != spans[i].state)
			fail_msg("track %d, slice %zu: %s from %llu to %llu; wanted %s from %llu to %llu",
				 track, i, timeline_state_name(&s->line, got->state),
				 (unsigned long long)(got->from_ns - GUN_NS),
				 (unsigned long long)(got->to_ns - GUN_NS),
				 timeline_state_name(&s->line, spans[i].state),
				 (unsigned long long)spans[i].from, (unsigned long long)spans[i].to);
	}
	assert_int_equal(t->count, count);
}

/* A request under the lock: wait for it, run, be made to drop, run, sleep, end. */
static void test_states_under_a_lock(void **state)
{
	(void)state;
	struct story s;
	begin_story(&s, 1, 100);
	tell(&s, 0, 5, TRACE_BEGIN, false);
	tell(&s, 0, 6, TRACE_ASK, false);
	tell(&s, 0, 10, TRACE_TAKE, true);
	tell(&s, 0, 30, TRACE_DONE, false);
	tell(&s, 0, 40, TRACE_DROP, true);
	tell(&s, 0, 44, TRACE_ASK, false);
	tell(&s, 0, 60, TRACE_TAKE, true);
	tell(&s, 0, 70, TRACE_DROP, false);
	tell(&s, 0, 71, TRACE_SLEEP, false);
	tell(&s, 0, 90, TRACE_WOKE, false);
	tell(&s, 0, 92, TRACE_ASK, false);
	tell(&s, 0, 93, TRACE_TAKE, false);
	tell(&s, 0, 95, TRACE_DROP, false);
	tell(&s, 0, 96, TRACE_CALL, false);
	tell(&s, 0, 99, TRACE_RETURN, false);
	tell(&s, 0, 100, TRACE_END, false);
	end_story(&s, TURNS_LOCK);
	const struct span spans[] = {
		{5, 6, TIMELINE_BETWEEN},   {6, 10, TIMELINE_WANTS},     {10, 40, TIMELINE_RUNNING},
		{40, 44, TIMELINE_HANDING}, {44, 60, TIMELINE_WANTS},    {60, 70, TIMELINE_RUNNING},
		{70, 71, TIMELINE_BETWEEN}, {71, 90, TIMELINE_SLEEPING}, {90, 92, TIMELINE_BETWEEN},
		{92, 93, TIMELINE_WANTS},   {93, 95, TIMELINE_RUNNING},  {95, 96, TIMELINE_BETWEEN},
		{96, 99, TIMELINE_CALL},    {99, 100, TIMELINE_BETWEEN},
	};
	expect_spans(&s, 0, spans, ARRAY_LEN(spans));
	const struct timeline_track *t = &s.line.track[0];
	assert_string_equal(t->name, "work 1");
	assert_int_equal(t->takes, 3);
	assert_int_equal(t->switches, 2);
	assert_int_equal(t->forced, 1);
	assert_int_equal(t->operations, 1);
	assert_int_equal(t->longest_wait_ns, 16);
	assert_int_equal(t->state_ns[TIMELINE_RUNNING], 42);
	assert_int_equal(t->state_ns[TIMELINE_WANTS], 21);
	assert_int_equal(s.line.end_ns, GUN_NS + 100);
	release_story(&s);
}

/* Without turns a task runs whenever it does nothing else. */
static void test_states_without_turns(void **state)
{
	(void)state;
	struct story s;
	begin_story(&s, 1, 100);
	tell(&s, 0, 1, TRACE_BEGIN, false);
	tell(&s, 0, 10, TRACE_WAIT, false);
	tell(&s, 0, 20, TRACE_WOKE, false);
	tell(&s, 0, 25, TRACE_CALL, true);
	tell(&s, 0, 35, TRACE_RETURN, false);
	tell(&s, 0, 50, TRACE_END, false);
	end_story(&s, TURNS_NONE);
	const struct span spans[] = {
		{1, 10, TIMELINE_RUNNING}, {10, 20, TIMELINE_WAITING}, {20, 25, TIMELINE_RUNNING},
		{25, 35, TIMELINE_CALL},   {35, 50, TIMELINE_RUNNING},
	};
	expect_spans(&s, 0, spans, ARRAY_LEN(spans));
	assert_int_equal(s.line.handoff_count, 0);
	release_story(&s);
}

/* On a loop: a call within the turn, and one in the pool, after which it asks twice. */
static void test_states_on_a_loop(void **state)
{
	(void)state;
	struct story s;
	begin_story(&s, 1, 100);
	tell(&s, 0, 0, TRACE_BEGIN, false);
	tell(&s, 0, 0, TRACE_ASK, false);
	tell(&s, 0, 10, TRACE_TAKE, false);
	tell(&s, 0, 20, TRACE_CALL, false);
	tell(&s, 0, 30, TRACE_RETURN, false);
	tell(&s, 0, 40, TRACE_DROP, false);
	tell(&s, 0, 45, TRACE_CALL, false);
	tell(&s, 0, 60, TRACE_RETURN, false);
	tell(&s, 0, 60, TRACE_ASK, false);
	tell(&s, 0, 66, TRACE_ASK, false);
	tell(&s, 0, 70, TRACE_TAKE, false);
	tell(&s, 0, 80, TRACE_END, false);
	end_story(&s, TURNS_LOOP);
	const struct span spans[] = {
		{0, 0, TIMELINE_BETWEEN},   {0, 10, TIMELINE_WANTS},    {10, 20, TIMELINE_RUNNING},
		{20, 30, TIMELINE_CALL},    {30, 40, TIMELINE_RUNNING}, {40, 45, TIMELINE_BETWEEN},
		{45, 60, TIMELINE_CALL},    {60, 60, TIMELINE_BETWEEN}, {60, 70, TIMELINE_WANTS},
		{70, 80, TIMELINE_RUNNING},
	};
	expect_spans(&s, 0, spans, ARRAY_LEN(spans));
	assert_string_equal(timeline_state_name(&s.line, TIMELINE_WANTS), "wants_loop");
	release_story(&s);
}

/* The timeline ends for all where the first ring was full; what runs then is cut there. */
static void test_a_full_ring_ends_the_timeline(void **state)
{
	(void)state;
	struct story s;
	begin_story(&s, 2, 4);
	tell(&s, 0, 0, TRACE_BEGIN, false);
	tell(&s, 0, 1, TRACE_ASK, false);
	tell(&s, 0, 2, TRACE_TAKE, true);
	tell(&s, 0, 50, TRACE_DROP, false);
	for (int i = 0; i < 5; i++)
		tell(&s, 0, 60, TRACE_DONE, false);
	tell(&s, 1, 0, TRACE_BEGIN, false);
	tell(&s, 1, 3, TRACE_ASK, false);
	tell(&s, 1, 70, TRACE_TAKE, true);
	end_story(&s, TURNS_LOCK);
	assert_int_equal(s.line.lost, 5);
	assert_int_equal(s.line.events, 7);
	assert_int_equal(s.line.end_ns, GUN_NS + 50);
	const struct span first[] = {{0, 1, TIMELINE_BETWEEN},
				     {1, 2, TIMELINE_WANTS},
				     {2, 50, TIMELINE_RUNNING},
				     {50, 50, TIMELINE_BETWEEN}};
	const struct span second[] = {{0, 3, TIMELINE_BETWEEN}, {3, 50, TIMELINE_WANTS}};
	expect_spans(&s, 0, first, ARRAY_LEN(first));
	expect_spans(&s, 1, second, ARRAY_LEN(second));
	assert_int_equal(s.line.track[1].takes, 0);
	release_story(&s);
}

static void turn(struct story *s, int task, uint64_t asked, uint64_t taken, uint64_t dropped, bool is_switch)
{
	tell(s, task, asked, TRACE_ASK, false);
	tell(s, task, taken, TRACE_TAKE, is_switch);
	tell(s, task, dropped, TRACE_DROP, false);
}

/* 0, 0 again, 1, 0: two hand-offs. */
static void test_handoffs_join_turns_of_two(void **state)
{
	(void)state;
	struct story s;
	begin_story(&s, 2, 100);
	turn(&s, 0, 0, 1, 10, true);
	turn(&s, 0, 11, 12, 20, false);
	turn(&s, 1, 5, 25, 30, true);
	turn(&s, 0, 21, 33, 40, true);
	end_story(&s, TURNS_LOCK);
	assert_int_equal(s.line.handoff_count, 2);
	const struct timeline_handoff *h = s.line.handoff;
	assert_int_equal(h[0].from, 0);
	assert_int_equal(h[0].to, 1);
	assert_int_equal(h[0].held_ns - GUN_NS, 12);
	assert_int_equal(h[0].dropped_ns - GUN_NS, 20);
	assert_int_equal(h[0].taken_ns - GUN_NS, 25);
	assert_int_equal(h[1].from, 1);
	assert_int_equal(h[1].to, 0);
	assert_int_equal(h[1].taken_ns - GUN_NS, 33);
	release_story(&s);
}

/* ---- the trace file ---------------------------------------------------------------------------------- */

static const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));
	return text != NULL ? text : "";
}

/* Microseconds with three digits: nanoseconds, whether a reader rounds or cuts. */
static int64_t ns_of(const json_t *event, const char *key)
{
	const json_t *value = json_object_get(event, key);
	if (!json_is_number(value))
		fail_msg("an event without %s", key);
	double ns = json_number_value(value) * 1e3;
	if (fabs(ns - round(ns)) > 0.02 || (int64_t)ns != llround(ns))
		fail_msg("%s is not a whole number of nanoseconds: %.9f", key, ns);
	return llround(ns);
}

static int tid_of(const json_t *event)
{
	return (int)json_integer_value(json_object_get(event, "tid"));
}

#define STATES_MAX 8
#define TRACKS     8

struct file {
	json_t *root;
	const json_t *events;
	int64_t last_end[TRACKS + 2];
	int64_t sum_ns[TRACKS + 2][STATES_MAX];
	uint64_t running[TRACKS + 2];
	uint64_t starts, finishes, requests, operations;
};

static int state_of(const struct timeline *line, const char *name)
{
	for (int s = 0; s < TIMELINE_STATES; s++)
		if (strcmp(timeline_state_name(line, s), name) == 0)
			return s;
	fail_msg("there is no state '%s'", name);
	return -1;
}

/* Complete events of one thread follow one another: then they are nested in every reader. */
static void read_state(struct file *f, const struct timeline *line, const json_t *event)
{
	int tid = tid_of(event), s = state_of(line, text_of(event, "name"));
	int64_t from = ns_of(event, "ts"), length = ns_of(event, "dur");
	assert_in_range(tid, 1, line->track_count);
	assert_true(length >= 0);
	if (from < f->last_end[tid])
		fail_msg("track %d: %s at %lld begins before what came before it has ended, at %lld", tid,
			 text_of(event, "name"), (long long)from, (long long)f->last_end[tid]);
	f->last_end[tid] = from + length;
	f->sum_ns[tid][s] += length;
	f->running[tid] += s == TIMELINE_RUNNING;
}

/* Is there a running slice of this thread that begins at `ts` (`is_start`), or that holds it before its end? */
static bool is_in_running(const struct file *f, int tid, int64_t ts, bool is_start)
{
	const json_t *event;
	size_t i;
	json_array_foreach (f->events, i, event) {
		if (strcmp(text_of(event, "name"), "running") != 0 || tid_of(event) != tid)
			continue;
		int64_t from = ns_of(event, "ts"), to = from + ns_of(event, "dur");
		if (is_start ? from == ts : from <= ts && ts < to)
			return true;
	}
	return false;
}

static void read_flow(struct file *f, const json_t *event)
{
	bool is_finish = strcmp(text_of(event, "ph"), "f") == 0;
	/* Starts and finishes alternate, with one id each. */
	assert_int_equal(json_integer_value(json_object_get(event, "id")), f->finishes + 1);
	if (is_finish)
		assert_string_equal(text_of(event, "bp"), "e");
	if (f->starts < 50 && !is_in_running(f, tid_of(event), ns_of(event, "ts"), is_finish))
		fail_msg("a flow's end at %lld of track %d is bound to no running slice",
			 (long long)ns_of(event, "ts"), tid_of(event));
	f->starts += !is_finish;
	f->finishes += is_finish;
	assert_true(f->starts == f->finishes || f->starts == f->finishes + 1);
}

static void read_waiters(const json_t *event, int64_t *last_ts, int64_t *waiters, int tracks)
{
	assert_true(ns_of(event, "ts") > *last_ts);
	*last_ts = ns_of(event, "ts");
	*waiters = json_integer_value(json_object_get(json_object_get(event, "args"), "waiters"));
	assert_in_range(*waiters, 0, tracks);
}

static void read_file_text(struct file *f, const struct timeline *line, const char *text)
{
	json_error_t error;
	const json_t *event;
	size_t i;
	int64_t last_ts = -1, waiters = 0;
	*f = (struct file){.root = json_loads(text, 0, &error)};
	if (f->root == NULL)
		fail_msg("not JSON: line %d: %s", error.line, error.text);
	f->events = json_object_get(f->root, "traceEvents");
	assert_true(json_is_array(f->events));
	json_array_foreach (f->events, i, event) {
		const char *phase = text_of(event, "ph");
		if (strcmp(phase, "X") == 0)
			read_state(f, line, event);
		else if (strcmp(phase, "s") == 0 || strcmp(phase, "f") == 0)
			read_flow(f, event);
		else if (strcmp(phase, "C") == 0)
			read_waiters(event, &last_ts, &waiters, line->track_count);
		else if (strcmp(phase, "i") == 0 && strcmp(text_of(event, "name"), "drop request") == 0)
			f->requests++;
		else if (strcmp(phase, "i") == 0)
			f->operations++;
		else
			assert_string_equal(phase, "M");
	}
	assert_int_equal(waiters, 0);
	assert_int_equal(f->starts, f->finishes);
}

static void test_names_and_other_data(void **state)
{
	(void)state;
	struct story s;
	begin_story(&s, 2, 100);
	turn(&s, 0, 0, 1, 10, true);
	turn(&s, 1, 2, 2000000, 2000000, true);
	trace_record(&s.trace.ring[1], GUN_NS + 3000000, TRACE_REQUEST, false, 0);
	trace_record(trace_timer_ring(&s.trace), GUN_NS + 7, TRACE_REQUEST, false, 1);
	end_story(&s, TURNS_LOCK);
	const struct cell cell = {.cast = "work",
				  .params = "ms=1",
				  .model = "gil",
				  .policy = "ruby",
				  .workers = 2,
				  .window_s = 0.2};
	char *text = timeline_json(&s.line, &cell, 7);
	struct file f;
	read_file_text(&f, &s.line, text);
	assert_int_equal(f.requests, 2);
	assert_int_equal(f.starts, 1);
	const json_t *other = json_object_get(f.root, "otherData");
	assert_string_equal(text_of(other, "policy"), "ruby");
	assert_int_equal(json_integer_value(json_object_get(other, "events_dropped")), 0);
	assert_true(json_number_value(json_object_get(other, "window_ms")) == 200);
	assert_string_equal(text_of(f.root, "displayTimeUnit"), "ms");
	assert_non_null(strstr(text, "\"name\":\"work:2 (ms=1), gil (ruby)\""));
	assert_non_null(strstr(text, "\"name\":\"work 2\""));
	assert_non_null(strstr(text, "\"args\":{\"of\":\"work 2\"}"));
	assert_non_null(strstr(text, "the lock's timer"));
	json_decref(f.root);
	free(text);
	release_story(&s);
}

/* ---- a real run -------------------------------------------------------------------------------------- */

#define PATIENCE_S 60

/* Long enough for turns, short enough for every event of it to have room: a hostile build hands over at every
 * checkpoint. Every task does something, however short it is. */
#ifdef GILBENCH_HOSTILE
#define REAL_WINDOW_S 0.005
#else
#define REAL_WINDOW_S 0.03
#endif

/* The cell in a process of its own, as always; its rings are shared. */
static struct sample run_cell(const struct model *model, const struct execution *x)
{
	int ends[2], status;
	struct sample sample = {0};
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(PATIENCE_S);
		model->run(x, &sample);
		/* The gun was this process's. */
		_exit(write(ends[1], &sample, sizeof(sample)) != sizeof(sample) ||
		      write(ends[1], &x->trace->start_ns, sizeof(uint64_t)) != sizeof(uint64_t));
	}
	close(ends[1]);
	bool is_whole = read(ends[0], &sample, sizeof(sample)) == sizeof(sample) &&
			read(ends[0], &x->trace->start_ns, sizeof(uint64_t)) == sizeof(uint64_t);
	close(ends[0]);
	waitpid(pid, &status, 0);
	if (!is_whole || status != 0)
		fail_msg("%s: no sample (wait status %d)", model->name, status);
	if (sample.status != SAMPLE_OK)
		fail_msg("%s: %s: %s", model->name, sample_status_name(sample.status), sample.error);
	return sample;
}

struct real {
	struct cell cell;
	struct execution execution;
	struct trace trace;
	struct timeline line;
	struct sample sample;
};

static void run_real(struct real *r, const char *cast, const char *params, const char *model_name,
		     const char *policy)
{
	char error[200];
	const struct model *model = model_find(model_name, error, sizeof(error));
	*r = (struct real){.cell = {.cast = cast,
				    .params = params,
				    .model = model_name,
				    .policy = policy,
				    .workers = 1,
				    .kind = CELL_WINDOW,
				    .window_s = REAL_WINDOW_S}};
	if (cast_resolve(&r->cell, &r->execution, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	int tasks = 0;
	for (int i = 0; i < r->execution.role_count; i++)
		tasks += r->execution.role[i].tasks;
	assert_int_equal(trace_open(&r->trace, tasks, 200000), 0);
	r->execution.trace = &r->trace;
	r->sample = run_cell(model, &r->execution);
	timeline_make(&r->line, &r->trace, &r->execution,
		      model->has_lock  ? TURNS_LOCK
		      : model->is_loop ? TURNS_LOOP
				       : TURNS_NONE);
}

static void release_real(struct real *r)
{
	timeline_release(&r->line);
	trace_close(&r->trace);
}

/* What the tracks of one role add up to. */
static struct timeline_track role_total(const struct real *r, int role)
{
	struct timeline_track total = {.count = 0};
	int first = 0;
	for (int i = 0; i < role; i++)
		first += r->execution.role[i].tasks;
	for (int i = first; i < first + r->execution.role[role].tasks; i++) {
		const struct timeline_track *t = &r->line.track[i];
		for (int s = 0; s < TIMELINE_STATES; s++)
			total.state_ns[s] += t->state_ns[s];
		total.switches += t->switches;
		total.forced += t->forced;
		total.operations += t->operations;
	}
	return total;
}

/* A task is in one state at a time, from its first event to its last. */
static void check_tracks(const struct real *r)
{
	assert_int_equal(r->line.lost, 0);
	for (int i = 0; i < r->line.track_count; i++) {
		const struct trace_ring *ring = &r->trace.ring[i];
		uint64_t sum_ns = 0;
		for (int s = 0; s < TIMELINE_STATES; s++)
			sum_ns += r->line.track[i].state_ns[s];
		assert_int_equal(ring->event[0].kind, TRACE_BEGIN);
		assert_int_equal(ring->event[ring->count - 1].kind, TRACE_END);
		assert_int_equal(sum_ns, ring->event[ring->count - 1].time_ns - ring->event[0].time_ns);
	}
	for (int role = 0; role < r->sample.role_count; role++)
		assert_int_equal(role_total(r, role).operations, r->sample.role[role].ops);
}

/* Times to the nanosecond: the sample's are the same numbers as doubles in seconds. */
static void check_counters(const struct real *r)
{
	double length_s = clock_seconds(r->line.end_ns - r->line.start_ns);
	for (int role = 0; role < r->sample.role_count; role++) {
		const struct role_sample *s = &r->sample.role[role];
		struct timeline_track t = role_total(r, role);
		assert_true(s->gil_wait_s == clock_seconds(t.state_ns[TIMELINE_WANTS]));
		assert_true(s->gil_held_fraction == clock_seconds(t.state_ns[TIMELINE_RUNNING]) / length_s);
		assert_true(s->gil_switches == (double)t.switches);
		assert_true(s->gil_forced == (double)t.forced);
	}
}

static void check_file(const struct real *r)
{
	struct file f;
	char *text = timeline_json(&r->line, &r->cell, 1);
	uint64_t switches = 0, operations = 0;
	read_file_text(&f, &r->line, text);
	for (int i = 0; i < r->line.track_count; i++) {
		const struct timeline_track *t = &r->line.track[i];
		/* Moments between states are left out where they are short. */
		for (int s = 0; s < TIMELINE_STATES; s++)
			if (s != TIMELINE_BETWEEN)
				assert_int_equal(f.sum_ns[i + 1][s], t->state_ns[s]);
		if (r->line.turns == TURNS_LOCK)
			assert_int_equal(f.running[i + 1], t->takes);
		switches += t->switches;
		operations += t->operations;
	}
	/* The first take of all came from nobody. */
	if (r->line.turns == TURNS_LOCK)
		assert_int_equal(f.starts + 1, switches);
	assert_int_equal(f.operations, operations);
	json_decref(f.root);
	free(text);
}

static void test_a_run_under_the_lock_adds_up(void **state)
{
	(void)state;
	static const char *const policies[] = {"py3,interval=500us", "prio,interval=500us", "fifo",
					       "ruby,quantum=2ms,tick=1ms", "py2,check=20000"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		struct real r;
		run_real(&r, "mixed:2,spin:2,hash:1",
			 "mixed.work_ms=0.2 mixed.wait_ms=0.3 spin.iterations=2000 hash.bytes=4096", "gil",
			 policies[i]);
		check_tracks(&r);
		check_counters(&r);
		check_file(&r);
		release_real(&r);
	}
}

static void test_a_run_under_every_model_adds_up(void **state)
{
	(void)state;
	for (size_t i = 0; all_models[i] != NULL; i++) {
		struct real r;
		bool is_single = all_models[i]->is_single;
		run_real(&r, is_single ? "mixed" : "mixed:2,hash:2",
			 is_single ? "work_ms=0.2 wait_ms=0.3" : "mixed.work_ms=0.2 mixed.wait_ms=0.3",
			 all_models[i]->name, all_models[i]->has_lock ? "py3" : "");
		check_tracks(&r);
		check_file(&r);
		assert_true(role_total(&r, 0).state_ns[TIMELINE_SLEEPING] > 0);
		assert_true(role_total(&r, 0).state_ns[TIMELINE_RUNNING] > 0);
		if (!is_single)
			assert_true(role_total(&r, 1).state_ns[TIMELINE_CALL] > 0);
		release_real(&r);
	}
}

/* ---- the picture ------------------------------------------------------------------------------------- */

/* Its two text files; the pictures are gnuplot's. Free both. */
static void draw(const struct timeline *line, char **gp, char **dat)
{
	const struct timeline_words words = {.name = "timeline-test",
					     .label = "work:2, gil (py3)",
					     .machine = "Fake CPU",
					     .usable_cpus = 2,
					     .started = "2026-01-02T03:04:05Z",
					     .commit = "0123456789abcdef"};
	char error[300] = "", *gp_path = scratch("timeline-test.gp"),
	     *dat_path = scratch("timeline-test.dat");
	if (timeline_draw(line, &words, scratch_path, error, sizeof(error)) < 0)
		fail_msg("%s", error);
	*gp = read_file(gp_path, NULL);
	*dat = read_file(dat_path, NULL);
	assert_non_null(*gp);
	assert_non_null(*dat);
	free(dat_path);
	free(gp_path);
}

#define MS(x) ((uint64_t)(x)*NS_PER_MS)

static void expect_in(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in:\n%.6000s", part, text);
}

/* 200 ms: one long wait that does not fit, one of 7 ms that does; the part is laid around the latter. */
static void test_the_part_around_a_wait(void **state)
{
	(void)state;
	struct story s;
	char *gp, *dat;
	begin_story(&s, 2, 100);
	turn(&s, 0, 0, 1, MS(100), true);
	turn(&s, 1, 5, MS(100) + 50, MS(150), true);
	turn(&s, 0, MS(143), MS(150) + 10, MS(160), true);
	tell(&s, 0, MS(160), TRACE_SLEEP, false);
	tell(&s, 0, MS(200), TRACE_END, false);
	end_story(&s, TURNS_LOCK);
	draw(&s.line, &gp, &dat);
	/* Its middle is 146.5 ms. */
	expect_in(gp, "set xrange [116.5");
	expect_in(gp, "60.0\u00a0ms of 200\u00a0ms are shown, from 117\u00a0ms on");
	expect_in(gp, "'waited 7.00\u00a0ms'");
	expect_in(gp, "the longest wait, 100\u00a0ms by work 2, is not in it");
	expect_in(gp, "'work 1'");
	expect_in(gp, "'of all 200\u00a0ms:'");
	/* work 1 has it for 110 of 200 ms, sleeps for 40. */
	expect_in(gp, "'55 %'");
	expect_in(gp, "'20 %'");
	expect_in(gp, "Fake CPU, 2 usable CPUs");
	free(gp);
	free(dat);
	release_story(&s);
}

static size_t lines_of(const char *text)
{
	size_t lines = 0;
	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* Two tasks that change every microsecond for 50 ms: 100,000 slices, some thousand lines, and shares that hold. */
static void test_a_crowd_becomes_columns(void **state)
{
	(void)state;
	struct story s;
	char *gp, *dat;
	begin_story(&s, 2, 200000);
	for (uint64_t at = 0; at + 2000 <= MS(50); at += 2000) {
		turn(&s, 0, at, at + 400, at + 1000, true);
		turn(&s, 1, at + 900, at + 1100, at + 2000, true);
	}
	end_story(&s, TURNS_LOCK);
	assert_int_equal(s.line.lost, 0);
	draw(&s.line, &gp, &dat);
	assert_in_range(lines_of(dat), 500, 6000);
	expect_in(gp, "heights are shares of time");
	expect_in(gp, "All 50.0\u00a0ms are shown");
	/* 600 ns in 2 us. */
	expect_in(gp, "'30 %'");
	free(gp);
	free(dat);
	release_story(&s);
}

/* More tasks than can be read: the first are shown, and it is said. */
static void test_many_tasks(void **state)
{
	(void)state;
	struct story s;
	char *gp, *dat;
	begin_story(&s, 40, 10);
	for (int i = 0; i < 40; i++) {
		tell(&s, i, 0, TRACE_BEGIN, false);
		tell(&s, i, MS(10), TRACE_END, false);
	}
	end_story(&s, TURNS_NONE);
	draw(&s.line, &gp, &dat);
	expect_in(gp, "the first 16 of 40 tasks");
	expect_in(gp, "'work 16'");
	assert_null(strstr(gp, "'work 17'"));
	assert_null(strstr(gp, "waited"));
	free(gp);
	free(dat);
	release_story(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states_under_a_lock),
		cmocka_unit_test(test_states_without_turns),
		cmocka_unit_test(test_states_on_a_loop),
		cmocka_unit_test(test_a_full_ring_ends_the_timeline),
		cmocka_unit_test(test_handoffs_join_turns_of_two),
		cmocka_unit_test(test_names_and_other_data),
		cmocka_unit_test(test_a_run_under_the_lock_adds_up),
		cmocka_unit_test(test_a_run_under_every_model_adds_up),
		cmocka_unit_test(test_the_part_around_a_wait),
		cmocka_unit_test(test_a_crowd_becomes_columns),
		cmocka_unit_test(test_many_tasks),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
