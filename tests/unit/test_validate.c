/*
 * validate: plan, fit, executor and judgement, with interpreters and samples that are made up. Nothing runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/util.h>
#include <gilbench/validate.h>

#include "near.h"

#define BLOCKS 8

static struct contender contender_of(const char *version, int major, int minor, bool has_gil)
{
	struct contender c;
	struct cpython python = {.path = xasprintf("/usr/bin/python%s", version),
				 .implementation = xstrdup("CPython"),
				 .major = major,
				 .minor = minor,
				 .has_gil = has_gil,
				 .is_free_threaded_build = !has_gil,
				 .has_asyncio = major >= 3};
	snprintf(python.version, sizeof(python.version), "%s", version);
	contender_init(&c, &python);
	return c;
}

static struct plan plan_of(const struct contender *contenders, size_t count,
			   const struct validate_options *options)
{
	struct plan plan = {.options = {.min_samples = 6, .max_samples = 24, .seed = 1}};
	validate_plan(&plan, contenders, count, options, 2);
	return plan;
}

static const struct validate_options whole = {.scale = 1}, fast = {.is_fast = true, .scale = 1};

/* ---- the rule ---- */

static void test_inside_the_band_passes(void **state)
{
	(void)state;
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){1.04, 0.9, 1.2}), FINDING_PASS);
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){0.951, 0.95, 0.96}), FINDING_PASS);
	assert_int_equal(band_judge(BAND_POINTS, 0.1, &(struct interval){-0.09, -0.2, 0}), FINDING_PASS);
}

static void test_an_interval_outside_the_band_fails(void **state)
{
	(void)state;
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){1.1, 1.06, 1.2}), FINDING_FAIL);
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){0.9, 0.8, 0.94}), FINDING_FAIL);
	assert_int_equal(band_judge(BAND_POINTS, 0.1, &(struct interval){0.3, 0.11, 0.4}), FINDING_FAIL);
}

static void test_all_else_is_undecided(void **state)
{
	(void)state;
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){1.1, 1.04, 1.2}), FINDING_UNDECIDED);
	assert_int_equal(band_judge(BAND_POINTS, 0.1, &(struct interval){-0.2, -0.3, -0.1}),
			 FINDING_UNDECIDED);
	/* Wherever it lies, without an interval nobody knows. */
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){1, NAN, NAN}), FINDING_UNDECIDED);
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){9, NAN, NAN}), FINDING_UNDECIDED);
	assert_int_equal(band_judge(BAND_RATIO, 0.05, &(struct interval){NAN, NAN, NAN}), FINDING_MISSING);
}

/* ---- who is compared with what ---- */

static void test_the_policy_follows_the_interpreter(void **state)
{
	(void)state;
	struct contender old = contender_of("2.7.18", 2, 7, true), new = contender_of("3.11.7", 3, 11, true);
	struct contender unlocked = contender_of("3.14.0", 3, 14, false);
	assert_string_equal(old.policy, "py2");
	assert_string_equal(new.policy, "py3");
	assert_string_equal(new.model, "gil");
	assert_string_equal(new.name, "cpython-3.11.7");
	assert_string_equal(new.label, "CPython 3.11.7");
	assert_string_equal(unlocked.policy, "");
	assert_string_equal(unlocked.model, "threads");
	assert_string_equal(unlocked.name, "cpython-3.14.0t");
	contender_release(&old);
	contender_release(&new);
	contender_release(&unlocked);
}

static void test_two_of_one_version_have_two_names(void **state)
{
	(void)state;
	struct contender c[] = {contender_of("3.11.7", 3, 11, true), contender_of("3.12.1", 3, 12, true),
				contender_of("3.11.7", 3, 11, true)};
	contenders_name(c, 3);
	assert_string_equal(c[0].name, "cpython-3.11.7");
	assert_string_equal(c[1].name, "cpython-3.12.1");
	assert_string_equal(c[2].name, "cpython-3.11.7-2");
	assert_string_equal(c[2].label, "CPython 3.11.7 (2)");
	for (size_t i = 0; i < 3; i++)
		contender_release(&c[i]);
}

/* ---- the plan ---- */

static size_t cells_in(const struct plan *plan, const char *group, enum cell_source source)
{
	size_t count = 0;
	for (size_t i = 0; i < plan->cell_count; i++)
		count += plan->cells[i].cell.source == source &&
			 strcmp(plan->groups[plan->cells[i].group].name, group) == 0;
	return count;
}

static size_t groups_named(const struct plan *plan, const char *name)
{
	size_t count = 0;
	for (size_t g = 0; g < plan->group_count; g++)
		count += strcmp(plan->groups[g].name, name) == 0;
	return count;
}

static void assert_sound(const struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		for (size_t k = 0; k < i; k++)
			if (cell_equal(&plan->cells[i].cell, &plan->cells[k].cell))
				fail_msg("cells %zu and %zu are one: %s", k, i, plan->cells[i].cell.cast);
	for (size_t g = 0; g < plan->group_count; g++) {
		assert_in_range(plan->groups[g].baseline, 0, plan->cell_count - 1);
		assert_int_equal(plan->cells[plan->groups[g].baseline].group, g);
		assert_true(plan->groups[g].goal.samples >= 6);
	}
}

static void test_both_sides_of_a_case_are_one_group(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	c.fit.spin_iterations = 17000;
	c.fit.echo_work_us = 2.5;
	struct plan plan = plan_of(&c, 1, &whole);
	assert_sound(&plan);
	for (size_t g = 0; g < plan.group_count; g++) {
		const char *name = plan.groups[g].name;
		size_t live = cells_in(&plan, name, SOURCE_LIVE),
		       python = cells_in(&plan, name, SOURCE_CPYTHON);
		if (live != python || live == 0)
			fail_msg("group %s has %zu simulated and %zu cells of the interpreter", name, live,
				 python);
	}
	assert_int_equal(cells_in(&plan, "cpu", SOURCE_LIVE), 5);
	assert_int_equal(cells_in(&plan, "convoy-2", SOURCE_CPYTHON), 1);
	plan_release(&plan);
	contender_release(&c);
}

static const struct cell *find_cell(const struct plan *plan, const char *group, enum cell_source source)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].cell.source == source &&
		    strcmp(plan->groups[plan->cells[i].group].name, group) == 0)
			return &plan->cells[i].cell;
	fail_msg("there is no cell of %s", group);
	return NULL;
}

static void test_what_was_fitted_is_in_the_parameters(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	c.fit.spin_iterations = 17000;
	c.fit.echo_work_us = 2.5;
	struct plan plan = plan_of(&c, 1, &whole);
	const struct cell *live = find_cell(&plan, "convoy-1", SOURCE_LIVE);
	const struct cell *python = find_cell(&plan, "convoy-1", SOURCE_CPYTHON);
	assert_non_null(strstr(live->params, "echo.work_us=2.5"));
	assert_non_null(strstr(live->params, "spin.iterations=20000"));
	assert_string_equal(python->params, "spin.iterations=17000");
	assert_string_equal(live->policy, "py3");
	assert_string_equal(python->policy, "cpython-3.11.7");
	live = find_cell(&plan, "interval-20ms", SOURCE_LIVE);
	python = find_cell(&plan, "interval-20ms", SOURCE_CPYTHON);
	assert_string_equal(live->policy, "py3,interval=20ms");
	assert_string_equal(python->policy, "cpython-3.11.7,interval=20ms");
	plan_release(&plan);
	contender_release(&c);
}

static void test_fast_is_a_part(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct plan plan = plan_of(&c, 1, &fast);
	double window_s = 0;
	assert_sound(&plan);
	assert_int_equal(groups_named(&plan, "cpu"), 1);
	assert_int_equal(groups_named(&plan, "convoy-1"), 1);
	assert_int_equal(groups_named(&plan, "convoy-2"), 0);
	assert_int_equal(cells_in(&plan, "cpu", SOURCE_LIVE), 3);
	for (size_t i = 0; i < plan.cell_count; i++)
		window_s += plan.cells[i].cell.window_s;
	/* Six blocks of all windows leave half of the minute. */
	assert_true(6 * window_s < 30);
	plan_release(&plan);
	contender_release(&c);
}

static void test_interpreters_share_the_same_simulated_work(void **state)
{
	(void)state;
	struct contender c[] = {contender_of("3.11.7", 3, 11, true), contender_of("3.12.1", 3, 12, true),
				contender_of("2.7.18", 2, 7, true)};
	c[0].fit.echo_work_us = 1;
	c[1].fit.echo_work_us = 2;
	c[2].fit.echo_work_us = 3;
	struct plan plan = plan_of(c, 3, &whole);
	assert_sound(&plan);
	assert_int_equal(groups_named(&plan, "cpu"), 1);
	/* seq once; py3's and py2's four each. */
	assert_int_equal(cells_in(&plan, "cpu", SOURCE_LIVE), 9);
	assert_int_equal(cells_in(&plan, "cpu", SOURCE_CPYTHON), 15);
	assert_int_equal(groups_named(&plan, "convoy-1"), 3);
	/* 2.7 has no switch interval, the others no check interval. */
	assert_int_equal(groups_named(&plan, "interval-1ms"), 2);
	assert_int_equal(groups_named(&plan, "check-10000"), 1);
	assert_string_equal(find_cell(&plan, "check-10000", SOURCE_LIVE)->policy, "py2,check=10000");
	assert_string_equal(find_cell(&plan, "check-10000", SOURCE_CPYTHON)->policy,
			    "cpython-2.7.18,check=10000");
	plan_release(&plan);
	for (size_t i = 0; i < 3; i++)
		contender_release(&c[i]);
}

static void test_what_cannot_be_asked_is_said(void **state)
{
	(void)state;
	struct contender old = contender_of("2.7.18", 2, 7, true),
			 unlocked = contender_of("3.14.0", 3, 14, false);
	char *note = validate_note(&old, &whole, 0);
	assert_non_null(note);
	assert_string_equal(note,
			    "CPython 2.7.18 is not asked for switch-interval: it has a check interval and no "
			    "switch interval.");
	free(note);
	note = validate_note(&old, &whole, 1);
	assert_non_null(note);
	assert_non_null(strstr(note, "is not asked for loop: it has no asyncio"));
	free(note);
	assert_null(validate_note(&old, &whole, 2));
	assert_null(validate_note(&old, &fast, 0));
	struct plan plan = plan_of(&unlocked, 1, &whole);
	assert_int_equal(groups_named(&plan, "convoy-1"), 0);
	const struct cell *live = find_cell(&plan, "cpu", SOURCE_LIVE);
	assert_string_equal(live->policy, "");
	plan_release(&plan);
	contender_release(&old);
	contender_release(&unlocked);
}

/* ---- the fit ---- */

/* A machine on which a turn of each side's loop, and a request of each side's server, take so long. */
struct machine {
	double live_turn_s, python_turn_s, live_request_s, python_request_s;
	int calls, stop_at;
	bool is_deaf; /* the interpreter's echo answers nothing */
};

static double param_of(const struct cell *cell, const char *name, double otherwise)
{
	const char *at = strstr(cell->params, name);
	return at != NULL ? strtod(at + strlen(name), NULL) : otherwise;
}

static int machine_execute(void *context, const struct request *request, struct sample *sample)
{
	struct machine *m = context;
	const struct cell *cell = request->cell;
	bool is_live = cell->source == SOURCE_LIVE;
	if (++m->calls == m->stop_at)
		return -EINTR;
	*sample = (struct sample){.cell = *cell, .role_count = 1, .wall_s = cell->window_s};
	if (cell->kind == CELL_BATCH) {
		double turn_s = is_live ? m->live_turn_s : m->python_turn_s;
		sample->wall_s = (double)request->ops * param_of(cell, "iterations=", NAN) * turn_s;
		return 0;
	}
	double p50_s =
		is_live ? m->live_request_s + param_of(cell, "work_us=", NAN) * 1e-6 : m->python_request_s;
	sample->role[0].latency = xcalloc(1, sizeof(struct hist));
	hist_reset(sample->role[0].latency);
	if (is_live || !m->is_deaf)
		hist_record(sample->role[0].latency, (uint64_t)(p50_s * 1e9));
	return 0;
}

static void test_operations_are_fitted_to_the_same_length(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct machine machine = {60e-9, 40e-9, 10e-6, 15e-6, 0, 0, false};
	char error[200];
	assert_int_equal(validate_fit(&c, &whole, machine_execute, &machine, error, sizeof(error)), 0);
	assert_near(c.fit.spin_iterations, 30000);
	/* Within the histogram's buckets. */
	assert_true(fabs(c.fit.echo_work_us - 5) <= 0.3);
	assert_true(fabs(c.fit.echo_live_s - c.fit.echo_python_s) <= 0.3e-6);
	contender_release(&c);
}

static void test_work_is_never_negative(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct machine machine = {60e-9, 40e-9, 20e-6, 15e-6, 0, 0, false};
	char error[200];
	assert_int_equal(validate_fit(&c, &whole, machine_execute, &machine, error, sizeof(error)), 0);
	assert_near(c.fit.echo_work_us, 0);
	contender_release(&c);
}

static void test_a_fit_may_fail_or_be_interrupted(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct machine machine = {.live_turn_s = 1e-9, .python_turn_s = 1e-9, .is_deaf = true};
	char error[200] = "";
	assert_int_equal(validate_fit(&c, &whole, machine_execute, &machine, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "CPython 3.11.7"));
	for (int at = 1; at < 8; at++) {
		machine = (struct machine){60e-9, 40e-9, 10e-6, 15e-6, 0, at, false};
		assert_int_equal(validate_fit(&c, &whole, machine_execute, &machine, error, sizeof(error)),
				 -EINTR);
	}
	contender_release(&c);
}

/* ---- the executor ---- */

static const char *executed;

static int fake_live(void *unused, const struct request *request, struct sample *sample)
{
	(void)unused;
	executed = "live";
	*sample = (struct sample){.cell = *request->cell};
	return 0;
}

static int fake_python(const struct cpython *python, const struct request *request, struct sample *sample)
{
	executed = python->path;
	*sample = (struct sample){.cell = *request->cell};
	return 0;
}

static void test_a_cell_goes_to_its_side(void **state)
{
	(void)state;
	struct contender c[] = {contender_of("3.11.70", 3, 11, true), contender_of("3.11.7", 3, 11, true)};
	struct validate_sides sides = {.contenders = c, .count = 2, .live = fake_live, .python = fake_python};
	struct sample sample;
	struct cell cell = {
		.experiment = "validate-cpu", .cast = "spin", .params = "", .model = "gil", .policy = "py3"};
	struct request request = {.cell = &cell, .ops = 1};
	assert_int_equal(validate_execute(&sides, &request, &sample), 0);
	assert_string_equal(executed, "live");
	cell.source = SOURCE_CPYTHON;
	cell.policy = "cpython-3.11.70,interval=1ms";
	assert_int_equal(validate_execute(&sides, &request, &sample), 0);
	assert_string_equal(executed, "/usr/bin/python3.11.70");
	cell.policy = "cpython-3.11.7";
	assert_int_equal(validate_execute(&sides, &request, &sample), 0);
	assert_string_equal(executed, "/usr/bin/python3.11.7");
	char *command = validate_command(&sides, &request);
	assert_non_null(strstr(command, "/usr/bin/python3.11.7 "));
	assert_non_null(strstr(command, "cell.py --workload spin"));
	free(command);
	contender_release(&c[0]);
	contender_release(&c[1]);
}

static void test_an_interpreter_that_is_not_here_is_no_failure(void **state)
{
	(void)state;
	struct validate_sides sides = {.live = fake_live, .python = fake_python};
	struct cell cell = {.policy = "cpython-3.9.1", .source = SOURCE_CPYTHON};
	struct request request = {.cell = &cell};
	struct sample sample;
	assert_int_equal(validate_execute(&sides, &request, &sample), 0);
	assert_int_equal(sample.status, SAMPLE_UNSUPPORTED);
	assert_non_null(strstr(sample.error, "cpython-3.9.1 is not here"));
}

/* ---- judging a run ---- */

/* What the interpreter's cells of a group come to, as a multiple of the simulated ones. */
struct world {
	const char *slower_group;
	double factor;
	const char *broken_group; /* the interpreter cannot do it */
	unsigned blocks;
	bool is_busy; /* other work takes a fifth of a processor */
};

static struct sample sample_of(const struct world *w, const struct plan *plan, size_t cell, unsigned block)
{
	const struct cell *of = &plan->cells[cell].cell;
	const char *group = plan->groups[plan->cells[cell].group].name;
	bool is_python = of->source == SOURCE_CPYTHON;
	bool is_other = is_python && w->slower_group != NULL && strcmp(group, w->slower_group) == 0;
	/* A machine that drifts: both sides alike. */
	double speed = (1 + 0.05 * block) * (is_other && strcmp(of->model, "seq") != 0 ? w->factor : 1);
	struct sample s = {.cell = *of,
			   .block = block,
			   .wall_s = 1,
			   .cpu_s = w->is_busy ? 0.8 : 0.99,
			   .ctx_voluntary = 300 * speed,
			   .role_count = 1};
	if (is_python && w->broken_group != NULL && strcmp(group, w->broken_group) == 0) {
		s.status = SAMPLE_UNSUPPORTED;
		snprintf(s.error, sizeof(s.error), "it has no such thing");
		s.role_count = 0;
		return s;
	}
	s.role[0].throughput_per_s = 100 * speed;
	s.role[0].ops = 100;
	s.role[0].latency = xcalloc(1, sizeof(struct hist));
	hist_reset(s.role[0].latency);
	/* A tenth of all is fast. */
	for (int i = 0; i < 100; i++)
		hist_record(s.role[0].latency,
			    i < 10 ? 20000 : (uint64_t)(5e6 / (is_other ? w->factor : 1)) + 500 * i);
	return s;
}

static struct run run_of(const struct world *w, const struct contender *contenders, size_t count,
			 const struct validate_options *options)
{
	struct plan plan = plan_of(contenders, count, options);
	struct run run = {.manifest = json_object()};
	json_object_set_new(run.manifest, VALIDATE_KEY, validate_to_json(contenders, count, options));
	json_object_set_new(run.manifest, "plan", plan_to_json(&plan));
	/* The samples' strings must outlive the plan: read it back and keep it. */
	struct plan *kept = xcalloc(1, sizeof(*kept));
	char error[200];
	assert_int_equal(plan_from_json(kept, json_object_get(run.manifest, "plan"), error, sizeof(error)),
			 0);
	run.path = (char *)kept;
	run.samples = xcalloc(kept->cell_count * w->blocks, sizeof(*run.samples));
	for (unsigned block = 0; block < w->blocks; block++)
		for (size_t i = 0; i < kept->cell_count; i++)
			run.samples[run.sample_count++] = sample_of(w, kept, i, block);
	plan_release(&plan);
	return run;
}

static void run_end(struct run *run)
{
	for (size_t i = 0; i < run->sample_count; i++)
		sample_release(&run->samples[i]);
	plan_release((struct plan *)(void *)run->path);
	free(run->path);
	free(run->samples);
	json_decref(run->manifest);
}

static struct validation judged(const struct run *run)
{
	struct validation v;
	char error[200];
	if (validation_read(&v, run, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	return v;
}

static const struct finding *finding_of(const struct verdicts *v, const char *text)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->findings[i].figure->text, text) == 0)
			return &v->findings[i];
	fail_msg("there is no figure '%s'", text);
	return NULL;
}

static void test_two_sides_that_are_alike_agree_in_all(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct world world = {.blocks = BLOCKS};
	struct run run = run_of(&world, &c, 1, &whole);
	struct validation v = judged(&run);
	const struct verdicts *of = &v.pythons[0];
	assert_int_equal(v.count, 1);
	assert_true(of->of[FINDING_PASS] > 40);
	assert_int_equal(of->of[FINDING_FAIL] + of->of[FINDING_UNDECIDED] + of->of[FINDING_MISSING], 0);
	const struct finding *share = finding_of(of, "echo beside 1 thread: fast replies");
	assert_near(share->live.mid, 0.1);
	assert_near(share->relation.mid, 0);
	char *sentence = verdicts_sentence(of);
	assert_non_null(strstr(sentence, "Yes: all"));
	free(sentence);
	validation_release(&v);
	run_end(&run);
	contender_release(&c);
}

static void test_a_side_that_differs_fails_with_a_sentence(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct world world = {.slower_group = "convoy-1", .factor = 0.5, .blocks = BLOCKS};
	struct run run = run_of(&world, &c, 1, &whole);
	struct validation v = judged(&run);
	const struct verdicts *of = &v.pythons[0];
	const struct finding *rate = finding_of(of, "echo beside 1 thread: replies/s");
	const struct finding *p50 = finding_of(of, "echo beside 1 thread: p50");
	assert_int_equal(rate->verdict, FINDING_FAIL);
	assert_near(rate->relation.mid, 2);
	assert_int_equal(p50->verdict, FINDING_FAIL);
	assert_true(fabs(p50->relation.mid - 0.5) < 0.01);
	/* The share of fast replies is the same. */
	assert_int_equal(of->of[FINDING_FAIL], 2);
	char *sentence = finding_sentence(rate, of);
	assert_string_equal(sentence,
			    "echo beside 1 thread: replies/s: 100 % above CPython 3.11.7 (2.000 to 2.000); "
			    "cause not known.");
	free(sentence);
	assert_null(finding_sentence(finding_of(of, "echo, baseline: p50"), of));
	validation_release(&v);
	run_end(&run);
	contender_release(&c);
}

static void test_speedups_are_over_the_own_side(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	/* The interpreter's threads, not its baseline. */
	struct world world = {.slower_group = "cpu", .factor = 0.8, .blocks = BLOCKS};
	struct run run = run_of(&world, &c, 1, &whole);
	struct validation v = judged(&run);
	const struct finding *two = finding_of(&v.pythons[0], "2 computing threads: speed-up");
	assert_near(two->live.mid, 1);
	assert_near(two->python.mid, 0.8);
	assert_near(two->relation.mid, 1.25);
	assert_int_equal(two->verdict, FINDING_FAIL);
	validation_release(&v);
	run_end(&run);
	contender_release(&c);
}

static void test_what_could_not_be_measured_is_said(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct world world = {.broken_group = "loop-waits", .blocks = BLOCKS};
	struct run run = run_of(&world, &c, 1, &whole);
	struct validation v = judged(&run);
	const struct finding *loop = finding_of(&v.pythons[0], "8 waiting coroutines: speed-up");
	assert_int_equal(loop->verdict, FINDING_MISSING);
	assert_int_equal(v.pythons[0].of[FINDING_MISSING], 1);
	char *sentence = finding_sentence(loop, &v.pythons[0]);
	assert_string_equal(sentence, "8 waiting coroutines: speed-up: not measured, it has no such thing.");
	free(sentence);
	validation_release(&v);
	run_end(&run);
	contender_release(&c);
}

static void test_five_samples_decide_nothing(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	struct world world = {.blocks = 5};
	struct run run = run_of(&world, &c, 1, &fast);
	struct validation v = judged(&run);
	assert_int_equal(v.pythons[0].of[FINDING_PASS], 0);
	assert_int_equal(v.pythons[0].of[FINDING_UNDECIDED], v.pythons[0].count);
	validation_release(&v);
	run_end(&run);
	contender_release(&c);
}

static void test_each_interpreter_is_judged_by_its_own(void **state)
{
	(void)state;
	struct contender c[] = {contender_of("2.7.18", 2, 7, true), contender_of("3.11.7", 3, 11, true)};
	struct world world = {.blocks = BLOCKS};
	struct run run = run_of(&world, c, 2, &whole);
	struct validation v = judged(&run);
	assert_int_equal(v.count, 2);
	assert_string_equal(v.pythons[0].contender.policy, "py2");
	assert_true(v.pythons[0].count < v.pythons[1].count);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(v.pythons[i].of[FINDING_MISSING] + v.pythons[i].of[FINDING_FAIL], 0);
	validation_release(&v);
	run_end(&run);
	contender_release(&c[0]);
	contender_release(&c[1]);
}

/* The loop of the one without its lock makes 15000 turns where the other makes 20000, in the same time. */
static void test_what_one_thread_pays_for_running_without_the_lock(void **state)
{
	(void)state;
	struct contender c[] = {contender_of("3.14.0", 3, 14, false), contender_of("3.14.0", 3, 14, true),
				contender_of("3.13.0", 3, 13, true)};
	c[0].fit.spin_iterations = 15000;
	struct world world = {.blocks = BLOCKS};
	struct run run = run_of(&world, c, 3, &whole);
	struct validation v = judged(&run);
	assert_near(v.pythons[0].one_thread.mid, 0.75);
	assert_true(v.pythons[0].one_thread_beside == &v.pythons[1].contender);
	assert_null(v.pythons[1].one_thread_beside);
	char *sentence = one_thread_sentence(&v.pythons[0]);
	assert_non_null(strstr(sentence, "One thread of CPython 3.14.0t runs at 0.75"));
	free(sentence);
	/* Shared data are a row of their own, for threads without a lock alone. */
	assert_int_equal(finding_of(&v.pythons[0], "2 threads, one counter: speed-up")->verdict,
			 FINDING_PASS);
	for (size_t i = 0; i < v.pythons[1].count; i++)
		assert_string_not_equal(v.pythons[1].findings[i].figure->group, "shared");
	validation_release(&v);
	run_end(&run);
	for (size_t i = 0; i < 3; i++)
		contender_release(&c[i]);
}

static void test_a_run_of_another_kind_is_no_validation(void **state)
{
	(void)state;
	struct validation v;
	char error[200] = "?";
	struct run run = {.manifest = json_object()};
	assert_int_equal(validation_read(&v, &run, error, sizeof(error)), -1);
	assert_string_equal(error, "");
	json_object_set_new(run.manifest, VALIDATE_KEY,
			    json_pack("{s:[{s:s}]}", "pythons", "name", "cpython-3"));
	assert_int_equal(validation_read(&v, &run, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "which interpreters took part"));
	json_decref(run.manifest);
}

static void test_a_busy_machine_is_said(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	for (int is_busy = 0; is_busy < 2; is_busy++) {
		struct world world = {.blocks = BLOCKS, .is_busy = is_busy};
		struct run run = run_of(&world, &c, 1, &fast);
		struct validation v = judged(&run);
		char *sentence = busy_sentence(&v.pythons[0]);
		if (is_busy)
			assert_non_null(strstr(sentence, "alone got 80"));
		else
			assert_null(sentence);
		free(sentence);
		validation_release(&v);
		run_end(&run);
	}
	contender_release(&c);
}

/* Bytes of UTF-8 that begin a character. */
static size_t columns_of(const char *line, size_t bytes)
{
	size_t columns = 0;
	for (size_t i = 0; i < bytes; i++)
		columns += ((unsigned char)line[i] & 0xC0) != 0x80;
	return columns;
}

static void test_the_table_fits_100_columns(void **state)
{
	(void)state;
	struct contender c = contender_of("3.11.7", 3, 11, true);
	c.fit = (struct fit){123456, 12.35, 1.23456e-3, 1.23456e-3, 123.4e-6, 123.5e-6};
	struct world world = {
		.slower_group = "convoy-1", .factor = 0.31, .broken_group = "turns-2", .blocks = BLOCKS};
	struct run run = run_of(&world, &c, 1, &whole);
	struct validation v = judged(&run);
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	verdicts_print(&v.pythons[0], &v.options, to);
	fclose(to);
	for (const char *line = text; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		if (columns_of(line, length) > 100)
			fail_msg("%zu columns: %.*s", columns_of(line, length), (int)length, line);
		line += length + (line[length] == '\n');
	}
	assert_non_null(strstr(text, "Does the simulated lock (py3) behave like CPython 3.11.7?"));
	assert_non_null(strstr(text, "Not in everything"));
	free(text);
	validation_release(&v);
	run_end(&run);
	contender_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside_the_band_passes),
		cmocka_unit_test(test_an_interval_outside_the_band_fails),
		cmocka_unit_test(test_all_else_is_undecided),
		cmocka_unit_test(test_the_policy_follows_the_interpreter),
		cmocka_unit_test(test_two_of_one_version_have_two_names),
		cmocka_unit_test(test_both_sides_of_a_case_are_one_group),
		cmocka_unit_test(test_what_was_fitted_is_in_the_parameters),
		cmocka_unit_test(test_fast_is_a_part),
		cmocka_unit_test(test_interpreters_share_the_same_simulated_work),
		cmocka_unit_test(test_what_cannot_be_asked_is_said),
		cmocka_unit_test(test_operations_are_fitted_to_the_same_length),
		cmocka_unit_test(test_work_is_never_negative),
		cmocka_unit_test(test_a_fit_may_fail_or_be_interrupted),
		cmocka_unit_test(test_a_cell_goes_to_its_side),
		cmocka_unit_test(test_an_interpreter_that_is_not_here_is_no_failure),
		cmocka_unit_test(test_two_sides_that_are_alike_agree_in_all),
		cmocka_unit_test(test_a_side_that_differs_fails_with_a_sentence),
		cmocka_unit_test(test_speedups_are_over_the_own_side),
		cmocka_unit_test(test_what_could_not_be_measured_is_said),
		cmocka_unit_test(test_five_samples_decide_nothing),
		cmocka_unit_test(test_each_interpreter_is_judged_by_its_own),
		cmocka_unit_test(test_what_one_thread_pays_for_running_without_the_lock),
		cmocka_unit_test(test_a_run_of_another_kind_is_no_validation),
		cmocka_unit_test(test_a_busy_machine_is_said),
		cmocka_unit_test(test_the_table_fits_100_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
