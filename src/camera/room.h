/*
 * A bedroom at night as an infrared camera by the ceiling sees it, drawn so that an operator tells
 * at a glance, and in characters, who lies where.
 */
#ifndef TILLSYN_CAMERA_ROOM_H
#define TILLSYN_CAMERA_ROOM_H

#include "camera/paint.h"

#include <stdint.h>

#define ROOM_WIDTH 1280
#define ROOM_HEIGHT 720

enum room_scene {
	ROOM_ASLEEP,
	ROOM_EMPTY,
	ROOM_FLOOR,
	ROOM_OTHER,
	ROOM_COUPLE,
	ROOM_COUPLE_ONE,
	ROOM_COVERED,
	ROOM_BLACK,
};

/*
 * home says what is always so in this home (where the bed stands, how she lies down), moment what
 * differs from one picture to the next (breathing, turning, the sensor's noise).
 */
enum err room_draw(enum room_scene scene, uint64_t home, uint64_t moment,
                   uint8_t pixels[ROOM_WIDTH * ROOM_HEIGHT]);

#endif
