/*
 * contenders: interpreters that a command line names. Layer 5. Mistakes end the program with one sentence and status 2.
 */
#ifndef GILBENCH_CLI_CONTENDERS_H
#define GILBENCH_CLI_CONTENDERS_H

#include <gilbench/validate.h>

/* Which interpreter a path or a name is, by its own words. Release it. */
struct contender contender_named(const char *path);
/* Of a run that is gone on with: probed again, for it must be the very same. */
void contender_renew(struct contender *);
/* The command that plays with echo's servers, for cpython.h's client_command. Free it. */
char *contender_client(void);

#endif
