// The loops of windows that compute: sums of overlapping windows and the place of a window's
// greatest element. window.c walks over the windows and divides them among the threads.
//
//   source, one plane              window (i, j)                        places
//     columnStarts[j]              columnCounts[j] = 3                  [rows, columns]
//          v                         <- dilationX ->
//   . . . . . . . . . .             x      x      x  |                       j
//   . . . . x . x . x .  ------>                     dilationY          . . . . .
//   . . . . . . . . . .             x      x      x  v                i . . p . .
//   . . . . x . x . x .             rowCounts[i] = 2                    . . . . .
//
// References: ReferenceBackend.fold and windowMaxima (Tests/TestSupport); KernelWindowTests.

// destination[i · step] += source[i], for i in order; the destination has no element twice.
static void LOCAL(accumulateSteps)(void *destination, int64_t step, const void *source,
                                   int64_t count) {
  T *to = destination;
  const T *from = source;
  if (step == 1) {
    LOCAL(accumulate)(to, from, count);
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    to[i * step] = NARROW(ADD(WIDEN(to[i * step]), WIDEN(from[i])));
  }
}

// destination[places[i]] += source[i], for i in order.
static void LOCAL(accumulateAt)(void *destination, const int64_t *places, const void *source,
                                int64_t count) {
  T *to = destination;
  const T *from = source;
  for (int64_t i = 0; i < count; i++) {
    to[places[i]] = NARROW(ADD(WIDEN(to[places[i]]), WIDEN(from[i])));
  }
}

#if T_KIND != KIND_BOOL
#if T_KIND == KIND_HALF
#define COMPARED(x) LOAD(x)
typedef float LOCAL(Compared);
#else
#define COMPARED(x) (x)
typedef T LOCAL(Compared);
#endif
#if T_KIND == KIND_INTEGER
#define UNORDERED(x) false
#else
#define UNORDERED(x) ((x) != (x))
#endif

static void LOCAL(windowMaxima)(const SlopeWindowMaxima *maxima, int64_t first, int64_t last) {
  const T *source = maxima->source;
  const int64_t width = maxima->width, stepY = maxima->dilationY * width;
  const int64_t stepX = maxima->dilationX;
  int64_t *places = maxima->places + first * maxima->columns;
  for (int64_t row = first; row < last; row++) {
    const int64_t plane = row / maxima->rows, i = row % maxima->rows;
    const int64_t start = (plane * maxima->height + maxima->rowStarts[i]) * width;
    const int64_t lineCount = maxima->rowCounts[i];
    for (int64_t j = 0; j < maxima->columns; j++) {
      int64_t line = start + maxima->columnStarts[j], place = line;
      const int64_t count = maxima->columnCounts[j];
      LOCAL(Compared) greatest = COMPARED(source[line]);
      for (int64_t p = 0; p < lineCount; p++, line += stepY) {
        for (int64_t q = 0, at = line; q < count; q++, at += stepX) {
          const LOCAL(Compared) x = COMPARED(source[at]);
          if (x > greatest || UNORDERED(x)) {
            greatest = x;
            place = at;
          }
        }
      }
      *places++ = place;
    }
  }
}
#undef COMPARED
#undef UNORDERED
#endif
