/*
 * the map of winners: who is named, what is a tie, and the picture, with samples made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/profile_share.h>
#include <gilbench/util.h>

#include "report/chart_axis.h"
#include "report/parts.h"
#include "report/winner.h"
#include "samples.h"
#include "scratch.h"

static struct {
	struct run run;
	struct sample samples[512];
	struct report *report;
	char error[512];
} fake;

/* ---- one place ---- */

static struct contestant contestant(const char *model, int processes, int workers, int rank, double per_s)
{
	return (struct contestant){.model = model,
				   .processes = processes,
				   .workers = workers,
				   .rank = rank,
				   .per_s = {per_s, per_s * 0.99, per_s * 1.01}};
}

static struct contest_result judge(const struct contestant *rows, size_t count, struct contest *contest)
{
	*contest = (struct contest){.count = 0};
	for (size_t i = 0; i < count; i++)
		contest_add(contest, &rows[i], 0.05);
	return contest_judge(contest, 0.05);
}

static void test_a_clear_lead(void **state)
{
	(void)state;
	struct contest c;
	const struct contestant rows[] = {contestant("gil", 1, 8, 1, 100), contestant("fork", 8, 8, 4, 400),
					  contestant("uv*4", 4, 8, 6, 300)};
	struct contest_result r = judge(rows, 3, &c);
	assert_string_equal(c.contestant[r.winner].model, "fork");
	assert_int_equal(r.tied, 0);
	assert_true(fabs(r.lead.mid - 4.0 / 3) < 1e-9);
	assert_true(r.lead.lo > 1.3 && r.lead.hi < 1.4);
}

static void test_of_a_tie_the_simplest_is_named(void **state)
{
	(void)state;
	struct contest c;
	const struct contestant rows[] = {contestant("fork", 8, 8, 4, 103), contestant("uv*4", 4, 8, 6, 102),
					  contestant("gil*4", 4, 8, 2, 100), contestant("gil", 1, 8, 1, 50)};
	struct contest_result r = judge(rows, 4, &c);
	assert_string_equal(c.contestant[r.winner].model, "gil*4");
	assert_int_equal(r.tied, 2);
	/* One within the error of the fastest alone is a partner. */
	const struct contestant two[] = {contestant("fork", 8, 8, 4, 103), contestant("gil", 1, 8, 1, 100)};
	r = judge(two, 2, &c);
	assert_string_equal(c.contestant[r.winner].model, "gil");
	assert_string_equal(c.contestant[r.partner].model, "fork");
	assert_int_equal(r.tied, 1);
}

/* 8 % is more than the error, but not more than the noise of these. */
static void test_a_lead_inside_its_interval_is_a_tie(void **state)
{
	(void)state;
	struct contest c;
	struct contestant rows[] = {contestant("fork", 8, 8, 4, 108), contestant("gil", 1, 8, 1, 100)};
	assert_int_equal(judge(rows, 2, &c).tied, 0);
	rows[0].per_s = (struct interval){108, 98, 118};
	assert_int_equal(judge(rows, 2, &c).tied, 1);
	/* Without an interval nothing is told apart. */
	rows[0].per_s = (struct interval){200, NAN, NAN};
	assert_int_equal(judge(rows, 2, &c).tied, 1);
}

static void test_a_model_stands_at_its_best_workers(void **state)
{
	(void)state;
	struct contest c;
	const struct contestant rows[] = {contestant("gil", 1, 4, 1, 100), contestant("gil", 1, 64, 1, 200),
					  contestant("gil", 1, 16, 1, 198), contestant("uv", 1, 32, 5, 199)};
	struct contest_result r = judge(rows, 4, &c);
	assert_int_equal(c.count, 2);
	/* No better than 16 within the error: fewer are simpler. */
	assert_int_equal(c.contestant[0].workers, 16);
	assert_string_equal(c.contestant[r.winner].model, "gil");
}

static void test_one_alone_and_nobody(void **state)
{
	(void)state;
	struct contest c;
	const struct contestant rows[] = {contestant("gil", 1, 4, 1, 100)};
	struct contest_result r = judge(rows, 1, &c);
	assert_int_equal(r.winner, 0);
	assert_true(isnan(r.lead.mid));
	assert_int_equal(judge(rows, 0, &c).winner, -1);
}

/* ---- shares ---- */

static void test_shares_of_a_profile(void **state)
{
	(void)state;
	struct profile p;
	char error[200];
	assert_int_equal(
		profile_parse("gil 2ms, hold 1ms, free 1ms, wait 4ms, block 2ms", &p, error, sizeof(error)),
		0);
	assert_true(fabs(profile_share(&p, "cpu_share") - 0.4) < 1e-12);
	assert_true(fabs(profile_share(&p, "lock_share") - 0.3) < 1e-12);
	assert_true(fabs(profile_share(&p, "free_share") - 0.1) < 1e-12);
	assert_true(fabs(profile_share(&p, "wait_share") - 0.6) < 1e-12);
	assert_true(isnan(profile_share(&p, "share")));
	assert_null(profile_share_label("share"));
	profile_release(&p);
}

static void test_axes_of_a_virtual_cell(void **state)
{
	(void)state;
	struct report report = {.facts.usable = 2, .run = &fake.run};
	struct axis share = {.name = "cpu_share", .kind = AXIS_SHARE, .report = &report};
	struct axis cores = {.name = "cores", .kind = AXIS_CORES, .report = &report};
	struct summary_row row = {.cell = {.cast = "profile",
					   .params = "profile=gil:1.5ms+wait:exp(8.5ms) cores=8",
					   .policy = "",
					   .source = SOURCE_VIRTUAL}};
	snprintf(row.role, sizeof(row.role), "profile");
	assert_true(fabs(axis_value(&share, &row) - 15) < 1e-9);
	assert_true(axis_value(&cores, &row) == 8);
	row.cell.params = "iterations=5";
	assert_true(isnan(axis_value(&share, &row)));
	assert_true(isnan(axis_value(&cores, &row)));
	/* A live cell runs on this machine's. */
	row.cell.source = SOURCE_LIVE;
	assert_true(axis_value(&cores, &row) == 2);
}

/* ---- the picture ---- */

static const char ini[] = "[experiment]\ntitle = T\nquestion = Who is ahead?\nclass = mixed\nmodels = gil\n"
			  "chart = winner x=cpu_share y=cores\n"
			  "[cells requests]\ncast = profile\nwindow = 1s\n";

static void fake_cell(const char *params, const char *model, enum cell_source source, double per_s)
{
	for (unsigned block = 0; block < 6; block++) {
		struct cell cell = fake_cell_of(model, 4);
		cell.cast = "profile";
		cell.params = params;
		cell.kind = CELL_WINDOW;
		cell.window_s = 1;
		cell.source = source;
		struct sample *s = &fake.samples[fake.run.sample_count++];
		*s = fake_sample(cell, block, 1);
		snprintf(s->role[0].role, sizeof(s->role[0].role), "profile");
		s->role[0].throughput_per_s = per_s * (1 + 0.001 * block);
	}
}

/* `recorded`: what the manifest has of virtual time; taken over. */
static void fake_draw(json_t *recorded)
{
	char *plots = scratch("plots");
	fake.run.path = scratch_path;
	fake.run.name = (char *)(uintptr_t) "fake";
	fake.run.samples = fake.samples;
	fake.run.manifest = json_pack("{s:s, s:s, s:{s:i}, s:[{s:s, s:s, s:s}]}", "run", "fake-run", "status",
				      "complete", "host", "usable_cpus", 2, "experiments", "name", "test",
				      "path", "test.ini", "text", ini);
	if (recorded != NULL)
		json_object_set_new(fake.run.manifest, "virtual", recorded);
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

static const struct map_box *box_at(int column, int row)
{
	const struct chart_map *map = fake.report->charts[0].map;
	for (size_t i = 0; i < map->count; i++)
		if (map->box[i].column == column && map->box[i].row == row)
			return &map->box[i];
	fail_msg("there is no box at %d, %d", column, row);
	return NULL;
}

static void fake_done(void)
{
	report_release(fake.report);
	json_decref(fake.run.manifest);
	fake.run = (struct run){.sample_count = 0};
}

static void test_the_map(void **state)
{
	(void)state;
	const char *half = "profile=gil:5ms+wait:5ms cores=2", *all = "profile=gil:10ms cores=2",
		   *more = "profile=gil:5ms+wait:5ms cores=8";
	fake_cell(half, "seq", SOURCE_VIRTUAL, 1000);
	fake_cell(half, "gil", SOURCE_VIRTUAL, 200);
	fake_cell(half, "uv", SOURCE_VIRTUAL, 201);
	fake_cell(all, "gil", SOURCE_VIRTUAL, 100);
	fake_cell(all, "gil*2", SOURCE_VIRTUAL, 135);
	fake_cell(more, "gil", SOURCE_VIRTUAL, 200);
	fake_cell(more, "gil*8", SOURCE_VIRTUAL, 800);
	fake_draw(NULL);
	const struct chart_map *map = fake.report->charts[0].map;
	assert_int_equal(map->columns, 2);
	assert_int_equal(map->rows, 2);
	assert_int_equal(map->count, 3);
	assert_string_equal(box_at(0, 0)->name, "uv");
	assert_string_equal(box_at(0, 0)->margin, "= gil");
	assert_true(box_at(0, 0)->is_tie);
	assert_string_equal(box_at(1, 0)->name, "gil*2");
	assert_string_equal(box_at(1, 0)->margin, "+35\u00a0%");
	assert_string_equal(box_at(0, 1)->name, "gil*8");
	assert_string_equal(box_at(0, 1)->margin, "×4.0");
	assert_int_equal(box_at(0, 1)->frame, FRAME_NONE);
	assert_string_equal(map->look[0].words, "gil: threads + GIL");
	assert_string_equal(map->look[1].words, "gil*P: several × threads + GIL");
	has(fake.report->charts[0].subtitle, "Of 3 places: gil in 0, gil*P in 2, uv in 1; ties: 1");
	char *gp = plot_file("test-winner-cpu-share-cores.gp"),
	     *dat = plot_file("test-winner-cpu-share-cores.dat");
	has(gp, "set xtics ('50' 0, '100' 1)");
	has(gp, "set ytics ('2' 0, '8' 1)");
	has(gp, "CPU time, % of a request''s length");
	has(gp, "a tie: the simplest is named");
	has(dat, "0 1 50 8 4 0 0 \"gil*8\" \"×4.0\"");
	free(gp);
	free(dat);
	fake_done();
}

/* What was measured does not name, it says whether it agrees about the models that it has. */
static void test_measured_places_have_frames(void **state)
{
	(void)state;
	const char *half = "profile=gil:5ms+wait:5ms cores=2", *all = "profile=gil:10ms cores=2";
	fake_cell(half, "gil", SOURCE_VIRTUAL, 200);
	fake_cell(half, "fork", SOURCE_VIRTUAL, 390);
	fake_cell(half, "gil*2", SOURCE_VIRTUAL, 400);
	fake_cell(all, "gil", SOURCE_VIRTUAL, 100);
	fake_cell(all, "fork", SOURCE_VIRTUAL, 200);
	/* A workload that computes for 40 % of its time stands in the nearest column. */
	fake_cell("work_ms=4", "gil", SOURCE_LIVE, 150);
	fake_cell("work_ms=4", "fork", SOURCE_LIVE, 300);
	fake_cell("work_ms=4 cores=2", "gil", SOURCE_VIRTUAL, 1);
	fake_cell("work_ms=9", "gil", SOURCE_LIVE, 150);
	fake_cell("work_ms=9", "fork", SOURCE_LIVE, 100);
	fake_draw(json_loads(
		"{\"costs\": {\"switch_ns\": 1, \"wakeup_ns\": 1, \"handoff_ns\": 1, \"poll_ns\": 1, "
		"\"slice_ns\": "
		"1000, \"free\": 1.0, \"handoff_sigma\": 0.0, \"wakeup_sigma\": 0.0},"
		"\"recordings\": [{\"cast\": \"profile\", \"params\": \"work_ms=4\", \"roles\": [{\"name\": "
		"\"profile\", \"workload\": \"mixed\", \"tasks\": 1, \"tick_ns\": 5, \"segments\": ["
		"{\"kind\": \"gil\", \"spread\": \"constant\", \"mean_ns\": 4000, \"sigma\": 0.0, "
		"\"values\": []},"
		"{\"kind\": \"wait\", \"spread\": \"constant\", \"mean_ns\": 6000, \"sigma\": 0.0, "
		"\"values\": []}]}]},"
		"{\"cast\": \"profile\", \"params\": \"work_ms=9\", \"roles\": [{\"name\": "
		"\"profile\", \"workload\": \"mixed\", \"tasks\": 1, \"tick_ns\": 5, \"segments\": ["
		"{\"kind\": \"gil\", \"spread\": \"constant\", \"mean_ns\": 9000, \"sigma\": 0.0, "
		"\"values\": []},"
		"{\"kind\": \"wait\", \"spread\": \"constant\", \"mean_ns\": 1000, \"sigma\": 0.0, "
		"\"values\": []}]}]}]}",
		0, NULL));
	const struct chart_map *map = fake.report->charts[0].map;
	assert_int_equal(map->columns, 2);
	assert_int_equal(map->rows, 1);
	assert_string_equal(box_at(0, 0)->name, "gil*2");
	assert_int_equal(box_at(0, 0)->frame, FRAME_AGREES);
	assert_string_equal(box_at(1, 0)->name, "fork");
	assert_int_equal(box_at(1, 0)->frame, FRAME_DIFFERS);
	has(fake.report->charts[0].subtitle, "measured 1 agrees.");
	char *gp = plot_file("test-winner-cpu-share-cores.gp");
	has(gp, "measured on real cores, too");
	has(gp, "measured: there another is ahead");
	free(gp);
	fake_done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_clear_lead),
		cmocka_unit_test(test_of_a_tie_the_simplest_is_named),
		cmocka_unit_test(test_a_lead_inside_its_interval_is_a_tie),
		cmocka_unit_test(test_a_model_stands_at_its_best_workers),
		cmocka_unit_test(test_one_alone_and_nobody),
		cmocka_unit_test(test_shares_of_a_profile),
		cmocka_unit_test(test_axes_of_a_virtual_cell),
		cmocka_unit_test(test_the_map),
		cmocka_unit_test(test_measured_places_have_frames),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
