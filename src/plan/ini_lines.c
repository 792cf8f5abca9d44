/*
 * ini_lines: libinih with line numbers, continued lines, and `;` inside double quotes.
 *
 * libinih 55, as Debian builds it, tells its handler no line number, breaks lines over 199 characters in two,
 * and cuts a value at " ;" wherever that stands. So it gets its text through a reader of ours:
 *
 *	physical lines --(comment cut, continuations joined)--> one logical line --> libinih --> on_pair
 *	                                  |                                                        ^
 *	                                  +---------------- value, line number --------------------+
 *
 * The reader keeps a logical line's value to itself and hands libinih `name = .`, which is short and has
 * nothing to cut; on_pair is called while that line is still the current one and puts the two together.
 * libinih decides what is a section, a pair, or neither (then on_pair is not called, which the reader sees
 * when it is asked for the next line). After each [section] the reader slips in one pair with a name nobody
 * can type, since a section without pairs would otherwise never be heard of.
 *
 * A line is at most 199 characters, as for every other program that reads the file through libinih; a
 * backslash at its end goes on in the next line, and what is joined has no limit.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include <gilbench/util.h>

#include "plan/ini_lines.h"

/* libinih's own limit, of its stack buffer of 200 bytes. */
#define LINE_MAX_CHARS 199
/* libinih cuts section and pair names at 50 bytes, the ending NUL included. */
#define NAME_MAX_CHARS 49
/* Stands for "a section begins" in place of a pair's name; no line of a file keeps this character. */
#define SECTION_MARK "\001"

/* Some editors begin a file with this; libinih skips it, but not through a reader. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct reader {
	const char *path;
	const char *next; /* first character not read yet */
	int next_line;    /* its line */
	int line;         /* where the current logical line began */
	char *logical;    /* the current logical line; owned */
	char *value;      /* its part after = or :, inside `logical`; NULL: none */
	bool is_marking;  /* the section mark is handed out next */
	bool is_pending;  /* a line was handed out that libinih must answer with on_pair */
	bool has_failed;
	int (*use)(void *, const struct ini_entry *, char *, size_t);
	void *user;
	char *error;
	size_t error_bytes;
};

static int fail(struct reader *r, const char *what)
{
	snprintf(r->error, r->error_bytes, "%s:%d: %s", r->path, r->line, what);
	r->has_failed = true;
	return -1;
}

/* End of the text that counts: before a comment (`;` at the start or after a blank, not in quotes; `#` at the
 * start of a logical line) and the blanks that precede it. */
static size_t content_length(const char *line, size_t length, bool is_first, bool *in_quotes)
{
	size_t first = 0, end = 0;
	while (first < length && isspace((unsigned char)line[first]))
		first++;
	if (is_first && first < length && line[first] == '#')
		return 0;
	for (; end < length; end++) {
		if (line[end] == '"')
			*in_quotes = !*in_quotes;
		else if (line[end] == ';' && !*in_quotes &&
			 (end == 0 || isspace((unsigned char)line[end - 1])))
			break;
	}
	while (end > 0 && isspace((unsigned char)line[end - 1]))
		end--;
	return end;
}

/* Append one physical line to the logical one. 1 when the next line belongs to it, 0 when not, -1 on error.
 */
static int read_physical(struct reader *r, bool is_first, bool *in_quotes)
{
	size_t length = strcspn(r->next, "\n");
	const char *line = r->next;
	r->next += length + (r->next[length] == '\n');
	int line_number = r->next_line++;
	if (length > LINE_MAX_CHARS) {
		r->line = line_number;
		return fail(r, "a line has at most 199 characters; end it with a backslash and go on in the "
			       "next line");
	}
	size_t end = content_length(line, length, is_first, in_quotes);
	bool is_continued = end > 0 && line[end - 1] == '\\';
	if (is_continued)
		end--;
	while (end > 0 && isspace((unsigned char)*line))
		line++, end--;
	while (end > 0 && isspace((unsigned char)line[end - 1]))
		end--;
	char *longer = xasprintf("%s%s%.*s", r->logical, is_first ? "" : " ", (int)end, line);
	free(r->logical);
	r->logical = longer;
	return is_continued;
}

/* 0 with the next logical line in r->logical, or -1 at the end or after an error. */
static int read_logical(struct reader *r)
{
	if (*r->next == '\0')
		return -1;
	free(r->logical);
	r->logical = xstrdup("");
	r->line = r->next_line;
	bool in_quotes = false;
	int more = read_physical(r, true, &in_quotes);
	while (more > 0 && *r->next != '\0')
		more = read_physical(r, false, &in_quotes);
	if (more < 0)
		return -1;
	if (more > 0)
		return fail(r, "the file ends after a backslash; take it away or add the rest of the line");
	if (in_quotes)
		return fail(r, "a double quote is not closed");
	return 0;
}

static char *hand_out(struct reader *r, char *buffer, int bytes, const char *head, size_t head_length,
		      const char *tail)
{
	r->is_pending = head_length > 0 && !r->is_marking;
	snprintf(buffer, (size_t)bytes, "%.*s%s\n", (int)head_length, head, tail);
	return buffer;
}

/* libinih's reader: like fgets. */
static char *next_line(char *buffer, int bytes, void *stream)
{
	struct reader *r = stream;
	if (r->has_failed)
		return NULL;
	if (r->is_pending) {
		fail(r, "this is neither [section] nor NAME = VALUE");
		return NULL;
	}
	if (r->is_marking) {
		r->is_marking = false;
		return hand_out(r, buffer, bytes, SECTION_MARK, 1, " = .");
	}
	if (read_logical(r) != 0)
		return NULL;
	r->value = NULL;
	size_t name_length = strcspn(r->logical, "=:");
	if (r->logical[0] == '[') {
		name_length = strlen(r->logical);
		r->is_marking = strchr(r->logical, ']') != NULL;
	} else if (r->logical[name_length] != '\0') {
		r->value = r->logical + name_length + 1;
	}
	if (name_length > NAME_MAX_CHARS) {
		fail(r, "a name has at most 49 characters");
		return NULL;
	}
	return hand_out(r, buffer, bytes, r->logical, name_length, r->value != NULL ? " = ." : "");
}

/* "text" without its quotes, when it is wholly quoted; blanks around it are gone either way. */
static char *plain_value(char *value)
{
	value += strspn(value, " \t");
	size_t length = strlen(value);
	bool is_quoted = length >= 2 && value[0] == '"' && strchr(value + 1, '"') == value + length - 1;
	if (!is_quoted)
		return value;
	value[length - 1] = '\0';
	return value + 1;
}

/* libinih's handler: not 0 on success. */
static int on_pair(void *user, const char *section, const char *name, const char *ignored)
{
	(void)ignored;
	struct reader *r = user;
	r->is_pending = false;
	struct ini_entry entry = {.path = r->path, .line = r->line, .section = section};
	if (strcmp(name, SECTION_MARK) != 0) {
		entry.name = name;
		entry.value = plain_value(r->value);
	}
	if (r->use(r->user, &entry, r->error, r->error_bytes) != 0)
		r->has_failed = true;
	return !r->has_failed;
}

int ini_lines_read(const char *path, const char *text,
		   int (*use)(void *user, const struct ini_entry *, char *error, size_t error_bytes),
		   void *user, char *error, size_t error_bytes)
{
	struct reader r = {.path = path,
			   .next = text + (strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0
						   ? strlen(BYTE_ORDER_MARK)
						   : 0),
			   .next_line = 1,
			   .logical = xstrdup(""),
			   .use = use,
			   .user = user,
			   .error = error,
			   .error_bytes = error_bytes};
	ini_parse_stream(next_line, &r, on_pair, &r);
	free(r.logical);
	return r.has_failed ? -1 : 0;
}
