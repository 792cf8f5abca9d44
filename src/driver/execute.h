/*
 * execute: what executors share: the process differs, not what becomes of it. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_EXECUTE_H
#define GILBENCH_DRIVER_EXECUTE_H

#include <gilbench/driver.h>

#include "driver/child.h"

/* A sample without a result yet. */
struct sample execute_blank(const struct request *);
/* Bytes of environment that move the stack, drawn anew. */
unsigned execute_padding(const struct request *);
/* Starts `gilbench once`, its answer on CHILD_ANSWER_FD. 0 or -errno. `is_recording`: with the events of its task. */
int execute_start(const struct request *, bool is_recording, struct child *);
/* From a started child (`error`: what child_start returned) to its sample, a status whatever it does; closes it.
 * What execute_fn returns. */
int execute_finish(struct child *, int error, const struct request *, struct sample *);

#endif
