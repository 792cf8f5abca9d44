/*
 * experiment: ini files good and bad, and the files that ship with the program.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/experiment.h>
#include <gilbench/util.h>

static void test_reads_a_whole_file(void **state)
{
	(void)state;
	struct experiment e;
	char error[400] = "";
	char *text = read_file("tests/data/small.ini", NULL);
	assert_non_null(text);
	if (experiment_parse(&e, "tests/data/small.ini", text, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_string_equal(e.name, "small");
	assert_string_equal(e.text, text);
	assert_string_equal(e.title, "A title; with a semicolon");
	assert_string_equal(e.question, "Is it read, and joined?");
	assert_string_equal(e.notes, "First paragraph.\nSecond paragraph.");
	assert_int_equal(e.class, WORK_MIXED);
	assert_int_equal(e.rank, 3);
	assert_int_equal(e.chart_count, 2);
	assert_int_equal(e.charts[1].kind, CHART_LATENCY);
	assert_int_equal(e.claim_count, 1);
	assert_int_equal(e.claims[0].line, 15);
	assert_non_null(strstr(e.claims[0].text, "\"one lock; one core\""));
	assert_int_equal(e.set_count, 2);
	assert_string_equal(e.sets[0].cast.text, "spin");
	assert_int_equal(e.sets[0].params.line, 19);
	assert_null(e.sets[0].models.text);
	assert_string_equal(e.sets[1].policies.text, "py3,interval=1ms");
	assert_true(e.sets[1].window_s > 0.2999 && e.sets[1].window_s < 0.3001);
	experiment_release(&e);
	free(text);
}

#define HEAD "[experiment]\ntitle = t\nquestion = q\nclass = cpu\n"
#define LONG_LINE                                                                                       \
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"   \
	"123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123" \
	"4567890123456789"

static const struct {
	const char *text, *error; /* the beginning of what must be said */
} bad[] = {
	{"", "x.ini:1: there is no [experiment] section"},
	{"title = t\n", "x.ini:1: 'title' stands before any section; begin with [experiment]"},
	{"[experiment]\nquestion = q\nclass = cpu\n[cells a]\ncast = spin\n",
	 "x.ini:1: [experiment] needs a title"},
	{"[experiment]\ntitle = t\nclass = cpu\n[cells a]\ncast = spin\n",
	 "x.ini:1: [experiment] needs a question"},
	{"[experiment]\ntitle = t\nquestion = q\n[cells a]\ncast = spin\n",
	 "x.ini:1: [experiment] needs a class: cpu, wait or mixed"},
	{HEAD, "x.ini:1: there is nothing to measure; add a section such as [cells spin]"},
	{HEAD "[cells a]\n", "x.ini:5: [cells a] needs a cast, as in: cast = spin"},
	{HEAD "\n[cells]\ncast = spin\n", "x.ini:6: [cells] needs a name of its own"},
	{HEAD "[cells a]\ncast = spin\n[cells a]\n", "x.ini:7: [cells a] is there already, on line 5"},
	{HEAD "[cell a]\n",
	 "x.ini:5: there is no section [cell a]; a file has [experiment] and [cells NAME]"},
	{HEAD "[experiment]\n", "x.ini:5: [experiment] is there twice"},
	{HEAD "modles = gil\n", "x.ini:5: [experiment] has no key 'modles'; did you mean 'models'?"},
	{HEAD "colour = red\n", "x.ini:5: [experiment] has no key 'colour'; it may have title, question"},
	{HEAD "[cells a]\ncats = spin\n", "x.ini:6: [cells a] has no key 'cats'; did you mean 'cast'?"},
	{HEAD "title = again\n", "x.ini:5: title is given twice"},
	{HEAD "answer =\n", "x.ini:5: answer is empty"},
	{HEAD "class = gpu\n", "x.ini:5: class is given twice"},
	{"[experiment]\nclass = gpu\n", "x.ini:2: class must be cpu, wait or mixed, not 'gpu'"},
	{HEAD "rank = -1\n", "x.ini:5: rank must be a whole number from 0"},
	{HEAD "rank = two\n", "x.ini:5: rank must be a whole number from 0"},
	{HEAD "chart = pie\n", "x.ini:5: chart must be speedup, latency, seconds, memory, setup, tradeoff, "
			       "winner, overlay, or a column of summary.csv"},
	{HEAD "chart = latenzy\n", "x.ini:5: there is no chart 'latenzy'; did you mean 'latency'?"},
	{HEAD "chart = lat_p98_s\n", "x.ini:5: there is no metric 'lat_p98_s'; did you mean 'lat_p9"},
	{HEAD "chart =\n", "x.ini:5: chart is empty"},
	{HEAD "chart = latency rol=echo\n",
	 "x.ini:5: 'rol=echo' is not understood; a chart may have role=, x= and y="},
	{HEAD "chart = latency role=\n", "x.ini:5: 'role=': the value is empty"},
	{HEAD "chart = latency role=a role=b\n", "x.ini:5: 'role=b': that is said twice"},
	{HEAD "chart = latency x=spin\n", "x.ini:5: x= goes with a column of summary.csv"},
	{HEAD "chart = lat_p99_s x=spin y=echo\n", "x.ini:5: y= is for a tradeoff"},
	{HEAD "chart = tradeoff x=spin\n", "x.ini:5: a tradeoff is of two roles"},
	{HEAD "chart = winner x=cpu_share\n", "x.ini:5: a winner is a map over two numbers of the cells"},
	{HEAD "chart = overlay\n", "x.ini:5: an overlay is of a column of summary.csv"},
	{HEAD "chart = overlay role=echo\n", "x.ini:5: an overlay is of a column of summary.csv"},
	{HEAD "chart = overlay lat_p98_s\n", "x.ini:5: there is no metric 'lat_p98_s'; did you mean 'lat_p9"},
	{HEAD "chart = winner x=cpu_shore y=cores\n[cells a]\ncast = spin\n",
	 "x.ini:5: 'x=cpu_shore' is not a role, a parameter that a section sets, a policy's number, or a "
	 "share of a "
	 "profile; did you mean 'cpu_share'?"},
	{HEAD "chart = tradeoff x=spin y=echo role=echo\n", "x.ini:5: a tradeoff is of two roles"},
	{HEAD "chart = lat_p99_s role=ecko\n[cells a]\ncast = echo:1,spin:2\nwindow = 1s\n",
	 "x.ini:5: 'role=ecko' is not a role of any cast here; did you mean 'echo'?"},
	{HEAD "chart = lat_p99_s x=colour\n[cells a]\ncast = echo:1,spin:2\nwindow = 1s\n",
	 "x.ini:5: 'x=colour' is not a role, a parameter that a section sets, a policy's number, or a share "
	 "of a "
	 "profile; there are echo, spin,"},
	{HEAD "chart = tradeoff x=interval y=echo\n[cells a]\ncast = echo:1,spin:2\nwindow = 1s\n",
	 "x.ini:5: 'x=interval' is not a role of any cast here; there are echo, spin"},
	{HEAD "chart = tradeoff x=spin y=ecko\n[cells a]\ncast = echo:1,spin:2\nwindow = 1s\n",
	 "x.ini:5: 'y=ecko' is not a role of any cast here; did you mean 'echo'?"},
	{HEAD "chart = latency role=a\nchart = latency role=a\n",
	 "x.ini:6: chart = latency role=a is given twice"},
	{HEAD "group = a\ngroup = b\n", "x.ini:6: group is given twice"},
	{HEAD "expect = gil speedup policy=py4 1..2 \"t\"\n", "x.ini:5: there is no lock policy 'py4'"},
	{HEAD "chart = speedup\nchart = speedup\n", "x.ini:6: chart = speedup is given twice"},
	{HEAD "[cells a]\nwindow = soon\n", "x.ini:6: window must be a time up to an hour"},
	{HEAD "[cells a]\nwindow = 0\n", "x.ini:6: window must be a time up to an hour"},
	{HEAD "just words\n[cells a]\n", "x.ini:5: this is neither [section] nor NAME = VALUE"},
	{HEAD "[cells a\ncast = spin\n", "x.ini:5: this is neither [section] nor NAME = VALUE"},
	{HEAD "answer = \"open\n", "x.ini:5: a double quote is not closed"},
	{HEAD "note = a \\\n  b \\\n", "x.ini:5: the file ends after a backslash"},
	{HEAD "note = a \\\n  b\nrank = x\n", "x.ini:7: rank must be"},
	{HEAD "note = " LONG_LINE "\n", "x.ini:5: a line has at most 199 characters"},
	{HEAD "note = a \\\n" LONG_LINE "\n", "x.ini:6: a line has at most 199 characters"},
	{HEAD "a_name_that_is_longer_than_the_fifty_bytes_of_libinih = 1\n",
	 "x.ini:5: a name has at most 49 characters"},
	{HEAD "answer = {gil speedup\n", "x.ini:5: a { has no }"},
	{HEAD "answer = {gil spedup}\n", "x.ini:5: there is no metric 'spedup'; did you mean 'speedup'?"},
	{HEAD "answer = {ceiling}\n", "x.ini:5: a placeholder is {MODEL METRIC"},
	{HEAD "answer = {ceiling role=a}\n", "x.ini:5: '{ceiling role=a}': the ceiling is asked for as"},
	{HEAD "expect = gil speedup 1..2\n", "x.ini:5: a claim ends with what it says, in double quotes"},
	{HEAD "expect = gil speedup \"text\"\n", "x.ini:5: the claim has no range"},
	{HEAD "expect = gil speedup .. \"text\"\n", "x.ini:5: a range needs at least one bound"},
	{HEAD "expect = gil speedup 1..2 3..4 \"text\"\n", "x.ini:5: '3..4' is a second range"},
	{HEAD "expect = gill speedup 1..2 \"text\"\n",
	 "x.ini:5: there is no model 'gill'; did you mean 'gil'?"},
	{HEAD "expect = gil/thread speedup 1..2 \"text\"\n", "x.ini:5: there is no model 'thread'; did you"},
	{HEAD "expect = gil \"text\"\n", "x.ini:5: a claim is MODEL[/MODEL] METRIC"},
	{HEAD "expect = gil speedup worker=2 1..2 \"text\"\n", "x.ini:5: 'worker=2' is not understood"},
	{HEAD "expect = gil speedup workers=two 1..2 \"t\"\n",
	 "x.ini:5: 'two' in 'two' is neither a number nor"},
	{HEAD "expect = gil speedup workers=ceiling 1..2 \"t\"\n",
	 "x.ini:5: 'workers=ceiling': workers may be"},
	{HEAD "expect = gil speedup workers=2 workers=3 1..2 \"t\"\n",
	 "x.ini:5: 'workers=3': that is said twice"},
	{HEAD "expect = gil speedup /workers=2 1..2 \"t\"\n",
	 "x.ini:5: '/workers=2' is for the second model"},
	{HEAD "expect = gil speedup 2..1 \"t\"\n", "x.ini:5: '2..1': the lower bound comes first"},
	{HEAD "expect = gil speedup 1..2*roof \"t\"\n",
	 "x.ini:5: 'roof' in '2*roof' is neither a number nor"},
	{HEAD "expect = gil speedup 1..nan \"t\"\n", "x.ini:5: 'nan' in 'nan' is neither a number nor"},
};

static void test_charts_as_they_are_asked_for(void **state)
{
	(void)state;
	struct experiment e;
	char error[400] = "";
	if (experiment_parse(&e, "x.ini",
			     HEAD "group = lock rules\n"
				  "chart = lat_p99_s role=spin2 x=spin\n"
				  "chart = throughput_per_s x=interval\n"
				  "chart = fairness   role=echo\n"
				  "chart = cores_used x=ms\n"
				  "chart = tradeoff x=spin y=echo\n"
				  "chart = speedup\n"
				  "[cells a]\ncast = echo:1,spin:2,spin:3\nwindow = 1s\n"
				  "[cells b]\ncast = sleep\nparams = ms=5\n",
			     error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_string_equal(e.group, "lock rules");
	assert_int_equal(e.chart_count, 6);
	assert_int_equal(e.charts[0].kind, CHART_METRIC);
	assert_string_equal(e.charts[0].metric, "lat_p99_s");
	assert_string_equal(e.charts[0].role, "spin2");
	assert_string_equal(e.charts[0].x, "spin");
	assert_string_equal(e.charts[1].x, "interval");
	assert_string_equal(e.charts[2].x, "");
	assert_int_equal(e.charts[4].kind, CHART_TRADEOFF);
	assert_string_equal(e.charts[4].y, "echo");
	/* A column as well, but as a kind it is drawn over workers. */
	assert_int_equal(e.charts[5].kind, CHART_SPEEDUP);
	experiment_release(&e);
}

static void test_files_of_other_systems_are_read(void **state)
{
	(void)state;
	struct experiment e;
	char error[400] = "";
	assert_int_equal(experiment_parse(&e, "x.ini",
					  "\xEF\xBB\xBF[experiment]\r\ntitle = T\r\nquestion = Q?\r\n"
					  "class = cpu\r\n[cells a]\r\ncast = spin\r\n",
					  error, sizeof(error)),
			 0);
	assert_string_equal(e.title, "T");
	experiment_release(&e);
}

static void test_says_what_is_wrong_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct experiment e;
		char error[400] = "";
		if (experiment_parse(&e, "x.ini", bad[i].text, error, sizeof(error)) == 0)
			fail_msg("%zu: accepted:\n%s", i, bad[i].text);
		if (strncmp(error, bad[i].error, strlen(bad[i].error)) != 0)
			fail_msg("%zu: said    %s\n   must say %s", i, error, bad[i].error);
	}
}

static const struct {
	const char *line, *question;
} texts[] = {
	{"question = plain", "plain"},
	{"question: colon", "colon"},
	{"  question   =   blanks around   ", "blanks around"},
	{"question = a ; comment", "a"},
	{"question = no;comment", "no;comment"},
	{"question = \"a ; text\"", "a ; text"},
	{"question = say \"a ; b\" ; comment", "say \"a ; b\""},
	{"question = a = b", "a = b"},
	{"question = \\\n  next", "next"},
	{"question = a \\\n   b \\\n\tc", "a b c"},
	{"question = a \\ ; comment\n   b", "a b"},
	{"question = a # b\r", "a # b"},
};

static void test_lines_as_people_type_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct experiment e;
		char error[400] = "";
		char *text = xasprintf("[experiment]\ntitle = t\nclass = cpu\n%s\n[cells a]\ncast = spin",
				       texts[i].line);
		if (experiment_parse(&e, "x.ini", text, error, sizeof(error)) != 0)
			fail_msg("'%s': %s", texts[i].line, error);
		assert_string_equal(e.question, texts[i].question);
		experiment_release(&e);
		free(text);
	}
}

static void test_joined_lines_have_no_limit(void **state)
{
	(void)state;
	struct experiment e;
	char error[400] = "";
	char *text = xstrdup("[experiment]\ntitle = t\nclass = cpu\nquestion = ");
	for (int i = 0; i < 20; i++) {
		char *longer = xasprintf("%s 0123456789012345678901234567890123456789 \\\n", text);
		free(text);
		text = longer;
	}
	char *whole = xasprintf("%s end\n[cells a]\ncast = spin\n", text);
	if (experiment_parse(&e, "x.ini", whole, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_int_equal(strlen(e.question), 20 * 41 + 3);
	experiment_release(&e);
	free(text);
	free(whole);
}

static void test_shipped_experiments_are_good(void **state)
{
	(void)state;
	glob_t found;
	assert_int_equal(glob("bench/experiments/*.ini", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct experiment e;
		char error[400] = "";
		char *text = read_file(found.gl_pathv[i], NULL);
		assert_non_null(text);
		if (experiment_parse(&e, found.gl_pathv[i], text, error, sizeof(error)) != 0)
			fail_msg("%s", error);
		assert_true(e.claim_count > 0);
		assert_true(e.chart_count > 0);
		assert_non_null(e.answer);
		assert_non_null(e.notes);
		experiment_release(&e);
		free(text);
	}
	globfree(&found);
}

static const char virtual_file[] =
	"[experiment]\ntitle = t\nclass = mixed\nquestion = q\nsource = virtual\ncores = 1,2\n"
	"chart = throughput_per_s role=io x=cores\nchart = cpu_s x=free_share\n"
	"[cells a]\nprofile = io:4 = gil 1ms, wait exp(10ms)\nparams = rate=5\ncores = 8\nwindow = 1s\n"
	"[cells b]\nprofile = io:4 = gil 1ms\nprofile = cpu = gil 5ms\nwindow = 1s\n";

static void test_profiles_become_casts(void **state)
{
	(void)state;
	struct experiment e;
	char error[400] = "";
	if (experiment_parse(&e, "x.ini", virtual_file, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_true(e.is_virtual);
	assert_string_equal(e.cores.text, "1,2");
	assert_string_equal(e.sets[0].cast.text, "io");
	assert_string_equal(e.sets[0].params.text, "profile=gil:1ms+wait:exp(10ms) rate=5");
	assert_string_equal(e.sets[0].workers.text, "4");
	assert_string_equal(e.sets[0].cores.text, "8");
	assert_string_equal(e.sets[1].cast.text, "io:4,cpu:1");
	assert_string_equal(e.sets[1].params.text, "io.profile=gil:1ms cpu.profile=gil:5ms");
	assert_null(e.sets[1].workers.text);
	experiment_release(&e);
}

static void refuses_virtual(const char *source, const char *cells, const char *sentence)
{
	struct experiment e;
	char error[400] = "";
	char *text = xasprintf("[experiment]\ntitle = t\nclass = cpu\nquestion = q\n%s\n[cells a]\n%s\n",
			       source, cells);
	assert_int_equal(experiment_parse(&e, "x.ini", text, error, sizeof(error)), -1);
	assert_string_equal(error, sentence);
	free(text);
}

static void test_faults_of_virtual_files(void **state)
{
	(void)state;
	refuses_virtual("source = measured", "cast = spin",
			"x.ini:5: source must be live, virtual or both, not 'measured'");
	refuses_virtual("source = virtual", "cast = spin\nsource = here",
			"x.ini:8: source must be live, virtual or both, not 'here'");
	refuses_virtual("source = virtual", "profile = gil 1ms\nsource = both",
			"x.ini:7: a profile cannot run live, and source = both is to run everything twice");
	refuses_virtual("source = virtual", "profile = gil 1ms\nsource = live",
			"x.ini:7: a profile is for virtual time: say source = virtual in [experiment]");
	refuses_virtual("", "profile = gil 1ms",
			"x.ini:7: a profile is for virtual time: say source = virtual in [experiment]");
	refuses_virtual("cores = 4", "cast = spin",
			"x.ini:5: cores is for virtual time: say source = virtual in [experiment]");
	refuses_virtual("source = virtual", "profile = cpu 1ms",
			"x.ini:7: profile: column 1: 'cpu' is no kind of segment: interpreted work is 'gil'");
	refuses_virtual("source = virtual", "profile = gil 1ms\ncast = spin",
			"x.ini:7: [cells a] has a cast and a profile; one of them is the work");
	refuses_virtual(
		"source = virtual", "workers = 1",
		"x.ini:6: [cells a] needs a cast, as in: cast = spin, or a profile, as in: profile = gil "
		"1ms, wait 10ms");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_a_whole_file),
		cmocka_unit_test(test_says_what_is_wrong_and_where),
		cmocka_unit_test(test_charts_as_they_are_asked_for),
		cmocka_unit_test(test_files_of_other_systems_are_read),
		cmocka_unit_test(test_lines_as_people_type_them),
		cmocka_unit_test(test_joined_lines_have_no_limit),
		cmocka_unit_test(test_profiles_become_casts),
		cmocka_unit_test(test_faults_of_virtual_files),
		cmocka_unit_test(test_shipped_experiments_are_good),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
