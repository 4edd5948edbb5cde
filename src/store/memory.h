/*
 * What the files of the store in memory share: the tables, the open transaction, and the undo list.
 * Nothing outside src/store/memory*.c includes this.
 */
#ifndef TILLSYN_STORE_MEMORY_H
#define TILLSYN_STORE_MEMORY_H

#include "store/memory_table.h"
#include "store/store.h"

enum memory_table {
	MEMORY_CHECKS,
	MEMORY_LOOKS,
	MEMORY_PAGES,
	MEMORY_RESIDENTS,
	MEMORY_AGREEMENTS,
	MEMORY_CAMERAS,
	MEMORY_OPERATORS,
	MEMORY_CONTACTS,
	MEMORY_PAUSES,
	MEMORY_OUTBOX,
	MEMORY_ALARMS,
	MEMORY_LOG,
	MEMORY_NODES,
	MEMORY_INDEX,
	MEMORY_CHECKPOINTS,
	MEMORY_SETTINGS,
	MEMORY_TABLES,
};

/* One change of the open transaction; before or after is NULL for an insertion or a deletion. */
struct change {
	struct table *table;
	void *before, *after;
};

struct memory {
	struct table table[MEMORY_TABLES];
	bool open;                      /* between begin and commit or rollback */
	enum err failed;                /* a change did, for want of memory; commit will too */
	int reading;                    /* how many iterations are under way */
	struct change *change;
	size_t n_changes, changes_cap;
	int64_t last_id[MEMORY_TABLES]; /* as they were at begin */
};

enum err memory_begin(void *impl);
enum err memory_commit(void *impl);
void memory_rollback(void *impl);

/*
 * Inserts or replaces. A numbered row whose id is 0 is given one, and *number is the id that it
 * has. ERR_EXISTS: another row has its place. ERR_NOT_FOUND: it names a row that is not there.
 */
enum err memory_put(struct memory *memory, enum memory_table table, const void *row,
                    int64_t *number);
/* The row that equals probe in an order. */
enum err memory_get(struct memory *memory, enum memory_table table, int order, const void *probe,
                    void *row);
enum err memory_delete(struct memory *memory, enum memory_table table, const void *probe);

/*
 * Defines an iteration over one table in one order, from the first row that is not before from,
 * while wanted() says so: a macro, because each row type has its own type of callback.
 */
#define MEMORY_DEFINE_EACH(name, row_type)                                                        \
	static enum err name(struct memory *memory, enum memory_table id, int order, size_t from, \
	                     bool (*wanted)(const row_type *row, int64_t bound), int64_t bound,   \
	                     bool (*each)(void *arg, const row_type *row), void *arg)             \
	{                                                                                         \
		const struct index *index = &memory->table[id].index[order];                      \
		bool more = true;                                                                 \
                                                                                                  \
		memory->reading++;                                                                \
		for (size_t i = from; more && i < index->n; i++) {                                \
			row_type row;                                                             \
                                                                                                  \
			table_read(memory->table[id].kind, index->row[i], &row);                  \
			if (wanted != NULL && !wanted(&row, bound))                               \
				break;                                                            \
			more = each(arg, &row);                                                   \
		}                                                                                 \
		memory->reading--;                                                                \
		return ERR_OK;                                                                    \
	}

/* Whether every row that this one names stands: the foreign keys of the store in memory. */
bool memory_check_refers(const struct memory *memory, const void *row);
bool memory_look_refers(const struct memory *memory, const void *row);
bool memory_outbox_refers(const struct memory *memory, const void *row);

/* Each file brings the kinds of its tables and fills in its functions. */
extern const struct kind memory_check_kind, memory_look_kind, memory_page_kind;
extern const struct kind memory_resident_kind, memory_agreement_kind, memory_camera_kind;
extern const struct kind memory_operator_kind, memory_contact_kind, memory_pause_kind;
extern const struct kind memory_node_kind, memory_index_kind, memory_checkpoint_kind;
extern const struct kind memory_outbox_kind, memory_alarm_kind, memory_log_kind,
	memory_setting_kind;
void memory_night_functions(struct store *store);
void memory_people_functions(struct store *store);
void memory_log_functions(struct store *store);
void memory_tree_functions(struct store *store);

#endif
