/*
 * files: see files.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/util.h>

#include "host/files.h"

bool host_files_are_a_tests(void)
{
	return getenv("GILBENCH_HOST_ROOT") != NULL;
}

char *host_file_path(const char *path)
{
	const char *root = getenv("GILBENCH_HOST_ROOT");
	return xasprintf("%s%s", root != NULL ? root : "", path);
}

bool host_file_exists(const char *path)
{
	char *full = host_file_path(path);
	bool exists = access(full, F_OK) == 0;
	free(full);
	return exists;
}

int host_file_line(const char *path, char *line, size_t bytes)
{
	char *full = host_file_path(path);
	int status = read_line(full, line, bytes);
	free(full);
	if (status != 0)
		line[0] = '\0';
	return status;
}

int host_file_number(const char *path, double *number)
{
	char line[64], *end;
	int status = host_file_line(path, line, sizeof(line));
	if (status != 0)
		return status;
	double value = strtod(line, &end);
	if (end == line)
		return -ENODATA;
	*number = value;
	return 0;
}

char *host_file_text(const char *path)
{
	char *full = host_file_path(path);
	char *text = read_file(full, NULL);
	free(full);
	return text;
}

/* The value after the key on this line, or NULL when the line has another key. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);
	if (strncmp(line, key, length) != 0)
		return NULL;
	size_t gap = strspn(line + length, " \t:=\"");
	return gap > 0 ? line + length + gap : NULL;
}

int host_file_value(const char *path, const char *key, char *value, size_t bytes)
{
	value[0] = '\0';
	char *text = host_file_text(path), *rest = NULL;
	if (text == NULL)
		return -1;
	const char *found = NULL;
	for (char *line = strtok_r(text, "\n", &rest); line != NULL && found == NULL;
	     line = strtok_r(NULL, "\n", &rest))
		found = value_of(line, key);
	if (found != NULL)
		snprintf(value, bytes, "%.*s", (int)strcspn(found, "\"\n"), found);
	free(text);
	return found != NULL ? 0 : -1;
}
