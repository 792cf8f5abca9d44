/*
 * report document: one list of blocks, rendered twice; nothing that a user wrote becomes mark-up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/doc.h"

static const char hostile[] = "<script>alert('x')</script> & \"q\" `c` *b* _u_ [l](m) |";

static void has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("missing: %s\nin: %.2000s", part, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("there is: %s\nin: %.2000s", part, text);
}

/* Every kind of block, with the same hostile text in every place that takes one. */
static void fill(struct doc *doc)
{
	doc_heading(doc, 1, "top", "%s", hostile);
	doc_heading(doc, 2, "two", "%s", hostile);
	doc_heading(doc, 3, "three", "%s", hostile);
	doc_heading(doc, 2, "four", "Last");
	doc_text(doc, "%s " MARK_STRONG "strong" MARK_STRONG, hostile);
	doc_item(doc, "%s", hostile);
	doc_item(doc, "second");
	doc_command(doc, "%s", hostile);
	doc_source(doc, hostile, hostile);
	doc_box(doc, hostile);
	doc_box_end(doc);
	doc_table(doc, "lr");
	doc_cell(doc, "%s", hostile);
	doc_cell(doc, "n");
	doc_cell(doc, "%s", hostile);
	doc_cell(doc, MARK_CODE "1" MARK_CODE);
	doc_chart(doc, "chart", "/nowhere", "../plots/x", hostile, false);
	doc_chart_beside(doc, "other", "/nowhere", "../plots/x", hostile, true);
}

static int count(const char *text, const char *part)
{
	int n = 0;
	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		n++;
	return n;
}

static void test_html_escapes_everything(void **state)
{
	(void)state;
	struct doc doc = {0};
	fill(&doc);
	char *html = doc_html(&doc);
	has_not(html, "<script");
	has_not(html, "alert('x')");
	has(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;");
	has(html, "<strong>strong</strong>");
	has(html, "<code>1</code>");
	free(html);
	doc_release(&doc);
}

static void test_html_stands_alone_and_is_balanced(void **state)
{
	(void)state;
	static const char *const tags[] = {"ul",  "table", "aside",  "details", "pre",  "main",
					   "nav", "div",   "figure", "h1",      "h2",   "h3",
					   "p",   "body",  "td",     "th",      "style"};
	struct doc doc = {0};
	fill(&doc);
	char *html = doc_html(&doc);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		char open[16], open_more[16], close[16];
		snprintf(open, sizeof(open), "<%s>", tags[i]);
		snprintf(open_more, sizeof(open_more), "<%s ", tags[i]);
		snprintf(close, sizeof(close), "</%s>", tags[i]);
		if (count(html, open) + count(html, open_more) != count(html, close))
			fail_msg("%d of %s but %d of %s", count(html, open) + count(html, open_more), open,
				 count(html, close), close);
	}
	has_not(html, "http://");
	has_not(html, "https://");
	has_not(html, "<link");
	has(html, "<a href=\"#three\">");
	free(html);
	doc_release(&doc);
}

static void test_markdown_escapes_outside_code(void **state)
{
	(void)state;
	struct doc doc = {0};
	fill(&doc);
	char *md = doc_markdown(&doc);
	has(md, "\\<script\\>");
	has(md, "\\`c\\` \\*b\\* \\_u\\_ \\[l\\]");
	has(md, "**strong**");
	/* A bar inside a cell would be a new column. */
	has(md,
	    "| \\<script\\>alert('x')\\</script\\> & \"q\" \\`c\\` \\*b\\* \\_u\\_ \\[l\\](m) \\| | `1` |");
	has(md, "- [Last](#four)");
	free(md);
	doc_release(&doc);
}

static void test_markdown_fences_are_longer_than_what_is_inside(void **state)
{
	(void)state;
	struct doc doc = {0};
	doc_source(&doc, "code", "```\ninside\n```\n");
	char *md = doc_markdown(&doc);
	has(md, "````c\n```\ninside\n```\n````\n");
	free(md);
	doc_release(&doc);
}

static void test_a_chart_that_is_not_drawn_says_so(void **state)
{
	(void)state;
	struct doc doc = {0};
	doc_chart(&doc, "chart", "/nowhere", "../plots/x", "words", false);
	char *md = doc_markdown(&doc), *html = doc_html(&doc);
	has(md, "Not drawn");
	has(md, "(../plots/x/chart.gp)");
	has_not(md, "chart.png");
	has(html, "not drawn");
	has(html, "../plots/x/chart.gp");
	has_not(html, "<img");
	free(md);
	free(html);
	doc_release(&doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html_escapes_everything),
		cmocka_unit_test(test_html_stands_alone_and_is_balanced),
		cmocka_unit_test(test_markdown_escapes_outside_code),
		cmocka_unit_test(test_markdown_fences_are_longer_than_what_is_inside),
		cmocka_unit_test(test_a_chart_that_is_not_drawn_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
