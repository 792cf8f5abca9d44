/*
 * winner_places: which rows of a summary stand at which place of a map. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_WINNER_PLACES_H
#define GILBENCH_REPORT_WINNER_PLACES_H

#include "report/chart_map.h"
#include "report/parts.h"

struct winner_places {
	const struct report *report;
	int *column, *line; /* of each row of the summary; -1 where it takes no part */
};

/* Fills the map's axes; x and y are names as a chart line has them. */
void winner_places_find(struct winner_places *, const struct report *, int experiment, struct chart_map *,
			const char *x, const char *y);
void winner_places_release(struct winner_places *);
/* Is the row there, from that source? */
bool winner_row_is_at(const struct winner_places *, size_t row, int column, int line, enum cell_source);

#endif
