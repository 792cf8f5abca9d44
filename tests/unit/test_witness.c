/*
 * test_witness: which cells are pairs, and what is judged of them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/util.h>
#include <gilbench/witness.h>

#include "near.h"

enum { SAMPLES = 6, MOST = 200 };

struct world {
	struct sample samples[MOST];
	size_t count;
	struct summary summary;
	struct witnesses w;
};

/* Six samples of one cell: so many operations a second, each of `ns`, but every `slow_every`-th of `slow_ns`. */
static void add(struct world *w, struct cell cell, double per_s, uint64_t ns, unsigned slow_every,
		uint64_t slow_ns)
{
	for (unsigned b = 0; b < SAMPLES; b++) {
		struct sample *s = &w->samples[w->count++];
		*s = (struct sample){.cell = cell, .block = b, .wall_s = 1, .role_count = 1};
		struct role_sample *r = &s->role[0];
		*r = (struct role_sample){.tasks = cell.workers, .ops = (uint64_t)per_s};
		snprintf(r->role, sizeof(r->role), "%s", cell.cast);
		snprintf(r->workload, sizeof(r->workload), "%s", cell.cast);
		/* A little noise, so that there is an interval. */
		r->throughput_per_s = per_s * (1 + 0.001 * b);
		r->latency = xcalloc(1, sizeof(*r->latency));
		hist_reset(r->latency);
		for (unsigned i = 0; i < 2000; i++)
			hist_record(r->latency, slow_every > 0 && i % slow_every == 0 ? slow_ns : ns);
	}
}

static struct cell cell_of(const char *model, int workers, enum cell_source source, int cores)
{
	static char params[8][64];
	static int next;
	char *text = params[next++ % 8];
	snprintf(text, 64, source == SOURCE_VIRTUAL ? "iterations=5 cores=%d" : "iterations=5", cores);
	return (struct cell){.experiment = "x",
			     .cast = "spin",
			     .params = text,
			     .model = model,
			     .policy = "",
			     .workers = workers,
			     .kind = CELL_WINDOW,
			     .window_s = 1,
			     .source = source};
}

static void judge(struct world *w)
{
	summarise(w->samples, w->count, SAMPLES, &w->summary);
	witnesses_judge(w->samples, w->count, &w->summary, SOURCE_VIRTUAL, 2, &w->w);
}

static void world_free(struct world *w)
{
	witnesses_release(&w->w);
	summary_release(&w->summary);
	for (size_t i = 0; i < w->count; i++)
		sample_release(&w->samples[i]);
	free(w);
}

static const struct witness_finding *find(const struct world *w, enum witness_measure measure)
{
	for (size_t i = 0; i < w->w.count; i++)
		if (w->w.findings[i].measure == measure)
			return &w->w.findings[i];
	return NULL;
}

static void test_a_pair_is_the_same_work_on_as_many_cores(void **state)
{
	(void)state;
	struct world *w = xcalloc(1, sizeof(*w));
	add(w, cell_of("threads", 2, SOURCE_LIVE, 0), 1000, 1000, 0, 0);
	add(w, cell_of("threads", 2, SOURCE_VIRTUAL, 4), 1000, 1000, 0, 0);
	add(w, cell_of("threads", 1, SOURCE_VIRTUAL, 2), 1000, 1000, 0, 0);
	add(w, cell_of("fork", 2, SOURCE_VIRTUAL, 2), 1000, 1000, 0, 0);
	judge(w);
	assert_int_equal(w->w.count, 0);
	world_free(w);
}

static void test_what_is_within_its_band_passes(void **state)
{
	(void)state;
	struct world *w = xcalloc(1, sizeof(*w));
	add(w, cell_of("threads", 2, SOURCE_LIVE, 0), 1000, 1000, 0, 0);
	add(w, cell_of("threads", 2, SOURCE_VIRTUAL, 2), 1030, 950, 0, 0);
	judge(w);
	assert_int_equal(w->w.count, 3);
	assert_int_equal(w->w.of[FINDING_PASS], 3);
	assert_within(w->w.worst_error, 0.03, 0.001);
	world_free(w);
}

static void test_what_is_outside_with_its_interval_fails(void **state)
{
	(void)state;
	struct world *w = xcalloc(1, sizeof(*w));
	add(w, cell_of("gil", 4, SOURCE_LIVE, 0), 1000, 1000, 0, 0);
	add(w, cell_of("gil", 4, SOURCE_VIRTUAL, 2), 1100, 1000, 0, 0);
	judge(w);
	assert_int_equal(find(w, WITNESS_PER_S)->verdict, FINDING_FAIL);
	assert_int_equal(find(w, WITNESS_P50)->verdict, FINDING_PASS);
	assert_within(w->w.worst_error, 0.1, 0.001);
	world_free(w);
}

static void test_more_threads_than_cores_have_no_tail(void **state)
{
	(void)state;
	struct world *w = xcalloc(1, sizeof(*w));
	add(w, cell_of("threads", 4, SOURCE_LIVE, 0), 1000, 1000, 0, 0);
	add(w, cell_of("threads", 4, SOURCE_VIRTUAL, 2), 1000, 1000, 0, 0);
	judge(w);
	assert_int_equal(w->w.count, 2);
	assert_null(find(w, WITNESS_P99));
	world_free(w);
}

static void test_on_the_edge_of_a_mode_its_share_is_compared(void **state)
{
	(void)state;
	struct world *w = xcalloc(1, sizeof(*w));
	/* 1 % of the live operations take ten times as long, and 0.5 % of the virtual ones: p99 would be ten times off. */
	add(w, cell_of("gil", 2, SOURCE_LIVE, 0), 1000, 1000, 100, 10000);
	add(w, cell_of("gil", 2, SOURCE_VIRTUAL, 2), 1000, 1000, 200, 10000);
	judge(w);
	assert_null(find(w, WITNESS_P99));
	const struct witness_finding *f = find(w, WITNESS_BEYOND);
	assert_non_null(f);
	assert_int_equal(f->verdict, FINDING_PASS);
	assert_within(f->relation.mid, -0.005, 0.0005);
	struct witness_text text;
	witness_words(f, &text);
	assert_string_equal(text.relation, "-0.50 points");
	world_free(w);
}

static void test_what_the_machine_gives_counts(void **state)
{
	(void)state;
	struct world *w = xcalloc(1, sizeof(*w));
	struct cell ceiling = cell_of("fork", 2, SOURCE_LIVE, 0), one = cell_of("seq", 1, SOURCE_LIVE, 0);
	ceiling.cast = one.cast = "registers";
	ceiling.experiment = one.experiment = "controls";
	/* Two independent processes are 1.6 times one. */
	add(w, one, 1000, 1000, 0, 0);
	add(w, ceiling, 1600, 1000, 0, 0);
	size_t first = w->count;
	add(w, cell_of("threads", 2, SOURCE_LIVE, 0), 810, 1000, 0, 0);
	add(w, cell_of("threads", 2, SOURCE_VIRTUAL, 2), 1000, 1000, 0, 0);
	for (size_t i = first; i < w->count; i++)
		w->samples[i].cpu_s = 2;
	judge(w);
	assert_within(w->w.ceiling.mid, 0.8, 0.001);
	assert_int_equal(find(w, WITNESS_PER_S)->verdict, FINDING_PASS);
	assert_within(find(w, WITNESS_PER_S)->relation.mid, 800.0 / 810, 0.003);
	assert_within(witnesses_worst_of(&w->w, "threads"), 1 - 800.0 / 810, 0.003);
	assert_true(isnan(witnesses_worst_of(&w->w, "gil")));
	world_free(w);
}

/* An interpreter's cell has the live cell's parameters, and its own name for a policy. */
static struct cell python_of(struct cell live, const char *name)
{
	live.source = SOURCE_CPYTHON;
	live.policy = name;
	return live;
}

static void test_an_interpreter_is_beside_the_lock_that_is_its_own(void **state)
{
	(void)state;
	struct world *w = xcalloc(1, sizeof(*w));
	struct cell py3 = cell_of("gil", 2, SOURCE_LIVE, 0), py2 = py3,
		    processes = cell_of("fork", 2, SOURCE_LIVE, 0);
	py3.policy = "py3";
	py2.policy = "py2";
	add(w, py2, 1000, 1000, 0, 0);
	add(w, py3, 1000, 1000, 0, 0);
	add(w, processes, 1000, 1000, 0, 0);
	add(w, python_of(py3, "cpython-3.11.7"), 1200, 1000, 0, 0);
	add(w, python_of(processes, "cpython-3.11.7"), 1010, 1000, 0, 0);
	judge(w);
	assert_int_equal(w->w.count, 0);
	witnesses_release(&w->w);
	witnesses_judge(w->samples, w->count, &w->summary, SOURCE_CPYTHON, 2, &w->w);
	assert_int_equal(w->w.count, 6);
	for (size_t i = 0; i < w->w.count; i++)
		assert_string_not_equal(w->w.findings[i].live->cell.policy, "py2");
	assert_int_equal(w->w.of[FINDING_FAIL], 1);
	assert_int_equal(w->w.of[FINDING_PASS], 5);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_pair_is_the_same_work_on_as_many_cores),
		cmocka_unit_test(test_what_is_within_its_band_passes),
		cmocka_unit_test(test_what_is_outside_with_its_interval_fails),
		cmocka_unit_test(test_more_threads_than_cores_have_no_tail),
		cmocka_unit_test(test_what_the_machine_gives_counts),
		cmocka_unit_test(test_on_the_edge_of_a_mode_its_share_is_compared),
		cmocka_unit_test(test_an_interpreter_is_beside_the_lock_that_is_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
