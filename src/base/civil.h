/*
 * The Gregorian calendar as day numbers. A day is a number of days since 1970-01-01; nothing here
 * knows of time zones.
 */
#ifndef TILLSYN_BASE_CIVIL_H
#define TILLSYN_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct civil_date {
	int32_t year;
	int32_t month;   /* 1–12 */
	int32_t day;     /* 1–31 */
	int32_t weekday; /* 0 = Monday … 6 = Sunday */
};

/* The date must be valid; years from 1 to 9999. */
int32_t civil_to_days(int32_t year, int32_t month, int32_t day);
struct civil_date civil_from_days(int32_t days);
/* True for a day that the Gregorian calendar has, in the years 1 to 9999. */
bool civil_is_valid(int32_t year, int32_t month, int32_t day);
bool civil_is_leap_year(int32_t year);

#endif
