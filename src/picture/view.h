/* One look, from the making of its key to the blanking of its place. */
#ifndef TILLSYN_PICTURE_VIEW_H
#define TILLSYN_PICTURE_VIEW_H

/*
 * Speaks core/viewer.h over the socket console until the view is over; signals is a signalfd whose
 * first signal ends it. Gives up all system calls but a few on the way (process_sandbox_picture).
 * Returns the exit status: 0 once something was told to the console, whether a view's end or a
 * fault.
 */
int view_run(int console, int signals);

#endif
