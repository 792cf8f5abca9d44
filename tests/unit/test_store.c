/*
 * store: a run directory survives what happens to it, and a foreign one gives one sentence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <gilbench/store.h>

#include "near.h"
#include "samples.h"
#include "scratch.h"

static char error[512];

#define assert_says(text)                                                                 \
	do {                                                                              \
		if (strstr(error, text) == NULL)                                          \
			fail_msg("the sentence is \"%s\"; it lacks \"%s\"", error, text); \
	} while (0)

static struct sample sample_with_latency(void)
{
	struct sample sample = fake_sample(fake_cell_of("gil", 2), 3, 0.125);
	struct hist *latency = xcalloc(1, sizeof(*latency));
	hist_reset(latency);
	hist_record(latency, 1000);
	hist_record(latency, 1000);
	hist_record(latency, 5000000);
	sample.role[0].latency = latency;
	sample.role[0].checksum = UINT64_MAX - 5;
	sample.seed = (1ull << 53) - 1;
	return sample;
}

/* Two workers under a lock: one of them as with stats=off. */
static struct sample sample_with_lock(void)
{
	struct sample sample = fake_sample(fake_cell_of("gil", 2), 0, 0.125);
	struct role_sample *role = &sample.role[0];
	sample.gil_span_s = 0.25;
	role->gil_held_fraction = 0.75;
	role->gil_waited_fraction = 0.5;
	role->gil_acquisitions = 7;
	role->gil_longest_wait_s = 0.005;
	role->wait = xcalloc(1, sizeof(*role->wait));
	hist_reset(role->wait);
	hist_record(role->wait, 40);
	hist_record(role->wait, 5000000);
	role->worker_count = 2;
	role->worker = xcalloc(2, sizeof(*role->worker));
	role->worker[0] = (struct worker_sample){600, 0.1, 0.05, 0.005, 0.001, 0.004, 4, 3, 2};
	role->worker[1] = (struct worker_sample){400, NAN, NAN, NAN, NAN, NAN, 3, 2, 1};
	return sample;
}

/* A run directory with `count` samples. Free the path. */
static char *make_run(const char *name, unsigned count)
{
	char *dir = scratch(name);
	json_t *manifest = json_pack("{s:s}", "schema", MANIFEST_SCHEMA);
	assert_int_equal(run_create(dir), 0);
	assert_int_equal(run_write_manifest(dir, manifest), 0);
	json_decref(manifest);
	for (unsigned block = 0; block < count; block++) {
		struct sample sample = fake_sample(fake_cell_of("gil", 2), block, 0.125);
		assert_int_equal(run_append_sample(dir, &sample), 0);
	}
	return dir;
}

static void append_text(const char *dir, const char *text)
{
	char *path = xasprintf("%s/samples.jsonl", dir);
	FILE *file = fopen(path, "a");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

static void test_a_sample_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sample sample = sample_with_latency(), back;
	json_t *object = sample_to_json(&sample), *strings = json_array();
	assert_int_equal(sample_from_json(object, &back, strings, error, sizeof(error)), 0);
	assert_true(cell_equal(&back.cell, &sample.cell));
	assert_int_equal(back.block, 3);
	assert_int_equal(back.seed, sample.seed);
	assert_int_equal(back.role[0].checksum, sample.role[0].checksum);
	assert_near(back.wall_s, 0.125);
	assert_nan(back.ctx_involuntary);
	assert_nan(back.role[0].gil_wait_s);
	assert_memory_equal(back.role[0].latency, sample.role[0].latency, sizeof(struct hist));
	sample_release(&back);
	sample_release(&sample);
	json_decref(strings);
	json_decref(object);
}

static void test_what_the_lock_did_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sample sample = sample_with_lock(), back;
	json_t *object = sample_to_json(&sample), *strings = json_array();
	assert_int_equal(sample_from_json(object, &back, strings, error, sizeof(error)), 0);
	const struct role_sample *role = &back.role[0];
	assert_near(back.gil_span_s, 0.25);
	assert_near(role->gil_held_fraction, 0.75);
	assert_near(role->gil_waited_fraction, 0.5);
	assert_near(role->gil_acquisitions, 7);
	assert_near(role->gil_longest_wait_s, 0.005);
	assert_nan(role->gil_forced);
	assert_null(role->latency);
	assert_memory_equal(role->wait, sample.role[0].wait, sizeof(struct hist));
	assert_int_equal(role->worker_count, 2);
	assert_memory_equal(&role->worker[0], &sample.role[0].worker[0], sizeof(struct worker_sample));
	assert_int_equal(role->worker[1].ops, 400);
	assert_int_equal(role->worker[1].acquisitions, 3);
	assert_int_equal(role->worker[1].switches, 2);
	assert_int_equal(role->worker[1].forced, 1);
	assert_nan(role->worker[1].held_s);
	assert_nan(role->worker[1].wait_s);
	assert_nan(role->worker[1].longest_wait_s);
	assert_nan(role->worker[1].wait_p50_s);
	assert_nan(role->worker[1].wait_p99_s);
	sample_release(&back);
	sample_release(&sample);
	json_decref(strings);
	json_decref(object);
}

/* A line as the program wrote it before it knew of workers. */
static void test_an_older_line_is_read_without_what_it_lacks(void **state)
{
	(void)state;
	static const char line[] =
		"{\"schema\":\"gilbench-sample-1\",\"schema_version\":1,\"cell\":{\"experiment\":\"x\","
		"\"cast\":\"spin\","
		"\"params\":\"\",\"model\":\"gil\",\"policy\":\"py3\",\"workers\":2,\"window_s\":0,\"kind\":"
		"\"batch\","
		"\"source\":\"live\"},\"status\":\"ok\",\"block\":0,\"order\":0,\"seed\":1,\"ops_asked\":5,"
		"\"is_throttled\":0,\"wall_s\":0.1,\"roles\":[{\"role\":\"spin\",\"workload\":\"spin\","
		"\"tasks\":2,\"ops\":5,"
		"\"checksum\":\"0x1\",\"lost_ops\":0,\"throughput_per_s\":50,\"gil_held_fraction\":0.9,\"gil_"
		"wait_s\":0.1,"
		"\"gil_switches\":3,\"gil_forced\":2,\"fairness\":1}]}";
	struct sample back;
	json_t *object = json_loads(line, 0, NULL), *strings = json_array();
	assert_non_null(object);
	if (sample_from_json(object, &back, strings, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_near(back.role[0].gil_held_fraction, 0.9);
	assert_nan(back.gil_span_s);
	assert_nan(back.role[0].gil_waited_fraction);
	assert_nan(back.role[0].gil_acquisitions);
	assert_nan(back.role[0].gil_longest_wait_s);
	assert_null(back.role[0].wait);
	assert_null(back.role[0].worker);
	assert_int_equal(back.role[0].worker_count, 0);
	sample_release(&back);
	json_decref(strings);
	json_decref(object);
}

static void test_a_number_that_does_not_apply_is_absent(void **state)
{
	(void)state;
	struct sample sample = fake_sample(fake_cell_of("gil", 2), 0, 0.125);
	json_t *object = sample_to_json(&sample);
	assert_null(json_object_get(object, "ctx_involuntary"));
	assert_non_null(json_object_get(object, "schema_version"));
	json_decref(object);
}

static void refuse_with(const char *key, json_t *value, const char *sentence)
{
	struct sample sample = fake_sample(fake_cell_of("gil", 2), 0, 0.125), back;
	json_t *object = sample_to_json(&sample), *strings = json_array();
	json_object_set_new(object, key, value);
	assert_int_equal(sample_from_json(object, &back, strings, error, sizeof(error)), -1);
	assert_says(sentence);
	json_decref(strings);
	json_decref(object);
}

/* In the first role, of a sample that has everything of a lock. */
static void refuse_in_role(const char *key, json_t *value, const char *sentence)
{
	struct sample sample = sample_with_lock(), back;
	json_t *object = sample_to_json(&sample), *strings = json_array();
	json_object_set_new(json_array_get(json_object_get(object, "roles"), 0), key, value);
	assert_int_equal(sample_from_json(object, &back, strings, error, sizeof(error)), -1);
	assert_says(sentence);
	sample_release(&sample);
	json_decref(strings);
	json_decref(object);
}

static void test_a_malformed_sample_names_the_field(void **state)
{
	(void)state;
	refuse_with("schema", json_string("gilbench-sample-9"), "gilbench-sample-9");
	refuse_with("block", json_integer(-1), "'block'");
	refuse_with("order", json_string("two"), "'order'");
	refuse_with("status", json_string("fine"), "'status'");
	refuse_with("roles", json_object(), "'roles'");
	refuse_with("cell", json_array(), "'object'");
	refuse_with("wall_s", json_true(), "'wall_s'");
	refuse_in_role("worker", json_integer(2), "'worker'");
	refuse_in_role("worker", json_pack("[{}]"), "'worker'");
	refuse_in_role("worker", json_pack("[{},{}]"), "'ops'");
	refuse_in_role("wait", json_array(), "'object'");
	refuse_in_role("wait",
		       json_pack("{s:i,s:i,s:i,s:i}", "count", 1, "sum_ns", 1, "min_ns", 1, "max_ns", 1),
		       "'buckets'");
	refuse_in_role("gil_waited_fraction", json_string("half"), "'gil_waited_fraction'");
}

static void test_samples_are_read_in_their_order(void **state)
{
	(void)state;
	char *dir = make_run("plain", 3);
	struct run run;
	assert_int_equal(run_load(&run, dir, error, sizeof(error)), 0);
	assert_int_equal(run.sample_count, 3);
	assert_int_equal(run.samples[2].block, 2);
	assert_int_equal(run.torn_lines, 0);
	assert_string_equal(run.name, "plain");
	run_release(&run);
	free(dir);
}

static void test_a_torn_line_is_dropped_and_mended(void **state)
{
	(void)state;
	char *dir = make_run("torn", 2);
	struct run run;
	append_text(dir, "{\"schema\":\"gilbench-sam");
	assert_int_equal(run_load(&run, dir, error, sizeof(error)), 0);
	assert_int_equal(run.sample_count, 2);
	assert_int_equal(run.torn_lines, 1);
	run_release(&run);
	assert_int_equal(run_mend(dir), 1);
	assert_int_equal(run_mend(dir), 0);
	assert_int_equal(run_load(&run, dir, error, sizeof(error)), 0);
	assert_int_equal(run.sample_count, 2);
	assert_int_equal(run.torn_lines, 0);
	run_release(&run);
	free(dir);
}

static void refuse_run(const char *dir, const char *sentence)
{
	struct run run;
	assert_int_equal(run_load(&run, dir, error, sizeof(error)), -1);
	assert_says(sentence);
}

static void test_a_foreign_line_is_named(void **state)
{
	(void)state;
	char *dir = make_run("foreign", 2);
	append_text(dir, "time,value\n");
	refuse_run(dir, "samples.jsonl:3: not JSON");
	free(dir);
}

static void test_what_is_no_run_says_so(void **state)
{
	(void)state;
	char *dir = scratch("empty"), *file = scratch("binary"), *manifest = scratch("empty/manifest.json");
	refuse_run(dir, "No such file");
	mkdir(dir, 0777);
	refuse_run(dir, "not a run directory");
	scratch_write("empty/manifest.json", "\x7f"
					     "ELF");
	refuse_run(dir, "manifest.json:1:");
	scratch_write("empty/manifest.json", "{\"schema\": \"other\"}");
	refuse_run(dir, "'other'");
	scratch_write("binary", "\x7f"
				"ELF");
	refuse_run(file, "neither a run directory nor a bundle");
	free(manifest);
	free(file);
	free(dir);
}

static void test_a_directory_holds_one_run(void **state)
{
	(void)state;
	char *dir = make_run("one", 1), *deep = scratch("a/b/c"),
	     *below_file = scratch("one/manifest.json/x");
	assert_int_equal(run_create(dir), -EEXIST);
	assert_int_equal(run_create(deep), 0);
	assert_int_equal(run_create(below_file), -ENOTDIR);
	free(below_file);
	free(deep);
	free(dir);
}

static void test_a_full_disk_leaves_whole_lines(void **state)
{
	(void)state;
	char *dir = make_run("full", 1);
	struct rlimit before, small = {.rlim_cur = 2000, .rlim_max = RLIM_INFINITY};
	struct sample sample = fake_sample(fake_cell_of("gil", 2), 1, 0.125);
	struct run run;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int status = 0;
	unsigned written = 1;
	while (status == 0 && written < 100) {
		status = run_append_sample(dir, &sample);
		written += status == 0;
	}
	assert_true(status == -EFBIG || status == -ENOSPC);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(run_load(&run, dir, error, sizeof(error)), 0);
	assert_int_equal(run.sample_count, written);
	assert_int_equal(run.torn_lines, 0);
	run_release(&run);
	free(dir);
}

/* ---- bundles ---- */

static char *pack(const char *arguments)
{
	char *bundle = scratch("bundle.tar.gz");
	char *command = xasprintf("cd '%s' && tar -czPf bundle.tar.gz %s", scratch_path, arguments);
	assert_int_equal(system(command), 0);
	free(command);
	return bundle;
}

static void test_a_bundle_is_read_like_a_directory(void **state)
{
	(void)state;
	char *dir = make_run("packed", 2), *bundle = pack("packed");
	struct run run;
	setenv("TMPDIR", scratch_path, 1);
	if (run_load(&run, bundle, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_int_equal(run.sample_count, 2);
	assert_string_equal(run.name, "packed");
	assert_string_not_equal(run.path, dir);
	run_release(&run);
	free(bundle);
	free(dir);
}

static void test_a_bundle_cannot_write_elsewhere(void **state)
{
	(void)state;
	char *dir = make_run("evil", 1), *link = scratch("evil/link");
	free(pack("evil/../evil/manifest.json"));
	char *bundle = scratch("bundle.tar.gz");
	refuse_run(bundle, "lead out of it");
	char *absolute = xasprintf("'%s/evil/manifest.json'", scratch_path);
	free(pack(absolute));
	refuse_run(bundle, "lead out of it");
	assert_int_equal(symlink("/etc", link), 0);
	free(pack("evil"));
	refuse_run(bundle, "lead out of it");
	free(absolute);
	free(bundle);
	free(link);
	free(dir);
}

static void test_a_bundle_without_a_run_says_so(void **state)
{
	(void)state;
	scratch_write("note", "hello");
	char *bundle = pack("note");
	setenv("TMPDIR", scratch_path, 1);
	refuse_run(bundle, "no manifest.json");
	free(bundle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sample_comes_back_as_it_was),
		cmocka_unit_test(test_what_the_lock_did_comes_back_as_it_was),
		cmocka_unit_test(test_an_older_line_is_read_without_what_it_lacks),
		cmocka_unit_test(test_a_number_that_does_not_apply_is_absent),
		cmocka_unit_test(test_a_malformed_sample_names_the_field),
		cmocka_unit_test(test_samples_are_read_in_their_order),
		cmocka_unit_test(test_a_torn_line_is_dropped_and_mended),
		cmocka_unit_test(test_a_foreign_line_is_named),
		cmocka_unit_test(test_what_is_no_run_says_so),
		cmocka_unit_test(test_a_directory_holds_one_run),
		cmocka_unit_test(test_a_full_disk_leaves_whole_lines),
		cmocka_unit_test(test_a_bundle_is_read_like_a_directory),
		cmocka_unit_test(test_a_bundle_cannot_write_elsewhere),
		cmocka_unit_test(test_a_bundle_without_a_run_says_so),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
