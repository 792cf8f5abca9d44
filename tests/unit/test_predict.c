/*
 * predict: what is made of simulations: limits, knees, the choice, its borders, and the words for them. The simulator is
 * a fake one whose answers are known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "fake_sim.h"
#include "predict/parts.h"
#include "scratch.h"

/* ---- goals, limits, knees ------------------------------------------------------------------------------- */

static void test_goals(void **state)
{
	(void)state;
	struct predict_goal goal;
	char error[200];
	assert_int_equal(predict_goal_parse("workers", &goal, error, sizeof(error)), 0);
	assert_int_equal(goal.aim, AIM_WORKERS);
	assert_int_equal(predict_goal_parse("throughput", &goal, error, sizeof(error)), 0);
	assert_int_equal(goal.aim, AIM_THROUGHPUT);
	assert_int_equal(predict_goal_parse("p99 < 50ms", &goal, error, sizeof(error)), 0);
	assert_int_equal(goal.aim, AIM_LATENCY);
	assert_true(fabs(goal.p99_s - 0.05) < 1e-12);
	static const char *const wrong[] = {"",         "p99",     "p99<",    "p99<0",
					    "p99<-1ms", "p99<nan", "p50<1ms", "thruput"};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(predict_goal_parse(wrong[i], &goal, error, sizeof(error)), -1);
	predict_goal_parse("throughputs", &goal, error, sizeof(error));
	assert_non_null(strstr(error, "did you mean 'throughput'"));
}

static void limit_is(struct usage u, double per_s, double rate, enum limit limit, double share)
{
	struct limits l = limits_of(&u, per_s, rate);
	if (l.first != limit || fabs(l.share - share) > 1e-9)
		fail_msg("limit %d with %g, expected %d with %g", (int)l.first, l.share, (int)limit, share);
}

static void test_the_fullest_server_is_the_limit(void **state)
{
	(void)state;
	limit_is((struct usage){.lock = 0.99, .loop = NAN, .cores = 0.3, .wait = 0.2}, 500, 0, LIMIT_LOCK,
		 0.99);
	limit_is((struct usage){.lock = NAN, .loop = 1, .cores = 0.3, .wait = 0.2}, 500, 0, LIMIT_LOOP, 1);
	limit_is((struct usage){.lock = 0.5, .loop = NAN, .cores = 0.97, .wait = 0.2}, 500, 0, LIMIT_CORES,
		 0.97);
	limit_is((struct usage){.lock = 0.5, .loop = NAN, .cores = 0.4, .wait = 0.7, .work = 0.2}, 500, 0,
		 LIMIT_WAIT, 0.7);
	limit_is((struct usage){.lock = NAN, .loop = NAN, .cores = 0.4, .wait = 0, .work = 1}, 500, 0,
		 LIMIT_WORKERS, 0.4);
	/* Free for a third of the time, but always on its way to somebody. */
	limit_is((struct usage){.lock = 0.66, .lock_queue = 3.2, .loop = NAN, .cores = 0.4, .wait = 0.7}, 500,
		 0, LIMIT_LOCK, 0.66);
	limit_is((struct usage){.lock = 0.95, .loop = NAN, .cores = 0.4}, 495, 500, LIMIT_LOAD, 0.99);
	limit_is((struct usage){.lock = 0.95, .loop = NAN, .cores = 0.4}, 480, 500, LIMIT_LOCK, 0.95);
	struct usage both = {.lock = NAN, .loop = 0.99, .cores = 0.98};
	struct limits l = limits_of(&both, 1, 0);
	assert_true(l.first == LIMIT_LOOP && l.has_second && l.second == LIMIT_CORES &&
		    l.second_share == 0.98);
}

/* ---- a request ------------------------------------------------------------------------------------------- */

struct asked {
	struct profile_cast cast;
	struct predict_request r;
	const struct model *models[8];
	char *policies[2];
	int workers[8];
};

static const int some_workers[] = {1, 2, 4, 8, 16, 32, 64};

static struct asked *ask(const char *profile, const char *models)
{
	struct asked *a = xcalloc(1, sizeof(*a));
	char error[256], *words = xstrdup(models), *rest = NULL;
	size_t count = 0;
	static char policy[] = "py3";
	assert_int_equal(profile_cast_add(&a->cast, profile, error, sizeof(error)), 0);
	for (char *word = strtok_r(words, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest))
		assert_non_null(a->models[count++] = model_find(word, error, sizeof(error)));
	free(words);
	a->policies[0] = policy;
	memcpy(a->workers, some_workers, sizeof(some_workers));
	a->r = (struct predict_request){.cast = &a->cast,
					.title = "profile",
					.work = "profile",
					.params = "profile=x",
					.models = a->models,
					.policies = a->policies,
					.workers = a->workers,
					.worker_count = ARRAY_LEN(some_workers),
					.cores = 4,
					.seed = 1,
					.threads = 2};
	costs_standard(&a->r.costs);
	return a;
}

static void asked_free(struct asked *a)
{
	profile_cast_release(&a->cast);
	free(a);
}

static struct prediction *made(struct asked *a)
{
	char error[256] = "";
	struct prediction *p = NULL;
	if (predict_make(&a->r, &p, error, sizeof(error)) != 0)
		fail_msg("predict_make: %s", error);
	return p;
}

static void knee_is(const char *profile, const char *model, double expected)
{
	struct asked *a = ask(profile, model);
	struct point p = {.model = a->models[0]};
	char error[100];
	assert_int_equal(sim_shape_parse(model, &p.shape, error, sizeof(error)), 0);
	double knee = knee_by_profile(&a->r, &p);
	if (!(fabs(knee - expected) <= 1e-9 * expected) && knee != expected)
		fail_msg("%s, %s: the knee is at %g, expected %g", model, profile, knee, expected);
	asked_free(a);
}

static void test_knees_of_the_profile(void **state)
{
	(void)state;
	knee_is("gil 2ms, wait 10ms, free 1ms", "gil", 6.5);
	knee_is("gil 2ms, wait 10ms, free 1ms", "gil*2", 13);
	/* Four cores are full before eight locks are. */
	knee_is("gil 2ms, wait 10ms, free 1ms", "gil*8", 4 * 13.0 / 3);
	knee_is("gil 2ms, wait 10ms, free 1ms", "fork", 4 * 13.0 / 3);
	knee_is("gil 2ms, wait 10ms, free 1ms", "uv", 13.0 / 3);
	knee_is("gil 2ms, wait 10ms, block 1ms", "uv", 13.0 / 3);
	knee_is("gil 2ms, wait 10ms, free 1ms", "uv-pool", 6.5);
	knee_is("gil 2ms, wait 10ms, free 1ms", "free", 4 * 13.16 / 3.16);
	knee_is("wait 10ms", "gil", (double)INFINITY);
}

/* ---- cells ----------------------------------------------------------------------------------------------- */

static void test_cells_in_the_order_of_tables(void **state)
{
	(void)state;
	struct asked *a = ask("gil 2ms, wait 10ms", "fork,gil*4,gil");
	struct prediction *p = made(a);
	assert_string_equal(p->points[0].cell.model, "seq");
	assert_int_equal(p->points[0].cell.workers, 1);
	assert_string_equal(p->points[1].cell.model, "gil");
	assert_string_equal(p->points[8].cell.model, "gil*4");
	/* A worker for each process at least. */
	assert_int_equal(p->points[8].cell.workers, 4);
	assert_string_equal(p->points[13].cell.model, "fork");
	assert_int_equal(p->count, 1 + 7 + 5 + 7);
	assert_int_equal(p->points[19].processes, 64);
	struct curve *curves;
	assert_int_equal(curves_of(p, &curves), 3);
	assert_int_equal(curves[0].best->cell.workers, 8);
	assert_int_equal(curves[0].knee->cell.workers, 8);
	free(curves);
	predict_release(p);
	asked_free(a);
}

static void test_more_processes_than_workers_are_refused(void **state)
{
	(void)state;
	struct asked *a = ask("gil 2ms", "gil*65");
	struct prediction *p;
	char error[200];
	assert_int_equal(predict_make(&a->r, &p, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "gil*65 has 65 processes"));
	asked_free(a);
}

static void test_more_turns_than_anybody_waits_for_are_refused(void **state)
{
	(void)state;
	struct asked *a = ask("gil 86400s", "gil");
	struct prediction *p;
	char error[256];
	assert_int_equal(predict_make(&a->r, &p, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "gil with 2 workers: an operation takes 1.73e+07 turns"));
	/* One task of its own takes no turns, however long it computes. */
	a->r.worker_count = 1;
	p = made(a);
	predict_release(p);
	asked_free(a);
}

/* The fake simulator's tasks are in step: 12 ms an operation, whatever the seed does to it. */
static void test_windows_are_whole_rounds(void **state)
{
	(void)state;
	struct asked *a = ask("gil 2ms, wait 10ms", "fork");
	fake_sim_noise = 0;
	struct prediction *p = made(a);
	fake_sim_noise = 0.004;
	for (size_t i = 0; i < p->count && p->points[i].cell.workers <= 16; i++) {
		double rounds = p->points[i].cell.window_s / 12e-3;
		if (!(fabs(rounds - round(rounds)) < 1e-3) || rounds < 10)
			fail_msg("%d workers: a window of %g rounds", p->points[i].cell.workers, rounds);
	}
	predict_release(p);
	asked_free(a);
}

static void test_a_cell_stops_by_its_own_interval(void **state)
{
	(void)state;
	struct asked *a = ask("gil 2ms, wait 10ms", "gil");
	fake_sim_noise = 0;
	struct prediction *quiet = made(a);
	fake_sim_noise = 1;
	struct prediction *restless = made(a);
	fake_sim_noise = 0.004;
	for (size_t i = 0; i < quiet->count; i++) {
		assert_int_equal(quiet->points[i].count, STATS_LEAST);
		assert_int_equal(restless->points[i].count, 24);
	}
	assert_true(quiet->points[1].row->throughput_per_s.lo == quiet->points[1].row->throughput_per_s.hi);
	predict_release(quiet);
	predict_release(restless);
	asked_free(a);
}

static char *printed(const struct prediction *p)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	predict_print(p, to);
	fclose(to);
	return text;
}

static void test_the_same_bytes_with_any_number_of_threads(void **state)
{
	(void)state;
	struct asked *a = ask("gil 2ms, wait exp(10ms)", "gil,gil*4,uv,uv*4,fork,interp,free");
	struct prediction *p = made(a);
	char *one = printed(p), *one_csv = predict_csv(p);
	predict_release(p);
	a->r.threads = 8;
	p = made(a);
	char *other = printed(p), *other_csv = predict_csv(p);
	assert_string_equal(one, other);
	assert_string_equal(one_csv, other_csv);
	assert_non_null(strstr(one, "an assumption, not a measurement"));
	assert_non_null(strstr(one, "lock held 100"));
	assert_non_null(strstr(one, "not checked here"));
	predict_release(p);
	free(one);
	free(other);
	free(one_csv);
	free(other_csv);
	asked_free(a);
}

/* ---- the choice ------------------------------------------------------------------------------------------ */

/* A point of known throughput; half_width is of its interval, relative. */
static struct point point_of(const char *model, int workers, double per_s, double half_width, double p99_s)
{
	char error[200];
	const struct model *m = model_find(model, error, sizeof(error));
	assert_non_null(m);
	int processes = strchr(model, '*') != NULL   ? atoi(strchr(model, '*') + 1)
			: strcmp(model, "fork") == 0 ? workers
						     : 1;
	return (struct point){.model = m,
			      .processes = processes,
			      .cell = {.model = m->name, .policy = "", .workers = workers},
			      .per_s = {per_s, per_s * (1 - half_width), per_s * (1 + half_width)},
			      .p99_s = p99_s};
}

static struct choice chosen(const struct point *points, size_t count, const char *goal, double worst)
{
	struct predict_request r = {.trust = {.is_known = worst > 0, .worst = worst, .cores = 2}};
	struct choice c;
	char error[200];
	assert_int_equal(predict_goal_parse(goal, &r.goal, error, sizeof(error)), 0);
	choose(points, count, &r, &c);
	return c;
}

static void test_fewest_processes_within_five_per_cent(void **state)
{
	(void)state;
	const struct point points[] = {
		point_of("fork", 64, 1000, 0.001, 0.1), point_of("gil*4", 32, 960, 0.001, 0.1),
		point_of("gil*4", 64, 970, 0.001, 0.2), point_of("gil", 64, 940, 0.001, 0.1)};
	struct choice c = chosen(points, 4, "workers", 0);
	assert_ptr_equal(c.winner, &points[1]);
	assert_ptr_equal(c.runner_up, &points[0]);
	assert_false(c.is_tie);
	assert_true(fabs(point_lead(c.runner_up, c.winner) - (1000.0 / 960 - 1)) < 1e-12);
	c = chosen(points, 4, "throughput", 0);
	assert_ptr_equal(c.winner, &points[0]);
	assert_ptr_equal(c.runner_up, &points[2]);
}

static void test_a_tie_is_the_simpler(void **state)
{
	(void)state;
	const struct point points[] = {point_of("gil*4", 32, 1000, 0.02, 0.1),
				       point_of("uv*4", 32, 990, 0.02, 0.1),
				       point_of("fork", 32, 985, 0.001, 0.1)};
	struct choice c = chosen(points, 3, "throughput", 0);
	assert_ptr_equal(c.winner, &points[1]);
	assert_ptr_equal(c.runner_up, &points[0]);
	assert_true(c.is_tie);
	/* Intervals apart: a lead, unless simulation is known to be off by as much. */
	const struct point apart[] = {point_of("fork", 32, 1000, 0.001, 0.1),
				      point_of("uv", 32, 970, 0.001, 0.1)};
	assert_ptr_equal(chosen(apart, 2, "throughput", 0).winner, &apart[0]);
	assert_false(chosen(apart, 2, "throughput", 0).is_tie);
	assert_ptr_equal(chosen(apart, 2, "throughput", 0.04).winner, &apart[1]);
	assert_true(chosen(apart, 2, "throughput", 0.04).is_tie);
}

/* All cells have the same arrivals: who serves 2 % less of them falls behind, however wide the intervals are. */
static void test_an_open_loop_must_be_served(void **state)
{
	(void)state;
	const struct point points[] = {point_of("uv", 8, 343, 0.02, 0.1), point_of("uv*4", 8, 350, 0.02, 0.1),
				       point_of("gil*4", 8, 349, 0.02, 0.1)};
	struct predict_request r = {.rate_per_s = 350, .goal = {.aim = AIM_WORKERS}};
	struct choice c;
	choose(points, 3, &r, &c);
	assert_ptr_equal(c.winner, &points[1]);
	assert_ptr_equal(c.runner_up, &points[2]);
	assert_true(c.is_tie);
}

static void test_a_limit_of_latency(void **state)
{
	(void)state;
	const struct point points[] = {point_of("gil*4", 32, 1000, 0.001, 0.08),
				       point_of("gil*4", 16, 900, 0.001, 0.04),
				       point_of("uv*4", 16, 800, 0.001, 0.03)};
	struct choice c = chosen(points, 3, "p99<50ms", 0);
	assert_ptr_equal(c.winner, &points[1]);
	assert_ptr_equal(c.runner_up, &points[2]);
	c = chosen(points, 3, "p99<20ms", 0);
	assert_null(c.winner);
	assert_ptr_equal(c.nearest, &points[2]);
}

static void test_newer_pythons_are_a_second_clause(void **state)
{
	(void)state;
	const struct point points[] = {point_of("gil", 8, 500, 0.001, 0.1),
				       point_of("free", 64, 2000, 0.001, 0.1),
				       point_of("threads", 64, 3000, 0.001, 0.1)};
	struct choice c = chosen(points, 3, "workers", 0);
	assert_ptr_equal(c.winner, &points[0]);
	assert_ptr_equal(c.future, &points[1]);
	assert_null(c.runner_up);
	assert_null(chosen(points + 2, 1, "workers", 0).winner);
}

static void words_are(const char *model, int workers, const char *what, const char *command)
{
	struct point p = point_of(model, workers, 1, 0, 0);
	char *seen_what, *seen_command;
	point_words(&p, &seen_what, &seen_command);
	assert_string_equal(seen_what, what);
	assert_string_equal(seen_command, command);
	free(seen_what);
	free(seen_command);
}

static void test_shapes_in_words(void **state)
{
	(void)state;
	words_are("gil", 8, "one process of 8 threads", "gunicorn --workers 1 --threads 8");
	words_are("gil", 1, "one process of 1 thread", "gunicorn --workers 1 --threads 1");
	words_are("gil*4", 32, "4 processes of 8 threads", "gunicorn --workers 4 --threads 8");
	words_are("gil*4", 33, "4 processes of 8 or 9 threads", "gunicorn --workers 4 --threads 9");
	words_are("uv", 8, "one event loop", "uvicorn --workers 1");
	words_are("uv*4", 32, "4 processes of an event loop each", "uvicorn --workers 4");
	words_are("fork", 32, "32 processes", "gunicorn --workers 32");
	words_are("fork", 1, "1 process", "gunicorn --workers 1");
	words_are("uv-pool", 8, "one event loop with a pool of 8 threads", "");
}

/* ---- what flips it --------------------------------------------------------------------------------------- */

/* gil does 1/g, gil*4 does 64/(g + 100 ms) where the wait limits it; gil is within 5 % of that up to 1.672 ms. */
static void test_borders_are_where_they_must_be(void **state)
{
	(void)state;
	struct asked *a = ask("gil 1ms, wait 100ms", "gil,gil*4");
	struct flip *flips = xcalloc(FLIPS_MAX, sizeof(*flips));
	struct choice c;
	fake_sim_noise = 0;
	struct prediction *p = made(a);
	choose(p->points + 1, p->count - 1, &a->r, &c);
	assert_string_equal(c.winner->cell.model, "gil");
	assert_int_equal(flips_find(p, &c, flips), 2);
	fake_sim_noise = 0.004;
	assert_string_equal(flips[0].name, "gil");
	assert_true(isnan(flips[0].below));
	if (fabs(flips[0].above / 1.672e-3 - 1) > 0.02)
		fail_msg("gil flips at %g s, expected 1.672 ms", flips[0].above);
	assert_string_equal(flips[0].above_winner, "gil*4");
	assert_string_equal(flips[1].name, "wait");
	if (fabs(flips[1].below / 59.8e-3 - 1) > 0.02)
		fail_msg("wait flips at %g s, expected 59.8 ms", flips[1].below);
	assert_true(isnan(flips[1].above));
	char *sentence = sentence_text(p, &c, flips, 2);
	assert_non_null(strstr(sentence,
			       "this holds while gil is below 1.7\u00a0ms (then gil*4) and wait is above "
			       "60\u00a0ms (then gil*4)"));
	free(sentence);
	predict_release(p);
	free(flips);
	asked_free(a);
}

static void test_numbers_have_names(void **state)
{
	(void)state;
	struct asked *a = ask("gil 1ms, wait 5ms, gil 2ms", "gil");
	struct flip *flips = xcalloc(FLIPS_MAX, sizeof(*flips));
	struct choice c;
	a->r.rate_per_s = 10;
	struct prediction *p = made(a);
	choose(p->points + 1, p->count - 1, &a->r, &c);
	assert_int_equal(flips_find(p, &c, flips), 4);
	assert_string_equal(flips[0].name, "1st gil");
	assert_string_equal(flips[1].name, "wait");
	assert_string_equal(flips[2].name, "2nd gil");
	assert_string_equal(flips[3].name, "the rate");
	predict_release(p);
	free(flips);
	asked_free(a);
}

/* ---- trust ------------------------------------------------------------------------------------------------ */

static void test_trust_is_of_this_machine(void **state)
{
	(void)state;
	char error[200];
	struct predict_trust trust = {.is_known = true,
				      .worst = 0.3,
				      .cores = 2,
				      .of = {{"gil", 0.04}, {"uv", 0.01}, {"uv-pool", 0.3}}},
			     read;
	char why[200];
	const struct model *models[] = {model_find("gil*4", why, sizeof(why)),
					model_find("uv", why, sizeof(why)), NULL};
	struct predict_request r = {.cores = 2};
	setenv("XDG_CONFIG_HOME", scratch_path, 1);
	predict_trust_load(&read);
	assert_false(read.is_known);
	assert_int_equal(predict_trust_store(&trust, error, sizeof(error)), 0);
	predict_trust_load(&read);
	assert_true(read.is_known && read.cores == 2 && fabs(read.worst - 0.3) < 1e-9);
	/* Of the models that are asked for, the worst is the lock's. */
	predict_trust_narrow(&read, models);
	assert_true(fabs(read.worst - 0.04) < 1e-9);
	r.trust = read;
	costs_standard(&r.costs);
	char *text = trust_text(&r);
	assert_string_equal(text,
			    "Trust: checked against live runs on this machine up to 2 cores (worst 4 %).");
	free(text);
	r.cores = 64;
	text = trust_text(&r);
	assert_non_null(strstr(text, "up to 2 cores (worst 4 %); beyond that against exact formulas only."));
	free(text);
	char *file = scratch("gilbench/trust.json");
	FILE *other = fopen(file, "w");
	fputs("{\"schema\": \"gilbench-trust-1\", \"machine\": {}, \"worst\": 0.04, \"cores\": 2}", other);
	fclose(other);
	predict_trust_load(&read);
	assert_false(read.is_known);
	free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goals),
		cmocka_unit_test(test_the_fullest_server_is_the_limit),
		cmocka_unit_test(test_knees_of_the_profile),
		cmocka_unit_test(test_cells_in_the_order_of_tables),
		cmocka_unit_test(test_more_processes_than_workers_are_refused),
		cmocka_unit_test(test_more_turns_than_anybody_waits_for_are_refused),
		cmocka_unit_test(test_windows_are_whole_rounds),
		cmocka_unit_test(test_a_cell_stops_by_its_own_interval),
		cmocka_unit_test(test_the_same_bytes_with_any_number_of_threads),
		cmocka_unit_test(test_fewest_processes_within_five_per_cent),
		cmocka_unit_test(test_a_tie_is_the_simpler),
		cmocka_unit_test(test_an_open_loop_must_be_served),
		cmocka_unit_test(test_a_limit_of_latency),
		cmocka_unit_test(test_newer_pythons_are_a_second_clause),
		cmocka_unit_test(test_shapes_in_words),
		cmocka_unit_test(test_borders_are_where_they_must_be),
		cmocka_unit_test(test_numbers_have_names),
		cmocka_unit_test(test_trust_is_of_this_machine),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
