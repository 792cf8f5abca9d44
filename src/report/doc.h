/*
 * doc: a document as a list of blocks, written once and rendered as Markdown and as HTML. Layer 4, internal.
 *
 * Text may carry marks around words: MARK_CODE, MARK_STRONG, MARK_GOOD, MARK_BAD, MARK_OPEN, each before and
 * after. Marks are control characters, which text from outside never has (it passes text_one_line), so that
 * what a user wrote can never become mark-up; everything else is escaped by the renderer.
 */
#ifndef GILBENCH_REPORT_DOC_H
#define GILBENCH_REPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define MARK_CODE   "\001"
#define MARK_STRONG "\002"
#define MARK_GOOD   "\003" /* confirmed */
#define MARK_BAD    "\004" /* refuted, failed */
#define MARK_OPEN   "\005" /* undecided */

/* Most columns of a table. The exact value does not matter. */
#define TABLE_COLUMNS_MAX 20

enum block_kind {
	BLOCK_HEADING,
	BLOCK_TEXT,
	BLOCK_ITEM,
	BLOCK_TABLE,
	BLOCK_COMMAND,
	BLOCK_SOURCE,
	BLOCK_CHARTS,
	BLOCK_BOX_BEGIN,
	BLOCK_BOX_END,
};

/* A picture: its file stem, where it lies as seen from the document, and on disk. */
struct doc_chart {
	char *name, *link, *dir, *alt;
	bool is_drawn;
};

struct block {
	enum block_kind kind;
	int level;  /* BLOCK_HEADING: 1 to 3 */
	char *id;   /* BLOCK_HEADING: anchor */
	char *text; /* all; of BLOCK_SOURCE the code, of a box its title */
	char *caption;
	int columns;
	char align[TABLE_COLUMNS_MAX + 1]; /* 'l' or 'r' per column */
	char **cells;                      /* the first `columns` are the header */
	size_t cell_count;
	struct doc_chart charts[2]; /* side by side */
	int chart_count;
};

struct doc {
	struct block *blocks;
	size_t count;
	char *title;
};

void doc_release(struct doc *);
void doc_heading(struct doc *, int level, const char *id, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void doc_text(struct doc *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_item(struct doc *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Commands to type, one per line. */
void doc_command(struct doc *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Code that is folded away under its caption. */
void doc_source(struct doc *, const char *caption, const char *code);
/* A box around the blocks up to doc_box_end. */
void doc_box(struct doc *, const char *title);
void doc_box_end(struct doc *);
/* A table: its columns ("lrr"), then its header and rows cell by cell, from left to right. */
void doc_table(struct doc *, const char *align);
void doc_cell(struct doc *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One chart, or a second one beside the last. `link` is the folder as seen from the document. */
void doc_chart(struct doc *, const char *name, const char *dir, const char *link, const char *alt,
	       bool is_drawn);
void doc_chart_beside(struct doc *, const char *name, const char *dir, const char *link, const char *alt,
		      bool is_drawn);

extern const char doc_style_sheet[];
/* The whole document. Free it. */
char *doc_markdown(const struct doc *);
char *doc_html(const struct doc *);

#endif
