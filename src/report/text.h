/*
 * text: numbers and sentences as people read them. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_TEXT_H
#define GILBENCH_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <gilbench/stats.h>

/* Room for any one formatted number with its interval. The exact value does not matter. */
#define NUMBER_TEXT_BYTES 96

struct number_text {
	char text[NUMBER_TEXT_BYTES];
};

/* "1.97×", "28.4×"; "-" when not known. */
struct number_text text_ratio(double);
/* "1.97× [1.95, 1.98]"; the number alone where there is no interval. */
struct number_text text_ratio_interval(const struct interval *);
/* "12.3 ms", "850 ns", "2.10 s" */
struct number_text text_seconds(double);
struct number_text text_seconds_interval(const struct interval *);
struct number_text text_bytes_interval(const struct interval *);
struct number_text text_count_interval(const struct interval *);
/* "3.2 MiB" */
struct number_text text_bytes(double);
/* "1.3 %" of a share */
struct number_text text_percent(double share);
/* Three significant digits: "99.2 %", "0.038 %" */
struct number_text text_share(double);
struct number_text text_share_interval(const struct interval *);
/* "12,300" per second and such: three significant digits with k, M, G */
struct number_text text_count(double);
/* Three significant digits, no exponent below a million. */
struct number_text text_plain(double);
struct number_text text_plain_interval(const struct interval *);

/* Characters (not bytes) of UTF-8 text. */
size_t text_length(const char *utf8);
/* In so many columns at least: right in them, or left where `columns` is negative. */
void text_put(FILE *, const char *utf8, int columns);
/* Break at spaces so that no line is longer than `columns` characters (a longer word stays whole). Lines are
 * parted by '\n'; at most `lines` of them, the last ends in "..." when something was cut. Free it. */
char *text_wrap(const char *text, size_t columns, size_t lines);
/* Lower-case letters, digits and dashes, for file names and anchors. Free it. */
char *text_slug(const char *text);
/* One line: control characters become spaces. Free it. */
char *text_one_line(const char *text);
/* Text that a POSIX shell reads as one word. Free it. */
char *text_shell_word(const char *text);

#endif
