/*
 * util: errors, allocation, names, random bits, files. See util.h for the contracts.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/log.h>
#include <gilbench/util.h>

static void complain(const char *format, va_list arguments, int error) __attribute__((format(printf, 1, 0)));

static void complain(const char *format, va_list arguments, int error)
{
	log_progress_end();
	fputs("gilbench: ", stderr);
	vfprintf(stderr, format, arguments);
	if (error != 0)
		fprintf(stderr, ": %s", strerror(error));
	fputc('\n', stderr);
}

_Noreturn void die(const char *format, ...)
{
	int error = errno;
	va_list arguments;
	va_start(arguments, format);
	complain(format, arguments, error);
	va_end(arguments);
	exit(EXIT_MEASUREMENT);
}

_Noreturn void die_usage(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	complain(format, arguments, 0);
	va_end(arguments);
	exit(EXIT_USAGE);
}

void *xcalloc(size_t count, size_t bytes)
{
	void *memory = calloc(count > 0 ? count : 1, bytes > 0 ? bytes : 1);
	if (memory == NULL)
		die("calloc of %zu x %zu bytes", count, bytes);
	return memory;
}

void *xrealloc(void *old, size_t count, size_t bytes)
{
	void *memory = reallocarray(old, count > 0 ? count : 1, bytes);
	if (memory == NULL)
		die("realloc of %zu x %zu bytes", count, bytes);
	return memory;
}

char *xstrdup(const char *text)
{
	char *copy = strdup(text);
	if (copy == NULL)
		die("strdup");
	return copy;
}

char *xasprintf(const char *format, ...)
{
	char *text;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		die("asprintf");
	return text;
}

/* Longest name that suggestions look at. The exact value does not matter. */
#define NAME_MAX_CHARS 63

/* Edit distance in which a swap of neighbours counts once (optimal string alignment): `sipn` is near `spin`.
 */
static unsigned edit_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned rows[3][NAME_MAX_CHARS + 2];
	if (la > NAME_MAX_CHARS || lb > NAME_MAX_CHARS)
		return UINT_MAX;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned best = last[j - 1] + (a[i - 1] != b[j - 1]);
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return rows[la % 3][lb];
}

const char *nearest_name(const char *word, const char *const names[], size_t count)
{
	unsigned least = (unsigned)strlen(word) / 3;
	if (least < 1)
		least = 1;
	const char *best = NULL;
	for (size_t i = 0; i < count; i++) {
		unsigned distance = edit_distance(word, names[i]);
		if (distance < least || (distance == least && best == NULL)) {
			least = distance;
			best = names[i];
		}
	}
	return best;
}

char *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return NULL;
	char *text = NULL;
	size_t used = 0, room = 0, got;
	do {
		room = used + (used > 4096 ? used : 4096);
		text = xrealloc(text, room + 1, 1);
		got = fread(text + used, 1, room - used, file);
		used += got;
	} while (got > 0);
	int error = ferror(file) ? errno : 0;
	fclose(file);
	if (error != 0) {
		free(text);
		errno = error;
		return NULL;
	}
	text[used] = '\0';
	if (length != NULL)
		*length = used;
	return text;
}

int read_line(const char *path, char *line, size_t bytes)
{
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return -errno;
	char *got = fgets(line, (int)bytes, file);
	fclose(file);
	if (got == NULL)
		return -ENODATA;
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

static bool has_data(const char *dir)
{
	char *probe = xasprintf("%s/bench/experiments", dir);
	bool is_there = access(probe, R_OK) == 0;
	free(probe);
	return is_there;
}

char *data_dir(void)
{
	const char *given = getenv("GILBENCH_DATADIR");
	if (given != NULL && *given != '\0')
		return xstrdup(given);
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length > 0) {
		self[length] = '\0';
		/* build/gilbench, build/tests/test_x: one or two folders up. */
		for (int up = 0; up < 3; up++) {
			char *slash = strrchr(self, '/');
			if (slash == NULL)
				break;
			*slash = '\0';
			if (has_data(self))
				return xstrdup(self);
		}
	}
	return xstrdup(GILBENCH_PREFIX "/share/gilbench");
}
