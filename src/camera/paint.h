/*
 * Soft shapes on a grey canvas: what the simulated camera's room is made of. Coordinates are pixels
 * from the upper left, light is 0 to 255 and is clipped only when the canvas is developed.
 */
#ifndef TILLSYN_CAMERA_PAINT_H
#define TILLSYN_CAMERA_PAINT_H

#include "base/err.h"

#include <stdint.h>

struct canvas {
	int width, height;
	float *light;    /* owned, width × height */
};

enum err canvas_new(struct canvas *canvas, int width, int height);
/* Wipes first. */
void canvas_free(struct canvas *canvas);

struct point {
	float x, y;
};

/*
 * Four corners in order round a convex shape; light runs from its first edge to the opposite one.
 */
void paint_quad(struct canvas *canvas, const struct point corner[4], float light_from,
                float light_to, float softness);
/* An ellipse turned by turn radians. */
void paint_ellipse(struct canvas *canvas, struct point centre, struct point radius, float turn,
                   float light, float softness);
/* A limb: a stroke from a to b that is thick_a and thick_b wide at its ends, rounded by light. */
void paint_limb(struct canvas *canvas, struct point a, float thick_a, struct point b, float thick_b,
                float light);
/* Upright, with the bulging sides and blunt corners of something stuffed. */
void paint_cushion(struct canvas *canvas, struct point centre, struct point radius, float light);

struct link {
	struct point at;
	float radius;
};

/* Makes the cover swell over a chain of n links: somebody under a blanket. 0 flat to 1 full. */
void paint_mound(struct canvas *canvas, const struct link *link, int n, float strength);
/* Darkens softly: what lies on something throws a shadow. */
void paint_shadow(struct canvas *canvas, struct point centre, struct point radius, float turn,
                  float strength);
/* Blurs all of it; a lens is never sharper than its pixels. */
void paint_blur(struct canvas *canvas, int radius);
/* Vignette, noise of the sensor, and 8 bits. pixels holds width × height bytes. */
void canvas_develop(const struct canvas *canvas, float vignette, float noise, uint64_t seed,
                    uint8_t *pixels);

/* A generator for what varies; never for secrets. In [0, 1). */
float paint_random(uint64_t *seed);

#endif
