/*
 * Any command that draws a picture on its standard output, on a terminal that reads as fast as it can: from
 * the fork to its exit, all of its drawing read. Prints the median in ms, and the bytes.
 */
#include "screen.h"

#include <stdio.h>

struct job {
	int columns, rows;
	char *const *argv;
};

static double run(const struct job *job, struct buf *drawn)
{
	struct screen screen = screen_open(job->columns, job->rows);
	double began_ms = now_ms();
	pid_t child = start(job->argv, screen.slave, -1);
	double took_ms;

	screen_give_up_slave(&screen);
	while (screen_read(&screen, drawn, SCREEN_BYTES_MAX) > 0)
		;
	await_exit(child);
	took_ms = now_ms() - began_ms;
	screen_close(&screen);
	return took_ms;
}

int main(int argc, char **argv)
{
	struct buf drawn = buf_new(SCREEN_BYTES_MAX);
	double took_ms[RUNS_MAX];
	struct job job;
	size_t runs;

	if (argc < 6) {
		fprintf(stderr, "command COLUMNS ROWS RUNS DRAWING PROGRAM...\n");
		return 2;
	}
	job = (struct job){(int)number(argv[1], 8, 1000), (int)number(argv[2], 4, 1000), argv + 5};
	runs = (size_t)number(argv[3], 1, RUNS_MAX);
	for (size_t i = 0; i < runs; i++) {
		buf_free(&drawn);
		took_ms[i] = run(&job, &drawn);
	}
	file_write(argv[4], &drawn);
	printf("%.2f %zu\n", median(took_ms, runs), drawn.len);
	buf_free(&drawn);
	return 0;
}
