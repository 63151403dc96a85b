// Draws of the counter-based generator, divided among threads. slope_kernels.h describes the
// arguments, type_draw.h the loops.
//
// A range begins at a multiple of 4 elements, and thereby of a block of words. An element takes the
// same words whatever range it is in, so that no number depends on the threads.
// References: ReferenceBackend.draw (Tests/TestSupport), RandomDrawTests.
#include "kernels.h"

enum { GRAIN = 1 << 14 };  // a tenth of a millisecond's work for a few threads

typedef struct {
  const SlopeDraw *draw;
  const SlopeType *type;
  char *out;
  const char *source;
  int size;
} Draw;

static void drawRange(void *context, int64_t start, int64_t end) {
  const Draw *work = context;
  const char *source = work->source == NULL ? NULL : work->source + start * work->size;
  work->type->draw(work->draw, work->out + start * work->size, source, start, end - start);
}

void slope_draw(SlopeDType dtype, const SlopeDraw *draw, void *out, const void *source,
                int64_t count) {
  Draw work = {draw, slope_type(dtype), out, source, slope_sizes[dtype]};
  slope_for_ranges(count, GRAIN, drawRange, &work);
}
