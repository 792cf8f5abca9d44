/* Laws of scaling in the report: which curves get them, and what is said with them. Samples are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>

#include "report/pages.h"
#include "samples.h"
#include "scratch.h"

static const char text[] =
	"[experiment]\ntitle = T\nquestion = Q?\nanswer = None.\nclass = mixed\nmodels = gil\n"
	"[cells all]\ncast = spin\n";

struct fake {
	struct run run;
	struct sample samples[256];
};

static struct fake fake;

static void fake_begin(void)
{
	fake = (struct fake){
		.run = {.path = scratch_path, .name = (char *)(uintptr_t) "fake", .samples = fake.samples}};
	fake.run.manifest =
		json_pack("{s:s, s:s, s:[{s:s, s:s, s:s}]}", "run", "fake-run", "status", "complete",
			  "experiments", "name", "test", "path", "test.ini", "text", text);
}

static void add(const char *model, enum cell_source source, int workers, double per_s)
{
	for (unsigned block = 0; block < 6; block++) {
		struct cell cell = fake_cell_of(model, workers);
		cell.source = source;
		fake.samples[fake.run.sample_count++] = fake_sample(cell, block, 1000 / per_s);
	}
}

/* The page in Markdown. Free it. */
static char *page(void)
{
	struct doc doc = {0};
	struct report *report = report_make(&fake.run, scratch_path);
	assert_null(report->unreadable);
	page_fits(&doc, report, 0);
	char *markdown = doc_markdown(&doc);
	doc_release(&doc);
	report_release(report);
	json_decref(fake.run.manifest);
	return markdown;
}

static void has(const char *in, const char *part)
{
	if (strstr(in, part) == NULL)
		fail_msg("missing: %s\nin: %.3000s", part, in);
}

static void has_not(const char *in, const char *part)
{
	if (strstr(in, part) != NULL)
		fail_msg("there is: %s\nin: %.3000s", part, in);
}

static void a_curve_of_a_lock_has_its_laws(void **state)
{
	(void)state;
	fake_begin();
	for (int n = 1; n <= 8; n++)
		add("gil", SOURCE_LIVE, n, queueing_machine_repairman(n, 9e-3, 1e-3));
	char *markdown = page();
	has(markdown, "1 to 8 (8)");
	/* The USL's alpha and beta, and the lock that made the curve: exactly. */
	has(markdown, "0.0018");
	has(markdown, " 0.1\u00a0±");
	has(markdown, "Coefficients, with their standard errors, describe");
	has_not(markdown, "source");
	free(markdown);
}

static void fewer_than_six_points_have_none(void **state)
{
	(void)state;
	fake_begin();
	for (int n = 1; n <= 5; n++)
		add("gil", SOURCE_LIVE, n, 100.0 * n);
	/* Six points, but of two sources: no curve. */
	for (int n = 1; n <= 3; n++) {
		add("threads", SOURCE_LIVE, n, 100.0 * n);
		add("threads", SOURCE_VIRTUAL, 3 + n, 100.0 * n);
	}
	char *markdown = page();
	has_not(markdown, "USL");
	free(markdown);
}

static void failed_points_are_left_out(void **state)
{
	(void)state;
	fake_begin();
	for (int n = 1; n <= 7; n++)
		add("fork", SOURCE_VIRTUAL, n, 100.0 * n);
	struct cell cell = fake_cell_of("fork", 4);
	cell.source = SOURCE_VIRTUAL;
	fake.samples[fake.run.sample_count++] = fake_failure(cell, 6, SAMPLE_CRASHED);
	char *markdown = page();
	has(markdown, "1 to 7 (6)");
	has(markdown, "virtual");
	has(markdown, "`000000`");
	free(markdown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_curve_of_a_lock_has_its_laws),
		cmocka_unit_test(fewer_than_six_points_have_none),
		cmocka_unit_test(failed_points_are_left_out),
	};
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
