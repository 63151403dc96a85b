// The loops of Float. type.h lists them.
#define TYPE float32
#define T float
#define T_KIND KIND_FLOATING
#define MATH(NAME) NAME##_float32
#include "math_float32.h"
#include "type.h"
