// The loops of UInt16. Arithmetic is done in 32 bits (U) and wraps to 16. type.h lists them.
#define TYPE uint16
#define T uint16_t
#define T_KIND KIND_INTEGER
#define U uint32_t
#define T_BITS 16
#define T_LEAST 0
#define T_GREATEST UINT16_MAX
#define T_BOUND 0x1p16
#include "type.h"
