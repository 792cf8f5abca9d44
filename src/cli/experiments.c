/*
 * experiments: from what was typed to experiment files; and, where something else was typed, the sentence
 * that helps: people come with a workload's name, a URL, or a Python program.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "cli/experiments.h"

/* Most experiment files of one folder. The exact value does not matter. */
#define FILES_MAX 128

struct names {
	char *name[FILES_MAX]; /* without .ini, sorted */
	size_t count;
};

static bool has_ending(const char *text, const char *ending)
{
	size_t length = strlen(text), end = strlen(ending);
	return length > end && strcmp(text + length - end, ending) == 0;
}

static char *folder_of_shipped(void)
{
	char *data = data_dir(), *folder = xasprintf("%s/bench/experiments", data);
	free(data);
	return folder;
}

static int is_ini(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && has_ending(entry->d_name, ".ini");
}

static struct names names_of_shipped(void)
{
	struct names names = {.count = 0};
	struct dirent **entries;
	char *folder = folder_of_shipped();
	int count = scandir(folder, &entries, is_ini, alphasort);
	for (int i = 0; i < count; i++) {
		if (names.count < FILES_MAX)
			names.name[names.count++] =
				xasprintf("%.*s", (int)strlen(entries[i]->d_name) - 4, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(folder);
	return names;
}

static void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
}

static void load_file(struct experiment_list *list, const char *path)
{
	char error[512];
	errno = 0;
	char *text = read_file(path, NULL);
	if (text == NULL)
		die_usage("cannot read the experiment %s: %s", path, strerror(errno));
	list->items = xrealloc(list->items, list->count + 1, sizeof(*list->items));
	if (experiment_parse(&list->items[list->count], path, text, error, sizeof(error)) != 0)
		die_usage("%s", error);
	list->count++;
	free(text);
}

static bool is_loaded(const struct experiment_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return true;
	return false;
}

static void load_shipped(struct experiment_list *list, const char *name)
{
	if (is_loaded(list, name))
		return;
	char *folder = folder_of_shipped(), *path = xasprintf("%s/%s.ini", folder, name);
	load_file(list, path);
	free(path);
	free(folder);
}

/* ---- groups ---- */

/* The group of a shipped experiment, or NULL; a faulty file has none, for whoever runs it learns its fault. Free it. */
static char *group_of_shipped(const char *name)
{
	char *folder = folder_of_shipped(), *path = xasprintf("%s/%s.ini", folder, name), *group = NULL;
	char *text = read_file(path, NULL), error[512];
	struct experiment experiment;
	if (text != NULL && experiment_parse(&experiment, path, text, error, sizeof(error)) == 0) {
		group = experiment.group != NULL ? xstrdup(experiment.group) : NULL;
		experiment_release(&experiment);
	}
	free(text);
	free(path);
	free(folder);
	return group;
}

/* Loads the shipped experiments of a group (NULL: those of none); false when there are none. */
static bool load_group(struct experiment_list *list, const char *wanted, const struct names *names)
{
	bool has_any = false;
	for (size_t i = 0; i < names->count; i++) {
		char *group = group_of_shipped(names->name[i]);
		bool is_wanted = wanted == NULL ? group == NULL : group != NULL && strcmp(group, wanted) == 0;
		free(group);
		if (is_wanted)
			load_shipped(list, names->name[i]);
		has_any |= is_wanted;
	}
	return has_any;
}

/* ---- what a word means ---- */

/* A program, a script, or several words after `--`? */
static bool looks_like_program(const char *word)
{
	struct stat status;
	bool is_script = has_ending(word, ".py") || has_ending(word, ".sh") || has_ending(word, ".js");
	bool is_interpreter = strncmp(word, "python", 6) == 0 || strcmp(word, "node") == 0;
	bool is_path = strchr(word, '/') != NULL && stat(word, &status) == 0 && S_ISREG(status.st_mode);
	return is_script || is_interpreter || is_path;
}

#define HOW_TO_DESCRIBE                                                                                    \
	"gilbench measures work that is described to it, not a running program or service; for one whose " \
	"requests compute 2 ms and wait 20 ms: gilbench run --workload mixed --param work_ms=2 --param "   \
	"wait_ms=20"

/* The workload that is meant by a word that is no experiment's name, or NULL. */
static const char *nearest_workload(const char *word)
{
	const char *names[FILES_MAX];
	size_t count = 0;
	for (; count < FILES_MAX && all_workloads[count] != NULL; count++)
		names[count] = all_workloads[count]->name;
	return nearest_name(word, names, count);
}

#define NOTHING_SHIPPED                                                                      \
	"there are no experiments in bench/experiments; set GILBENCH_DATADIR to the folder " \
	"that holds bench/"

/* The experiment, or the group of experiments, that is meant by a word that is neither, or NULL. */
static const char *nearest_experiment(const char *word, const struct names *names)
{
	const char *known[2 * FILES_MAX];
	size_t count = 0;
	for (size_t i = 0; i < names->count; i++)
		known[count++] = names->name[i];
	for (size_t i = 0; i < names->count; i++) {
		/* Not freed: the program ends with the sentence that names it. */
		const char *group = group_of_shipped(names->name[i]);
		if (group != NULL)
			known[count++] = group;
	}
	return nearest_name(word, known, count);
}

static _Noreturn void explain(const char *word, const struct names *names)
{
	char error[256];
	const char *near = nearest_experiment(word, names);
	if (strstr(word, "://") != NULL)
		die_usage("'%s' is an address: " HOW_TO_DESCRIBE, word);
	if (has_ending(word, ".ini"))
		die_usage("there is no file %s", word);
	if (looks_like_program(word))
		die_usage("'%s' is a program: " HOW_TO_DESCRIBE, word);
	if (workload_find(word) != NULL)
		die_usage("'%s' is a workload, not an experiment; to measure it: gilbench run --workload %s",
			  word, word);
	if (model_find(word, error, sizeof(error)) != NULL)
		die_usage("'%s' is a model, not an experiment; to measure it: gilbench run --workload spin "
			  "--model %s",
			  word, word);
	if (near != NULL)
		die_usage("there is no experiment '%s'; did you mean '%s'?", word, near);
	const char *workload = nearest_workload(word);
	if (workload != NULL)
		die_usage(
			"there is no experiment '%s'; did you mean the workload: gilbench run --workload %s",
			word, workload);
	if (names->count == 0)
		die_usage(NOTHING_SHIPPED);
	die_usage(
		"there is no experiment '%s'; `gilbench list experiments` lists them, and a path to an .ini "
		"file will do too",
		word);
}

static void load_word(struct experiment_list *list, const char *word, const struct names *names)
{
	if (strcmp(word, "all") == 0) {
		if (names->count == 0)
			die_usage(NOTHING_SHIPPED);
		load_group(list, NULL, names);
		return;
	}
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(word, names->name[i]) == 0) {
			load_shipped(list, word);
			return;
		}
	}
	if (has_ending(word, ".ini") && access(word, F_OK) == 0)
		load_file(list, word);
	else if (!load_group(list, word, names))
		explain(word, names);
}

void experiments_load(struct experiment_list *list, char **words, size_t count)
{
	struct names names = names_of_shipped();
	*list = (struct experiment_list){0};
	for (size_t i = 0; i < count; i++)
		load_word(list, words[i], &names);
	names_release(&names);
}

void experiments_release(struct experiment_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		experiment_release(&list->items[i]);
	free(list->items);
}
