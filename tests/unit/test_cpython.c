/*
 * cpython: what an interpreter says of itself, and what becomes of a cell that it runs. Most interpreters here are
 * shell scripts that answer as one might; the real python3 follows, where there is one. Deadlines are far away or
 * already past, so no test depends on how fast the machine is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include <gilbench/cpython.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "scratch.h"

/* Far enough that only a hang reaches it. */
#define FAR_S 60

static char error[512];

#define assert_says(text, wanted)                                                          \
	do {                                                                               \
		if (strstr(text, wanted) == NULL)                                          \
			fail_msg("the sentence is \"%s\"; it lacks \"%s\"", text, wanted); \
	} while (0)

/* A script that answers on descriptor 3. Free the path. */
static char *fake(const char *name, const char *script)
{
	char *path = scratch(name), *text = xasprintf("#!/bin/sh\n%s\n", script);
	scratch_write(name, text);
	assert_int_equal(chmod(path, 0755), 0);
	free(text);
	return path;
}

#define PROBE_OF(version, major, minor)                                                      \
	"echo '{\"version\":\"" version "\",\"major\":" #major ",\"minor\":" #minor          \
	",\"implementation\":\"CPython\",\"has_gil\":true,\"is_free_threaded_build\":false," \
	"\"switch_interval_s\":0.005,\"has_asyncio\":true,\"executable\":\"/opt/python\"}' >&3"

static void test_an_interpreter_says_what_it_is(void **state)
{
	(void)state;
	struct cpython python;
	char *path = fake("good", PROBE_OF("3.11.7", 3, 11));
	assert_int_equal(cpython_probe(path, &python, error, sizeof(error)), 0);
	assert_string_equal(python.version, "3.11.7");
	assert_int_equal(python.major, 3);
	assert_int_equal(python.minor, 11);
	assert_true(python.has_gil && python.has_asyncio && !python.is_free_threaded_build);
	assert_true(python.switch_interval_s == 0.005);
	assert_string_equal(python.implementation, "CPython");
	assert_string_equal(python.path, "/opt/python");
	cpython_release(&python);
	free(path);
}

static void refuse_probe(const char *program, int status, const char *sentence)
{
	struct cpython python;
	assert_int_equal(cpython_probe(program, &python, error, sizeof(error)), status);
	assert_says(error, sentence);
}

static void test_what_is_no_interpreter_is_refused(void **state)
{
	(void)state;
	char *deaf = fake("deaf", "exit 0"), *liar = fake("liar", "echo '{\"version\":\"3\"}' >&3"),
	     *sad = fake("sad", "echo 'bad option' >&2; exit 2"), *missing = scratch("missing");
	refuse_probe(missing, -ENOENT, "there is no program");
	refuse_probe("no-such-python", -ENOENT, "there is no program 'no-such-python'");
	refuse_probe(deaf, -EINVAL, "does not answer as a Python does");
	refuse_probe(liar, -EINVAL, "does not answer as a Python does");
	refuse_probe(sad, -EINVAL, "bad option");
	free(missing);
	free(sad);
	free(liar);
	free(deaf);
}

static void test_an_interpreter_may_be_too_old(void **state)
{
	(void)state;
	char *two = fake("two", PROBE_OF("2.6.9", 2, 6)), *three = fake("three", PROBE_OF("3.5.1", 3, 5)),
	     *last = fake("last", PROBE_OF("2.7.18", 2, 7));
	struct cpython python;
	refuse_probe(two, -EINVAL, "is Python 2.6.9: it must be 2.7, or 3.6 or later");
	refuse_probe(three, -EINVAL, "is Python 3.5.1");
	assert_int_equal(cpython_probe(last, &python, error, sizeof(error)), 0);
	cpython_release(&python);
	free(last);
	free(three);
	free(two);
}

static void test_without_the_scripts_it_says_where_they_should_be(void **state)
{
	(void)state;
	setenv("GILBENCH_DATADIR", scratch_path, 1);
	refuse_probe("python3", -ENOENT, "/scripts/cpython/cell.py; set GILBENCH_DATADIR");
	unsetenv("GILBENCH_DATADIR");
}

/* ---- cells ---- */

static struct cell spin_cell(const char *policy)
{
	return (struct cell){.experiment = "validate",
			     .cast = "spin",
			     .params = "iterations=10",
			     .model = "gil",
			     .policy = policy,
			     .workers = 2,
			     .source = SOURCE_CPYTHON};
}

static void run_cell_for(char *path, const struct cell *cell, double deadline_s, struct sample *sample)
{
	struct cpython python = {.path = path};
	struct request request = {.cell = cell, .ops = 7, .seed = 42, .deadline_s = deadline_s};
	assert_int_equal(cpython_execute(&python, &request, sample), 0);
}

static struct sample run_fake(const char *name, const char *script, double deadline_s)
{
	struct sample sample;
	struct cell cell = spin_cell("cpython-3.11.7");
	char *path = fake(name, script);
	run_cell_for(path, &cell, deadline_s, &sample);
	assert_string_equal(sample.cell.experiment, "validate");
	assert_int_equal(sample.seed, 42);
	assert_int_equal(sample.ops_asked, 7);
	free(path);
	return sample;
}

#define GOOD_SAMPLE                                                                                   \
	"echo '{\"schema\":\"gilbench-sample-1\",\"schema_version\":1,\"status\":\"ok\",\"block\":0," \
	"\"order\":0,\"seed\":1,\"ops_asked\":1,\"is_throttled\":0,\"wall_s\":0.5,\"cell\":"          \
	"{\"experiment\":\"once\",\"cast\":\"x\",\"params\":\"\",\"model\":\"gil\",\"policy\":\"\","  \
	"\"workers\":1,\"kind\":\"batch\",\"source\":\"cpython\"},\"roles\":[{\"role\":\"spin\","     \
	"\"workload\":\"spin\",\"tasks\":2,\"ops\":7,\"checksum\":\"0x0\",\"lost_ops\":0,"            \
	"\"throughput_per_s\":14}]}' >&3"

static void test_a_sample_comes_back_under_the_cell_that_was_asked_for(void **state)
{
	(void)state;
	struct sample sample = run_fake("speaks", GOOD_SAMPLE, FAR_S);
	assert_int_equal(sample.status, SAMPLE_OK);
	assert_true(sample.wall_s == 0.5);
	assert_int_equal(sample.role_count, 1);
	assert_int_equal(sample.role[0].ops, 7);
	assert_string_equal(sample.cell.cast, "spin");
	assert_true(isnan(sample.role[0].gil_wait_s));
	sample_release(&sample);
}

static void expect_crash(const char *script, const char *sentence)
{
	struct sample sample = run_fake("crash", script, FAR_S);
	assert_int_equal(sample.status, SAMPLE_CRASHED);
	assert_says(sample.error, sentence);
	assert_true(isnan(sample.wall_s));
	assert_int_equal(sample.role_count, 0);
}

static void test_whatever_it_does_is_a_status(void **state)
{
	(void)state;
	expect_crash("echo nonsense >&3", "its answer is no sample");
	expect_crash("echo '{}' >&3", "the schema is ''");
	expect_crash("exit 0", "exit status 0 without giving its sample");
	expect_crash("kill -9 $$", "signal 9");
	expect_crash("echo 'cell.py: no such thing' >&2; exit 2", "exit status 2 without giving its sample: "
								  "cell.py: no such thing");
}

static void test_of_a_traceback_the_last_line_is_told(void **state)
{
	(void)state;
	expect_crash("echo 'Traceback (most recent call last):' >&2; echo '  File \"x\", line 1' >&2; "
		     "echo 'ZeroDivisionError: division by zero' >&2; echo >&2; exit 1",
		     "its sample: ZeroDivisionError: division by zero");
	expect_crash(
		"echo 'Exception in thread Thread-1:' >&2; echo 'Traceback (most recent call last):' >&2; "
		"i=0; while [ $i -lt 100 ]; do echo '  File \"x\", in f' >&2; i=$((i + 1)); done; "
		"echo 'KeyError: 5' >&2; exit 1",
		"its sample: KeyError: 5");
}

static void test_past_its_deadline_it_is_ended(void **state)
{
	(void)state;
	struct sample sample = run_fake("hangs", "sleep 1000", 0.001);
	assert_int_equal(sample.status, SAMPLE_TIMEOUT);
	assert_says(sample.error, "deadline");
}

static void test_an_interpreter_may_vanish(void **state)
{
	(void)state;
	struct sample sample;
	struct cell cell = spin_cell("cpython-3.11.7");
	char *path = scratch("vanished");
	run_cell_for(path, &cell, FAR_S, &sample);
	assert_int_equal(sample.status, SAMPLE_CRASHED);
	assert_says(sample.error, "exit status 127");
	free(path);
}

/* What a fake wrote into the scratch folder. Free it. */
static char *written(const char *name)
{
	char *path = scratch(name), *text = read_file(path, NULL);
	assert_non_null(text);
	free(path);
	return text;
}

/* The words that the interpreter was started with, after its name. Free them. */
static char *words_of(const struct cell *cell, const char *affinity, const char *client)
{
	struct sample sample;
	struct request request = {
		.cell = cell, .ops = 7, .seed = UINT64_MAX, .deadline_s = FAR_S, .affinity = affinity};
	char *script = xasprintf("echo \"$@\" > '%s/words'", scratch_path), *path = fake("writes", script);
	struct cpython python = {.path = path, .client_command = client};
	assert_int_equal(cpython_execute(&python, &request, &sample), 0);
	assert_int_equal(sample.status, SAMPLE_CRASHED);
	free(path);
	free(script);
	return written("words");
}

static void test_the_cell_becomes_words(void **state)
{
	(void)state;
	struct cell cell = spin_cell("cpython-3.11.7,interval=1ms");
	char *words = words_of(&cell, "0-1", "./client -x");
	assert_says(words, "-s -B /");
	assert_says(
		words,
		"/scripts/cpython/cell.py --sample-fd 3 --workload spin --param iterations=10 --model gil "
		"--workers 2 --ops 7 --affinity 0-1 --seed 18446744073709551615 --client-command "
		"./client -x --switch-interval 0.001\n");
	free(words);
	cell = (struct cell){.cast = "echo:1,spin:2",
			     .params = "spin.iterations=5 echo.bytes=32",
			     .model = "gil",
			     .policy = "cpython-2.7.18,check=1000",
			     .workers = 3,
			     .kind = CELL_WINDOW,
			     .window_s = 2.5};
	words = words_of(&cell, NULL, NULL);
	assert_says(words,
		    "--workload echo:1,spin:2 --param spin.iterations=5 --param echo.bytes=32 --model gil "
		    "--workers 3 --window 2.5 --seed 18446744073709551615 --check-interval 1000\n");
	free(words);
}

static void test_a_setting_that_no_interpreter_has_is_refused(void **state)
{
	(void)state;
	static const char *const policies[] = {"cpython-3.11.7,handoff=fifo", "cpython-3.11.7,interval",
					       "cpython-3.11.7,interval=soon", "cpython-3.11.7,inter=1ms"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		struct sample sample;
		struct cell cell = spin_cell(policies[i]);
		char path[] = "/nonexistent";
		run_cell_for(path, &cell, FAR_S, &sample);
		assert_int_equal(sample.status, SAMPLE_UNSUPPORTED);
		assert_says(sample.error, "is no setting of an interpreter");
	}
}

static void test_no_variable_of_pythons_gets_through(void **state)
{
	(void)state;
	char *script = xasprintf("env > '%s/environment'", scratch_path);
	setenv("PYTHONPATH", "/elsewhere", 1);
	setenv("PYTHONHASHSEED", "7", 1);
	struct sample sample = run_fake("tells", script, FAR_S);
	unsetenv("PYTHONPATH");
	unsetenv("PYTHONHASHSEED");
	assert_int_equal(sample.status, SAMPLE_CRASHED);
	char *environment = written("environment");
	assert_null(strstr(environment, "PYTHONPATH"));
	assert_says(environment, "PYTHONHASHSEED=0\n");
	assert_says(environment, "PYTHONDONTWRITEBYTECODE=1\n");
	assert_says(environment, "PATH=");
	free(environment);
	free(script);
}

/* ---- the real one ---- */

static bool find_python(struct cpython *python)
{
	int status = cpython_probe("python3", python, error, sizeof(error));
	if (status == 0)
		return true;
	if (status != -ENOENT)
		fail_msg("%s", error);
	return false;
}

static const struct cell real_cells[] = {
	{.cast = "null", .params = "", .model = "seq", .workers = 1},
	{.cast = "spin", .params = "iterations=100", .model = "gil", .workers = 2},
	{.cast = "spin", .params = "iterations=100", .model = "fork", .workers = 2},
	{.cast = "spin", .params = "iterations=100", .model = "uv", .workers = 2},
	{.cast = "sleep", .params = "ms=0.1", .model = "gil", .workers = 3},
	{.cast = "sleep", .params = "ms=0.1", .model = "uv", .workers = 3},
	{.cast = "mixed",
	 .params = "work_ms=0.1 wait_ms=0.1 spread=const iterations_per_ms=100",
	 .model = "gil",
	 .workers = 2},
	{.cast = "mixed", .params = "work_ms=0.1 wait_ms=0.1", .model = "uv", .workers = 2},
	{.cast = "hash", .params = "bytes=2048", .model = "gil", .workers = 2},
	{.cast = "sort", .params = "items=100", .model = "gil", .workers = 2},
	{.cast = "handoff", .params = "", .model = "gil", .workers = 3},
	{.cast = "handoff", .params = "", .model = "gil", .workers = 1},
	{.cast = "handoff", .params = "", .model = "fork", .workers = 2},
	{.cast = "release", .params = "what=hash bytes=4096", .model = "gil", .workers = 2},
};

/* Every operation that was asked for was done once, each has a latency, and no time is longer than the whole. */
static void assert_batch(const struct sample *sample, uint64_t ops)
{
	const struct role_sample *role = &sample->role[0];
	if (sample->status != SAMPLE_OK)
		fail_msg("%s under %s: %s", sample->cell.cast, sample->cell.model, sample->error);
	assert_int_equal(sample->role_count, 1);
	assert_int_equal(role->ops, ops);
	assert_int_equal(role->tasks, sample->cell.workers);
	assert_non_null(role->latency);
	assert_int_equal(role->latency->count, ops);
	uint64_t counted = 0;
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		counted += role->latency->bucket[i];
	assert_int_equal(counted, ops);
	assert_true((double)role->latency->max_ns <= sample->wall_s * 1e9 + 1);
	assert_true(sample->cpu_s >= 0 && sample->rss_bytes > 0 && sample->setup_s > 0);
	assert_true(role->fairness > 0 && role->fairness <= 1);
}

static void test_python_does_every_batch(void **state)
{
	(void)state;
	struct cpython python;
	if (!find_python(&python))
		skip();
	for (size_t i = 0; i < ARRAY_LEN(real_cells); i++) {
		struct sample sample;
		struct cell cell = real_cells[i];
		cell.experiment = "test";
		cell.policy = "cpython";
		struct request request = {.cell = &cell, .ops = 20, .seed = 3, .deadline_s = FAR_S};
		assert_int_equal(cpython_execute(&python, &request, &sample), 0);
		assert_batch(&sample, 20);
		sample_release(&sample);
	}
	cpython_release(&python);
}

static void test_python_keeps_a_window(void **state)
{
	(void)state;
	struct cpython python;
	if (!find_python(&python))
		skip();
	struct sample sample;
	struct cell cell = {.experiment = "test",
			    .cast = "echo:1,spin:1,handoff:2,release:1,turns:1",
			    .params = "spin.iterations=100 echo.busy=1 turns.what=gap",
			    .model = "gil",
			    .policy = "cpython,interval=1ms",
			    .workers = 6,
			    .kind = CELL_WINDOW,
			    .window_s = 0.5};
	struct request request = {.cell = &cell, .seed = 3, .deadline_s = FAR_S};
	assert_int_equal(cpython_execute(&python, &request, &sample), 0);
	if (sample.status != SAMPLE_OK)
		fail_msg("%s", sample.error);
	assert_int_equal(sample.role_count, 5);
	assert_true(sample.wall_s == 0.5);
	assert_string_equal(sample.role[4].role, "turns");
	for (int i = 0; i < sample.role_count; i++)
		if (sample.role[i].latency != NULL)
			assert_int_equal(sample.role[i].latency->count, sample.role[i].ops);
	assert_true(sample.role[1].ops > 0);
	assert_true(sample.companion_cpu_s > 0);
	sample_release(&sample);
	cpython_release(&python);
}

/* Values around every power of two, from one bucket each to beyond the last. */
static const char index_script[] = "import sys; sys.path.insert(0, sys.argv[1]); import histogram\n"
				   "for bits in range(64):\n"
				   "    for delta in (-2, -1, 0, 1, 3, 1 << bits >> 1, 1 << bits >> 3):\n"
				   "        value = (1 << bits) + delta\n"
				   "        if 0 <= value < 1 << 64:\n"
				   "            print(value, histogram.index(value))\n";

static void test_buckets_are_the_same_on_both_sides(void **state)
{
	(void)state;
	struct cpython python;
	if (!find_python(&python))
		skip();
	char *data = data_dir();
	char *command = xasprintf("'%s' -B -c '%s' '%s/scripts/cpython'", python.path, index_script, data);
	FILE *lines = popen(command, "r");
	assert_non_null(lines);
	uint64_t value;
	unsigned index, count = 0;
	while (fscanf(lines, "%" SCNu64 " %u", &value, &index) == 2) {
		if (index != hist_index(value))
			fail_msg("%" PRIu64 " is in bucket %u in Python and %u in C", value, index,
				 hist_index(value));
		count++;
	}
	assert_int_equal(pclose(lines), 0);
	assert_true(count > 400);
	free(command);
	free(data);
	cpython_release(&python);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_interpreter_says_what_it_is),
		cmocka_unit_test(test_what_is_no_interpreter_is_refused),
		cmocka_unit_test(test_an_interpreter_may_be_too_old),
		cmocka_unit_test(test_without_the_scripts_it_says_where_they_should_be),
		cmocka_unit_test(test_a_sample_comes_back_under_the_cell_that_was_asked_for),
		cmocka_unit_test(test_whatever_it_does_is_a_status),
		cmocka_unit_test(test_of_a_traceback_the_last_line_is_told),
		cmocka_unit_test(test_past_its_deadline_it_is_ended),
		cmocka_unit_test(test_an_interpreter_may_vanish),
		cmocka_unit_test(test_the_cell_becomes_words),
		cmocka_unit_test(test_a_setting_that_no_interpreter_has_is_refused),
		cmocka_unit_test(test_no_variable_of_pythons_gets_through),
		cmocka_unit_test(test_python_does_every_batch),
		cmocka_unit_test(test_python_keeps_a_window),
		cmocka_unit_test(test_buckets_are_the_same_on_both_sides),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
