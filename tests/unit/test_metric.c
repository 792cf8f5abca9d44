/*
 * metric: every number of summary.csv can be claimed and asked for, with an interval where the row has one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/expectation.h>
#include <gilbench/util.h>

#include "near.h"
#include "samples.h"

#define BLOCKS 6

static const struct metric *known(const char *name)
{
	char error[300];
	const struct metric *metric = metric_find(name, error, sizeof(error));
	if (metric == NULL)
		fail_msg("%s", error);
	return metric;
}

/* Six samples of `seq` and `gil`, each with everything that a sample can have. */
static void whole_summary(struct summary *summary)
{
	struct sample samples[2 * BLOCKS];
	struct hist hist;
	hist_reset(&hist);
	hist_record(&hist, 1000);
	hist_record(&hist, 2000);
	for (unsigned i = 0; i < 2 * BLOCKS; i++) {
		struct sample *s = &samples[i];
		*s = fake_sample(fake_cell_of(i % 2 == 0 ? "seq" : "gil", 1 + (int)(i % 2)), i / 2, 1 + i);
		struct role_sample *r = &s->role[0];
		s->ctx_involuntary = 1;
		s->gil_span_s = 1;
		r->latency = r->wait = &hist;
		r->gil_held_fraction = r->gil_waited_fraction = r->gil_wait_s = r->gil_longest_wait_s = 0.5;
		r->gil_acquisitions = r->gil_switches = r->gil_forced = 5;
	}
	summarise(samples, 2 * BLOCKS, BLOCKS, summary);
}

/* "wall_lo_s", "speedup_hi" */
static bool is_an_end(const char *name)
{
	char *word = xasprintf("%s_", name);
	bool is_end = strstr(word, "_lo_") != NULL || strstr(word, "_hi_") != NULL;
	free(word);
	return is_end;
}

/* The numeric columns, less the ends of intervals. */
static void test_every_number_of_the_summary_is_a_metric(void **state)
{
	(void)state;
	const struct summary empty = {.count = 0};
	struct summary summary;
	whole_summary(&summary);
	const struct summary_row *gil = &summary.rows[1];
	assert_string_equal(gil->cell.model, "gil");
	char *csv = summary_csv(&empty), *rest = strstr(csv, ",samples,") + strlen(",samples,"), *name;
	int count = 0;
	while ((name = strsep(&rest, ",\n")) != NULL && *name != '\0') {
		if (is_an_end(name))
			continue;
		const struct metric *metric = known(name);
		struct interval value = metric->get(gil);
		if (isnan(value.mid) || interval_exists(&value) != metric->has_interval)
			fail_msg("%s is %g [%g, %g], and has_interval is %d", name, value.mid, value.lo,
				 value.hi, metric->has_interval);
		count++;
	}
	assert_int_equal(count, 28);
	free(csv);
	summary_release(&summary);
}

static void says(const char *metric, double value, const char *expected)
{
	char *text = metric_text(known(metric), value);
	assert_string_equal(text, expected);
	free(text);
}

static void test_numbers_have_the_metrics_unit(void **state)
{
	(void)state;
	says("gil_held_fraction", 0.9923, "0.992");
	says("gil_waited_fraction", 0.00038, "0.00038");
	says("fairness", 1, "1");
	says("gil_wait_p99_s", 0.0051, "5.1 ms");
	says("gil_longest_wait_s", 0.0717, "71.7 ms");
	says("gil_acquisitions", 389, "389");
	says("speedup", 0.9923, "0.99");
	says("fairness", (double)NAN, "not measured");
}

static void test_an_unknown_metric_gets_the_nearest_name(void **state)
{
	(void)state;
	char error[300];
	assert_null(metric_find("gil_waited_fracton", error, sizeof(error)));
	assert_non_null(strstr(error, "did you mean 'gil_waited_fraction'"));
	assert_null(metric_find("zzzzzzzz", error, sizeof(error)));
	assert_non_null(strstr(error, "numeric column of summary.csv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_number_of_the_summary_is_a_metric),
		cmocka_unit_test(test_numbers_have_the_metrics_unit),
		cmocka_unit_test(test_an_unknown_metric_gets_the_nearest_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
