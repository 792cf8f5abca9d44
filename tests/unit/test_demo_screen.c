/*
 * demo_screen: fits a terminal of 80 x 24, marks N and the ceiling in every row, plain ASCII where asked.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/demo_screen.h"

static struct demo_screen filled(bool is_utf8)
{
	static const char *const models[] = {"seq", "gil", "uv", "threads", "fork"};
	struct demo_screen s = {
		.workers = 4, .ceiling = 3.5, .is_utf8 = is_utf8, .title = {"CPU-bound", "I/O-bound"}};
	for (int p = 0; p < DEMO_PANELS; p++)
		for (int r = 0; r < DEMO_ROWS; r++)
			s.row[p][r] = (struct demo_row){.model = models[r],
							.legend = "one after the other",
							.is_here = true,
							.status = "ok",
							.seconds = 999.99,
							.speedup = {r + 0.5, r, r + 1},
							.cores = 4};
	return s;
}

/* The whole screen as text; free it. */
static char *screen_text(const struct demo_screen *s)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	assert_non_null(to);
	screen_print(s, to);
	fclose(to);
	return text;
}

/* Characters, not bytes: a UTF-8 character begins with a byte that is not 10xxxxxx. */
static int columns(const char *line, size_t bytes)
{
	int count = 0;
	for (size_t i = 0; i < bytes; i++)
		count += ((unsigned char)line[i] & 0xC0) != 0x80;
	return count;
}

static void expect_fits(bool is_utf8)
{
	struct demo_screen s = filled(is_utf8);
	char *text = screen_text(&s);
	int lines = 0;
	for (const char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, lines++)
		assert_in_range(columns(line, (size_t)(end - line)), 0, 80);
	assert_int_equal(lines, SCREEN_LINES);
	free(text);
}

static void test_fits_80_columns(void **state)
{
	(void)state;
	expect_fits(true);
	expect_fits(false);
}

static void test_is_plain_ascii_where_asked(void **state)
{
	(void)state;
	struct demo_screen s = filled(false);
	char *text = screen_text(&s);
	for (const char *c = text; *c != '\0'; c++)
		assert_true((unsigned char)*c < 128);
	free(text);
}

/* N at the 18th cell of the bar and the ceiling before it, in every row, whatever the row's own length. */
static void test_marks_stand_in_every_row(void **state)
{
	(void)state;
	struct demo_screen s = filled(false);
	for (int row = 0; row < DEMO_ROWS; row++) {
		char line[200] = "";
		FILE *to = fmemopen(line, sizeof(line), "w");
		screen_print_row(&s, 0, row, to);
		fclose(to);
		const char *bar = line + 29;
		assert_int_equal(bar[17], '|');
		assert_int_equal(bar[14], ':'); /* 3.5 of 4, of 17 cells */
		size_t filled_cells = (size_t)((row + 0.5) * 17 / 4);
		assert_true(strspn(bar, "#:") >= (filled_cells < 17 ? filled_cells : 17));
	}
}

static void test_rows_without_a_number_are_blank(void **state)
{
	(void)state;
	struct demo_screen s = filled(false);
	s.ceiling = NAN;
	s.row[0][1] = (struct demo_row){.model = "gil", .legend = "threads + GIL"};
	s.row[0][2] = (struct demo_row){.model = "uv", .legend = "event loop", .status = "crashed"};
	char *text = screen_text(&s);
	assert_non_null(strstr(text, "| \n"));
	assert_non_null(strstr(text, "crashed"));
	assert_null(strstr(text, "ceiling"));
	assert_null(strstr(text, "nan"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fits_80_columns),
		cmocka_unit_test(test_is_plain_ascii_where_asked),
		cmocka_unit_test(test_marks_stand_in_every_row),
		cmocka_unit_test(test_rows_without_a_number_are_blank),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
