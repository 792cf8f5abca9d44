/*
 * fields: a C struct as a JSON object, by a table of its fields. Private to src/store.
 *
 * A number that does not apply (NAN) is absent from the object, never null, 0 or "NaN"; so are false and "".
 * Values that use all 64 bits (HEX), which a JSON number does not keep in most readers, travel as hexadecimal
 * text.
 */
#ifndef GILBENCH_STORE_FIELDS_H
#define GILBENCH_STORE_FIELDS_H

#include <stddef.h>

#include <jansson.h>

enum field_type {
	NUMBER, /* double */
	COUNT,  /* uint64_t below 2^63 */
	HEX,    /* uint64_t */
	WHOLE,  /* int or unsigned, 0 .. INT32_MAX */
	FLAG,   /* bool */
	STRING, /* const char *, kept alive by an array of JSON strings */
	WORD,   /* char[] */
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	size_t bytes; /* WORD: room in the struct */
};

#define FIELD(TYPE, STRUCT, NAME)                                                              \
	{                                                                                      \
#NAME, TYPE, offsetof(struct STRUCT, NAME), sizeof(((struct STRUCT *)0)->NAME) \
	}

void fields_write(json_t *object, const struct field *, size_t count, const void *from);
/* NULL, or the name of the field that is missing, malformed or out of range. Without STRING fields `strings`
 * may be NULL. */
const char *fields_read(const json_t *object, const struct field *, size_t count, void *into,
			json_t *strings);

#endif
