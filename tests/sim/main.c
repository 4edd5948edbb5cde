/*
 * sim: nights from seeds. Each seed runs in a process of its own, so that whatever ends it is a result; one
 * that fails is shrunk — faults, homes, desks and nights left out as long as it fails the same way — and
 * told with the command that replays it.
 */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORT_BYTES = 4096, SHRINK_RUNS_MAX = 160 };

struct result {
	bool failed;
	char invariant[64];   /* or the signal */
	int64_t at_ms;
	char text[REPORT_BYTES];
};

struct lists {
	bool fault[20000], home[HOMES_MAX];
};

static void run_here(const struct spec *spec)
{
	struct world *world = world_new(spec);

	world_run(world);
	history_summary(world);
	world_free(world);
}

static void read_all(int fd, char *text)
{
	char more[4096];
	size_t len = 0;
	ssize_t n;

	/* The end is what tells: of a long history the last part is kept. */
	while ((n = read(fd, more, sizeof more)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if (len + (size_t)n >= REPORT_BYTES) {
			size_t drop = len + (size_t)n - REPORT_BYTES + 1;

			drop = drop > len ? len : drop;
			memmove(text, text + drop, len - drop);
			len -= drop;
		}
		memcpy(text + len, more, (size_t)n < REPORT_BYTES - 1 - len ? (size_t)n : REPORT_BYTES - 1 - len);
		len += (size_t)n < REPORT_BYTES - 1 - len ? (size_t)n : REPORT_BYTES - 1 - len;
	}
	text[len] = '\0';
}

/* What a process that ended badly said of it; the last line that says "broken". */
static void judge(struct result *result, int status)
{
	char *at = result->text, *broken = NULL;

	while ((at = strstr(at, "broken ")) != NULL)
		broken = at++;
	result->failed = status != 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 3 && broken != NULL) {
		memmove(result->text, broken, strlen(broken) + 1);
		if (sscanf(result->text, "broken %63s at %lld", result->invariant, (long long *)&result->at_ms) != 2)
			strcpy(result->invariant, "unknown");
		return;
	}
	if (status == 0)
		return;
	snprintf(result->invariant, sizeof result->invariant, "died-%d", status);
	if (WIFSIGNALED(status))
		snprintf(result->text, sizeof result->text, "it died of signal %d", WTERMSIG(status));
}

static struct result run_apart(const struct spec *spec)
{
	struct result result = {0};
	int pipe_fd[2], status = 0;
	pid_t pid;

	fflush(stdout);
	if (pipe(pipe_fd) != 0 || (pid = fork()) < 0)
		exit(2);
	if (pid == 0) {
		dup2(pipe_fd[1], STDOUT_FILENO);
		dup2(pipe_fd[1], STDERR_FILENO);
		close(pipe_fd[0]);
		close(pipe_fd[1]);
		run_here(spec);
		exit(0);
	}
	close(pipe_fd[1]);
	read_all(pipe_fd[0], result.text);
	close(pipe_fd[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	judge(&result, status);
	return result;
}

/* Shrinking */

struct shrinking {
	struct spec best;
	struct lists lists;
	struct result result;
	int runs;
};

static bool fails_alike(struct shrinking *s, const struct spec *spec)
{
	struct result result;

	if (s->runs++ >= SHRINK_RUNS_MAX)
		return false;
	result = run_apart(spec);
	if (!result.failed || strcmp(result.invariant, s->result.invariant) != 0)
		return false;
	s->result = result;
	return true;
}

/* Leaves out as much of a list as it can: halves, quarters, … single ones. */
static void shrink_list(struct shrinking *s, bool *kept, size_t n)
{
	size_t *index = calloc(n + 1, sizeof *index), count = 0;

	if (index == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		if (kept[i])
			index[count++] = i;
	for (size_t chunk = count > 0 ? count : 1; chunk >= 1; chunk /= 2) {
		for (size_t from = 0; from < count; from += chunk) {
			bool any = false;

			for (size_t i = from; i < from + chunk && i < count; i++) {
				any = any || kept[index[i]];
				kept[index[i]] = false;
			}
			if (any && !fails_alike(s, &s->best))
				for (size_t i = from; i < from + chunk && i < count; i++)
					kept[index[i]] = true;
		}
		/* What was put back above may have been out before; only a whole pass decides. */
		for (size_t i = count = 0; i < n; i++)
			if (kept[i])
				index[count++] = i;
		if (chunk == 1)
			break;
	}
	free(index);
}

static void shrink(struct shrinking *s)
{
	struct spec shorter = s->best;

	memset(&s->lists, 1, sizeof s->lists);
	if (s->result.at_ms != 0)
		shorter.until_ms = s->result.at_ms + 1;
	shorter.all_faults = shorter.all_homes = false;
	shorter.fault_kept = s->lists.fault;
	shorter.n_fault_kept = sizeof s->lists.fault / sizeof s->lists.fault[0];
	shorter.home_kept = s->lists.home;
	shorter.n_home_kept = (size_t)shorter.residents;
	if (!fails_alike(s, &shorter))
		return;
	s->best = shorter;
	for (size_t i = (size_t)(s->best.nights * s->best.storm) * 120; i < s->best.n_fault_kept; i++)
		s->lists.fault[i] = false;
	shrink_list(s, s->lists.fault, s->best.n_fault_kept);
	shrink_list(s, s->lists.home, s->best.n_home_kept);
	shrink_list(s, s->lists.fault, s->best.n_fault_kept);
	for (shorter = s->best; --shorter.desks > 0 && fails_alike(s, &shorter);)
		s->best = shorter;
}

static void print_kept(const char *option, const bool *kept, size_t n)
{
	const char *comma = "";

	printf(" --%s ", option);
	for (size_t i = 0; i < n; i++)
		if (kept[i]) {
			printf("%s%zu", comma, i);
			comma = ",";
		}
	if (*comma == '\0')
		printf("none");
}

static void print_command(const struct spec *spec)
{
	printf("  make sim SEED=%llu SIM=\"--nights %d --residents %d --desks %d --from %d%s%s", (unsigned long long)spec->seed,
	       spec->nights, spec->residents, spec->desks, (int)spec->first_night, spec->sqlite && spec->crash_points == 0 ? " --sqlite" : "",
	       spec->real ? " --real" : "");
	if (spec->crash_points > 0)
		printf(" --crash %lld", (long long)spec->crash_points);
	if (spec->storm != 1)
		printf(" --storm %d", spec->storm);
	if (spec->calm)
		printf(" --calm");
	if (!spec->all_faults)
		print_kept("faults", spec->fault_kept, spec->n_fault_kept);
	if (!spec->all_homes)
		print_kept("homes", spec->home_kept, spec->n_home_kept);
	printf("\"\n");
}

static void tell(const struct spec *spec, const struct result *found, bool small)
{
	static struct shrinking s;

	s = (struct shrinking){.best = *spec, .result = *found};
	printf("seed %llu fails: %s\n", (unsigned long long)spec->seed, found->text);
	print_command(spec);
	if (!small)
		return;
	shrink(&s);
	printf("shrunk in %d runs: %s\n", s.runs, s.result.text);
	print_command(&s.best);
}

/* The command line */

static size_t read_list(const char *text, bool *kept, size_t max)
{
	memset(kept, 0, max * sizeof *kept);
	while (*text >= '0' && *text <= '9') {
		char *rest;
		size_t at = strtoul(text, &rest, 10);

		if (at < max)
			kept[at] = true;
		text = *rest == ',' ? rest + 1 : rest;
	}
	return max;
}

struct arguments {
	struct spec spec;
	int64_t seeds;
	bool small, quiet;
};

static bool take(struct arguments *a, struct lists *lists, const char *name, const char *value)
{
	struct spec *spec = &a->spec;

	if (strcmp(name, "--seed") == 0) {
		spec->seed = strtoull(value, NULL, 10);
	} else if (strcmp(name, "--seeds") == 0) {
		a->seeds = strtoll(value, NULL, 10);
	} else if (strcmp(name, "--nights") == 0) {
		spec->nights = atoi(value);
	} else if (strcmp(name, "--residents") == 0) {
		spec->residents = atoi(value);
	} else if (strcmp(name, "--storm") == 0) {
		spec->storm = atoi(value);
	} else if (strcmp(name, "--desks") == 0) {
		spec->desks = atoi(value);
	} else if (strcmp(name, "--crash") == 0) {
		spec->crash_points = strtoll(value, NULL, 10);
		spec->sqlite = true;
	} else if (strcmp(name, "--from") == 0) {
		spec->first_night = atoi(value);
	} else if (strcmp(name, "--faults") == 0) {
		spec->all_faults = false;
		spec->fault_kept = lists->fault;
		spec->n_fault_kept = read_list(value, lists->fault, sizeof lists->fault / sizeof lists->fault[0]);
	} else if (strcmp(name, "--homes") == 0) {
		spec->all_homes = false;
		spec->home_kept = lists->home;
		spec->n_home_kept = read_list(value, lists->home, HOMES_MAX);
	} else {
		return false;
	}
	return true;
}

static bool read_arguments(int argc, char **argv, struct arguments *a, struct lists *lists)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--history") == 0)
			a->spec.history = true;
		else if (strcmp(argv[i], "--calm") == 0)
			a->spec.calm = true;
		else if (strcmp(argv[i], "--sqlite") == 0)
			a->spec.sqlite = true;
		else if (strcmp(argv[i], "--real") == 0)
			a->spec.real = true;
		else if (strcmp(argv[i], "--no-shrink") == 0)
			a->small = false;
		else if (strcmp(argv[i], "--quiet") == 0)
			a->quiet = true;
		else if (i + 1 < argc && take(a, lists, argv[i], argv[i + 1]))
			i++;
		else
			return false;
	}
	return a->spec.nights > 0 && a->spec.residents > 0 && a->spec.residents <= HOMES_MAX && a->spec.desks > 0
	       && a->spec.desks <= DESKS_MAX && a->seeds > 0;
}

/* Processor time of the nights, which the machine's other load does not lengthen. */
static double seconds_used(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6 + (double)used.ru_stime.tv_sec
	       + (double)used.ru_stime.tv_usec / 1e6 + 1e-6;
}

/* A night of March or of October now and then, in which the clocks change. */
static int32_t first_night(uint64_t seed)
{
	static const int32_t nights[] = {20887, 20905, 21122, 21000}; /* 10 and 28 March, 31 October, 1 July 2027 */

	return nights[seed % 4];
}

int main(int argc, char **argv)
{
	static struct lists lists;
	struct arguments a = {.spec = {.seed = 1, .nights = 1, .residents = 20, .desks = 2, .storm = 1, .all_faults = true,
	                               .all_homes = true}, .seeds = 1, .small = true};
	int failed = 0;

	if (!read_arguments(argc, argv, &a, &lists)) {
		fprintf(stderr, "usage: sim [--seed N] [--seeds N] [--nights N] [--residents N] [--desks N] [--from DAY] [--storm N]\n"
		                "           [--calm] [--sqlite] [--real] [--history] [--quiet] [--no-shrink] [--faults LIST] [--homes LIST]\n");
		return 2;
	}
	for (int64_t i = 0; i < a.seeds; i++) {
		struct spec spec = a.spec;
		struct result result;

		spec.seed += (uint64_t)i;
		if (spec.first_night == 0)
			spec.first_night = first_night(spec.seed);
		if (spec.history) {
			run_here(&spec);
			continue;
		}
		result = run_apart(&spec);
		if (result.failed) {
			failed++;
			tell(&spec, &result, a.small);
		} else if (!a.quiet) {
			fputs(result.text, stdout);
		}
	}
	if (!a.spec.history)
		printf("%lld seeds, %d failed, %.2f nights a second of processor time: %.0f times as fast as they pass\n",
		       (long long)a.seeds, failed, (double)(a.seeds * a.spec.nights) / seconds_used(),
		       (double)(a.seeds * a.spec.nights) * 86400 / seconds_used());
	return failed != 0;
}
