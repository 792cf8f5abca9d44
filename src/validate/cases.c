/*
 * cases: the table of what both sides do. See cases.h.
 *
 * Casts and parameters are those of bench/ and of scripts/cpython/, where workloads have the same names. The
 * simulated side keeps its defaults and the interpreter's loop is fitted to them; only the server of echo is fitted
 * the other way round, since nobody can change what Python does per request.
 *
 * Windows of the convoy are long because replies are few (tens per second), and many because a reply's wait depends
 * on the one before: windows are what the intervals are made of. The baseline is echo beside a busy process and not
 * echo alone: an idle core takes longer to wake than an exchange takes.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/gil.h>
#include <gilbench/param.h>
#include <gilbench/util.h>

#include "validate/cases.h"

/* Replies on both sides before a convoy is judged. */
#define REPLIES 1000

#define SPIN_PYTHON "iterations=$spin"
#define CONVOY(TASKS)                                                                                   \
	.experiment = "validate-convoy", .cast = "echo:1,spin:" TASKS, .live = "echo.work_us=$work_us", \
	.python = "spin.iterations=$spin", .needs = NEEDS_LOCK, .goal_ops = REPLIES
#define SWEEP(NAME, SETTING, EXPERIMENT, WINDOW_S, NEEDS)                                               \
	{                                                                                               \
		.name = NAME, .experiment = EXPERIMENT, .cast = "echo:1,spin:1",                        \
		.live = "echo.work_us=$work_us", .python = "spin.iterations=$spin", .setting = SETTING, \
		.window_s = WINDOW_S, .needs = NEEDS_LOCK | NEEDS, .rank = 1                            \
	}
#define INTERVAL(TEXT, WINDOW_S) \
	SWEEP("interval-" TEXT, "interval=" TEXT, "validate-switch-interval", WINDOW_S, NEEDS_INTERVAL)
#define CHECK(TEXT, WINDOW_S) \
	SWEEP("check-" TEXT, "check=" TEXT, "validate-check-interval", WINDOW_S, NEEDS_TICKS)
#define TURNS(NAME, WHAT, WORKERS, WINDOW_S)                                                            \
	{                                                                                               \
		.name = NAME, .experiment = "validate-turns", .cast = "turns", .live = "what=" WHAT,    \
		.python = "what=" WHAT, .workers = {WORKERS}, .window_s = WINDOW_S, .needs = NEEDS_LOCK \
	}
#define RELEASE(NAME, CAST, LIVE, PYTHON)                                                                \
	{                                                                                                \
		.name = NAME, .experiment = "validate-releases", .cast = CAST ":1,spin:1", .live = LIVE, \
		.python = PYTHON " spin.iterations=$spin", .window_s = 0.3, .needs = NEEDS_LOCK          \
	}

const struct validate_case validate_cases[] = {
	{.name = "cpu",
	 .experiment = "validate-cpu",
	 .cast = "spin",
	 .live = "",
	 .python = SPIN_PYTHON,
	 .workers = {1, 2, 4, 8},
	 .fast_workers = 2,
	 .is_fast = true},
	{.name = "shared",
	 .experiment = "validate-shared",
	 .cast = "counter",
	 .live = "guard=none",
	 .python = "guard=none",
	 .workers = {2, 4},
	 .needs = NEEDS_NO_LOCK},
	{.name = "processes",
	 .experiment = "validate-processes",
	 .cast = "spin",
	 .live = "",
	 .python = SPIN_PYTHON,
	 .model = "fork",
	 .workers = {1, 2}},
	{.name = "waits",
	 .experiment = "validate-waits",
	 .cast = "mixed",
	 .live = "work_ms=0.05 wait_ms=5",
	 .python = "work_ms=0.05 wait_ms=5 iterations_per_ms=$spin",
	 .workers = {8, 32},
	 .fast_workers = 1,
	 .is_fast = true},
	{.name = "mixed",
	 .experiment = "validate-waits",
	 .cast = "mixed",
	 .live = "work_ms=1 wait_ms=4",
	 .python = "work_ms=1 wait_ms=4 iterations_per_ms=$spin",
	 .workers = {2, 8}},
	{.name = "native-released",
	 .experiment = "validate-native",
	 .cast = "hash",
	 .live = "bytes=1048576",
	 .python = "bytes=1048576",
	 .workers = {2},
	 .fast_workers = 1,
	 .is_fast = true},
	{.name = "native-kept",
	 .experiment = "validate-native",
	 .cast = "hash",
	 .live = "bytes=1024",
	 .python = "bytes=1024",
	 .workers = {2},
	 .fast_workers = 1,
	 .is_fast = true},
	{.name = "sort-kept",
	 .experiment = "validate-native",
	 .cast = "sort",
	 .live = "",
	 .python = "",
	 .workers = {2}},
	{.name = "convoy-0",
	 .experiment = "validate-convoy",
	 .cast = "echo",
	 .live = "busy=1 work_us=$work_us",
	 .python = "busy=1",
	 .workers = {1},
	 .window_s = 0.3,
	 .fast_window_s = 0.3,
	 .needs = NEEDS_LOCK,
	 .is_fast = true},
	{CONVOY("1"), .name = "convoy-1", .window_s = 1, .fast_window_s = 1, .is_fast = true},
	{CONVOY("2"), .name = "convoy-2", .window_s = 2, .rank = 1},
	{CONVOY("4"), .name = "convoy-4", .window_s = 2, .rank = 1},
	INTERVAL("0.1ms", 0.3),
	INTERVAL("1ms", 0.3),
	INTERVAL("20ms", 0.6),
	INTERVAL("100ms", 1),
	CHECK("1000", 0.4),
	CHECK("10000", 1),
	CHECK("100000", 1),
	TURNS("turns-2", "turn", 2, 0.4),
	TURNS("turns-4", "turn", 4, 0.4),
	TURNS("gaps-2", "gap", 2, 0.4),
	TURNS("gaps-4", "gap", 4, 0.6),
	RELEASE("release-write", "release", "release.us=0", "release.what=write"),
	RELEASE("release-4k", "hash", "hash.bytes=4096", "hash.bytes=4096"),
	RELEASE("release-64k", "hash", "hash.bytes=65536", "hash.bytes=65536"),
	RELEASE("release-1m", "hash", "hash.bytes=1048576", "hash.bytes=1048576"),
	{.name = "handoff-0",
	 .experiment = "validate-handoff",
	 .cast = "handoff",
	 .live = "",
	 .python = "",
	 .workers = {2},
	 .window_s = 0.3,
	 .needs = NEEDS_LOCK},
	{.name = "handoff-1",
	 .experiment = "validate-handoff",
	 .cast = "handoff:2,spin:1",
	 .live = "",
	 .python = "spin.iterations=$spin",
	 .window_s = 0.4,
	 .needs = NEEDS_LOCK},
	{.name = "loop-mixed",
	 .experiment = "validate-loop",
	 .cast = "mixed",
	 .live = "work_ms=1 wait_ms=4",
	 .python = "work_ms=1 wait_ms=4 iterations_per_ms=$spin",
	 .model = "uv",
	 .workers = {4},
	 .needs = NEEDS_ASYNCIO},
	{.name = "loop-waits",
	 .experiment = "validate-loop",
	 .cast = "sleep",
	 .live = "ms=5",
	 .python = "ms=5",
	 .model = "uv",
	 .workers = {8},
	 .needs = NEEDS_ASYNCIO},
	{.name = NULL},
};

const struct validate_case *case_find(const char *name)
{
	for (const struct validate_case *c = validate_cases; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const char *case_refusal(const struct validate_case *c, const struct contender *of)
{
	bool has_interval = of->python.major > 3 || (of->python.major == 3 && of->python.minor >= 2);
	if ((c->needs & NEEDS_LOCK) != 0 && !of->python.has_gil)
		return "its lock is off";
	if ((c->needs & NEEDS_NO_LOCK) != 0 && of->python.has_gil)
		return "it runs with its lock";
	if ((c->needs & NEEDS_INTERVAL) != 0 && !has_interval)
		return "it has a check interval and no switch interval";
	if ((c->needs & NEEDS_TICKS) != 0 && has_interval)
		return "it has a switch interval and no check interval";
	if ((c->needs & NEEDS_ASYNCIO) != 0 && !of->python.has_asyncio)
		return "it has no asyncio with coroutines";
	return NULL;
}

bool case_is_asked(const struct validate_case *c, const struct contender *of,
		   const struct validate_options *options)
{
	return (c->is_fast || !options->is_fast) && case_refusal(c, of) == NULL;
}

int case_worker_count(const struct validate_case *c, const struct validate_options *options)
{
	int count = 0;
	while (count < CASE_WORKERS_MAX && c->workers[count] > 0)
		count++;
	return options->is_fast && c->fast_workers > 0 && c->fast_workers < count ? c->fast_workers : count;
}

bool figure_is_asked(const struct figure *figure, const struct contender *of,
		     const struct validate_options *options)
{
	const struct validate_case *c = case_find(figure->group);
	if (!case_is_asked(c, of, options) || (options->is_fast && figure->is_drawn_only))
		return false;
	bool is_measured = figure->workers == 0;
	for (int i = 0; i < case_worker_count(c, options); i++)
		is_measured |= c->workers[i] == figure->workers;
	return is_measured;
}

double case_interval_s(const struct validate_case *c)
{
	static const char name[] = "interval=";
	/* CPython's DEFAULT_INTERVAL, and py3's. */
	double interval_s = 0.005;
	if (c->setting != NULL && strncmp(c->setting, name, strlen(name)) == 0)
		param_duration(c->setting + strlen(name), &interval_s);
	return interval_s;
}

const char *case_model(const struct validate_case *c, const struct contender *of)
{
	return c->model != NULL ? c->model : of->model;
}

char *case_live_policy(const struct validate_case *c, const struct contender *of)
{
	if (c->model != NULL || *of->policy == '\0')
		return xstrdup("");
	if (c->setting == NULL)
		return xstrdup(of->policy);
	struct gil_policy policy;
	char error[256], *text = xasprintf("%s,%s", of->policy, c->setting);
	if (gil_policy_parse(text, &policy, error, sizeof(error)) != 0)
		die("case %s: %s", c->name, error);
	free(text);
	return gil_policy_text(&policy);
}

char *case_python_policy(const struct validate_case *c, const struct contender *of)
{
	return c->setting != NULL ? xasprintf("%s,%s", of->name, c->setting) : xstrdup(of->name);
}
