/* Shapes by distance: each pixel in a shape's bounds asks how far inside it lies. */
#include "camera/paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum err canvas_new(struct canvas *canvas, int width, int height)
{
	canvas->width = width;
	canvas->height = height;
	canvas->light = calloc((size_t)width * (size_t)height, sizeof *canvas->light);
	return canvas->light == NULL ? ERR_MEMORY : ERR_OK;
}

void canvas_free(struct canvas *canvas)
{
	if (canvas->light != NULL)
		explicit_bzero(canvas->light, (size_t)canvas->width * (size_t)canvas->height
		                                      * sizeof *canvas->light);
	free(canvas->light);
	canvas->light = NULL;
}

float paint_random(uint64_t *seed)
{
	uint64_t x = *seed += 0x9e3779b97f4a7c15u; /* splitmix64 */

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (float)((x ^ x >> 31) >> 40) / (float)(1 << 24);
}

/* How far beyond its rim a mound still lifts its cover. */
#define MOUND_REACH 1.8f

struct bounds {
	int left, top, right, bottom; /* right and bottom exclusive */
};

static int clip(float value, int max)
{
	if (value < 0)
		return 0;
	return value > (float)max ? max : (int)value;
}

static struct bounds bounds_of(const struct canvas *canvas, struct point low, struct point high,
                               float margin)
{
	return (struct bounds){
		.left = clip(floorf(low.x - margin), canvas->width),
		.top = clip(floorf(low.y - margin), canvas->height),
		.right = clip(ceilf(high.x + margin) + 1, canvas->width),
		.bottom = clip(ceilf(high.y + margin) + 1, canvas->height),
	};
}

static float *pixel(const struct canvas *canvas, int x, int y)
{
	return &canvas->light[(size_t)y * (size_t)canvas->width + (size_t)x];
}

static float clamp(float value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* 1 well inside, 0 well outside, smooth within softness of the edge. */
static float cover(float inside, float softness)
{
	float t = clamp(inside / softness + 0.5f);

	return t * t * (3 - 2 * t);
}

static void mix(float *light, float other, float share)
{
	*light += (other - *light) * share;
}

static struct point least(const struct point *p, int n)
{
	struct point low = p[0];

	for (int i = 1; i < n; i++)
		low = (struct point){fminf(low.x, p[i].x), fminf(low.y, p[i].y)};
	return low;
}

static struct point most(const struct point *p, int n)
{
	struct point high = p[0];

	for (int i = 1; i < n; i++)
		high = (struct point){fmaxf(high.x, p[i].x), fmaxf(high.y, p[i].y)};
	return high;
}

/* How far p lies to the right of the way from a to b, in pixels. */
static float beside(struct point a, struct point b, struct point p)
{
	float dx = b.x - a.x, dy = b.y - a.y, length = hypotf(dx, dy);

	return length < 1e-3f ? 0 : (dx * (p.y - a.y) - dy * (p.x - a.x)) / length;
}

void paint_quad(struct canvas *canvas, const struct point corner[4], float light_from,
                float light_to, float softness)
{
	struct bounds at = bounds_of(canvas, least(corner, 4), most(corner, 4), softness);

	for (int y = at.top; y < at.bottom; y++) {
		for (int x = at.left; x < at.right; x++) {
			struct point p = {(float)x, (float)y};
			float inside = 1e6f, from, to;

			for (int i = 0; i < 4; i++)
				inside = fminf(inside, beside(corner[i], corner[(i + 1) % 4], p));
			if (inside < -softness)
				continue;
			from = beside(corner[0], corner[1], p);
			to = beside(corner[2], corner[3], p);
			mix(pixel(canvas, x, y),
			    light_from
			            + (light_to - light_from) * clamp(from / fmaxf(from + to, 1)),
			    cover(inside, softness));
		}
	}
}

/* The place of a pixel in an ellipse of radius 1 around the origin. */
static struct point within(struct point centre, struct point radius, float turn, int x, int y)
{
	float dx = (float)x - centre.x, dy = (float)y - centre.y, c = cosf(turn), s = sinf(turn);

	return (struct point){(dx * c + dy * s) / radius.x, (dy * c - dx * s) / radius.y};
}

static struct bounds bounds_of_ellipse(const struct canvas *canvas, struct point centre,
                                       struct point radius, float margin)
{
	float reach = fmaxf(radius.x, radius.y);
	struct point low = {centre.x - reach, centre.y - reach};
	struct point high = {centre.x + reach, centre.y + reach};

	return bounds_of(canvas, low, high, margin);
}

/* far: from the middle, 1 on the rim. A little darker towards the rim and downwards. */
static void round_off(struct canvas *canvas, int x, int y, float far, float down, float small,
                      float light, float softness)
{
	mix(pixel(canvas, x, y), light * (1.06f - 0.16f * far * far - 0.06f * down),
	    cover((1 - far) * small, softness));
}

void paint_ellipse(struct canvas *canvas, struct point centre, struct point radius, float turn,
                   float light, float softness)
{
	struct bounds at = bounds_of_ellipse(canvas, centre, radius, softness);
	float small = fminf(radius.x, radius.y);

	for (int y = at.top; y < at.bottom; y++) {
		for (int x = at.left; x < at.right; x++) {
			struct point p = within(centre, radius, turn, x, y);

			round_off(canvas, x, y, hypotf(p.x, p.y), p.y, small, light, softness);
		}
	}
}

void paint_cushion(struct canvas *canvas, struct point centre, struct point radius, float light)
{
	struct bounds at = bounds_of_ellipse(canvas, centre, radius, 0);
	float small = fminf(radius.x, radius.y);

	for (int y = at.top; y < at.bottom; y++) {
		for (int x = at.left; x < at.right; x++) {
			struct point p = within(centre, radius, 0, x, y);
			float far = powf(p.x * p.x * p.x * p.x + p.y * p.y * p.y * p.y, 0.25f);

			round_off(canvas, x, y, far, p.y, small, light, 6);
		}
	}
}

void paint_limb(struct canvas *canvas, struct point a, float thick_a, struct point b, float thick_b,
                float light)
{
	const struct point ends[2] = {a, b};
	struct bounds at =
		bounds_of(canvas, least(ends, 2), most(ends, 2), fmaxf(thick_a, thick_b) / 2 + 3);
	float dx = b.x - a.x, dy = b.y - a.y, length2 = fmaxf(dx * dx + dy * dy, 1);

	for (int y = at.top; y < at.bottom; y++) {
		for (int x = at.left; x < at.right; x++) {
			float px = (float)x - a.x, py = (float)y - a.y;
			float t = clamp((px * dx + py * dy) / length2);
			float radius = (thick_a + (thick_b - thick_a) * t) / 2;
			float far = hypotf(px - dx * t, py - dy * t);
			float rim = far / fmaxf(radius, 1);

			mix(pixel(canvas, x, y), light * (1.04f - 0.3f * rim * rim),
			    cover(radius - far, 3));
		}
	}
}

/* How far a pixel is from a chain of links, 1 on its rim; *flank tells on which side it lies. */
static float from_chain(const struct link *link, int n, int x, int y, float *flank)
{
	float nearest = 1e6f;

	for (int i = 0; i + 1 < n; i++) {
		struct point a = link[i].at, b = link[i + 1].at;
		float dx = b.x - a.x, dy = b.y - a.y, length2 = fmaxf(dx * dx + dy * dy, 1);
		float px = (float)x - a.x, py = (float)y - a.y;
		float t = clamp((px * dx + py * dy) / length2);
		float radius = link[i].radius + (link[i + 1].radius - link[i].radius) * t;
		float far = hypotf(px - dx * t, py - dy * t) / radius;

		if (far < nearest) {
			nearest = far;
			*flank = (px - dx * t) / radius;
		}
	}
	return nearest;
}

void paint_mound(struct canvas *canvas, const struct link *link, int n, float strength)
{
	struct point low = link[0].at, high = link[0].at;
	float reach = 0;
	struct bounds at;

	for (int i = 0; i < n; i++) {
		low = (struct point){fminf(low.x, link[i].at.x), fminf(low.y, link[i].at.y)};
		high = (struct point){fmaxf(high.x, link[i].at.x), fmaxf(high.y, link[i].at.y)};
		reach = fmaxf(reach, link[i].radius);
	}
	at = bounds_of(canvas, low, high, reach * MOUND_REACH);
	for (int y = at.top; y < at.bottom; y++) {
		for (int x = at.left; x < at.right; x++) {
			float flank = 0, far = from_chain(link, n, x, y, &flank);
			/*
			 * The crown faces the lamps, the flanks turn away, the cover falls off
			 * outside.
			 */
			float crown = clamp(1 - far * far),
			      fall = clamp((MOUND_REACH - far) / (MOUND_REACH - 1));
			float steep = far < 1 ? far * far * far : fall * fall * fall;

			*pixel(canvas, x, y) *=
				1
				+ strength * (0.46f * crown - 0.5f * steep - 0.16f * flank * crown);
		}
	}
}

void paint_shadow(struct canvas *canvas, struct point centre, struct point radius, float turn,
                  float strength)
{
	struct bounds at = bounds_of_ellipse(canvas, centre, radius, 0);

	for (int y = at.top; y < at.bottom; y++) {
		for (int x = at.left; x < at.right; x++) {
			struct point p = within(centre, radius, turn, x, y);
			float far2 = p.x * p.x + p.y * p.y;

			if (far2 < 1)
				*pixel(canvas, x, y) *= 1 - strength * (1 - far2) * (1 - far2);
		}
	}
}

/* One row or column, step apart, through a running sum. */
static void blur_line(float *line, int n, int step, int radius, float *copy)
{
	float sum = 0;

	for (int i = 0; i < n; i++)
		copy[i] = line[i * step];
	for (int i = -radius; i <= radius; i++)
		sum += copy[i < 0 ? 0 : i >= n ? n - 1 : i];
	for (int i = 0; i < n; i++) {
		int enters = i + radius + 1 < n ? i + radius + 1 : n - 1;
		int leaves = i - radius > 0 ? i - radius : 0;

		line[i * step] = sum / (float)(2 * radius + 1);
		sum += copy[enters] - copy[leaves];
	}
}

void paint_blur(struct canvas *canvas, int radius)
{
	int longest = canvas->width > canvas->height ? canvas->width : canvas->height;
	float *copy = malloc((size_t)longest * sizeof *copy);

	/* A sharp picture is no worse than none. */
	if (copy == NULL)
		return;
	for (int y = 0; y < canvas->height; y++)
		blur_line(pixel(canvas, 0, y), canvas->width, 1, radius, copy);
	for (int x = 0; x < canvas->width; x++)
		blur_line(pixel(canvas, x, 0), canvas->height, canvas->width, radius, copy);
	free(copy);
}

void canvas_develop(const struct canvas *canvas, float vignette, float noise, uint64_t seed,
                    uint8_t *pixels)
{
	float half_width = (float)canvas->width / 2, half_height = (float)canvas->height / 2;

	for (int y = 0; y < canvas->height; y++) {
		for (int x = 0; x < canvas->width; x++) {
			float dx = ((float)x - half_width) / half_width;
			float dy = ((float)y - half_height) / half_height;
			float fall = 1 - vignette * (dx * dx * 0.7f + dy * dy * 0.5f);
			/* Two uniform numbers make a hump that is near enough to a sensor's. */
			float grain = paint_random(&seed) + paint_random(&seed) - 1;
			float light = *pixel(canvas, x, y) * fall + grain * noise * 2;

			*pixels++ = (uint8_t)(light < 0 ? 0 : light > 255 ? 255 : lrintf(light));
		}
	}
}
