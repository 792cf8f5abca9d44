/*
 * witness_end: what a run that had both says of virtual time beside real cores. Layer 5.
 */
#ifndef GILBENCH_CLI_WITNESS_END_H
#define GILBENCH_CLI_WITNESS_END_H

#include <gilbench/session.h>

/* Prints a line where the run has pairs of live and virtual cells; after a whole run of the experiment four-witnesses it
 * also keeps, for `predict`, how far the two were apart. Says on stderr where that could not be written. */
void witness_end(const struct session *);

#endif
