/*
 * The calendar's arithmetic, in eras of 400 years (146,097 days) that begin on 1 March, so that the
 * leap day is the last of its year. The method is Howard Hinnant's "chrono-Compatible Low-Level
 * Date Algorithms".
 */
#include "base/civil.h"

#define DAYS_PER_ERA 146097
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

int32_t civil_to_days(int32_t year, int32_t month, int32_t day)
{
	int32_t march_year = month > 2 ? year : year - 1;
	int32_t era = (march_year >= 0 ? march_year : march_year - 399) / 400;
	int32_t year_of_era = march_year - era * 400;
	int32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

struct civil_date civil_from_days(int32_t days)
{
	int64_t shifted = (int64_t)days + DAYS_TO_1970;
	int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	int32_t day_of_era = (int32_t)(shifted - era * DAYS_PER_ERA);
	int32_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int32_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int32_t month_from_march = (5 * day_of_year + 2) / 153;
	int32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
	int64_t since_monday = ((int64_t)days + 3) % 7; /* 1970-01-01 was a Thursday */

	return (struct civil_date){
		.year = (int32_t)(year_of_era + era * 400 + (month <= 2)),
		.month = month,
		.day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
		.weekday = (int32_t)(since_monday < 0 ? since_monday + 7 : since_monday),
	};
}

bool civil_is_leap_year(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool civil_is_valid(int32_t year, int32_t month, int32_t day)
{
	static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && civil_is_leap_year(year));
}
