// The loops of Double. type.h lists them.
#define TYPE float64
#define T double
#define T_KIND KIND_FLOATING
#define T_IS_DOUBLE 1
#define MATH(NAME) NAME##_float64
#include "math_float64.h"
#include "type.h"
