/*
 * expression: numbers and names joined by * and /. See expectation.h.
 *
 *	expression = term { ("*" | "/") term }
 *	term       = number with a unit | "cores" | "physical" | "workers" | "ceiling"
 *
 * No blanks, no brackets, left to right: enough for 0.93*ceiling and cores/2, and one can read it aloud.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gilbench/expectation.h>
#include <gilbench/param.h>
#include <gilbench/util.h>

/* Longest term. The exact value does not matter. */
#define TERM_MAX_CHARS 31

static int term_value(const char *term, const struct expression_names *names, double *value)
{
	const struct {
		const char *name;
		double value;
	} known[] = {{"cores", names->cores},
		     {"physical", names->physical},
		     {"workers", names->workers},
		     {"ceiling", names->ceiling}};
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i].name, term) == 0) {
			*value = known[i].value;
			return 0;
		}
	}
	/* "nan" and "inf" are numbers to strtod, not to people. */
	if (!isdigit((unsigned char)term[0]) && term[0] != '.')
		return -1;
	return param_number(term, value) == 0 || param_duration(term, value) == 0 ? 0 : -1;
}

int expression_value(const char *text, const struct expression_names *names, double *value, char *error,
		     size_t error_bytes)
{
	const char *at = text;
	char joiner = '*';
	*value = 1;
	for (;;) {
		char term[TERM_MAX_CHARS + 1];
		size_t length = strcspn(at, "*/");
		double factor;
		snprintf(term, sizeof(term), "%.*s", (int)length, at);
		if (length > TERM_MAX_CHARS || term_value(term, names, &factor) != 0) {
			snprintf(error, error_bytes,
				 "'%.*s' in '%s' is neither a number nor one of cores, physical, workers, "
				 "ceiling",
				 (int)length, at, text);
			return -1;
		}
		*value = joiner == '*' ? *value * factor : *value / factor;
		at += length;
		if (*at == '\0')
			return 0;
		joiner = *at++;
	}
}
