/*
 * virtual_models: models that exist in virtual time only, and the shapes that people deploy. Layer 2 (data).
 *
 *	interp, free     what Python may become: an interpreter for each thread (PEP 684), no lock at all (PEP 703)
 *	gil*P, uv*P      P processes (2 to SHAPE_PROCESSES_MAX), each with its share of the workers; gil*1 is gil
 *
 * Each is a `struct model` whose `run` is NULL. model_find (registry.h) finds them; all_models has live ones only.
 */
#ifndef GILBENCH_VIRTUAL_MODELS_H
#define GILBENCH_VIRTUAL_MODELS_H

#include <stddef.h>

#include <gilbench/model.h>

/* As many as a cell may have workers. */
#define SHAPE_PROCESSES_MAX 4096

/* interp, free, and one row for each kind of shape, named "gil*P": for lists. Ended by NULL, in the order of tables. */
extern const struct model *const virtual_models[];

/* The model of that name, or NULL with one sentence in `error`, "" where the name is nothing like one of them. The same
 * name gives the same model for as long as the program runs. Any thread may call it. */
const struct model *virtual_model_find(const char *name, char *error, size_t error_bytes);

/* Processes of a shape: 4 of "gil*4"; 1 of every other model. */
int model_processes(const char *name);
/* "4 x 2": processes and the workers of each, "4 x 2-3" where they are not all alike; NULL where the model is no
 * shape. Free it. */
char *model_shape_text(const char *name, int workers);
/* Which of two models is simpler, where both have as many processes and tasks: the less. One loop has no races, threads
 * of one process have, several processes share nothing and cost memory each: seq uv gil uv-pool uv*P gil*P fork interp
 * free threads. */
int model_simplicity(const char *name);
/* Where a model, or a row of virtual_models, stands in the order of every table and legend: seq gil gil*P interp threads
 * free fork uv uv*P uv-pool, shapes by their processes. A name that is not known stands last. */
int model_place(const char *name);

#endif
