/*
 * signals: what the driver's files share about signals. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_SIGNALS_H
#define GILBENCH_DRIVER_SIGNALS_H

/* Between fork and exec: handlers and mask as a program expects them. */
void signals_for_child(void);

#endif
