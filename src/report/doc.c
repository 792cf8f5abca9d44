/*
 * doc: building the list of blocks. See doc.h; doc_markdown.c and doc_html.c render it.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/doc.h"

static struct block *block_add(struct doc *doc, enum block_kind kind)
{
	doc->blocks = xrealloc(doc->blocks, doc->count + 1, sizeof(struct block));
	struct block *block = &doc->blocks[doc->count++];
	*block = (struct block){.kind = kind};
	return block;
}

static char *format_text(const char *format, va_list list) __attribute__((format(printf, 1, 0)));

static char *format_text(const char *format, va_list list)
{
	char *text;
	if (vasprintf(&text, format, list) < 0)
		die("vasprintf");
	return text;
}

void doc_heading(struct doc *doc, int level, const char *id, const char *format, ...)
{
	struct block *block = block_add(doc, BLOCK_HEADING);
	va_list list;
	va_start(list, format);
	block->text = format_text(format, list);
	va_end(list);
	block->level = level;
	block->id = xstrdup(id);
	if (doc->title == NULL)
		doc->title = xstrdup(block->text);
}

void doc_text(struct doc *doc, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	block_add(doc, BLOCK_TEXT)->text = format_text(format, list);
	va_end(list);
}

void doc_item(struct doc *doc, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	block_add(doc, BLOCK_ITEM)->text = format_text(format, list);
	va_end(list);
}

void doc_command(struct doc *doc, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	block_add(doc, BLOCK_COMMAND)->text = format_text(format, list);
	va_end(list);
}

void doc_source(struct doc *doc, const char *caption, const char *code)
{
	struct block *block = block_add(doc, BLOCK_SOURCE);
	block->caption = xstrdup(caption);
	block->text = xstrdup(code);
}

void doc_box(struct doc *doc, const char *title)
{
	block_add(doc, BLOCK_BOX_BEGIN)->text = xstrdup(title);
}

void doc_box_end(struct doc *doc)
{
	block_add(doc, BLOCK_BOX_END);
}

void doc_table(struct doc *doc, const char *align)
{
	struct block *block = block_add(doc, BLOCK_TABLE);
	block->columns = (int)strnlen(align, TABLE_COLUMNS_MAX);
	memcpy(block->align, align, (size_t)block->columns);
}

void doc_cell(struct doc *doc, const char *format, ...)
{
	struct block *block = &doc->blocks[doc->count - 1];
	va_list list;
	block->cells = xrealloc(block->cells, block->cell_count + 1, sizeof(char *));
	va_start(list, format);
	block->cells[block->cell_count++] = format_text(format, list);
	va_end(list);
}

static void chart_put(struct block *block, const char *name, const char *dir, const char *link,
		      const char *alt, bool is_drawn)
{
	block->charts[block->chart_count++] = (struct doc_chart){
		.name = xstrdup(name),
		.dir = xstrdup(dir),
		.link = xstrdup(link),
		.alt = xstrdup(alt),
		.is_drawn = is_drawn,
	};
}

void doc_chart(struct doc *doc, const char *name, const char *dir, const char *link, const char *alt,
	       bool is_drawn)
{
	chart_put(block_add(doc, BLOCK_CHARTS), name, dir, link, alt, is_drawn);
}

void doc_chart_beside(struct doc *doc, const char *name, const char *dir, const char *link, const char *alt,
		      bool is_drawn)
{
	struct block *last = doc->count > 0 ? &doc->blocks[doc->count - 1] : NULL;
	if (last == NULL || last->kind != BLOCK_CHARTS || last->chart_count > 1)
		last = block_add(doc, BLOCK_CHARTS);
	chart_put(last, name, dir, link, alt, is_drawn);
}

void doc_release(struct doc *doc)
{
	for (size_t i = 0; i < doc->count; i++) {
		struct block *block = &doc->blocks[i];
		for (size_t k = 0; k < block->cell_count; k++)
			free(block->cells[k]);
		for (int k = 0; k < block->chart_count; k++) {
			free(block->charts[k].name);
			free(block->charts[k].dir);
			free(block->charts[k].link);
			free(block->charts[k].alt);
		}
		free(block->cells);
		free(block->id);
		free(block->text);
		free(block->caption);
	}
	free(doc->blocks);
	free(doc->title);
	*doc = (struct doc){0};
}
