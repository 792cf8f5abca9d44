/*
 * text: numbers with three significant digits and their unit, wrapping, names fit for files.
 *
 * Three digits are what the samples carry: an interval of 2 % already moves the second one. A number that is
 * not known is "-" everywhere, never 0.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/text.h"

/* Digits after the point that leave three significant ones. */
static int decimals_for(double value)
{
	double size = fabs(value);
	if (size > 0 && size < 0.0995)
		return size < 0.00995 ? 4 : 3;
	return size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
}

static struct number_text number_unknown(void)
{
	return (struct number_text){"-"};
}

struct number_text text_ratio(double value)
{
	struct number_text out = number_unknown();
	if (isfinite(value))
		snprintf(out.text, sizeof(out.text), "%.*f×", decimals_for(value), value);
	return out;
}

struct number_text text_ratio_interval(const struct interval *iv)
{
	struct number_text out = text_ratio(iv->mid);
	size_t used = strlen(out.text);
	if (!isfinite(iv->mid))
		return out;
	if (interval_exists(iv))
		snprintf(out.text + used, sizeof(out.text) - used, " [%.*f, %.*f]", decimals_for(iv->lo),
			 iv->lo, decimals_for(iv->hi), iv->hi);
	return out;
}

struct unit {
	double size;
	const char *name;
};

static const struct unit *unit_for(double value, const struct unit *units, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++)
		/* A value that would be rounded up to 1000 takes the next unit. */
		if (fabs(value) >= units[i].size * 0.9995)
			return &units[i];
	return &units[count - 1];
}

static const struct unit second_units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
static const struct unit byte_units[] = {
	{1024.0 * 1024 * 1024, "GiB"}, {1024.0 * 1024, "MiB"}, {1024, "KiB"}, {1, "B"}};
static const struct unit count_units[] = {{1e9, " G"}, {1e6, " M"}, {1e3, " k"}, {1, ""}};

struct number_text text_seconds(double value)
{
	struct number_text out = number_unknown();
	if (!isfinite(value))
		return out;
	const struct unit *unit = unit_for(value, second_units, ARRAY_LEN(second_units));
	double scaled = value / unit->size;
	snprintf(out.text, sizeof(out.text), "%.*f %s", value == 0 ? 0 : decimals_for(scaled), scaled,
		 value == 0 ? "s" : unit->name);
	return out;
}

/* " [lo, hi]" behind a middle that is already there, in the middle's unit. */
static struct number_text with_interval(struct number_text mid, const struct interval *iv,
					const struct unit *units, size_t count)
{
	size_t used = strlen(mid.text);
	if (!isfinite(iv->mid) || !interval_exists(iv))
		return mid;
	const struct unit *unit = unit_for(iv->mid, units, count);
	double lo = iv->lo / unit->size, hi = iv->hi / unit->size;
	snprintf(mid.text + used, sizeof(mid.text) - used, " [%.*f,\u00a0%.*f]", decimals_for(lo), lo,
		 decimals_for(hi), hi);
	return mid;
}

struct number_text text_seconds_interval(const struct interval *iv)
{
	return with_interval(text_seconds(iv->mid), iv, second_units, ARRAY_LEN(second_units));
}

struct number_text text_bytes_interval(const struct interval *iv)
{
	return with_interval(text_bytes(iv->mid), iv, byte_units, ARRAY_LEN(byte_units));
}

struct number_text text_count_interval(const struct interval *iv)
{
	return with_interval(text_count(iv->mid), iv, count_units, ARRAY_LEN(count_units));
}

struct number_text text_bytes(double value)
{
	struct number_text out = number_unknown();
	if (!isfinite(value))
		return out;
	const struct unit *unit = unit_for(value, byte_units, ARRAY_LEN(byte_units));
	double scaled = value / unit->size;
	snprintf(out.text, sizeof(out.text), "%.*f %s", decimals_for(scaled), scaled, unit->name);
	return out;
}

struct number_text text_percent(double share)
{
	struct number_text out = number_unknown();
	if (isfinite(share))
		snprintf(out.text, sizeof(out.text), "%.*f %%", decimals_for(share * 100) > 1 ? 1 : 0,
			 share * 100);
	return out;
}

struct number_text text_share(double share)
{
	struct number_text out = number_unknown();
	if (isfinite(share))
		snprintf(out.text, sizeof(out.text), "%.*f %%", share == 0 ? 0 : decimals_for(share * 100),
			 share * 100);
	return out;
}

struct number_text text_share_interval(const struct interval *iv)
{
	static const struct unit percent = {0.01, "%"};
	return with_interval(text_share(iv->mid), iv, &percent, 1);
}

struct number_text text_count(double value)
{
	struct number_text out = number_unknown();
	if (!isfinite(value))
		return out;
	const struct unit *unit = unit_for(value, count_units, ARRAY_LEN(count_units));
	double scaled = value / unit->size;
	bool is_whole = unit->size == 1 && scaled == floor(scaled);
	snprintf(out.text, sizeof(out.text), "%.*f%s", is_whole ? 0 : decimals_for(scaled), scaled,
		 unit->name);
	return out;
}

struct number_text text_plain(double value)
{
	struct number_text out = number_unknown();
	if (isfinite(value))
		snprintf(out.text, sizeof(out.text), "%.*f", value == floor(value) ? 0 : decimals_for(value),
			 value);
	return out;
}

struct number_text text_plain_interval(const struct interval *iv)
{
	static const struct unit plain = {1, ""};
	return with_interval(text_plain(iv->mid), iv, &plain, 1);
}

size_t text_length(const char *utf8)
{
	size_t n = 0;
	for (; *utf8 != '\0'; utf8++)
		n += ((unsigned char)*utf8 & 0xC0) != 0x80;
	return n;
}

void text_put(FILE *to, const char *utf8, int columns)
{
	int room = abs(columns) - (int)text_length(utf8);
	fprintf(to, "%*s%s%*s", columns > 0 && room > 0 ? room : 0, "", utf8,
		columns < 0 && room > 0 ? room : 0, "");
}

char *text_wrap(const char *text, size_t columns, size_t lines)
{
	char *out = text_one_line(text);
	char *line = out, *space = NULL;
	size_t used = 1;

	for (char *at = out; *at != '\0'; at++) {
		if (*at != ' ')
			continue;
		char *next = at + 1 + strcspn(at + 1, " ");
		char kept = *next;
		*next = '\0';
		bool is_over = text_length(line) > columns;
		*next = kept;
		space = at;
		if (!is_over)
			continue;
		if (used == lines) {
			/* Room for the dots: they replace the space and at least the shortest word. */
			memcpy(space, strlen(space) >= 3 ? "..." : "", strlen(space) >= 3 ? 4 : 1);
			break;
		}
		*space = '\n';
		line = space + 1;
		used++;
	}
	return out;
}

char *text_slug(const char *text)
{
	char *out = xcalloc(strlen(text) + 2, 1);
	size_t n = 0;
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 128 && isalnum(c))
			out[n++] = (char)tolower(c);
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	out[n] = '\0';
	if (n == 0)
		strcpy(out, "x");
	return out;
}

char *text_one_line(const char *text)
{
	char *out = xstrdup(text);
	for (char *c = out; *c != '\0'; c++)
		if ((unsigned char)*c < 32 || *c == 127)
			*c = ' ';
	return out;
}

char *text_shell_word(const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+@%";
	if (*text != '\0' && strspn(text, plain) == strlen(text))
		return xstrdup(text);
	char *out = xcalloc(4 * strlen(text) + 3, 1);
	char *to = out;
	*to++ = '\'';
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			to = stpcpy(to, "'\\''");
		else
			*to++ = *text;
	}
	strcpy(to, "'");
	return out;
}
