/*
 * report charts over policies of the lock, with samples made up: lines over the tasks of a role and over a field of
 * the policy, rows of a column, the trade-off, and how policies look.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <gilbench/util.h>

#include "report/chart_axis.h"
#include "report/chart_gp.h"
#include "report/metric_words.h"
#include "report/parts.h"
#include "samples.h"
#include "scratch.h"

#define HEAD                                                               \
	"[experiment]\ntitle = T\nquestion = What waits?\n"                \
	"answer = It is {gil lat_p99_s role=echo policy=py3 workers=2}.\n" \
	"class = mixed\nmodels = gil\n"

static const char over_spin[] = HEAD "chart = throughput_per_s role=echo x=spin\n"
				     "chart = lat_p99_s role=echo x=spin\n"
				     "[cells alone]\ncast = echo\nwindow = 1s\n"
				     "[cells one]\ncast = echo:1,spin:1\nwindow = 1s\n"
				     "[cells four]\ncast = echo:1,spin:4\nwindow = 1s\n";

struct fake {
	struct run run;
	struct sample samples[256];
	struct hist hists[512];
	size_t hist_count;
	struct report *report;
	char error[512];
};

static struct fake fake;

/* Every operation takes about `latency_ns`. */
static void fill_role(struct role_sample *role, const char *name, int tasks, double per_s,
		      uint64_t latency_ns)
{
	snprintf(role->role, sizeof(role->role), "%s", name);
	snprintf(role->workload, sizeof(role->workload), "%s", name);
	role->tasks = tasks;
	role->ops = (uint64_t)per_s;
	role->throughput_per_s = per_s;
	role->gil_switches = per_s / 2;
	role->gil_wait_s = 0.5;
	role->fairness = 1;
	role->latency = &fake.hists[fake.hist_count++];
	hist_reset(role->latency);
	for (int i = 0; i < 100; i++)
		hist_record(role->latency, latency_ns);
}

/* Six samples of a cell with echo and `spins` tasks of spin. */
static void fake_cell(const char *params, const char *policy, int spins, double echo_per_s, double spin_per_s)
{
	const char *cast = spins == 0 ? "echo" : spins == 1 ? "echo:1,spin:1" : "echo:1,spin:4";
	for (unsigned block = 0; block < 6; block++) {
		struct cell cell = fake_cell_of("gil", 1 + spins);
		cell.cast = cast;
		cell.params = params;
		cell.policy = policy;
		cell.kind = CELL_WINDOW;
		cell.window_s = 1;
		struct sample s = fake_sample(cell, block, 1);
		s.role_count = 1 + (spins > 0);
		double noise = 1 + 0.01 * block;
		fill_role(&s.role[0], "echo", 1, echo_per_s * noise, (uint64_t)(1e9 / echo_per_s));
		if (spins > 0)
			fill_role(&s.role[1], "spin", spins, spin_per_s * noise, 1000000);
		fake.samples[fake.run.sample_count++] = s;
	}
}

static void fake_begin(const char *text)
{
	fake = (struct fake){
		.run = {.path = scratch_path, .name = (char *)(uintptr_t) "fake", .samples = fake.samples}};
	fake.run.manifest = json_pack("{s:s, s:s, s:{s:i, s:i}, s:[{s:s, s:s, s:s}]}", "run", "fake-run",
				      "status", "complete", "host", "usable_cpus", 2, "physical_cores", 2,
				      "experiments", "name", "test", "path", "test.ini", "text", text);
}

static void fake_draw(void)
{
	char *plots = scratch("plots");
	fake.report = report_make(&fake.run, plots);
	free(plots);
	assert_null(fake.report->unreadable);
	assert_int_equal(report_draw(fake.report, fake.error, sizeof(fake.error)), 0);
}

static void fake_release(void)
{
	report_release(fake.report);
	json_decref(fake.run.manifest);
}

static char *plot_file(const char *name)
{
	char *path = xasprintf("%s/plots/%s", scratch_path, name), *text = read_file(path, NULL);
	if (text == NULL)
		fail_msg("%s is missing", path);
	free(path);
	return text;
}

static void has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("missing: %s\nin: %.3000s", part, text);
}

static const struct chart_series *series(const struct chart *chart, const char *name)
{
	for (int i = 0; i < chart->series_count; i++)
		if (strncmp(chart->series[i].name, name, strlen(name)) == 0)
			return &chart->series[i];
	fail_msg("there is no series %s", name);
	return NULL;
}

static void test_lines_over_the_tasks_of_a_role(void **state)
{
	(void)state;
	fake_begin(over_spin);
	fake_cell("busy=1", "py3", 0, 50000, 0);
	fake_cell("busy=1", "prio", 0, 50000, 0);
	fake_cell("", "py3", 1, 200, 800);
	fake_cell("", "prio", 1, 30000, 400);
	fake_cell("", "py3", 4, 25, 800);
	fake_cell("", "prio", 4, 4000, 600);
	fake_draw();
	assert_int_equal(fake.report->chart_count, 2);
	const struct chart *chart = &fake.report->charts[0];
	assert_string_equal(chart->name, "test-throughput-per-s-echo-over-spin");
	assert_int_equal(chart->series_count, 2);
	const struct chart_series *py3 = series(chart, "py3");
	assert_int_equal(py3->count, 3);
	assert_true(py3->point[0].x == 0 && py3->point[1].x == 1 && py3->point[2].x == 4);
	assert_true(fabs(py3->point[2].y.mid - 25 * 1.025) < 0.01);
	assert_true(py3->point[2].y.lo < py3->point[2].y.hi);
	assert_string_equal(py3->look->colour, look_of_policy("py3")->colour);
	assert_true(chart->is_log_y);
	assert_false(chart->is_log_x);
	has(py3->name, "25.6/s");
	/* The first picture has the file's answer, the second its own numbers. */
	has(chart->subtitle, "It is 5");
	has(fake.report->charts[1].subtitle, "echo: latency, p99; tasks of spin = 4: ");
	has(fake.report->charts[1].subtitle, "py3 40");
	has(fake.report->charts[1].y_label, "echo: latency, p99, ms");
	char *gp = plot_file("test-throughput-per-s-echo-over-spin.gp");
	has(gp, "set xtics ('0' 0, '1' 1, '4' 4)");
	has(gp, "'tasks of spin'");
	has(gp, "set logscale y 10");
	has(gp, "'10 k' 10000");
	free(gp);
	fake_release();
}

static void test_lines_over_a_field_of_the_policy(void **state)
{
	(void)state;
	fake_begin(HEAD
		   "chart = lat_p99_s role=echo x=interval\nchart = throughput_per_s role=echo x=interval\n"
		   "[cells one]\ncast = echo:1,spin:1\nwindow = 1s\n");
	fake_cell("", "py3", 1, 200, 800);
	fake_cell("", "py3,interval=100us", 1, 5000, 700);
	fake_cell("", "py3,interval=100ms", 1, 10, 800);
	/* Has no interval, so it has no place. */
	fake_cell("", "ruby", 1, 5, 800);
	fake_draw();
	const struct chart *chart = &fake.report->charts[0];
	assert_int_equal(chart->series_count, 1);
	assert_int_equal(chart->series[0].count, 3);
	assert_true(fabs(chart->series[0].point[0].x - 0.1) < 1e-9);
	assert_true(chart->series[0].point[1].x == 5);
	assert_true(chart->is_log_x);
	/* A single line says every value. */
	has(fake.report->charts[1].subtitle,
	    "echo: operations per second; interval, ms = 0.1, 5, 100: 5.12 k/s, 205/s, 10.2/s.");
	char *gp = plot_file("test-lat-p99-s-echo-over-interval.gp");
	has(gp, "set xtics ('0.1' 0.1, '5' 5, '100' 100)");
	has(gp, "'interval, ms'");
	free(gp);
	fake_release();
}

static void test_large_numbers_of_a_linear_axis_are_thousands(void **state)
{
	(void)state;
	fake_begin(HEAD "chart = throughput_per_s role=echo x=spin\n"
			"[cells one]\ncast = echo:1,spin:1\nwindow = 1s\n"
			"[cells four]\ncast = echo:1,spin:4\nwindow = 1s\n");
	fake_cell("", "py2", 1, 30000, 200);
	fake_cell("", "py2", 4, 20000, 200);
	fake_draw();
	const struct chart *chart = &fake.report->charts[0];
	assert_false(chart->is_log_y);
	has(chart->y_label, "operations per second, thousands");
	assert_true(fabs(chart->series[0].point[0].y.mid - 30.75) < 0.01);
	has(chart->series[0].name, "20.5 k/s");
	fake_release();
}

static void test_rows_of_a_column_over_sections(void **state)
{
	(void)state;
	fake_begin(HEAD "chart = gil_switches_per_op role=echo\nchart = latency role=spin\n"
			"[cells one of them]\ncast = echo:1,spin:1\nwindow = 1s\n"
			"[cells four of them]\ncast = echo:1,spin:4\nwindow = 1s\n");
	fake_cell("", "py3", 1, 200, 800);
	fake_cell("", "py3", 4, 25, 800);
	fake_draw();
	const struct chart *chart = &fake.report->charts[0];
	assert_int_equal(chart->layout, LAYOUT_ROWS);
	assert_int_equal(chart->series_count, 2);
	/* What all rows share is not in their names. */
	assert_string_equal(chart->series[0].name, "one of them, 2 workers");
	assert_true(fabs(chart->series[0].point[0].y.mid - 0.5) < 0.01);
	has(chart->y_label, "echo: times the lock was lost, per operation");
	const struct chart *latency = &fake.report->charts[1];
	assert_string_equal(latency->name, "test-latency-spin");
	assert_int_equal(latency->series_count, 2);
	has(latency->subtitle, "spin: latency: one of them, 2 workers p50 1.");
	fake_release();
}

static void test_a_tradeoff_has_a_marker_per_policy(void **state)
{
	(void)state;
	fake_begin(HEAD "chart = tradeoff x=spin y=echo\n[cells one]\ncast = echo:1,spin:1\nwindow = 1s\n"
			"[cells one, ruby]\ncast = echo:1,spin:1\nwindow = 3s\n");
	fake_cell("", "py3", 1, 200, 800);
	fake_cell("", "prio", 1, 30000, 400);
	/* Of the same work in another section, for its window is longer. */
	fake_cell("", "ruby", 1, 5, 820);
	for (size_t i = 12; i < 18; i++)
		fake.samples[i].cell.window_s = 3;
	fake_draw();
	assert_int_equal(fake.report->chart_count, 1);
	const struct chart *chart = &fake.report->charts[0];
	assert_int_equal(chart->layout, LAYOUT_SCATTER);
	assert_int_equal(chart->series_count, 3);
	const struct chart_point *prio = &series(chart, "prio")->point[0];
	assert_true(fabs(prio->x - 410) < 1);
	assert_true(prio->x_lo < prio->x && prio->x < prio->x_hi);
	assert_true(fabs(prio->y.mid - 1000.0 / 30000) < 0.001);
	char *gp = plot_file("test-tradeoff-spin-echo.gp"), *dat = plot_file("test-tradeoff-spin-echo.dat");
	has(gp, "using 1:2:6:7:3:4 with xyerrorbars");
	has(gp, "better: down and to the right");
	has(gp, "'ruby'");
	has(dat, "95 % low and high of x");
	free(gp);
	free(dat);
	fake_release();
}

/* Sections of other work have pictures of their own. */
static void test_a_tradeoff_is_of_one_kind_of_work(void **state)
{
	(void)state;
	fake_begin(HEAD "chart = tradeoff x=spin y=echo\n[cells one]\ncast = echo:1,spin:1\nwindow = 1s\n"
			"[cells one, ruby]\ncast = echo:1,spin:1\nwindow = 3s\n"
			"[cells four]\ncast = echo:1,spin:4\nwindow = 1s\n");
	fake_cell("", "py3", 1, 200, 800);
	fake_cell("", "ruby", 1, 5, 820);
	for (size_t i = 6; i < 12; i++)
		fake.samples[i].cell.window_s = 3;
	fake_cell("", "py3", 4, 25, 810);
	fake_draw();
	assert_int_equal(fake.report->chart_count, 2);
	const struct chart *one = &fake.report->charts[0], *four = &fake.report->charts[1];
	assert_string_equal(one->name, "test-one-tradeoff-spin-echo");
	assert_int_equal(one->series_count, 2);
	assert_string_equal(four->name, "test-four-tradeoff-spin-echo");
	assert_int_equal(four->series_count, 1);
	assert_true(fabs(four->series[0].point[0].x - 830) < 1);
	fake_release();
}

/* Names beside markers that lie close to each other must not lie on each other. */
static void test_names_of_a_tradeoff_lie_apart(void **state)
{
	(void)state;
	fake_begin(HEAD "chart = tradeoff x=spin y=echo\n[cells one]\ncast = echo:1,spin:1\nwindow = 1s\n");
	static const char *const policies[] = {"py3", "py2", "fifo", "prio", "ruby", "py3,interval=1ms"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		fake_cell("", policies[i], 1, 200 + (double)i, 800 + (double)i);
	fake_draw();
	char *gp = plot_file("test-tradeoff-spin-echo.gp");
	double x[ARRAY_LEN(policies)], y[ARRAY_LEN(policies)];
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		char *label = xasprintf("set label '%s' at screen ", policies[i]);
		char *at = strstr(gp, label);
		assert_non_null(at);
		assert_int_equal(sscanf(at + strlen(label), "%lf, screen %lf", &x[i], &y[i]), 2);
		free(label);
		for (size_t k = 0; k < i; k++)
			/* A line of text is 23 of 900 pixels high. */
			if (fabs(x[i] - x[k]) < 0.02 && fabs(y[i] - y[k]) < 0.025)
				fail_msg("%s lies on %s", policies[i], policies[k]);
	}
	free(gp);
	fake_release();
}

static void test_policies_look_different(void **state)
{
	(void)state;
	static const char *const policies[] = {"py2", "py3", "fifo", "prio", "ruby"};
	static const char *const models[] = {"seq", "threads", "fork", "uv", "uv-pool"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		const struct look *look = look_of_policy(policies[i]);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(look->colour, look_of_policy(policies[k])->colour);
			assert_int_not_equal(look->filled, look_of_policy(policies[k])->filled);
		}
		for (size_t k = 0; k < ARRAY_LEN(models); k++)
			assert_false(strcmp(look->colour, look_find(models[k])->colour) == 0 &&
				     look->filled == look_find(models[k])->filled);
	}
	assert_ptr_equal(look_of_policy("prio,interval=1ms"), look_of_policy("prio"));
	/* The default policy is what the model stands for. */
	assert_string_equal(look_of_policy("py3")->colour, look_find("gil")->colour);
	assert_ptr_not_equal(look_of_policy("py"), look_of_policy("py3"));
}

static void test_an_axis_finds_its_value(void **state)
{
	(void)state;
	struct axis spin = {.name = "spin", .kind = AXIS_ROLE}, second = {.name = "spin2", .kind = AXIS_ROLE};
	struct axis us = {.name = "us", .kind = AXIS_PARAM};
	struct axis quantum = {.name = "quantum", .kind = AXIS_FIELD, .is_time = true};
	struct summary_row row = {.cell = {.cast = "echo:1,spin:2,spin:3",
					   .params = "release.us=10 spin.iterations=5",
					   .policy = "ruby,quantum=50ms"}};
	snprintf(row.role, sizeof(row.role), "echo");
	assert_true(axis_value(&spin, &row) == 2);
	assert_true(axis_value(&second, &row) == 3);
	assert_true(axis_value(&us, &row) == 10);
	assert_true(fabs(axis_value(&quantum, &row) - 50) < 1e-9);
	char *policy = axis_policy(&quantum, row.cell.policy);
	assert_string_equal(policy, "ruby");
	free(policy);
	row.cell.cast = "echo";
	row.cell.params = "";
	row.cell.policy = "py3";
	assert_true(axis_value(&spin, &row) == 0);
	assert_true(isnan(axis_value(&us, &row)));
	assert_true(isnan(axis_value(&quantum, &row)));
}

static void test_columns_in_words(void **state)
{
	(void)state;
	char error[200];
	const struct metric *rate = metric_find("throughput_per_s", error, sizeof(error));
	const struct metric *p99 = metric_find("lat_p99_s", error, sizeof(error));
	const struct metric *forced = metric_find("gil_forced", error, sizeof(error));
	assert_string_equal(metric_words(p99), "latency, p99");
	assert_string_equal(metric_words(forced), "gil_forced");
	assert_string_equal(metric_number(rate, 29.06).text, "29.1/s");
	assert_string_equal(metric_number(rate, 12345).text, "12.3 k/s");
	assert_string_equal(metric_number_interval(rate, &(struct interval){29, 28, 30}).text,
			    "29/s [28.0,\u00a030.0]");
	assert_string_equal(metric_number(p99, 0.00512).text, "5.12\u00a0ms");
	const char *unit;
	assert_true(metric_axis_unit(p99, 0.5, &unit) == 1e-3);
	assert_string_equal(unit, "ms");
	assert_true(metric_axis_unit(p99, 0.0005, &unit) == 1e-6);
	assert_true(metric_axis_unit(rate, 5000, &unit) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_over_the_tasks_of_a_role),
		cmocka_unit_test(test_lines_over_a_field_of_the_policy),
		cmocka_unit_test(test_large_numbers_of_a_linear_axis_are_thousands),
		cmocka_unit_test(test_rows_of_a_column_over_sections),
		cmocka_unit_test(test_a_tradeoff_has_a_marker_per_policy),
		cmocka_unit_test(test_a_tradeoff_is_of_one_kind_of_work),
		cmocka_unit_test(test_names_of_a_tradeoff_lie_apart),
		cmocka_unit_test(test_policies_look_different),
		cmocka_unit_test(test_an_axis_finds_its_value),
		cmocka_unit_test(test_columns_in_words),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
