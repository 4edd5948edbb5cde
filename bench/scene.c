/*
 * The picture that everything in the bench is given: a bedroom as an infrared camera sees it at night, grey,
 * lit from the camera, with the noise of its sensor. The same bytes in every run, for a size that is asked
 * for; the noise is as strong in every pixel whatever the size, as it is in a sensor.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#define SIDE_MAX 8192
#define QUALITY 85

/* Grey levels of 255: the reading noise, and the share of the light's own at white. */
#define NOISE_DARK 2.0
#define NOISE_LIGHT 3.0

/* All of the scene is in parts of the picture's height, from its middle across and its top down. */
struct point {
	double x, y;
};

static uint32_t mix(uint32_t x, uint32_t y, uint32_t salt)
{
	uint32_t mixed = x * 2654435761u ^ y * 2246822519u ^ salt * 3266489917u;

	mixed = (mixed ^ mixed >> 15) * 2246822519u;
	mixed = (mixed ^ mixed >> 13) * 3266489917u;
	return mixed ^ mixed >> 16;
}

/* Nearly normal, of variance 1: twelve uniform numbers less their mean. */
static double noise(uint32_t x, uint32_t y)
{
	double sum = -6;

	for (uint32_t i = 0; i < 12; i++)
		sum += mix(x, y, i) / 4294967296.0;
	return sum;
}

static double within(double value, double from, double to, double soft)
{
	double in = fmin(value - from, to - value) / soft + 0.5;

	return fmin(fmax(in, 0), 1);
}

static double box(struct point at, double left, double top, double right, double bottom)
{
	return within(at.x, left, right, 0.004) * within(at.y, top, bottom, 0.004);
}

static double ellipse(struct point at, double x, double y, double across, double down)
{
	return within(hypot((at.x - x) / across, (at.y - y) / down), -2, 1, 0.05);
}

static double over(double below, double above, double cover)
{
	return below + (above - below) * cover;
}

static double wall_and_floor(struct point at)
{
	double wall = 0.42 + 0.02 * sin(at.x * 90);
	double plank = 0.28 + 0.03 * sin(floor((at.x - 0.2 * at.y) * 14) * 1.7);

	return over(wall, plank, within(at.y, 0.55, 2, 0.01));
}

static double furniture(struct point at, double light)
{
	double doors = 0.03 * within(fmod(at.x + 2, 0.13), 0.004, 0.126, 0.004);

	light = over(light, 0.20 + doors, box(at, -0.66, 0.10, -0.40, 0.70));
	light = over(light, 0.08, box(at, 0.28, 0.06, 0.56, 0.34));
	light = over(light, 0.62, box(at, 0.41, 0.06, 0.43, 0.34));
	light = over(light, 0.33, box(at, 0.46, 0.52, 0.62, 0.74));
	light = over(light, 0.85, ellipse(at, 0.54, 0.45, 0.05, 0.05));
	return over(light, 0.15, box(at, 0.53, 0.48, 0.55, 0.53));
}

/* The bed, a pillow, a head on it, and a blanket whose folds are what one sees of a person's breath. */
static double bed(struct point at, double light)
{
	double folds = 0.60 + 0.07 * sin(at.x * 40 + 5 * sin(at.y * 17)) + 0.04 * sin(at.y * 73 + at.x * 31);

	light = over(light, 0.16, box(at, -0.36, 0.46, 0.40, 0.86));
	light = over(light, 0.72, box(at, -0.33, 0.50, 0.38, 0.80));
	light = over(light, 0.86, ellipse(at, -0.20, 0.60, 0.12, 0.08));
	light = over(light, 0.66, ellipse(at, -0.17, 0.60, 0.055, 0.065));
	light = over(light, 0.30, ellipse(at, -0.20, 0.575, 0.045, 0.045));
	light = over(light, 0.40, ellipse(at, -0.145, 0.595, 0.008, 0.005));
	return over(light, folds, ellipse(at, 0.14, 0.66, 0.25, 0.16));
}

static uint8_t shade(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
	struct point at = {((double)x - width / 2.0) / height, (double)y / height};
	double light = bed(at, furniture(at, wall_and_floor(at)));
	double level;

	/* The camera's own lamp is brightest in the middle. */
	level = 235 * light * (1 - 0.75 * (at.x * at.x + (at.y - 0.55) * (at.y - 0.55)));
	level += noise(x, y) * (NOISE_DARK + NOISE_LIGHT * sqrt(fmax(level, 0) / 255));
	return (uint8_t)fmin(fmax(level, 0), 255);
}

static void write_jpeg(uint32_t width, uint32_t height, FILE *out)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	uint8_t line[SIDE_MAX], *row = line;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_stdio_dest(&jpeg, out);
	jpeg.image_width = width;
	jpeg.image_height = height;
	jpeg.in_color_space = JCS_GRAYSCALE;
	jpeg.input_components = 1;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, QUALITY, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++)
			line[x] = shade(x, y, width, height);
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
}

int main(int argc, char **argv)
{
	long width = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	long height = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	if (width < 16 || height < 16 || width > SIDE_MAX || height > SIDE_MAX) {
		fprintf(stderr, "scene WIDTH HEIGHT >FILE.jpg\n");
		return 2;
	}
	write_jpeg((uint32_t)width, (uint32_t)height, stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}
