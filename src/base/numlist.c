/*
 * numlist: "1,2,4-8,cores,2*cores" to sorted numbers. See numlist.h for the grammar.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/numlist.h>

/* One number or name at *text, with an optional "N*" before a name. 0, or -1. Moves *text past it. */
static int parse_term(const char **text, const struct numlist_name *names, long *value)
{
	long factor = 1;
	if (isdigit((unsigned char)**text)) {
		char *end;
		errno = 0;
		*value = strtol(*text, &end, 10);
		*text = end;
		if (errno != 0)
			return -1;
		if (*end != '*')
			return 0;
		factor = *value;
		*text = end + 1;
	}
	size_t length = strcspn(*text, ",-:*");
	for (; names != NULL && names->name != NULL; names++) {
		if (strlen(names->name) == length && strncmp(names->name, *text, length) == 0) {
			*text += length;
			return __builtin_mul_overflow(factor, names->value, value) ? -1 : 0;
		}
	}
	return -1;
}

static int insert(int out[NUMLIST_MAX], int *count, long value)
{
	int at = *count;
	while (at > 0 && out[at - 1] >= value)
		at--;
	if (at < *count && out[at] == value)
		return 0;
	if (*count == NUMLIST_MAX)
		return -1;
	memmove(&out[at + 1], &out[at], (size_t)(*count - at) * sizeof(out[0]));
	out[at] = (int)value;
	(*count)++;
	return 0;
}

int numlist_parse(const char *text, const struct numlist_name *names, int min, int max, int out[NUMLIST_MAX],
		  char *error, size_t error_bytes)
{
	int count = 0;
	const char *at = text;
	do {
		long first, last, step = 1;
		while (*at == ' ')
			at++;
		if (parse_term(&at, names, &first) != 0)
			goto malformed;
		last = first;
		if (*at == '-' && (at++, parse_term(&at, names, &last) != 0))
			goto malformed;
		if (*at == ':' && (at++, parse_term(&at, NULL, &step) != 0))
			goto malformed;
		while (*at == ' ')
			at++;
		if ((*at != ',' && *at != '\0') || step < 1 || last < first)
			goto malformed;
		if (first < min || last > max) {
			snprintf(error, error_bytes, "'%s': numbers must be from %d to %d", text, min, max);
			return -1;
		}
		for (; first <= last; first += step) {
			if (insert(out, &count, first) != 0) {
				snprintf(error, error_bytes, "'%s': at most %d numbers", text, NUMLIST_MAX);
				return -1;
			}
		}
	} while (*at++ == ',');
	return count;
malformed:
	snprintf(error, error_bytes, "'%s' is not a list of whole numbers such as 1,2,4 or 1-8 or 1-32:4%s",
		 text, names != NULL ? " or cores,2*cores" : "");
	return -1;
}
