/*
 * list: what there is to run. Everything printed comes from the tables that the program itself uses, so that
 * a list cannot differ from what is understood.
 */
#include <dirent.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/experiment.h>
#include <gilbench/gil.h>
#include <gilbench/param.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "cli/command.h"

/* Wide enough for the longest name there is, so that the columns stand. */
#define NAME_COLUMNS 16
/* The same for NAME=VALUE, indented by four more. */
#define SETTING_COLUMNS 24

/* A value as a person would type it. Free it. */
static char *number_text(double value)
{
	const double mebibyte = 1024.0 * 1024;
	/* Sizes are powers of two and easier to read so. */
	if (value >= mebibyte && fmod(value, mebibyte) == 0)
		return xasprintf("%.15gMiB", value / mebibyte);
	return xasprintf("%.15g", value);
}

/* The word of "lock|none" with this index. Free it. */
static char *choice_text(const char *choices, int index)
{
	for (; index > 0 && strchr(choices, '|') != NULL; index--)
		choices = strchr(choices, '|') + 1;
	return xasprintf("%.*s", (int)strcspn(choices, "|"), choices);
}

static void print_param(const struct param *row)
{
	bool is_word = row->choices != NULL;
	char *standard = is_word ? choice_text(row->choices, (int)row->standard) : number_text(row->standard);
	char *least = number_text(row->min), *most = number_text(row->max);
	char *setting = xasprintf("%s=%s", row->name, standard);
	if (is_word)
		printf("      %-*s %s (%s)\n", SETTING_COLUMNS, setting, row->help, row->choices);
	else
		printf("      %-*s %s (%s to %s)\n", SETTING_COLUMNS, setting, row->help, least, most);
	free(setting);
	free(most);
	free(least);
	free(standard);
}

static void list_workloads(bool is_short)
{
	puts("Workloads: what one operation does (--workload NAME, --param NAME=VALUE)");
	for (size_t i = 0; all_workloads[i] != NULL; i++) {
		const struct workload *w = all_workloads[i];
		printf("  %-*s %s\n", NAME_COLUMNS, w->name, w->summary);
		for (int row = 0; !is_short && row < param_count(w->params); row++)
			print_param(&w->params[row]);
	}
}

static void print_model(const struct model *model, bool is_short)
{
	printf("  %-*s %s%s\n", NAME_COLUMNS, model->name, model->label,
	       model->is_virtual ? " - virtual time only" : "");
	if (!is_short)
		printf("      %s\n", model->summary);
}

static void list_models(bool is_short)
{
	puts("Models: how tasks are executed (--model LIST)");
	for (size_t i = 0; all_models[i] != NULL; i++)
		print_model(all_models[i], is_short);
	for (size_t i = 0; virtual_models[i] != NULL; i++)
		print_model(virtual_models[i], is_short);
	if (!is_short)
		puts("  processes, multiprocessing mean fork; asyncio, loop mean uv; subinterpreters means "
		     "interp; "
		     "nogil\n  means free. What is there in virtual time only needs --virtual, or gilbench "
		     "predict.");
}

static void print_policy(const struct gil_policy_entry *entry)
{
	char *text, *meaning;
	printf("      follows: %s\n      source:  %s\n", entry->follows, entry->source);
	for (size_t i = 0; gil_policy_field(&entry->policy, i, &text, &meaning); i++) {
		printf("      %-*s %s\n", SETTING_COLUMNS, text, meaning);
		free(meaning);
		free(text);
	}
}

static void list_policies(bool is_short)
{
	puts("Policies: the rules of the simulated lock (--gil LIST; fields after commas: py3,interval=1ms)");
	for (const struct gil_policy_entry *e = gil_policies; e->summary != NULL; e++) {
		printf("  %-*s %s\n", NAME_COLUMNS, e->policy.name, e->summary);
		if (!is_short)
			print_policy(e);
	}
	if (!is_short)
		puts("  A field overrides the policy's own: py3,interval=500us; py2,check=1000; "
		     "interval=2ms,handoff=fifo,priority=io.");
}

static int is_ini(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	return dot != NULL && strcmp(dot, ".ini") == 0;
}

/* One experiment; a faulty file says so in its place, and the list goes on. */
static void list_experiment(const char *path, bool is_short)
{
	char error[300] = "cannot be read";
	struct experiment experiment;
	char *text = read_file(path, NULL);
	if (text == NULL || experiment_parse(&experiment, path, text, error, sizeof(error)) != 0) {
		printf("  %s\n", error);
		free(text);
		return;
	}
	printf("  %-*s %s", NAME_COLUMNS, experiment.name, experiment.title);
	if (experiment.group != NULL)
		printf(" (group %s)", experiment.group);
	putchar('\n');
	if (!is_short)
		printf("      %s\n", experiment.question);
	experiment_release(&experiment);
	free(text);
}

static void list_experiments(bool is_short)
{
	char *data = data_dir(), *folder = xasprintf("%s/bench/experiments", data);
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_ini, alphasort);
	puts("Experiments: questions with their cells, charts and claims (gilbench run NAME; an ini file may "
	     "lie anywhere)");
	if (count < 0)
		printf("  none: %s cannot be read\n", folder);
	for (int i = 0; i < count; i++) {
		char *path = xasprintf("%s/%s", folder, entries[i]->d_name);
		list_experiment(path, is_short);
		free(path);
		free(entries[i]);
	}
	if (!is_short)
		puts("  `gilbench run all` runs those that belong to no group; a group is run by its name.");
	free(entries);
	free(folder);
	free(data);
}

static const struct {
	const char *name;
	void (*print)(bool is_short);
} lists[] = {
	{"experiments", list_experiments},
	{"workloads", list_workloads},
	{"models", list_models},
	{"policies", list_policies},
};

static void list_all(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		lists[i].print(true);
		putchar('\n');
	}
	puts("`gilbench list workloads` (or experiments, models, policies) says more of each.");
}

static _Noreturn void unknown_list(const char *word)
{
	const char *names[ARRAY_LEN(lists)];
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		names[i] = lists[i].name;
	const char *near = nearest_name(word, names, ARRAY_LEN(names));
	if (near != NULL)
		die_usage("there is no list of '%s'; did you mean '%s'?", word, near);
	die_usage("there is no list of '%s'; there are experiments, workloads, models, policies", word);
}

static int list_run(int argc, char **argv)
{
	if (argc > 2)
		die_usage("list takes one word, not also '%s'", argv[2]);
	if (argc < 2) {
		list_all();
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		puts("gilbench list [experiments|workloads|models|policies]: what there is to run\n\n"
		     "Without a word: all of them, one line each. With one: every parameter with default and "
		     "limits.");
		return EXIT_DONE;
	}
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (strcmp(argv[1], lists[i].name) == 0) {
			lists[i].print(false);
			return EXIT_DONE;
		}
	}
	unknown_list(argv[1]);
}

const struct command command_list = {
	.name = "list",
	.arguments = "[experiments|workloads|models|policies]",
	.summary = "what there is to run, with every parameter",
	.rank = 60,
	.run = list_run,
};
