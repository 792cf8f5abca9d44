/*
 * fields: see fields.h. Reading looks at the type and range of every value.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/fields.h"

static json_t *hex_text(uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "0x%016llx", (unsigned long long)value);
	return json_string(text);
}

static json_t *field_value(const struct field *field, const void *at)
{
	switch (field->type) {
	case NUMBER:
		return isfinite(*(const double *)at) ? json_real(*(const double *)at) : NULL;
	case COUNT:
		return json_integer((json_int_t) * (const uint64_t *)at);
	case HEX:
		return hex_text(*(const uint64_t *)at);
	case WHOLE:
		return json_integer(*(const int *)at);
	case FLAG:
		return *(const bool *)at ? json_true() : NULL;
	case STRING:
		return json_string(*(const char *const *)at);
	case WORD:
		return *(const char *)at != '\0' ? json_string(at) : NULL;
	}
	return NULL;
}

void fields_write(json_t *object, const struct field *fields, size_t count, const void *from)
{
	for (size_t i = 0; i < count; i++) {
		json_t *value = field_value(&fields[i], (const char *)from + fields[i].offset);
		if (value != NULL)
			json_object_set_new(object, fields[i].name, value);
	}
}

/* Absent is what writing leaves out: NAN, false, "". */
static int absent_value(const struct field *field, void *at)
{
	switch (field->type) {
	case NUMBER:
		*(double *)at = (double)NAN;
		return 0;
	case FLAG:
		*(bool *)at = false;
		return 0;
	case WORD:
		*(char *)at = '\0';
		return 0;
	default:
		return -1;
	}
}

static int read_hex(const json_t *value, uint64_t *out)
{
	const char *text = json_string_value(value);
	char *end;
	if (text == NULL || strncmp(text, "0x", 2) != 0)
		return -1;
	*out = strtoull(text, &end, 16);
	return *end == '\0' ? 0 : -1;
}

static int read_whole(const json_t *value, int *out)
{
	json_int_t number = json_integer_value(value);
	if (!json_is_integer(value) || number < 0 || number > INT32_MAX)
		return -1;
	*out = (int)number;
	return 0;
}

static int read_word(const json_t *value, char *out, size_t bytes)
{
	if (!json_is_string(value) || json_string_length(value) >= bytes)
		return -1;
	memcpy(out, json_string_value(value), json_string_length(value) + 1);
	return 0;
}

/* The JSON string stays alive in `strings`; the struct points into it. */
static int read_string(json_t *value, const char **out, json_t *strings)
{
	if (!json_is_string(value) || json_array_append(strings, value) != 0)
		return -1;
	*out = json_string_value(value);
	return 0;
}

static int read_value(const struct field *field, json_t *value, void *at, json_t *strings)
{
	if (value == NULL)
		return absent_value(field, at);
	switch (field->type) {
	case NUMBER:
		*(double *)at = json_number_value(value);
		return json_is_number(value) ? 0 : -1;
	case COUNT:
		*(uint64_t *)at = (uint64_t)json_integer_value(value);
		return json_is_integer(value) ? 0 : -1;
	case HEX:
		return read_hex(value, at);
	case WHOLE:
		return read_whole(value, at);
	case FLAG:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value) ? 0 : -1;
	case STRING:
		return read_string(value, at, strings);
	case WORD:
		return read_word(value, at, field->bytes);
	}
	return -1;
}

/* NULL, or the name of the field that is missing or malformed. */
const char *fields_read(const json_t *object, const struct field *fields, size_t count, void *into,
			json_t *strings)
{
	if (!json_is_object(object))
		return "object";
	for (size_t i = 0; i < count; i++) {
		json_t *value = json_object_get(object, fields[i].name);
		if (read_value(&fields[i], value, (char *)into + fields[i].offset, strings) != 0)
			return fields[i].name;
	}
	return NULL;
}
