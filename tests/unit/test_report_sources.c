/*
 * the overlay of sources: live, virtual, closed form and CPython of one cell in one picture, with samples made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/util.h>

#include "report/parts.h"
#include "samples.h"
#include "scratch.h"

static const char ini[] =
	"[experiment]\ntitle = T\nquestion = Do they agree?\nclass = mixed\nmodels = gil\n"
	"source = virtual\n"
	"chart = overlay throughput_per_s\n"
	"chart = overlay throughput_per_s role=io x=cpu\n"
	"[cells mixed]\nprofile = gil 1ms, wait 9ms\nwindow = 1s\n"
	"[cells one]\nprofile = io = gil 1ms, wait 9ms\nprofile = cpu = gil 5ms\nwindow = 1s\n"
	"[cells two]\nprofile = io = gil 1ms, wait 9ms\nprofile = cpu:2 = gil 5ms\nwindow = "
	"1s\n";

static struct {
	struct run run;
	struct sample samples[512];
	struct report *report;
	char error[512];
} fake;

static struct sample *fake_sample_of(struct cell cell, unsigned block, const char *role, double per_s)
{
	cell.kind = CELL_WINDOW;
	cell.window_s = 1;
	struct sample *s = &fake.samples[fake.run.sample_count++];
	*s = fake_sample(cell, block, 1);
	snprintf(s->role[0].role, sizeof(s->role[0].role), "%s", role);
	s->role[0].throughput_per_s = per_s * (1 + 0.001 * block);
	return s;
}

static void fake_cell(const char *model, int workers, enum cell_source source, double per_s)
{
	for (unsigned block = 0; block < 6; block++) {
		struct cell cell = fake_cell_of(model, workers);
		cell.cast = "profile";
		cell.params = source == SOURCE_VIRTUAL ? "profile=gil:1ms+wait:9ms cores=2"
						       : "profile=gil:1ms+wait:9ms";
		cell.source = source;
		fake_sample_of(cell, block, "profile", per_s);
	}
}

static void fake_pair(int cpus, enum cell_source source, double per_s)
{
	for (unsigned block = 0; block < 6; block++) {
		struct cell cell = fake_cell_of("gil", 1 + cpus);
		cell.cast = cpus == 1 ? "io:1,cpu:1" : "io:1,cpu:2";
		cell.params = source == SOURCE_VIRTUAL
				      ? "io.profile=gil:1ms+wait:9ms cpu.profile=gil:5ms cores=2"
				      : "io.profile=gil:1ms+wait:9ms cpu.profile=gil:5ms";
		cell.source = source;
		struct sample *s = fake_sample_of(cell, block, "io", per_s);
		s->role_count = 2;
		s->role[1] = s->role[0];
		snprintf(s->role[1].role, sizeof(s->role[1].role), "cpu");
		s->role[1].tasks = cpus;
	}
}

static void fake_draw(void)
{
	char *plots = scratch("plots");
	fake.run.path = scratch_path;
	fake.run.name = (char *)(uintptr_t) "fake";
	fake.run.samples = fake.samples;
	fake.run.manifest = json_pack("{s:s, s:s, s:{s:i}, s:[{s:s, s:s, s:s}]}", "run", "fake-run", "status",
				      "complete", "host", "usable_cpus", 2, "experiments", "name", "test",
				      "path", "test.ini", "text", ini);
	fake.report = report_make(&fake.run, plots);
	free(plots);
	assert_null(fake.report->unreadable);
	assert_int_equal(report_draw(fake.report, fake.error, sizeof(fake.error)), 0);
}

static void has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("missing: %s\nin: %.3000s", part, text);
}

static char *plot_file(const char *name)
{
	char *path = xasprintf("%s/plots/%s", scratch_path, name), *text = read_file(path, NULL);
	if (text == NULL)
		fail_msg("%s is missing", path);
	free(path);
	return text;
}

static void check_lines(const struct chart *chart)
{
	static const enum series_style styles[] = {STYLE_BROAD,  STYLE_BROAD,  STYLE_DASHES,
						   STYLE_DASHES, STYLE_POINTS, STYLE_POINTS};
	assert_string_equal(chart->name, "test-mixed-overlay-throughput-per-s");
	/* gil: virtual, closed form, CPython, live; threads: virtual, closed form. */
	assert_int_equal(chart->series_count, ARRAY_LEN(styles));
	for (size_t i = 0; i < ARRAY_LEN(styles); i++)
		assert_int_equal(chart->series[i].style, styles[i]);
	const struct chart_series *closed = &chart->series[2], *python = &chart->series[4],
				  *live = &chart->series[5];
	assert_int_equal(closed->count, 3);
	assert_true(fabs(closed->point[2].y.mid - 1000) < 1e-6);
	assert_true(python->is_hollow && !live->is_hollow);
	/* The name stands at what was measured; of a model that was not, at the best there is. */
	has(live->name, "threads + GIL  9");
	assert_string_equal(python->name, "");
	assert_string_equal(chart->series[0].name, "");
	assert_string_equal(chart->series[1].name, "");
	has(chart->series[3].name, "threads, no lock  1.6");
	has(chart->key,
	    "points: real cores · hollow: CPython · dashes: closed form · broad line: virtual time");
	has(chart->subtitle, "virtual time at most 2.0\u00a0% off (threads + GIL at 1: +2.0\u00a0%)");
	has(chart->subtitle, "closed\nform at most 4.8");
}

/* Other pictures and claims are of this program's own ways to run. */
static void check_rows(const struct report *report)
{
	int live = 0, python = 0;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		bool is_python = row->cell.source == SOURCE_CPYTHON;
		assert_true(row_set_of_any(&report->experiments[0], row) >= 0);
		assert_int_equal(row_set(&report->experiments[0], row) < 0, is_python);
		live += !is_python;
		python += is_python;
	}
	assert_true(live > 0 && python > 0);
}

static void test_witnesses_of_a_cell(void **state)
{
	(void)state;
	static const int workers[] = {1, 2, 16};
	static const double live[] = {100, 198, 952}, virtual_per_s[] = {102, 199, 960};
	for (int i = 0; i < 3; i++) {
		fake_cell("gil", workers[i], SOURCE_LIVE, live[i]);
		fake_cell("gil", workers[i], SOURCE_VIRTUAL, virtual_per_s[i]);
		fake_cell("threads", workers[i], SOURCE_VIRTUAL, 100 * workers[i]);
		fake_cell("gil", workers[i], SOURCE_CPYTHON, live[i] * 0.99);
	}
	fake_pair(1, SOURCE_LIVE, 90);
	fake_pair(2, SOURCE_LIVE, 60);
	fake_pair(1, SOURCE_VIRTUAL, 91);
	fake_pair(2, SOURCE_VIRTUAL, 59);
	fake_draw();
	assert_int_equal(fake.report->chart_count, 2);
	check_lines(&fake.report->charts[0]);
	check_rows(fake.report);
	/* Sections that have no such role take no part. */
	const struct chart *over = &fake.report->charts[1];
	assert_string_equal(over->name, "test-overlay-throughput-per-s-io-over-cpu");
	assert_int_equal(over->series_count, 2);
	assert_int_equal(over->series[1].count, 2);
	assert_true(over->series[1].point[1].x == 2);
	has(over->subtitle, "io: operations per second, against real cores: virtual time at most 1.");
	char *gp = plot_file("test-mixed-overlay-throughput-per-s.gp");
	has(gp, "with lines linewidth 9 linecolor rgb '#99d55e00'");
	has(gp, "with lines linewidth 2 linecolor rgb '#d55e00' dashtype 2");
	has(gp, "pointsize 3.8");
	free(gp);
	report_release(fake.report);
	json_decref(fake.run.manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_witnesses_of_a_cell),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
