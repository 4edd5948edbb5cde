/*
 * What the files of the SQLite store share: the connection, its statements, and a small helper over
 * both. Nothing outside src/store/sqlite*.c and the store's tests includes this.
 */
#ifndef TILLSYN_STORE_SQLITE_H
#define TILLSYN_STORE_SQLITE_H

#include "store/columns.h"
#include "store/store.h"

#include <sqlite3.h>

/*
 * A statement as it is written: usually prepared once, at its first use, and found again by its
 * address.
 */
enum verb {
	VERB_SELECT, /* every column of the table; text goes on after its name: WHERE, ORDER BY */
	VERB_ONCE,   /* the same, not kept for a second use */
	VERB_PUT,    /* a whole row, inserted or replaced by its key */
	VERB_PLAIN,  /* text is all of it */
};

struct query {
	enum verb verb;
	const struct columns *columns;
	const char *text;
};

/* More than there are queries in the program. */
enum { STATEMENTS_MAX = 96 };

struct statement {
	const struct query *query;
	sqlite3_stmt *stmt;
	bool taken;
};

struct sqlite {
	sqlite3 *db;
	bool open;           /* between begin and commit or rollback */
	enum err failed;     /* a change of the open transaction did; commit will not happen */
	int reading;         /* how many iterations are under way */
	int n_statements;
	struct statement statement[STATEMENTS_MAX];
};

/* A value for a ?: text when it is not NULL, else the number. */
struct bind {
	const char *text;
	int64_t number;
};

/* In the order of the query's ?1, ?2 … ; as many as it has. */
#define BIND(...) ((const struct bind[]){__VA_ARGS__})
#define NO_BIND ((const struct bind *)NULL)

/* SQLite's result code, extended or not, as ours. */
enum err sqlite_err(int code);
/* Runs SQL that gives no rows, outside the cache. */
enum err sqlite_exec(struct sqlite *sqlite, const char *sql);
/* A statement without values that changes no rows: BEGIN, COMMIT. */
enum err sqlite_run(struct sqlite *sqlite, const struct query *query);
/* Reads one number; 0 when there is no row or it is NULL. */
enum err sqlite_number(struct sqlite *sqlite, const struct query *query, const struct bind *bind,
                       int64_t *number);
enum err sqlite_text(struct sqlite *sqlite, const struct query *query, const struct bind *bind,
                     char *text, size_t size);
/* Inserts or replaces; *id is the id of a row that the store numbers (NULL for others). */
enum err sqlite_put(struct sqlite *sqlite, const struct query *query, const void *row, int64_t *id);
enum err sqlite_get(struct sqlite *sqlite, const struct query *query, const struct bind *bind,
                    void *row);
/* A plain change; ERR_NOT_FOUND when it touched no row. */
enum err sqlite_change(struct sqlite *sqlite, const struct query *query, const struct bind *bind);
void sqlite_finalize(struct sqlite *sqlite);

/* Rows one by one. cursor_next() gives ERR_NOT_FOUND after the last. */
struct cursor {
	struct sqlite *sqlite;
	const struct columns *columns;
	sqlite3_stmt *stmt;
};

enum err cursor_open(struct cursor *cursor, struct sqlite *sqlite, const struct query *query,
                     const struct bind *bind);
enum err cursor_next(struct cursor *cursor, void *row);
/* Ends it, also after an error, which it passes on; that there are no more rows is none. */
enum err cursor_close(struct cursor *cursor, enum err r);

/*
 * Defines an iteration over a query's rows: a macro, because each row type has its own type of
 * callback.
 */
#define SQLITE_DEFINE_EACH(name, row_type)                                            \
	static enum err name(struct sqlite *sqlite, const struct query *query,        \
	                     const struct bind *bind,                                 \
	                     bool (*each)(void *arg, const row_type *row), void *arg) \
	{                                                                             \
		struct cursor cursor;                                                 \
		row_type row;                                                         \
		enum err r = cursor_open(&cursor, sqlite, query, bind);               \
                                                                                      \
		while (r == ERR_OK && (r = cursor_next(&cursor, &row)) == ERR_OK) {   \
			if (!each(arg, &row))                                         \
				break;                                                \
		}                                                                     \
		return cursor_close(&cursor, r);                                      \
	}

enum err sqlite_begin(void *impl);
enum err sqlite_commit(void *impl);
void sqlite_rollback(void *impl);

/*
 * The steps from an empty file to the present schema; step i, a list of statements, makes
 * version i + 1. NULL ends both.
 */
extern const char *const *const sqlite_migrations[];
/* Written into each file, so that no other program's database is taken for ours: "TILL". */
enum { SQLITE_APPLICATION = 0x54494c4c };
/*
 * Whether the file is empty or ours, and not of a version beyond migrations. Only reads. Without a
 * sentence in fault the error is SQLite's.
 */
enum err sqlite_recognise(struct sqlite *sqlite, const char *const *const migrations[],
                          char fault[REASON_MAX_BYTES]);
/* Takes the file to the newest version that migrations has, all the way or not at all. */
enum err sqlite_migrate(struct sqlite *sqlite, const char *const *const migrations[]);

void sqlite_night_functions(struct store *store);
void sqlite_people_functions(struct store *store);
void sqlite_log_functions(struct store *store);
void sqlite_tree_functions(struct store *store);

#endif
