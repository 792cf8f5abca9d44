/*
 * report charts, with a fake model of known samples: which pictures a run gives, what lies in their files,
 * and the picture rules that can be read from a .gp.
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

#include "report/parts.h"
#include "samples.h"
#include "scratch.h"

static const char ini[] = "[experiment]\n"
			  "title    = It's <b> work\n"
			  "question = Does `date` get \"faster\" (it's 100%%)?\n"
			  "class    = %s\n"
			  "models   = gil,threads\n"
			  "chart    = speedup\n"
			  "[cells spin]\n"
			  "cast     = spin\n";

/* Speed-up of the fake model: threads double up to two workers, gil stays. */
static double truth(const char *model, int workers)
{
	if (strcmp(model, "threads") == 0)
		return workers < 2 ? 1 : 2;
	return 1;
}

/* What of a lock a fake sample under `gil` has. */
struct fake_lock {
	bool has_counts, has_times;
};

struct fake {
	struct run run;
	struct fake_lock lock;
	struct sample samples[512];
	struct report *report;
	char error[512];
};

/* Held 75 %, waited 40 % of the tasks' time, 50 switches and 25 of them forced in a second. */
static void fake_lock(struct sample *s, const struct fake_lock *lock, double noise)
{
	static struct hist wait;
	struct role_sample *r = &s->role[0];
	if (lock->has_counts) {
		s->cell.policy = "fifo";
		s->gil_span_s = 2;
		r->gil_acquisitions = 120;
		r->gil_switches = 100;
		r->gil_forced = 50;
	}
	if (lock->has_times) {
		hist_reset(&wait);
		hist_record(&wait, 5000000);
		r->wait = &wait;
		r->gil_held_fraction = 0.75 * noise;
		r->gil_waited_fraction = 0.4 * noise;
		r->gil_longest_wait_s = 0.005;
		r->fairness = 0.9;
	}
}

static void fake_add(struct fake *f, const char *model, int workers, unsigned block, bool is_twin)
{
	struct cell cell = fake_cell_of(model, workers);
	cell.is_twin = is_twin;
	/* A little noise, the same at every call: intervals need a width. */
	double noise = 1 + 0.001 * (double)(mix64(f->run.sample_count) % 10);
	struct sample *s = &f->samples[f->run.sample_count++];
	*s = fake_sample(cell, block, noise / truth(model, workers));
	if (strcmp(model, "gil") == 0)
		fake_lock(s, &f->lock, noise);
}

static void fake_make(struct fake *f, const char *class, const int *workers, size_t count, unsigned blocks)
{
	static const char *const models[] = {"gil", "threads"};
	char *text = xasprintf(ini, class);
	*f = (struct fake){
		.lock = f->lock,
		.run = {.path = scratch_path, .name = (char *)(uintptr_t) "fake", .samples = f->samples}};
	f->run.manifest = json_pack(
		"{s:s, s:s, s:f, s:s, s:{s:i, s:i, s:s}, s:{s:f, s:f}, s:[{s:s, s:s, s:s}]}", "run",
		"fake-run", "status", "complete", "noise_floor", 0.01, "started", "2026-01-02T03:04:05Z",
		"host", "usable_cpus", 2, "physical_cores", 2, "cpu_model", "Fake CPU", "ceiling", "1", 1.0,
		"2", 1.9, "experiments", "name", "test", "path", "test.ini", "text", text);
	free(text);
	for (unsigned block = 0; block < blocks; block++) {
		fake_add(f, "seq", 1, block, false);
		fake_add(f, "seq", 1, block, true);
		for (size_t m = 0; m < ARRAY_LEN(models); m++)
			for (size_t w = 0; w < count; w++)
				fake_add(f, models[m], workers[w], block, false);
	}
	char *plots = scratch("plots");
	f->report = report_make(&f->run, plots);
	free(plots);
	assert_int_equal(report_draw(f->report, f->error, sizeof(f->error)), 0);
}

static void fake_release(struct fake *f)
{
	report_release(f->report);
	json_decref(f->run.manifest);
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

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("there is: %s\nin: %.3000s", part, text);
}

static struct fake fake;

static void test_linear_chart_of_cpu_work(void **state)
{
	(void)state;
	static const int workers[] = {1, 2, 3, 4};
	fake_make(&fake, "cpu", workers, 4, 6);
	assert_int_equal(fake.report->chart_count, 1);
	char *gp = plot_file("test-speedup.gp");
	has(gp, "set xtics ('1' 1, '2' 2, '3' 3, '4' 4)");
	has_not(gp, "logscale");
	has(gp, "set yrange [0:");
	has(gp, "this machine''s ceiling");
	has(gp, "2 cores = usable CPUs");
	has(gp, "set object rectangle from first 2, graph 0 to graph 1, graph 1 behind");
	has(gp, "noise floor");
	has(gp, "n = 6 samples");
	has(gp, "Fake CPU, 2 usable CPUs");
	has(gp, "2026-01-02");
	has(gp, "fake-run");
	has(gp, "compiled stand-ins");
	free(gp);
	fake_release(&fake);
}

static void test_text_is_never_interpreted(void **state)
{
	(void)state;
	static const int workers[] = {1, 2};
	fake_make(&fake, "cpu", workers, 2, 6);
	char *gp = plot_file("test-speedup.gp");
	has(gp, "'Does `date` get \"faster\" (it''s 100%)?'");
	has(gp, "noenhanced");
	/* The label of the model, not the bare word. */
	has(gp, "threads, no lock");
	has_not(gp, "'threads'");
	has_not(gp, "'threads  ");
	free(gp);
	fake_release(&fake);
}

static void test_many_workers_give_logarithmic_axes(void **state)
{
	(void)state;
	static const int workers[] = {1, 4, 16};
	fake_make(&fake, "wait", workers, 3, 6);
	char *gp = plot_file("test-speedup.gp");
	has(gp, "set xtics ('1' 1, '4' 4, '16' 16)");
	has(gp, "set logscale x 2");
	has(gp, "set logscale y 2");
	/* The ceiling is of computing, not of waiting. */
	has_not(gp, "ceiling");
	free(gp);
	fake_release(&fake);
}

static void test_values_are_in_the_data_file(void **state)
{
	(void)state;
	static const int workers[] = {1, 2};
	fake_make(&fake, "cpu", workers, 2, 6);
	const struct chart_series *threads = &fake.report->charts[0].series[1];
	assert_string_equal(threads->look->model, "threads");
	assert_int_equal(threads->count, 2);
	assert_true(fabs(threads->point[1].y.mid - 2) < 0.05);
	assert_true(threads->point[1].y.lo <= threads->point[1].y.mid);
	assert_true(threads->point[1].y.hi >= threads->point[1].y.mid);
	char *dat = plot_file("test-speedup.dat");
	has(dat, "# 1: threads, no lock");
	has(dat, "# 2: ideal\n1 1\n2 2\n");
	has(dat, "# 3: this machine's ceiling\n1 1\n2 1.9\n");
	free(dat);
	fake_release(&fake);
}

static void test_few_samples_are_hollow_with_a_question_mark(void **state)
{
	(void)state;
	static const int workers[] = {1, 2};
	fake_make(&fake, "cpu", workers, 2, 3);
	const struct chart *chart = &fake.report->charts[0];
	assert_true(chart->series[0].point[0].is_few);
	char *gp = plot_file("test-speedup.gp"), *dat = plot_file("test-speedup.dat");
	has(gp, "hollow with ?");
	has(gp, "('?') with labels");
	/* The mark beside the series' name is that of its last point. */
	char mark[64];
	snprintf(mark, sizeof(mark), "point pointtype %d pointsize", chart->series[0].look->hollow);
	has(gp, mark);
	snprintf(mark, sizeof(mark), "point pointtype %d pointsize", chart->series[0].look->filled);
	has_not(gp, mark);
	has_not(gp, "95\u00a0% intervals");
	has(dat, " NaN NaN 1\n");
	free(gp);
	free(dat);
	fake_release(&fake);
}

static void test_a_model_looks_the_same_everywhere(void **state)
{
	(void)state;
	assert_string_equal(look_find("gil")->colour, "#d55e00");
	assert_ptr_equal(look_find("fork"), look_find("fork"));
	assert_non_null(look_find("a model from elsewhere")->colour);
	static const char *const models[] = {"seq",     "gil",   "threads", "fork", "uv",
					     "uv-pool", "gil*4", "interp",  "free", "uv*4"};
	/* The first six are measured beside each other, and black and white readers have their markers alone. */
	const size_t live = 6;
	for (size_t i = 0; i < ARRAY_LEN(models); i++)
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(look_find(models[i])->colour, look_find(models[k])->colour);
			if (i < live)
				assert_int_not_equal(look_find(models[i])->filled,
						     look_find(models[k])->filled);
		}
	assert_ptr_equal(look_find("gil*4"), look_find("gil*16"));
}

static void test_steps_of_logarithmic_axes(void **state)
{
	(void)state;
	assert_true(fabs(step_125(4.7, false) - 2) < 1e-9);
	assert_true(fabs(step_125(4.7, true) - 5) < 1e-9);
	assert_true(fabs(step_125(5, false) - 5) < 1e-9);
	assert_true(fabs(step_125(5, true) - 5) < 1e-9);
	assert_true(fabs(step_125(0.07, true) - 0.1) < 1e-9);
	assert_true(fabs(step_125(1000, true) - 1000) < 1e-6);
}

static void test_a_report_is_written_beside_the_charts(void **state)
{
	(void)state;
	static const int workers[] = {1, 2};
	fake_make(&fake, "cpu", workers, 2, 6);
	assert_int_equal(report_write(fake.report, fake.error, sizeof(fake.error)), 0);
	char *path = scratch("report.html"), *html = read_file(path, NULL);
	assert_non_null(html);
	has(html, "It&#39;s &lt;b&gt; work");
	has_not(html, "<b>");
	has(html, "What these numbers are not");
	has(html, "id=\"experiment-test\"");
	has_not(html, "Under the lock");
	free(path);
	free(html);
	fake_release(&fake);
}

static char *report_text(void)
{
	assert_int_equal(report_write(fake.report, fake.error, sizeof(fake.error)), 0);
	char *path = scratch("report.md"), *text = read_file(path, NULL);
	assert_non_null(text);
	free(path);
	return text;
}

static void test_what_the_lock_did_is_a_table_of_its_own(void **state)
{
	(void)state;
	static const int workers[] = {1, 2};
	fake.lock = (struct fake_lock){.has_counts = true, .has_times = true};
	fake_make(&fake, "cpu", workers, 2, 6);
	char *text = report_text();
	has(text, "**Under the lock**");
	has(text, "| role | policy | workers | held \\[95 %\\] | waited \\[95 %\\] | switches/s | forced/s | "
		  "longest wait | "
		  "p99 wait \\[95 %\\] | fairness \\[95 %\\] |");
	has(text, "| spin | fifo | 2 | 75.");
	has(text, " | 50 | 25 | 5.00\u00a0ms | 5.00\u00a0ms \\[5.00,\u00a05.00\\] | 0.900 "
		  "\\[0.900,\u00a00.900\\] |");
	has(text, "waited is the share of its tasks' own time");
	free(text);
	fake_release(&fake);
}

static void test_times_that_were_not_taken_are_dashes(void **state)
{
	(void)state;
	static const int workers[] = {2};
	fake.lock = (struct fake_lock){.has_counts = true};
	fake_make(&fake, "cpu", workers, 1, 6);
	char *text = report_text();
	has(text, "| spin | fifo | 2 | - | - | 50 | 25 | - | - | 1.000 ");
	free(text);
	fake_release(&fake);
	fake.lock = (struct fake_lock){0};
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear_chart_of_cpu_work),
		cmocka_unit_test(test_text_is_never_interpreted),
		cmocka_unit_test(test_many_workers_give_logarithmic_axes),
		cmocka_unit_test(test_values_are_in_the_data_file),
		cmocka_unit_test(test_few_samples_are_hollow_with_a_question_mark),
		cmocka_unit_test(test_a_model_looks_the_same_everywhere),
		cmocka_unit_test(test_steps_of_logarithmic_axes),
		cmocka_unit_test(test_a_report_is_written_beside_the_charts),
		cmocka_unit_test(test_what_the_lock_did_is_a_table_of_its_own),
		cmocka_unit_test(test_times_that_were_not_taken_are_dashes),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
