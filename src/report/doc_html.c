/*
 * doc_html: a document as one HTML file that needs nothing else: no network, no script, pictures inside.
 *
 * Pictures are the charts' SVG as data addresses: each keeps its own ids and fonts, and prints sharp. The
 * style sheet follows the reader's light or dark setting; charts keep their white ground. Everything can be
 * reached with the keyboard: the contents are links, sources are <details>, wide tables scroll by themselves.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/doc.h"

static void html_char(FILE *to, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", to);
		break;
	case '<':
		fputs("&lt;", to);
		break;
	case '>':
		fputs("&gt;", to);
		break;
	case '"':
		fputs("&quot;", to);
		break;
	case '\'':
		fputs("&#39;", to);
		break;
	default:
		/* What XML and HTML forbid; our marks were taken out before. */
		fputc((unsigned char)c < 32 && c != '\n' && c != '\t' ? ' ' : c, to);
	}
}

static void html_text(FILE *to, const char *text)
{
	for (; *text != '\0'; text++)
		html_char(to, *text);
}

static void html_inline(FILE *to, const char *text)
{
	static const struct {
		const char *mark, *open, *close;
	} marks[] = {
		{MARK_CODE, "<code>", "</code>"},
		{MARK_STRONG, "<strong>", "</strong>"},
		{MARK_GOOD, "<span class=\"good\">", "</span>"},
		{MARK_BAD, "<span class=\"bad\">", "</span>"},
		{MARK_OPEN, "<span class=\"open\">", "</span>"},
	};
	bool is_open[ARRAY_LEN(marks)] = {false};
	for (; *text != '\0'; text++) {
		size_t m = 0;
		while (m < ARRAY_LEN(marks) && *marks[m].mark != *text)
			m++;
		if (m == ARRAY_LEN(marks)) {
			html_char(to, *text);
			continue;
		}
		fputs(is_open[m] ? marks[m].close : marks[m].open, to);
		is_open[m] = !is_open[m];
	}
}

static void html_tagged(FILE *to, const char *tag, const char *text)
{
	fprintf(to, "<%s>", tag);
	html_inline(to, text);
	fprintf(to, "</%s>\n", tag);
}

static void html_base64(FILE *to, const char *bytes, size_t count)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)bytes;
	for (size_t i = 0; i < count; i += 3) {
		unsigned b1 = i + 1 < count ? in[i + 1] : 0, b2 = i + 2 < count ? in[i + 2] : 0;
		unsigned group = (unsigned)in[i] << 16 | b1 << 8 | b2;
		fputc(digits[group >> 18], to);
		fputc(digits[group >> 12 & 63], to);
		fputc(i + 1 < count ? digits[group >> 6 & 63] : '=', to);
		fputc(i + 2 < count ? digits[group & 63] : '=', to);
	}
}

static char *svg_read(const struct doc_chart *chart)
{
	char *path = xasprintf("%s/%s.svg", chart->dir, chart->name), *svg = read_file(path, NULL);
	free(path);
	return svg;
}

static void html_figure(FILE *to, const struct doc_chart *chart)
{
	char *svg = chart->is_drawn ? svg_read(chart) : NULL;
	fputs("<figure>", to);
	if (svg != NULL) {
		fputs("<img alt=\"", to);
		html_text(to, chart->alt);
		fputs("\" src=\"data:image/svg+xml;base64,", to);
		html_base64(to, svg, strlen(svg));
		fputs("\">", to);
	} else {
		fputs("<p>This chart is not drawn here; with gnuplot at hand its <code>.gp</code> file draws "
		      "it. ",
		      to);
		html_text(to, chart->alt);
		fputs("</p>", to);
	}
	static const char *const endings[] = {"png", "svg", "gp", "dat"};
	fprintf(to, "<figcaption>%s:", chart->name);
	for (size_t i = chart->is_drawn ? 0 : 2; i < ARRAY_LEN(endings); i++) {
		fputs(" <a href=\"", to);
		html_text(to, chart->link);
		fprintf(to, "/%s.%s\">%s</a>", chart->name, endings[i], endings[i]);
	}
	fputs("</figcaption></figure>\n", to);
	free(svg);
}

static void html_table(FILE *to, const struct block *block)
{
	size_t columns = (size_t)block->columns;
	fputs("<div class=\"wide\" tabindex=\"0\"><table>\n", to);
	for (size_t i = 0; i + columns <= block->cell_count; i += columns) {
		fputs(i == 0 ? "<thead><tr>" : "<tr>", to);
		for (size_t k = 0; k < columns; k++) {
			const char *tag = i == 0 ? "th" : "td";
			fprintf(to, "<%s%s%s>", tag, i == 0 ? " scope=\"col\"" : "",
				block->align[k] == 'r' ? " class=\"r\"" : "");
			html_inline(to, block->cells[i + k]);
			fprintf(to, "</%s>", tag);
		}
		fputs(i == 0 ? "</tr></thead>\n<tbody>\n" : "</tr>\n", to);
	}
	fputs("</tbody></table></div>\n", to);
}

static void html_block(FILE *to, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_HEADING:
		fprintf(to, "<h%d id=\"%s\">", block->level, block->id);
		html_inline(to, block->text);
		fprintf(to, "</h%d>\n", block->level);
		break;
	case BLOCK_TEXT:
		html_tagged(to, "p", block->text);
		break;
	case BLOCK_ITEM:
		html_tagged(to, "li", block->text);
		break;
	case BLOCK_TABLE:
		html_table(to, block);
		break;
	case BLOCK_COMMAND:
		fputs("<pre tabindex=\"0\"><code>", to);
		html_text(to, block->text);
		fputs("</code></pre>\n", to);
		break;
	case BLOCK_SOURCE:
		fputs("<details><summary>", to);
		html_inline(to, block->caption);
		fputs("</summary><pre tabindex=\"0\"><code>", to);
		html_text(to, block->text);
		fputs("</code></pre></details>\n", to);
		break;
	case BLOCK_CHARTS:
		fputs("<div class=\"charts\">\n", to);
		for (int i = 0; i < block->chart_count; i++)
			html_figure(to, &block->charts[i]);
		fputs("</div>\n", to);
		break;
	case BLOCK_BOX_BEGIN:
		fputs("<aside>", to);
		html_tagged(to, "h3", block->text);
		break;
	case BLOCK_BOX_END:
		fputs("</aside>\n", to);
		break;
	}
}

/* Headings of level 2, each with those of level 3 below it. */
static void html_contents(FILE *to, const struct doc *doc)
{
	int level = 1;
	fputs("<nav aria-label=\"Contents\"><ul>", to);
	for (size_t i = 0; i < doc->count; i++) {
		const struct block *block = &doc->blocks[i];
		if (block->kind != BLOCK_HEADING || block->level < 2 || block->level > 3)
			continue;
		if (block->level == 3)
			fputs(level == 3 ? "</li><li>" : "<ul><li>", to);
		else
			fputs(level == 3 ? "</li></ul></li><li>" : level == 2 ? "</li><li>" : "<li>", to);
		level = block->level;
		fprintf(to, "<a href=\"#%s\">", block->id);
		html_inline(to, block->text);
		fputs("</a>", to);
	}
	fputs(level == 3   ? "</li></ul></li></ul></nav>\n"
	      : level == 2 ? "</li></ul></nav>\n"
			   : "</ul></nav>\n",
	      to);
}

static void html_head(FILE *to, const struct doc *doc)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>",
	      to);
	html_inline(to, doc->title != NULL ? doc->title : "report");
	fprintf(to,
		"</title><style>%s</style></head><body>\n<a class=\"skip\" href=\"#main\">Skip to the "
		"results</a>\n",
		doc_style_sheet);
}

char *doc_html(const struct doc *doc)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	bool in_list = false;

	html_head(to, doc);
	for (size_t i = 0; i < doc->count; i++) {
		bool is_item = doc->blocks[i].kind == BLOCK_ITEM;
		if (is_item != in_list)
			fputs(is_item ? "<ul>\n" : "</ul>\n", to);
		in_list = is_item;
		html_block(to, &doc->blocks[i]);
		if (i == 0) {
			html_contents(to, doc);
			fputs("<main id=\"main\">\n", to);
		}
	}
	fputs(in_list ? "</ul>\n</main></body></html>\n" : "</main></body></html>\n", to);
	fclose(to);
	return text;
}
