/*
 * How alike two grey pictures of the same size look: the mean structural similarity of Wang, Bovik, Sheikh
 * and Simoncelli (2004), with their window (normal, 11 wide, sigma 1.5) and constants. 1 is the same
 * picture. Both are binary PGM.
 */
#include "screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REACH 5
#define WINDOW (2 * REACH + 1)
#define SIGMA 1.5

static const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;

struct plane {
	int width, height;
	double *at;
};

/* What the window sees of one picture, of the other, of their squares and of their product. */
enum mean { OF_A, OF_B, OF_AA, OF_BB, OF_AB, MEANS };

static struct plane plane_new(int width, int height)
{
	struct plane plane = {width, height, calloc((size_t)width * (size_t)height, sizeof(double))};

	if (plane.at == NULL)
		fail("no memory for %d x %d", width, height);
	return plane;
}

static struct plane plane_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct plane plane;
	int width, height, value;

	if (file == NULL || fscanf(file, "P5 %d %d 255", &width, &height) != 2 || getc(file) == EOF)
		fail("%s: not an 8 bit PGM", path);
	if (width < WINDOW || height < WINDOW || width > 8192 || height > 8192)
		fail("%s: too small or too large", path);
	plane = plane_new(width, height);
	for (long i = 0; i < (long)width * height; i++) {
		value = getc(file);
		if (value == EOF)
			fail("%s: cut off", path);
		plane.at[i] = value;
	}
	fclose(file);
	return plane;
}

static void window(double weight[WINDOW])
{
	double sum = 0;

	for (int i = 0; i < WINDOW; i++)
		sum += weight[i] = exp(-(i - REACH) * (i - REACH) / (2 * SIGMA * SIGMA));
	for (int i = 0; i < WINDOW; i++)
		weight[i] /= sum;
}

/* Along one side, step apart, where the window lies within the picture; the rest stays 0. */
static void blur_along(const double *from, double *to, long n, long step, const double weight[WINDOW])
{
	for (long i = REACH; i < n - REACH; i++) {
		double sum = 0;

		for (long k = 0; k < WINDOW; k++)
			sum += weight[k] * from[(i + k - REACH) * step];
		to[i * step] = sum;
	}
}

static struct plane blur(const struct plane *plane, const double weight[WINDOW])
{
	struct plane half = plane_new(plane->width, plane->height);
	struct plane whole = plane_new(plane->width, plane->height);
	long width = plane->width, height = plane->height;

	for (long y = 0; y < height; y++)
		blur_along(plane->at + y * width, half.at + y * width, width, 1, weight);
	for (long x = 0; x < width; x++)
		blur_along(half.at + x, whole.at + x, height, width, weight);
	free(half.at);
	return whole;
}

static struct plane product(const struct plane *a, const struct plane *b)
{
	struct plane both = plane_new(a->width, a->height);

	for (long i = 0; i < (long)a->width * a->height; i++)
		both.at[i] = a->at[i] * b->at[i];
	return both;
}

static double similarity(double *const means[MEANS], long i)
{
	double a = means[OF_A][i], b = means[OF_B][i];
	double spread_a = means[OF_AA][i] - a * a, spread_b = means[OF_BB][i] - b * b;
	double shared = means[OF_AB][i] - a * b;

	return (2 * a * b + c1) * (2 * shared + c2) /
	       ((a * a + b * b + c1) * (spread_a + spread_b + c2));
}

static double mean_similarity(const struct plane *a, const struct plane *b)
{
	struct plane aa = product(a, a), bb = product(b, b), ab = product(a, b);
	const struct plane *planes[MEANS] = {a, b, &aa, &bb, &ab};
	double weight[WINDOW], sum = 0, *means[MEANS];

	window(weight);
	for (int i = 0; i < MEANS; i++)
		means[i] = blur(planes[i], weight).at;
	for (long y = REACH; y < a->height - REACH; y++)
		for (long x = REACH; x < a->width - REACH; x++)
			sum += similarity(means, y * a->width + x);
	for (int i = 0; i < MEANS; i++)
		free(means[i]);
	free(aa.at);
	free(bb.at);
	free(ab.at);
	return sum / ((double)(a->width - 2 * REACH) * (a->height - 2 * REACH));
}

int main(int argc, char **argv)
{
	struct plane a, b;

	if (argc != 3) {
		fprintf(stderr, "ssim A.pgm B.pgm\n");
		return 2;
	}
	a = plane_read(argv[1]);
	b = plane_read(argv[2]);
	if (a.width != b.width || a.height != b.height)
		fail("%d x %d and %d x %d cannot be compared", a.width, a.height, b.width, b.height);
	printf("%.3f\n", mean_similarity(&a, &b));
	free(a.at);
	free(b.at);
	return 0;
}
