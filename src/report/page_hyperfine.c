/*
 * page_hyperfine: how far the driver and hyperfine agree.
 *
 * hyperfine times whole commands, process start and end included; the driver times what lies between the gun
 * and the last operation. So hyperfine must show more, by the cost of a process and of creating its workers:
 * a few milliseconds, the same for every cell. A difference that grows with the work would mean that one of
 * the two clocks is wrong.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

/* What a timed `gilbench once` command says. */
struct once_command {
	char workload[64], model[32], params[256];
	int workers;
	double ops;
};

static void command_word(struct once_command *c, const char *option, const char *value)
{
	size_t used = strlen(c->params);
	if (strcmp(option, "--workload") == 0)
		snprintf(c->workload, sizeof(c->workload), "%s", value);
	else if (strcmp(option, "--model") == 0)
		snprintf(c->model, sizeof(c->model), "%s", value);
	else if (strcmp(option, "--workers") == 0)
		c->workers = atoi(value);
	else if (strcmp(option, "--ops") == 0)
		c->ops = strtod(value, NULL);
	else if (strcmp(option, "--param") == 0)
		snprintf(c->params + used, sizeof(c->params) - used, "%s%s", used > 0 ? " " : "", value);
}

/* "--option value" or "--option=value"; quotes around a word are dropped. */
static bool command_read(const char *text, struct once_command *c)
{
	char *copy = xstrdup(text), *rest = copy, *word, option[32] = "";
	*c = (struct once_command){.workers = 1, .ops = NAN};
	for (char *at = copy; *at != '\0'; at++)
		if (*at == '\'' || *at == '"')
			*at = ' ';
	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		if (strncmp(word, "--", 2) == 0) {
			size_t name = strcspn(word, "=");
			snprintf(option, sizeof(option), "%.*s", (int)name, word);
			if (word[name] == '=')
				command_word(c, option, word + name + 1);
		} else if (*option != '\0') {
			command_word(c, option, word);
			*option = '\0';
		}
	}
	free(copy);
	return *c->workload != '\0' && *c->model != '\0' && c->ops > 0;
}

/* Every assignment of the command among the cell's? */
static bool has_params(const struct cell *cell, const char *params)
{
	char *copy = xstrdup(params), *rest = copy, *word, *padded = xasprintf(" %s ", cell->params);
	bool has_all = true;
	while (has_all && (word = strsep(&rest, " ")) != NULL) {
		char *needle = xasprintf(" %s ", word);
		has_all = *word == '\0' || strstr(padded, needle) != NULL;
		free(needle);
	}
	free(copy);
	free(padded);
	return has_all;
}

static const struct summary_row *command_row(const struct report *report, const struct once_command *c)
{
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (strcmp(row->cell.cast, c->workload) == 0 && strcmp(row->cell.model, c->model) == 0 &&
		    row->cell.workers == c->workers && row_is_ok(row) && has_params(&row->cell, c->params))
			return row;
	}
	return NULL;
}

static void agreement_header(struct doc *doc)
{
	static const char *const names[] = {"command", "hyperfine, median", "driver, median and set-up",
					    "difference", "runs"};
	doc_table(doc, "lrrrr");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		doc_cell(doc, "%s", names[i]);
}

struct agreement {
	int count;
	double least, most; /* of the differences */
};

static void agreement_row(struct doc *doc, const struct report *report, const json_t *result,
			  struct agreement *all)
{
	struct once_command command;
	const char *text = json_string_value(json_object_get(result, "command"));
	double whole = json_number_value(json_object_get(result, "median"));
	const struct summary_row *row =
		text != NULL && command_read(text, &command) ? command_row(report, &command) : NULL;
	if (row == NULL || !(row->ops > 0))
		return;
	/* The same number of operations. */
	double setup = isfinite(row->setup_s.mid) ? row->setup_s.mid : 0;
	double driver = row->wall_s.mid * command.ops / row->ops + setup, difference = whole - driver;
	doc_cell(doc, "%s, %s, %d worker%s, %s operations", command.workload,
		 model_legend(report->run, command.model), command.workers, command.workers == 1 ? "" : "s",
		 text_count(command.ops).text);
	doc_cell(doc, "%s", text_seconds(whole).text);
	doc_cell(doc, "%s", text_seconds(driver).text);
	doc_cell(doc, "%s (%s)", text_seconds(difference).text, text_percent(difference / driver).text);
	doc_cell(doc, "%zu", json_array_size(json_object_get(result, "times")));
	all->least = all->count == 0 ? difference : fmin(all->least, difference);
	all->most = all->count == 0 ? difference : fmax(all->most, difference);
	all->count++;
}

static void agreement_table(struct doc *doc, const struct report *report, const json_t *results)
{
	struct agreement all = {0, NAN, NAN};
	const json_t *result;
	size_t i;
	agreement_header(doc);
	json_array_foreach (results, i, result)
		agreement_row(doc, report, result, &all);
	if (all.count == 0)
		doc_text(doc, "None of hyperfine's commands is a cell of this run.");
	else
		doc_text(
			doc,
			"hyperfine times whole commands, the driver what lies between the gun and the last "
			"operation; "
			"the creation of the workers is added here. What is left, %s to %s, is the start and "
			"end of a "
			"process and the noise between two series of runs; it should not grow with the work.",
			text_seconds(all.least).text, text_seconds(all.most).text);
}

void page_hyperfine(struct doc *doc, const struct report *report)
{
	char *path = xasprintf("%s/hyperfine.json", report->run->path), *text = read_file(path, NULL);
	json_t *root = text != NULL ? json_loads(text, 0, NULL) : NULL;
	const json_t *results = json_object_get(root, "results");
	doc_heading(doc, 3, "hyperfine", "The driver and hyperfine");
	if (json_array_size(results) > 0)
		agreement_table(doc, report, results);
	else if (text != NULL)
		doc_text(doc, "hyperfine.json holds no result that can be read.");
	else if (strcmp(manifest_text(report->run, "hyperfine", "absent"), "absent") == 0)
		doc_text(doc, "hyperfine was not there when this was measured, so nothing checks the "
			      "driver's clock "
			      "here (Debian: hyperfine).");
	else
		doc_text(doc, "The manifest says that hyperfine ran, but hyperfine.json is not in the run "
			      "directory.");
	json_decref(root);
	free(text);
	free(path);
}
