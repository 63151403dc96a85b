// The loops of Int8. Arithmetic is done in 32 bits (U) and wraps to 8. type.h lists them.
#define TYPE int8
#define T int8_t
#define T_KIND KIND_INTEGER
#define U uint32_t
#define T_BITS 8
#define T_LEAST INT8_MIN
#define T_GREATEST INT8_MAX
#define T_BOUND 0x1p7
#include "type.h"
