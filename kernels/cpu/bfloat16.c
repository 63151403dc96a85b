// The loops of BFloat16, which is stored as 16 bits (uint16_t) and computed as Float.
// type.h lists them.
#define TYPE bfloat16
#define T uint16_t
#define T_KIND KIND_HALF
#define DECODE(x) slope_float_of_bfloat(x)
#define ENCODE(x) slope_bfloat_of_float(x)
#include "type.h"
