/*
 * page_machine: the manifest's host, build, versions and options, every value of it, as one table: what a
 * stranger needs to say why the numbers differ elsewhere.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

/* A JSON value as text; nested ones as JSON. Free it. */
static char *value_text(const json_t *value)
{
	char *dumped, *line;
	if (json_is_string(value))
		return text_one_line(json_string_value(value));
	dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
	line = text_one_line(dumped != NULL ? dumped : "");
	free(dumped);
	return line;
}

static void rows_of(struct doc *doc, const struct report *report, const char *part)
{
	const json_t *object = json_object_get(report->run->manifest, part), *value;
	const char *key;
	json_object_foreach ((json_t *)(uintptr_t)object, key, value) {
		/* Warnings and the context line stand on the first page. */
		if (strcmp(key, "warnings") == 0 || strcmp(key, "context") == 0)
			continue;
		char *text = value_text(value), *name = text_one_line(key);
		doc_cell(doc, "%s", part);
		doc_cell(doc, "%s", name);
		doc_cell(doc, "%s", *text != '\0' ? text : "-");
		free(text);
		free(name);
	}
}

void page_machine(struct doc *doc, const struct report *report)
{
	static const char *const parts[] = {"host", "build", "versions", "options"};
	doc_heading(doc, 3, "machine", "Machine, build and options");
	doc_table(doc, "lll");
	doc_cell(doc, "what");
	doc_cell(doc, "name");
	doc_cell(doc, "value");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		rows_of(doc, report, parts[i]);
}
