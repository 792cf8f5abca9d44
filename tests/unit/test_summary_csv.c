/* summary.csv: the columns other programs read, quoting, and what stays empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/summary.h>

#include "samples.h"

static const char header[] =
	"experiment,role,workload,params,kind,model,policy,workers,source,status,samples,ops,"
	"wall_s,wall_lo_s,wall_hi_s,throughput_per_s,speedup,speedup_lo,speedup_hi,efficiency,"
	"cpu_s,cores_used,ctx_voluntary,ctx_involuntary,"
	"lat_p50_s,lat_p90_s,lat_p99_s,lat_max_s,"
	"gil_held_fraction,gil_wait_s,gil_switches,gil_forced,fairness,rss_bytes,setup_s,lost_ops,"
	"gil_waited_fraction,gil_acquisitions,gil_longest_wait_s,gil_wait_p50_s,gil_wait_p99_s,"
	"throughput_lo_per_s,throughput_hi_per_s,gil_switches_per_op,gil_wait_per_switch_s\n";

static char *csv_of(const struct sample *samples, size_t count)
{
	struct summary summary;
	summarise(samples, count, 1, &summary);
	char *csv = summary_csv(&summary);
	summary_release(&summary);
	return csv;
}

static unsigned count_of(const char *text, char wanted)
{
	unsigned n = 0;
	for (; *text != '\0'; text++)
		n += *text == wanted;
	return n;
}

static void no_rows_are_a_header(void **state)
{
	(void)state;
	char *csv = csv_of(NULL, 0);
	assert_string_equal(csv, header);
	free(csv);
}

static void a_row_is_known_to_the_letter(void **state)
{
	(void)state;
	struct sample s = fake_sample(fake_cell_of("gil", 2), 0, 0.25);
	s.cell.policy = "py3";
	s.role[0].gil_held_fraction = 1.0 / 3;
	char *csv = csv_of(&s, 1);
	assert_string_equal(csv + strlen(header),
			    "test,spin,spin,iterations=10,batch,gil,py3,2,live,ok,1,1000,"
			    "0.25,,,4000,,,,,"
			    "0.5,2,3,,"
			    ",,,,"
			    "0.3333333333,,,,1,4096,0.001,0,"
			    ",,,,,,,,\n");
	free(csv);
}

/* What the lock did, and an interval, which six samples have. */
static void columns_of_the_lock_are_known_to_the_letter(void **state)
{
	(void)state;
	struct sample samples[6];
	struct hist wait;
	hist_reset(&wait);
	hist_record(&wait, 64);
	for (unsigned b = 0; b < 6; b++) {
		samples[b] = fake_sample(fake_cell_of("gil", 2), b, 1 + b);
		samples[b].cell.policy = "py3";
		struct role_sample *r = &samples[b].role[0];
		r->gil_held_fraction = 0.75;
		r->gil_waited_fraction = 0.5;
		r->gil_wait_s = 0.25;
		r->gil_acquisitions = 9;
		r->gil_switches = 8;
		r->gil_forced = 7;
		r->gil_longest_wait_s = 1e-3 * b;
		r->wait = &wait;
	}
	char *csv = csv_of(samples, 6);
	assert_non_null(
		strstr(csv, ",0.75,0.25,8,7,1,4096,0.001,0,0.5,9,0.005,6.4e-08,6.4e-08,166.6666667,1000,"));
	assert_int_equal(count_of(csv + strlen(header), ','), count_of(header, ','));
	free(csv);
}

static void a_failed_cell_is_a_row_without_numbers(void **state)
{
	(void)state;
	struct sample s = fake_failure(fake_cell_of("fork", 2), 0, SAMPLE_CRASHED);
	char *csv = csv_of(&s, 1);
	assert_string_equal(csv + strlen(header), "test,spin,spin,iterations=10,batch,fork,,2,live,crashed,0,"
						  ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
	assert_int_equal(count_of(csv + strlen(header), ','), count_of(header, ','));
	free(csv);
}

static void fields_are_quoted_where_they_must_be(void **state)
{
	(void)state;
	struct sample s = fake_sample(fake_cell_of("gil", 2), 0, 1);
	s.cell.experiment = "a \"b\", c";
	s.cell.policy = "py3,interval=1ms";
	char *csv = csv_of(&s, 1);
	assert_non_null(strstr(csv, "\n\"a \"\"b\"\", c\",spin,"));
	assert_non_null(strstr(csv, ",gil,\"py3,interval=1ms\",2,"));
	free(csv);
}

static void several_roles_name_their_cast(void **state)
{
	(void)state;
	struct sample s = fake_sample(fake_cell_of("gil", 3), 0, 1);
	s.cell.cast = "echo:1,spin:2";
	s.cell.params = "spin.iterations=10";
	s.cell.kind = CELL_WINDOW;
	s.role_count = 2;
	s.role[1] = s.role[0];
	char *csv = csv_of(&s, 1);
	assert_non_null(strstr(csv, ",\"cast=echo:1,spin:2 spin.iterations=10\",window,gil,"));
	free(csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_rows_are_a_header),
		cmocka_unit_test(a_row_is_known_to_the_letter),
		cmocka_unit_test(columns_of_the_lock_are_known_to_the_letter),
		cmocka_unit_test(a_failed_cell_is_a_row_without_numbers),
		cmocka_unit_test(fields_are_quoted_where_they_must_be),
		cmocka_unit_test(several_roles_name_their_cast),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
