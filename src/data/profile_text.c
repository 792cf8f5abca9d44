/*
 * profile_text: a profile's names, its one spelling, and its sums. See profile.h.
 *
 * The text is what a `params` column holds and what makes two cells the same, so equal profiles have equal text:
 * lengths are whole nanoseconds, printed without a binary fraction in between.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/clock.h>
#include <gilbench/profile.h>
#include <gilbench/util.h>

const char *segment_kind_name(enum segment_kind kind)
{
	static const char *const names[] = {"gil", "hold", "free", "wait", "block", "client"};
	return names[kind];
}

/* "1.5ms": the largest unit of which there is one, and all digits of the rest. */
static void print_length(FILE *to, int64_t ns)
{
	static const struct {
		int64_t ns;
		const char *name;
	} units[] = {{NS_PER_S, "s"}, {NS_PER_MS, "ms"}, {NS_PER_US, "us"}, {1, "ns"}};
	size_t i = 0;
	while (units[i].ns > 1 && ns < units[i].ns && ns != 0)
		i++;
	fprintf(to, "%" PRId64, ns / units[i].ns);
	int64_t rest = ns % units[i].ns;
	if (rest > 0)
		fputc('.', to);
	for (int64_t place = units[i].ns / 10; rest > 0; rest %= place, place /= 10)
		fputc((int)('0' + rest / place), to);
	fputs(units[i].name, to);
}

static void print_segment(FILE *to, const struct segment *s)
{
	static const char *const spreads[] = {[SPREAD_CONSTANT] = "",
					      [SPREAD_EXPONENTIAL] = "exp(",
					      [SPREAD_LOGNORMAL] = "lognormal(",
					      [SPREAD_EMPIRICAL] = "recorded("};
	fprintf(to, "%s:%s", segment_kind_name(s->kind), spreads[s->spread]);
	print_length(to, s->mean_ns);
	if (s->spread == SPREAD_LOGNORMAL)
		fprintf(to, ",%.15g", s->sigma);
	if (s->spread != SPREAD_CONSTANT)
		fputc(')', to);
}

char *profile_text(const struct profile *profile)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);
	if (to == NULL)
		die("open_memstream");
	for (size_t i = 0; i < profile->count; i++) {
		if (i > 0)
			fputc('+', to);
		print_segment(to, &profile->segment[i]);
	}
	if (fclose(to) != 0)
		die("open_memstream");
	return text;
}

double profile_seconds(const struct profile *profile, enum segment_kind kind)
{
	int64_t ns = 0;
	for (size_t i = 0; i < profile->count; i++)
		if (kind == SEGMENT_KINDS || profile->segment[i].kind == kind)
			ns += profile->segment[i].mean_ns;
	return (double)ns / NS_PER_S;
}

void profile_release(struct profile *profile)
{
	for (size_t i = 0; i < profile->count; i++)
		free(profile->segment[i].values);
	*profile = (struct profile){.tick_ns = profile->tick_ns};
}
