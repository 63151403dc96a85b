// The loops of Int16. Arithmetic is done in 32 bits (U) and wraps to 16. type.h lists them.
#define TYPE int16
#define T int16_t
#define T_KIND KIND_INTEGER
#define U uint32_t
#define T_BITS 16
#define T_LEAST INT16_MIN
#define T_GREATEST INT16_MAX
#define T_BOUND 0x1p15
#include "type.h"
