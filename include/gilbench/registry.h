/*
 * registry: which workloads and models this program has. Layer 2; the tables are generated text,
 * build/registry.c, made by the Makefile from the file names in bench/ and src/model/.
 */
#ifndef GILBENCH_REGISTRY_H
#define GILBENCH_REGISTRY_H

#include <stddef.h>

#include <gilbench/model.h>
#include <gilbench/workload.h>

extern const struct workload *const all_workloads[]; /* ended by NULL, sorted by name */
/* Those that run live; ended by NULL, in the order of tables and legends. */
extern const struct model *const all_models[];

const struct workload *workload_find(const char *name); /* or NULL */
/* Understands the words people type (processes, multiprocessing: fork; asyncio, loop: uv) and models of virtual time
 * (virtual_models.h), or NULL with one sentence in `error` that offers what would be right. */
const struct model *model_find(const char *name, char *error, size_t error_bytes);
/* Refuses a table with an incomplete or misnamed entry: NULL, or one sentence (static). Called once by main.
 */
const char *registry_check(void);
/* A model that exists in virtual time only, where real threads were asked for: the sentence that says what would be
 * right. */
void model_explain_virtual(const struct model *, char *error, size_t error_bytes);

/*
 * Resolve a cell's cast and parameters to code: fills role_count, role, kind, window_ns, policy of `out`.
 * `cast` and `params` are as in struct cell; workers go to the one role of a one-role cast. 0, or -1 with one
 * sentence in `error`.
 */
int cast_resolve(const struct cell *, struct execution *out, char *error, size_t error_bytes);

#endif
