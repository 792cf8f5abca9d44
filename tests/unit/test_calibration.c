/*
 * calibration: measuring with samples that are made up, and the file of costs in a scratch folder. No clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>

#include <gilbench/calibration.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/util.h>

#include "scratch.h"

static char said[512];

/* ---- measuring ---- */

/* A machine whose neighbour spoils some rounds. */
struct machine {
	int calls, stop_at, spoilt_from;
	const char *broken; /* a workload that fails */
};

static struct hist *latencies(double ns)
{
	struct hist *hist = xcalloc(1, sizeof(*hist));
	hist_reset(hist);
	for (int i = 0; i < 100; i++)
		hist_record(hist, (uint64_t)ns);
	return hist;
}

static int machine_execute(void *context, const struct request *request, struct sample *sample)
{
	struct machine *m = context;
	if (++m->calls == m->stop_at)
		return -EINTR;
	const char *cast = request->cell->cast;
	*sample = (struct sample){
		.role_count = 1, .cpu_s = 0.06, .ctx_voluntary = 20000, .ctx_involuntary = 10000};
	sample->role[0].ops = 30000;
	if (m->broken != NULL && strcmp(cast, m->broken) == 0) {
		sample->status = SAMPLE_CRASHED;
		snprintf(sample->error, sizeof(sample->error), "it broke");
		return 0;
	}
	if (strcmp(cast, "turns") == 0)
		sample->role[0].latency = latencies(3e6);
	return 0;
}

/* A core idle for milliseconds needs 40 us, less if less; the signal costs 5. */
static int machine_wakes(void *context, bool is_timed, uint64_t idle_ns, struct wakes *wakes)
{
	const struct machine *m = context;
	bool is_spoilt = m->spoilt_from > 0 && m->calls >= m->spoilt_from;
	double median_ns = is_spoilt && is_timed ? 3e6
			   : idle_ns > 2000000   ? 40e3
			   : idle_ns > 1000000   ? 30e3
			   : idle_ns > 200000    ? 32e3
						 : 10e3;
	*wakes = (struct wakes){.median_ns = median_ns, .sigma = 0.4, .signal_ns = 5e3, .count = 60};
	return m->broken != NULL && strcmp(m->broken, "wakes") == 0 ? -EAGAIN : 0;
}

static int measure(struct machine *machine, struct calibration *calibration)
{
	struct calibration_ways ways = {
		.execute = machine_execute, .wakes = machine_wakes, .context = machine};
	said[0] = '\0';
	return calibration_measure(calibration, &ways, said, sizeof(said));
}

static void test_measures(void **state)
{
	(void)state;
	struct calibration c;
	struct machine machine = {0};
	assert_int_equal(measure(&machine, &c), 0);
	assert_int_equal(c.costs.switch_ns, 2000);
	assert_int_equal(c.costs.poll_ns, 2000);
	assert_true(c.costs.slice_ns > 2950000 && c.costs.slice_ns < 3050000);
	assert_int_equal(c.costs.origin[COST_SWITCH], COST_MEASURED);
	assert_int_equal(c.costs.origin[COST_FREE], COST_ASSUMED);
	/* The slack is on top of it. */
	assert_int_equal(c.costs.wakeup_ns, 90000);
	assert_true(c.costs.wakeup_sigma == 0.4);
	if (host_usable_cpus() > 1) {
		assert_int_equal(c.costs.handoff_ns, 40000);
		assert_true(c.costs.handoff_sigma == 0.4 && c.costs.signal == 0.13);
		/* 32 us of a core idle for less than 30 us of one idle for more is noise. */
		assert_true(c.costs.depth[0] == 0.25 && c.costs.depth[1] == 0.75 &&
			    c.costs.depth[2] == 0.75 && c.costs.depth[3] == 1);
	}
	assert_int_equal(c.figure[COST_SWITCH].count, 150000);
	assert_true(c.figure[COST_SWITCH].lowest_ns == c.figure[COST_SWITCH].highest_ns);
}

static void test_what_fails_is_assumed(void **state)
{
	(void)state;
	struct calibration c;
	struct machine machine = {.broken = "wakes"};
	assert_int_equal(measure(&machine, &c), 0);
	assert_int_equal(c.costs.handoff_ns, 20000);
	assert_int_not_equal(strlen(c.figure[COST_HANDOFF].reason), 0);
	machine = (struct machine){.broken = "turns"};
	assert_int_equal(measure(&machine, &c), 0);
	assert_int_equal(c.costs.origin[COST_SLICE], COST_ASSUMED);
	assert_int_equal(c.costs.slice_ns, 3000000);
	assert_string_equal(c.figure[COST_SLICE].reason, "it broke");
	assert_int_equal(c.costs.origin[COST_POLL], COST_MEASURED);
}

/* From the second round on somebody else runs: most rounds are his. */
static void test_disturbed_is_assumed(void **state)
{
	(void)state;
	struct calibration c;
	struct machine machine = {.spoilt_from = 5};
	assert_int_equal(measure(&machine, &c), 0);
	assert_int_equal(c.costs.origin[COST_WAKEUP], COST_ASSUMED);
	assert_int_equal(c.costs.wakeup_ns, 75000);
	assert_non_null(strstr(c.figure[COST_WAKEUP].reason, "others ran: rounds from"));
	assert_int_equal(c.costs.origin[COST_SWITCH], COST_MEASURED);
}

static void test_stops(void **state)
{
	(void)state;
	struct calibration c;
	struct machine machine = {.stop_at = 7};
	assert_int_equal(measure(&machine, &c), -EINTR);
	assert_int_equal(machine.calls, 7);
}

/* ---- the file ---- */

static int use_scratch(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	char *config = scratch("config");
	setenv("XDG_CONFIG_HOME", config, 1);
	free(config);
	return 0;
}

static struct costs some_costs(void)
{
	struct costs costs;
	costs_standard(&costs);
	costs.switch_ns = 1860;
	costs.handoff_ns = 44500;
	costs.handoff_sigma = 0.41;
	costs.depth[1] = 0.35;
	costs.signal = 0.12;
	costs.origin[COST_SWITCH] = costs.origin[COST_HANDOFF] = COST_MEASURED;
	return costs;
}

static bool load(struct costs *costs)
{
	return calibration_load(costs, said, sizeof(said));
}

static void assert_standard(void)
{
	struct costs costs, standard;
	costs_standard(&standard);
	assert_false(load(&costs));
	assert_memory_equal(&costs, &standard, sizeof(costs));
}

static void save(void)
{
	struct costs costs = some_costs();
	assert_int_equal(calibration_save(&costs, said, sizeof(said)), 0);
}

static void test_round_trip(void **state)
{
	(void)state;
	struct costs costs, expected = some_costs();
	assert_standard();
	assert_string_equal(said, "");
	save();
	assert_true(load(&costs));
	assert_string_equal(said, "");
	assert_memory_equal(&costs, &expected, sizeof(costs));
}

/* The file's text with one word changed. */
static void tamper(const char *from, const char *to)
{
	save();
	char *path = calibration_path(), *text = read_file(path, NULL), *at = strstr(text, from);
	assert_non_null(at);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	fclose(file);
	free(text);
	free(path);
}

static void ignores(const char *from, const char *to, const char *why)
{
	tamper(from, to);
	assert_standard();
	assert_non_null(strstr(said, why));
	assert_non_null(strstr(said, "gilbench doctor --calibrate"));
}

static void test_ignores(void **state)
{
	(void)state;
	ignores("\"usable_cpus\": ", "\"usable_cpus\": 9", "of another machine (usable_cpus: 9");
	ignores("\"cpu_model\": \"", "\"cpu_model\": \"Z", "of another machine (cpu_model: Z");
	ignores("\"kernel\": \"", "\"kernel\": \"2.4", "of another machine (kernel: 2.4");
	ignores("\"host\"", "\"guest\"", "of another machine (host: ");
	ignores("\"costs\"", "\"losses\"", "not what this gilbench stores");
	ignores("gilbench-costs-1", "gilbench-costs-2", "not what this gilbench stores");
	ignores("1860", "-1860", "not what this gilbench stores");
	ignores("1860", "1860.5", "not what this gilbench stores");
	ignores("0.41", "-1", "not what this gilbench stores");
	ignores("0.41", "\"wide\"", "not what this gilbench stores");
	ignores("\"depth\"", "\"width\"", "not what this gilbench stores");
	ignores("0.35", "1.35", "not what this gilbench stores");
	ignores("0.12", "null", "not what this gilbench stores");
	ignores("}\n}", "}", "cannot be read");
	ignores("{", "", "cannot be read");
}

static void test_no_home(void **state)
{
	(void)state;
	struct costs costs = some_costs();
	char *config = xstrdup(getenv("XDG_CONFIG_HOME")),
	     *home = xstrdup(getenv("HOME") != NULL ? getenv("HOME") : "/");
	unsetenv("HOME");
	setenv("XDG_CONFIG_HOME", "relative", 1);
	assert_null(calibration_path());
	assert_standard();
	assert_string_equal(said, "");
	assert_int_equal(calibration_save(&costs, said, sizeof(said)), -1);
	assert_string_equal(said,
			    "the costs could not be stored: neither HOME nor XDG_CONFIG_HOME names a folder");
	setenv("HOME", "/home/of", 1);
	char *path = calibration_path();
	assert_string_equal(path, "/home/of/.config/gilbench/costs.json");
	free(path);
	setenv("XDG_CONFIG_HOME", config, 1);
	setenv("HOME", home, 1);
	free(config);
	free(home);
}

/* A file where a folder must be; /dev/null is one for every user. */
static void test_no_place(void **state)
{
	(void)state;
	struct costs costs = some_costs();
	char *config = xstrdup(getenv("XDG_CONFIG_HOME"));
	setenv("XDG_CONFIG_HOME", "/dev/null", 1);
	assert_int_equal(calibration_save(&costs, said, sizeof(said)), -1);
	assert_string_equal(
		said, "the costs could not be stored in /dev/null/gilbench/costs.json: Not a directory");
	setenv("XDG_CONFIG_HOME", config, 1);
	free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measures),
		cmocka_unit_test(test_what_fails_is_assumed),
		cmocka_unit_test(test_disturbed_is_assumed),
		cmocka_unit_test(test_stops),
		cmocka_unit_test_setup_teardown(test_round_trip, use_scratch, scratch_remove),
		cmocka_unit_test_setup_teardown(test_ignores, use_scratch, scratch_remove),
		cmocka_unit_test_setup_teardown(test_no_home, use_scratch, scratch_remove),
		cmocka_unit_test_setup_teardown(test_no_place, use_scratch, scratch_remove),
	};
	log_set_quiet(true);
	return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
