/*
 * log: what reaches stderr when it is a file: plain lines, no colour, no drawing over; quiet drops all but
 * warnings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <gilbench/log.h>
#include <gilbench/util.h>

static char path[] = "/tmp/gilbench-log-XXXXXX";
static int saved_stderr, file;

static void capture(void)
{
	fflush(stderr);
	strcpy(path + strlen(path) - 6, "XXXXXX");
	file = mkstemp(path);
	saved_stderr = dup(STDERR_FILENO);
	dup2(file, STDERR_FILENO);
}

/* What was written since capture(), and stderr as it was. Free it. */
static char *captured(void)
{
	fflush(stderr);
	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	close(file);
	char *text = read_file(path, NULL);
	unlink(path);
	return text;
}

static void test_plain_when_no_terminal(void **state)
{
	(void)state;
	capture();
	bool has_colour = log_has_colour(), is_terminal = log_is_terminal();
	log_progress("first %d", 1);
	log_progress("too soon after the first");
	log_note("a note");
	log_warn("a %s", "warning");
	log_progress_end();
	char *text = captured();
	assert_string_equal(text, "first 1\na note\nwarning: a warning\n");
	assert_false(has_colour);
	assert_false(is_terminal);
	free(text);
}

static void test_quiet_keeps_warnings(void **state)
{
	(void)state;
	capture();
	log_set_quiet(true);
	log_note("a note");
	log_progress("progress");
	log_warn("a warning");
	bool is_quiet = log_is_quiet();
	log_set_quiet(false);
	char *text = captured();
	assert_string_equal(text, "warning: a warning\n");
	assert_true(is_quiet);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_when_no_terminal),
		cmocka_unit_test(test_quiet_keeps_warnings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
