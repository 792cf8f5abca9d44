/*
 * gil_fields: the fields of a lock policy as a table: names, values, limits. Private to src/sync.
 */
#ifndef GILBENCH_SYNC_GIL_FIELDS_H
#define GILBENCH_SYNC_GIL_FIELDS_H

#include <gilbench/gil.h>

/* In the order in which they are written. */
enum gil_field {
	FIELD_SLICE,
	FIELD_INTERVAL,
	FIELD_CHECK,
	FIELD_QUANTUM,
	FIELD_TICK,
	FIELD_HANDOFF,
	FIELD_PRIORITY,
	FIELD_PRIMITIVE,
	FIELD_STATS,
	FIELDS
};

struct gil_field_row {
	const char *name;
	enum { IS_WORD, IS_TIME, IS_COUNT } kind;
	int slice;         /* heeded under this enum gil_slice only; -1: always */
	const char *words; /* "none|io", by value */
	uint64_t min, max; /* numbers; times in ns */
	const char *help;  /* of words: one for each, separated by `|` */
};

extern const struct gil_field_row gil_fields[FIELDS];

uint64_t gil_field_get(const struct gil_policy *, enum gil_field);
void gil_field_set(struct gil_policy *, enum gil_field, uint64_t value);
/* Does this policy's behaviour depend on the field? */
bool gil_field_is_heeded(const struct gil_policy *, enum gil_field);
/* "interval=5ms". Free it. */
char *gil_field_text(const struct gil_policy *, enum gil_field);
/* This value of a field alone, "5ms". Free it. */
char *gil_field_limit(enum gil_field, uint64_t value);
/* The value of "interval"'s "5ms": 0, or -1 when it is none or out of its limits. */
int gil_field_read(enum gil_field, const char *text, uint64_t *value);
/* The named policy, or NULL. */
const struct gil_policy_entry *gil_policy_find(const char *name);

#endif
