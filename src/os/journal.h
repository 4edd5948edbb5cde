/*
 * A program's own log lines (not the service's log): one line each on standard error, UTC time
 * first, no names of residents. journald or a file takes it from there.
 */
#ifndef TILLSYN_OS_JOURNAL_H
#define TILLSYN_OS_JOURNAL_H

void journal_open(const char *program);
void journal_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void journal_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
