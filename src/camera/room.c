/*
 * The scenes. Everything is painted from the back of the room to the front, as light falls on it
 * from the lamps around the lens: skin, linen and paper bright, hair and wood dark, the floor
 * darkest.
 */
#include "camera/room.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define WALL_END 176.0f

/* The bed's corners: head left and right, foot right and left. */
struct bed {
	struct point corner[4];
	float middle; /* of its head end */
};

struct room {
	struct canvas canvas;
	uint64_t home, moment;
	struct bed bed;
};

static float vary(uint64_t *seed, float low, float high)
{
	return low + (high - low) * paint_random(seed);
}

static struct point at(float x, float y)
{
	return (struct point){x, y};
}

static void quad(struct room *room, struct point a, struct point b, struct point c, struct point d,
                 float light_from, float light_to)
{
	const struct point corner[4] = {a, b, c, d};

	paint_quad(&room->canvas, corner, light_from, light_to, 3);
}

static void box(struct room *room, float left, float top, float right, float bottom,
                float light_from, float light_to)
{
	quad(room, at(left, top), at(right, top), at(right, bottom), at(left, bottom), light_from,
	     light_to);
}

static void oval(struct room *room, float x, float y, float radius_x, float radius_y, float turn,
                 float light)
{
	paint_ellipse(&room->canvas, at(x, y), at(radius_x, radius_y), turn, light, 4);
}

/* A place on the bed: across 0 left to 1 right, along 0 head to 1 foot. */
static struct point on_bed(const struct bed *bed, float across, float along)
{
	const struct point *c = bed->corner;
	float left_x = c[0].x + (c[3].x - c[0].x) * along,
	      right_x = c[1].x + (c[2].x - c[1].x) * along;

	return at(left_x + (right_x - left_x) * across, c[0].y + (c[3].y - c[0].y) * along);
}


static void draw_walls(struct room *room)
{
	box(room, -9, -9, ROOM_WIDTH + 9, WALL_END, 76, 104);
	box(room, -9, WALL_END - 10, ROOM_WIDTH + 9, WALL_END, 138, 120);
	box(room, -9, WALL_END, ROOM_WIDTH + 9, ROOM_HEIGHT + 9, 48, 70);
	/* Boards run towards the camera. */
	for (int i = -9; i <= 9; i++) {
		float top = ROOM_WIDTH / 2 + (float)i * 92,
		      bottom = ROOM_WIDTH / 2 + (float)i * 190;

		quad(room, at(top, WALL_END), at(top + 2, WALL_END), at(bottom + 4, ROOM_HEIGHT),
		     at(bottom, ROOM_HEIGHT), 40, 54);
	}
}

static void draw_window(struct room *room)
{
	box(room, 958, -9, 1184, 132, 150, 140);
	box(room, 972, -9, 1170, 118, 14, 20);
	box(room, 1066, -9, 1076, 118, 140, 130);
	/* Curtains. */
	for (int i = 0; i < 4; i++) {
		float x = 908 + (float)i * 15, y = 1176 + (float)i * 15;

		box(room, x, -9, x + 13, 166, 168 - (float)(i & 1) * 34, 146 - (float)(i & 1) * 30);
		box(room, y, -9, y + 13, 166, 168 - (float)(i & 1) * 34, 146 - (float)(i & 1) * 30);
	}
}

static void draw_picture_on_wall(struct room *room, float x)
{
	box(room, x, 18, x + 120, 98, 150, 140);
	box(room, x + 9, 27, x + 111, 89, 84, 110);
	oval(room, x + 46, 62, 26, 15, 0.2f, 70);
}

/* A table with a lamp and a glass. */
static void draw_table(struct room *room, float x)
{
	paint_shadow(&room->canvas, at(x + 60, 300), at(120, 70), 0, 0.5f);
	box(room, x, 186, x + 112, 226, 118, 128);
	box(room, x, 226, x + 112, 308, 74, 60);
	box(room, x + 40, 256, x + 72, 264, 120, 120);
	paint_limb(&room->canvas, at(x + 38, 202), 9, at(x + 38, 150), 7, 110);
	quad(room, at(x + 18, 96), at(x + 58, 96), at(x + 76, 152), at(x, 152), 205, 175);
	oval(room, x + 88, 202, 10, 13, 0, 186);
}

static void draw_slippers(struct room *room, float x, float y)
{
	for (int i = 0; i < 2; i++) {
		paint_shadow(&room->canvas, at(x + 4 + (float)i * 44, y + 10), at(34, 40), 0, 0.5f);
		oval(room, x + (float)i * 44, y, 15, 32, 0.12f, 132);
		oval(room, x + (float)i * 44, y + 12, 9, 16, 0.12f, 60);
	}
}

static void draw_bed_frame(struct room *room)
{
	const struct point *c = room->bed.corner;

	paint_shadow(&room->canvas, at((c[3].x + c[2].x) / 2, 480),
	             at((c[2].x - c[3].x) * 0.78f, 420), 0, 0.55f);
	box(room, c[0].x - 16, 84, c[1].x + 16, 214, 96, 70);
	box(room, c[0].x - 16, 84, c[1].x + 16, 96, 142, 128);
	/* The side towards the camera, and its feet. */
	quad(room, c[3], c[2], at(c[2].x - 4, c[2].y + 40), at(c[3].x + 4, c[3].y + 40), 88, 56);
	quad(room, c[0], c[1], c[2], c[3], 196, 182);
}

static void draw_pillow(struct room *room, float across)
{
	struct point p = on_bed(&room->bed, across, 0.13f);
	float half = (room->bed.corner[1].x - room->bed.corner[0].x) * 0.3f;

	if (half > 118)
		half = 118;
	paint_shadow(&room->canvas, at(p.x, p.y + 16), at(half * 1.35f, 84), 0, 0.55f);
	paint_cushion(&room->canvas, p, at(half, 52), 232);
}

/* The dent that a head leaves. */
static void draw_dent(struct room *room, float across)
{
	struct point p = on_bed(&room->bed, across, 0.13f);

	paint_shadow(&room->canvas, at(p.x, p.y), at(58, 40), 0, 0.42f);
}

/*
 * A blanket over the bed from along on, across its part from left to right, hanging over the edges.
 */
static void draw_blanket(struct room *room, float left, float right, float along, float light)
{
	float over = 0.035f;
	struct point a = on_bed(&room->bed, left - over, along);
	struct point b = on_bed(&room->bed, right + over, along);
	struct point c = on_bed(&room->bed, right + over, 1.03f);
	struct point d = on_bed(&room->bed, left - over, 1.03f);

	quad(room, a, b, c, d, light, light * 0.86f);
	/* Quilted: darker seams across, and along. */
	for (int i = 1; i < 6; i++) {
		float y = along + (1.03f - along) * (float)i / 6;
		struct point from = on_bed(&room->bed, left - over, y);
		struct point to = on_bed(&room->bed, right + over, y);

		quad(room, from, to, at(to.x, to.y + 5), at(from.x, from.y + 5), light * 0.78f,
		     light * 0.72f);
	}
	/* The sheet is turned down over its upper edge. */
	quad(room, at(a.x, a.y - 6), at(b.x, b.y - 6), at(b.x + 5, b.y + 36), at(a.x - 5, a.y + 36),
	     236, 216);
}

/* A fold in a sheet: its valley lies in shadow. */
static void crease(struct room *room, struct point p, float turn, float length)
{
	paint_shadow(&room->canvas, p, at(11, length), turn, 0.34f);
	paint_shadow(&room->canvas, at(p.x + 16, p.y + 6), at(7, length * 0.7f), turn, 0.22f);
}

/* Folds that point away from where somebody got up. */
static void draw_folds(struct room *room, float left, float right, float from, float to)
{
	for (int i = 0; i < 7; i++) {
		float across = vary(&room->home, left, right);
		float along = vary(&room->home, from, to);
		struct point p = on_bed(&room->bed, across, along);

		crease(room, p, vary(&room->home, -0.7f, 0.7f), vary(&room->home, 60, 100));
	}
}

/* A head seen from above its feet: hair, face, and what of a face infrared shows. */
static void draw_head(struct room *room, struct point p, float size, float turn)
{
	float c = cosf(turn), s = sinf(turn);

	paint_shadow(&room->canvas, at(p.x, p.y + 8), at(size * 1.7f, size * 1.5f), 0, 0.5f);
	oval(room, p.x - s * size * 0.16f, p.y - c * size * 0.2f, size * 0.98f, size * 1.04f, turn,
	     92);
	oval(room, p.x + s * size * 0.14f, p.y + c * size * 0.2f, size * 0.72f, size * 0.86f, turn,
	     178);
	/* Eyes closed, nose, mouth. */
	for (int side = -1; side <= 1; side += 2) {
		float ex = (float)side * size * 0.28f, ey = size * 0.08f;

		oval(room, p.x + ex * c + ey * s, p.y - ex * s + ey * c, size * 0.17f, size * 0.07f,
		     turn, 92);
	}
	oval(room, p.x + s * size * 0.3f, p.y + c * size * 0.32f, size * 0.09f, size * 0.18f, turn,
	     204);
	oval(room, p.x + s * size * 0.66f, p.y + c * size * 0.68f, size * 0.2f, size * 0.06f, turn,
	     110);
}

/* Somebody in bed: the head on the pillow, the rest as the blanket shows it. */
static void draw_sleeper(struct room *room, float across)
{
	float lean = vary(&room->home, -0.5f, 0.5f) + vary(&room->moment, -0.12f, 0.12f);
	float breath = vary(&room->moment, 0.95f, 1.05f),
	      shift = vary(&room->moment, -0.02f, 0.02f);
	float curl = vary(&room->home, -0.07f, 0.07f);
	struct point head = on_bed(&room->bed, across + shift, 0.15f);
	const struct link body[] = {
		{on_bed(&room->bed, across + shift, 0.4f), 88 * breath},
		{on_bed(&room->bed, across + shift + curl * 0.4f, 0.52f), 82 * breath},
		{on_bed(&room->bed, across + shift + curl, 0.64f), 84},
		{on_bed(&room->bed, across + shift - curl, 0.8f), 62},
		{on_bed(&room->bed, across + shift - curl * 0.6f, 0.94f), 56},
	};

	paint_mound(&room->canvas, body, sizeof body / sizeof *body, 0.75f);
	draw_head(room, head, 47, lean);
	/* A hand on the turned-down sheet. */
	if (paint_random(&room->home) < 0.6f) {
		struct point hand = on_bed(&room->bed, across + 0.16f, 0.36f);

		paint_limb(&room->canvas, at(hand.x + 34, hand.y - 34), 32, hand, 24, 176);
	}
}

static void draw_room(struct room *room, bool wide)
{
	float half = wide ? 300 : 196, x = ROOM_WIDTH / 2 + vary(&room->home, -20, 40);

	room->bed.middle = x;
	room->bed.corner[0] = at(x - half, 190);
	room->bed.corner[1] = at(x + half, 190);
	room->bed.corner[2] = at(x + half * 1.58f, 640);
	room->bed.corner[3] = at(x - half * 1.58f, 640);
	draw_walls(room);
	draw_window(room);
	draw_picture_on_wall(room, wide ? 90 : 150);
	draw_table(room, x - half - 172);
	draw_bed_frame(room);
}

static void draw_asleep(struct room *room)
{
	draw_room(room, false);
	draw_pillow(room, 0.5f);
	draw_blanket(room, 0, 1, 0.27f, 146);
	draw_sleeper(room, 0.5f);
	draw_slippers(room, room->bed.corner[3].x - 110, 590);
}

/* Got up: the blanket is thrown to one side, the sheet lies open, the pillow keeps the dent. */
static void draw_left_bed(struct room *room)
{
	struct point a, b, c, d;

	draw_room(room, false);
	draw_pillow(room, 0.5f);
	draw_dent(room, 0.5f);
	draw_folds(room, 0.1f, 0.55f, 0.32f, 0.8f);
	a = on_bed(&room->bed, 0.74f, 0.3f);
	b = on_bed(&room->bed, 1.04f, 0.27f);
	c = on_bed(&room->bed, 1.05f, 1.03f);
	d = on_bed(&room->bed, 0.3f, 1.03f);
	paint_shadow(&room->canvas, at(d.x + 110, 520), at(220, 200), -0.8f, 0.4f);
	quad(room, a, b, c, d, 150, 118);
	/* Its underside, folded back. */
	quad(room, at(a.x - 34, a.y + 4), at(a.x + 26, a.y), at(d.x + 74, d.y - 2),
	     at(d.x - 10, d.y), 112, 92);
	for (int i = 0; i < 4; i++) {
		struct point p = on_bed(&room->bed, 0.86f - (float)i * 0.03f,
		                        0.42f + (float)i * 0.15f);

		crease(room, p, 0.4f, 84);
	}
}

static void draw_empty(struct room *room)
{
	draw_left_bed(room);
}

/* Stretched out on the floor beside the bed. Nightclothes are the brightest thing down there. */
static void draw_fallen(struct room *room)
{
	float x = room->bed.corner[3].x - 150 + vary(&room->moment, -8, 8), y = 372;
	struct canvas *canvas = &room->canvas;

	paint_shadow(canvas, at(x + 20, y + 160), at(250, 300), 0.25f, 0.7f);
	/* Legs, one drawn up. */
	paint_limb(canvas, at(x + 34, y + 180), 62, at(x + 62, y + 250), 52, 178);
	paint_limb(canvas, at(x + 62, y + 250), 48, at(x + 40, y + 318), 36, 186);
	paint_limb(canvas, at(x + 4, y + 186), 62, at(x - 36, y + 246), 52, 178);
	paint_limb(canvas, at(x - 36, y + 246), 48, at(x - 58, y + 316), 36, 186);
	oval(room, x + 44, y + 330, 17, 22, -0.3f, 190);
	oval(room, x - 66, y + 328, 17, 22, 0.4f, 190);
	/* Arms, flung up and out. */
	paint_limb(canvas, at(x - 84, y + 56), 42, at(x - 136, y + 6), 34, 200);
	paint_limb(canvas, at(x - 136, y + 6), 30, at(x - 128, y - 56), 24, 182);
	paint_limb(canvas, at(x + 8, y + 52), 42, at(x + 76, y + 86), 34, 204);
	paint_limb(canvas, at(x + 76, y + 86), 30, at(x + 104, y + 146), 24, 184);
	/* The gown. */
	paint_limb(canvas, at(x - 40, y + 62), 104, at(x + 18, y + 176), 122, 220);
	paint_limb(canvas, at(x - 40, y + 40), 40, at(x - 52, y + 8), 36, 170);
	draw_head(room, at(x - 64, y - 20), 44, -0.4f);
}

static void draw_floor(struct room *room)
{
	draw_left_bed(room);
	draw_fallen(room);
}

/* Somebody who stands by the bed and looks up: eyes shine in infrared. */
static void draw_visitor(struct room *room)
{
	float x = room->bed.corner[2].x + 96 + vary(&room->moment, -10, 10);
	struct canvas *canvas = &room->canvas;

	if (x > ROOM_WIDTH - 130)
		x = ROOM_WIDTH - 130;
	paint_shadow(canvas, at(x + 60, 560), at(190, 170), 0.3f, 0.7f);
	/* Trousers and shoes. */
	paint_limb(canvas, at(x - 34, 430), 72, at(x - 44, 650), 56, 96);
	paint_limb(canvas, at(x + 34, 430), 72, at(x + 44, 650), 56, 100);
	oval(room, x - 48, 668, 34, 18, 0.1f, 30);
	oval(room, x + 50, 668, 34, 18, -0.1f, 30);
	/* Arms, one towards the bed. */
	paint_limb(canvas, at(x + 74, 214), 54, at(x + 98, 350), 44, 190);
	paint_limb(canvas, at(x + 98, 350), 40, at(x + 84, 450), 32, 168);
	paint_limb(canvas, at(x - 72, 214), 54, at(x - 122, 316), 42, 196);
	paint_limb(canvas, at(x - 122, 316), 40, at(x - 176, 372), 30, 172);
	/* The jacket. */
	quad(room, at(x - 84, 178), at(x + 84, 178), at(x + 76, 452), at(x - 76, 452), 216, 186);
	oval(room, x, 186, 86, 36, 0, 212);
	paint_limb(canvas, at(x, 190), 5, at(x, 446), 5, 140);
	/* Neck, hair, face. */
	paint_limb(canvas, at(x, 150), 44, at(x, 186), 48, 160);
	oval(room, x, 90, 58, 68, 0, 70);
	oval(room, x, 106, 45, 56, 0, 184);
	for (int side = -1; side <= 1; side += 2) {
		oval(room, x + (float)side * 19, 100, 10, 7, 0, 80);
		oval(room, x + (float)side * 19, 100, 4.5f, 4.5f, 0, 255);
	}
	oval(room, x, 118, 5, 12, 0, 208);
	oval(room, x, 140, 14, 4, 0, 100);
}

static void draw_other(struct room *room)
{
	draw_asleep(room);
	draw_visitor(room);
}

static void draw_couple(struct room *room)
{
	draw_room(room, true);
	draw_pillow(room, 0.27f);
	draw_pillow(room, 0.73f);
	draw_blanket(room, 0, 0.485f, 0.27f, 150);
	draw_blanket(room, 0.515f, 1, 0.27f, 128);
	draw_sleeper(room, 0.27f);
	draw_sleeper(room, 0.73f);
}

static void draw_couple_one(struct room *room)
{
	draw_room(room, true);
	draw_pillow(room, 0.27f);
	draw_pillow(room, 0.73f);
	draw_dent(room, 0.73f);
	draw_folds(room, 0.6f, 0.9f, 0.35f, 0.8f);
	draw_blanket(room, 0, 0.485f, 0.27f, 150);
	draw_sleeper(room, 0.27f);
	draw_blanket(room, 0.515f, 1, 0.66f, 128);
}

/* A cloth just before the lens: far too bright where the lamps are, and nothing in focus. */
static void draw_covered(struct room *room)
{
	box(room, -9, -9, ROOM_WIDTH + 9, ROOM_HEIGHT + 9, 176, 96);
	for (int i = 0; i < 9; i++) {
		float x = (float)i * 160 + vary(&room->home, -40, 40);

		paint_limb(&room->canvas, at(x, -60), vary(&room->home, 50, 110),
		           at(x + vary(&room->home, 120, 320), ROOM_HEIGHT + 60),
		           vary(&room->home, 40, 90), vary(&room->home, 110, 235));
	}
	paint_blur(&room->canvas, 26);
	paint_blur(&room->canvas, 20);
}

static void draw_black(struct room *room)
{
	box(room, -9, -9, ROOM_WIDTH + 9, ROOM_HEIGHT + 9, 3, 3);
}

static const struct {
	void (*draw)(struct room *room);
	float vignette, noise;
} scenes[] = {
	[ROOM_ASLEEP] = {draw_asleep, 0.42f, 4},
	[ROOM_EMPTY] = {draw_empty, 0.42f, 4},
	[ROOM_FLOOR] = {draw_floor, 0.42f, 4},
	[ROOM_OTHER] = {draw_other, 0.42f, 4},
	[ROOM_COUPLE] = {draw_couple, 0.42f, 4},
	[ROOM_COUPLE_ONE] = {draw_couple_one, 0.42f, 4},
	[ROOM_COVERED] = {draw_covered, 0.5f, 3},
	[ROOM_BLACK] = {draw_black, 0, 1.5f},
};

enum err room_draw(enum room_scene scene, uint64_t home, uint64_t moment,
                   uint8_t pixels[ROOM_WIDTH * ROOM_HEIGHT])
{
	struct room room = {.home = home, .moment = moment};
	enum err err = canvas_new(&room.canvas, ROOM_WIDTH, ROOM_HEIGHT);

	if (err != ERR_OK)
		return err;
	scenes[scene].draw(&room);
	paint_blur(&room.canvas, 1);
	canvas_develop(&room.canvas, scenes[scene].vignette, scenes[scene].noise, moment, pixels);
	canvas_free(&room.canvas);
	return ERR_OK;
}
