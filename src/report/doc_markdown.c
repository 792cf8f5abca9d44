/*
 * doc_markdown: a document as GitHub-flavoured Markdown, readable as it is in a terminal.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/doc.h"

/* Text with marks. Outside code, characters that Markdown gives a meaning are escaped; `|` is always. */
static void md_inline(FILE *to, const char *text, bool is_cell)
{
	bool in_code = false;
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == *MARK_CODE) {
			in_code = !in_code;
			fputc('`', to);
		} else if (*c == *MARK_STRONG || *c == *MARK_GOOD || *c == *MARK_BAD || *c == *MARK_OPEN) {
			fputs("**", to);
		} else if (*c == '|' && is_cell) {
			fputs("\\|", to);
		} else if (*c == '\n' && is_cell) {
			fputc(' ', to);
		} else {
			if (!in_code && strchr("\\`*_<>[]", *c) != NULL)
				fputc('\\', to);
			fputc(*c, to);
		}
	}
}

/* A fence longer than any run of backquotes inside. */
static void md_fenced(FILE *to, const char *language, const char *text)
{
	size_t longest = 2, run = 0;
	for (const char *c = text; *c != '\0'; c++) {
		run = *c == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	for (size_t i = 0; i <= longest; i++)
		fputc('`', to);
	fprintf(to, "%s\n%s%s", language, text, *text != '\0' && text[strlen(text) - 1] == '\n' ? "" : "\n");
	for (size_t i = 0; i <= longest; i++)
		fputc('`', to);
	fputs("\n\n", to);
}

static void md_row(FILE *to, char *const *cells, int columns)
{
	fputc('|', to);
	for (int i = 0; i < columns; i++) {
		fputc(' ', to);
		md_inline(to, cells[i], true);
		fputs(" |", to);
	}
	fputc('\n', to);
}

static void md_table(FILE *to, const struct block *block)
{
	for (size_t i = 0; i + (size_t)block->columns <= block->cell_count; i += (size_t)block->columns) {
		md_row(to, block->cells + i, block->columns);
		if (i > 0)
			continue;
		fputc('|', to);
		for (int k = 0; k < block->columns; k++)
			fputs(block->align[k] == 'r' ? "---:|" : "---|", to);
		fputc('\n', to);
	}
	fputc('\n', to);
}

static void md_charts(FILE *to, const struct block *block)
{
	for (int i = 0; i < block->chart_count; i++) {
		const struct doc_chart *chart = &block->charts[i];
		if (chart->is_drawn) {
			fputs("![", to);
			md_inline(to, chart->alt, false);
			fprintf(to, "](%s/%s.png)\n\n", chart->link, chart->name);
		}
		fprintf(to, "%s [%s.gp](%s/%s.gp), [%s.dat](%s/%s.dat)\n\n",
			chart->is_drawn ? "Drawn by" : "Not drawn; with gnuplot at hand it is drawn by",
			chart->name, chart->link, chart->name, chart->name, chart->link, chart->name);
	}
}

static void md_block(FILE *to, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_HEADING:
		fprintf(to, "<a id=\"%s\"></a>\n\n%.*s ", block->id, block->level, "######");
		md_inline(to, block->text, false);
		fputs("\n\n", to);
		break;
	case BLOCK_TEXT:
		md_inline(to, block->text, false);
		fputs("\n\n", to);
		break;
	case BLOCK_ITEM:
		fputs("- ", to);
		md_inline(to, block->text, false);
		fputc('\n', to);
		break;
	case BLOCK_TABLE:
		md_table(to, block);
		break;
	case BLOCK_COMMAND:
		md_fenced(to, "sh", block->text);
		break;
	case BLOCK_SOURCE:
		md_inline(to, block->caption, false);
		fputs("\n\n", to);
		md_fenced(to, "c", block->text);
		break;
	case BLOCK_CHARTS:
		md_charts(to, block);
		break;
	case BLOCK_BOX_BEGIN:
		fputs("---\n\n**", to);
		md_inline(to, block->text, false);
		fputs("**\n\n", to);
		break;
	case BLOCK_BOX_END:
		fputs("---\n\n", to);
		break;
	}
}

static void md_contents(FILE *to, const struct doc *doc)
{
	for (size_t i = 0; i < doc->count; i++) {
		const struct block *block = &doc->blocks[i];
		if (block->kind != BLOCK_HEADING || block->level < 2 || block->level > 3)
			continue;
		fprintf(to, "%s- [", block->level == 3 ? "  " : "");
		md_inline(to, block->text, false);
		fprintf(to, "](#%s)\n", block->id);
	}
	fputc('\n', to);
}

char *doc_markdown(const struct doc *doc)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	for (size_t i = 0; i < doc->count; i++) {
		const struct block *block = &doc->blocks[i];
		md_block(to, block);
		/* A list ends with an empty line. */
		if (block->kind == BLOCK_ITEM &&
		    (i + 1 == doc->count || doc->blocks[i + 1].kind != BLOCK_ITEM))
			fputc('\n', to);
		if (i == 0)
			md_contents(to, doc);
	}
	fclose(to);
	return text;
}
