/*
 * profile: "gil 2ms, wait exp(10ms)" to data. See profile.h; back to text: profile_text.c; casts: profile_cast.c.
 *
 *	PROFILE  is  SEGMENT { (`,` | `+`) SEGMENT }
 *	SEGMENT  is  KIND (space | `:`) LENGTH
 *	LENGTH   is  D | exp(D) | lognormal(D, NUMBER)
 *	D        is  a number and its unit, as param_duration reads them; a number alone is refused, for half of the
 *	             people mean seconds by it and the other half milliseconds
 *
 * One cursor moves over the text once. Each mistake is answered where it stands: the sentence begins with the column,
 * counted in characters. The words that people bring from elsewhere (cpu, io, ...) are answered with ours.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/param.h>
#include <gilbench/profile.h>
#include <gilbench/util.h>

/* Longest word that is looked at, and how much of a mistake is quoted. The exact value does not matter. */
#define WORD_CHARS 40
/* A lognormal length of sigma 4 has its 99th percentile at 11,000 times its median. */
#define SIGMA_MAX 4

struct cursor {
	const char *text, *at;
	char *error;
	size_t error_bytes;
};

static const char *const spreads[] = {
	[SPREAD_CONSTANT] = "constant", [SPREAD_EXPONENTIAL] = "exp", [SPREAD_LOGNORMAL] = "lognormal"};

/* What people call a kind, and what to write for it. */
static const struct {
	const char *word, *answer;
} elsewhere[] = {
	{"cpu", "interpreted work is 'gil'"},
	{"python", "interpreted work is 'gil'"},
	{"native", "native code is 'hold' where it keeps the lock, 'free' where it lets go of it"},
	{"c", "native code is 'hold' where it keeps the lock, 'free' where it lets go of it"},
	{"io", "I/O is 'wait' (or 'block', where a call waits in the kernel and would stop an event loop)"},
	{"sleep", "an awaited sleep is 'wait'; a call that blocks, such as time.sleep, is 'block'"},
};

/* "column 5: ...". Returns -1. */
static int fail(const struct cursor *, const char *where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(const struct cursor *c, const char *where, const char *format, ...)
{
	int column = 1;
	/* The later bytes of a character of UTF-8 are no columns. */
	for (const char *p = c->text; p < where; p++)
		column += ((unsigned char)*p & 0xc0) != 0x80;
	int used = snprintf(c->error, c->error_bytes, "column %d: ", column);
	if (used < 0 || (size_t)used >= c->error_bytes)
		return -1;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(c->error + used, c->error_bytes - (size_t)used, format, arguments);
	va_end(arguments);
	return -1;
}

static void skip_spaces(struct cursor *c)
{
	while (isspace((unsigned char)*c->at))
		c->at++;
}

/* The letters at the cursor, in lower case; cut short where they do not fit. Moves past them all. */
static void take_letters(struct cursor *c, char word[WORD_CHARS])
{
	size_t used = 0;
	for (; isalpha((unsigned char)*c->at); c->at++)
		if (used < WORD_CHARS - 1)
			word[used++] = (char)tolower((unsigned char)*c->at);
	word[used] = '\0';
}

/* Length of what stands there up to the next space or separator: for quoting. */
static int quoted(const char *at)
{
	size_t length = strcspn(at, " \t\n,+:=()");
	return length == 0 && *at != '\0' ? 1 : length > WORD_CHARS ? WORD_CHARS : (int)length;
}

static int unknown_kind(const struct cursor *c, const char *where, const char *word)
{
	const char *names[SEGMENT_KINDS];
	for (enum segment_kind k = 0; k < SEGMENT_KINDS; k++)
		names[k] = segment_kind_name(k);
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
		if (strcmp(word, elsewhere[i].word) == 0)
			return fail(c, where, "'%s' is no kind of segment: %s", word, elsewhere[i].answer);
	const char *near = nearest_name(word, names, SEGMENT_KINDS);
	if (near != NULL)
		return fail(c, where, "'%s' is no kind of segment; did you mean '%s'?", word, near);
	return fail(c, where, "'%s' is no kind of segment; there are: gil, hold, free, wait, block, client",
		    word);
}

static int read_kind(struct cursor *c, enum segment_kind *kind)
{
	char word[WORD_CHARS];
	const char *where = c->at;
	take_letters(c, word);
	if (*word == '\0' && *where == '\0')
		return fail(c, where, "a segment is missing here, such as 'gil 2ms' or 'wait exp(10ms)'");
	if (*word == '\0')
		return fail(c, where,
			    "'%.*s' is no kind of segment; a segment begins with one, as in 'gil 2ms'",
			    quoted(where), where);
	for (*kind = 0; strcmp(word, segment_kind_name(*kind)) != 0;)
		if (++*kind == SEGMENT_KINDS)
			return unknown_kind(c, where, word);
	const char *after = c->at;
	skip_spaces(c);
	if (*c->at == ':')
		c->at++;
	else if (c->at == after && strchr(",+", *after) == NULL)
		return fail(c, after, "a space or a colon is missing between '%s' and '%.*s'", word,
			    quoted(after), after);
	skip_spaces(c);
	return 0;
}

/* The plain decimal number at the cursor; moves past it. */
static int read_number(struct cursor *c, const char *what, double *number)
{
	const char *where = c->at;
	if (*where == '-')
		return fail(c, where, "%s cannot be negative", what);
	char *end;
	errno = 0;
	*number = strtod(where, &end);
	/* strtod reads more than people mean: inf, nan, hexadecimal, spaces. */
	bool is_plain = (isdigit((unsigned char)*where) || *where == '.') && end > where &&
			end <= where + strspn(where, "0123456789.eE+-");
	if (!is_plain)
		return fail(c, where, "%s must be a number, not '%.*s'", what, quoted(where), where);
	if (errno == ERANGE)
		return fail(c, where, "%.*s is too %s a number", quoted(where), where,
			    *number > 1 ? "large" : "small");
	c->at = end;
	return 0;
}

/* A number with a unit that param_duration knows, in whole nanoseconds. */
static int to_ns(const struct cursor *c, const char *where, const char *text, int64_t *ns)
{
	double seconds;
	if (param_duration(text, &seconds) != 0)
		return fail(c, where, "'%.60s' is no length: the units are ns, us, ms, s, m and h", text);
	/* 100us is not quite 1e5 ns in binary. */
	double rounded = round(seconds * NS_PER_S);
	if (rounded > (double)SEGMENT_MAX_NS)
		return fail(c, where, "%.60s is longer than a day, the longest segment there is", text);
	if (rounded == 0 && seconds > 0)
		return fail(c, where, "%.60s is shorter than a nanosecond, the shortest that is not 0", text);
	*ns = (int64_t)rounded;
	return 0;
}

static int read_duration(struct cursor *c, int64_t *ns)
{
	const char *where = c->at;
	double number;
	if (read_number(c, "a length", &number) != 0)
		return -1;
	int digits = (int)(c->at - where);
	skip_spaces(c);
	const char *unit = c->at;
	/* The bytes above are a micro sign's, which is no unit here but must be quoted whole. */
	while (isalpha((unsigned char)*c->at) || (unsigned char)*c->at >= 0x80)
		c->at++;
	if (c->at == unit)
		return fail(c, where, "%.*s has no unit; write %.*sms if you mean milliseconds", digits,
			    where, digits, where);
	char *text = xasprintf("%.*s%.*s", digits, where, (int)(c->at - unit), unit);
	int status = to_ns(c, where, text, ns);
	free(text);
	return status;
}

static int unknown_spread(const struct cursor *c, const char *where, const char *word)
{
	const char *near = nearest_name(word, spreads + 1, ARRAY_LEN(spreads) - 1);
	if (near != NULL)
		return fail(c, where, "there is no '%s' length; did you mean '%s'?", word, near);
	return fail(c, where, "'%s' is no length; there are 2ms, exp(2ms) and lognormal(2ms, 0.5)", word);
}

/* What is in the parentheses after the mean. */
static int read_sigma(struct cursor *c, struct segment *s)
{
	if (*c->at != ',')
		return fail(c, c->at,
			    "lognormal takes the mean and the standard deviation of the logarithm, as in "
			    "lognormal(2ms, 0.5)");
	c->at++;
	skip_spaces(c);
	const char *where = c->at;
	if (read_number(c, "the standard deviation of the logarithm", &s->sigma) != 0)
		return -1;
	if (!(s->sigma > 0 && s->sigma <= SIGMA_MAX))
		return fail(c, where,
			    "the standard deviation of the logarithm must be above 0 and at most %d",
			    SIGMA_MAX);
	skip_spaces(c);
	return 0;
}

/* "exp(2ms)", "lognormal(2ms, 0.5)". */
static int read_spread(struct cursor *c, struct segment *s)
{
	char word[WORD_CHARS];
	const char *where = c->at;
	take_letters(c, word);
	for (s->spread = SPREAD_EXPONENTIAL; strcmp(word, spreads[s->spread]) != 0;)
		if (++s->spread == ARRAY_LEN(spreads))
			return unknown_spread(c, where, word);
	skip_spaces(c);
	if (*c->at != '(')
		return fail(c, c->at, "'(' and a length are missing after '%s', as in %s(2ms%s)", word, word,
			    s->spread == SPREAD_LOGNORMAL ? ", 0.5" : "");
	c->at++;
	skip_spaces(c);
	if (read_duration(c, &s->mean_ns) != 0)
		return -1;
	skip_spaces(c);
	if (s->spread == SPREAD_LOGNORMAL && read_sigma(c, s) != 0)
		return -1;
	if (*c->at != ')')
		return fail(c, c->at, "')' is missing after %.*s", (int)(c->at - where), where);
	c->at++;
	return 0;
}

static int read_segment(struct cursor *c, struct segment *s)
{
	*s = (struct segment){.spread = SPREAD_CONSTANT};
	if (read_kind(c, &s->kind) != 0)
		return -1;
	if (*c->at == '\0' || strchr(",+", *c->at) != NULL)
		return fail(c, c->at, "a length is missing after '%s', as in '%s 2ms'",
			    segment_kind_name(s->kind), segment_kind_name(s->kind));
	return isalpha((unsigned char)*c->at) ? read_spread(c, s) : read_duration(c, &s->mean_ns);
}

/* Segments up to the end of the text. */
static int read_segments(struct cursor *c, struct profile *profile)
{
	for (;; c->at++) {
		skip_spaces(c);
		if (profile->count == SEGMENT_MAX)
			return fail(c, c->at, "a profile has at most %d segments", SEGMENT_MAX);
		if (read_segment(c, &profile->segment[profile->count]) != 0)
			return -1;
		profile->count++;
		skip_spaces(c);
		if (*c->at == '\0')
			return 0;
		if (strchr(",+", *c->at) == NULL)
			return fail(c, c->at, "a comma is missing before '%.*s'", quoted(c->at), c->at);
	}
}

int profile_parse(const char *text, struct profile *profile, char *error, size_t error_bytes)
{
	struct cursor c = {.text = text, .at = text, .error = error, .error_bytes = error_bytes};
	*profile = (struct profile){.tick_ns = PROFILE_TICK_NS};
	if (read_segments(&c, profile) != 0)
		return -1;
	for (size_t i = 0; i < profile->count; i++)
		if (profile->segment[i].mean_ns > 0)
			return 0;
	c.at = text + strspn(text, " \t\n");
	return fail(&c, c.at, "this profile can never progress: no segment has a length above 0");
}
