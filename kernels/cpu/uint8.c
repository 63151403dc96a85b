// The loops of UInt8. Arithmetic is done in 32 bits (U) and wraps to 8. type.h lists them.
#define TYPE uint8
#define T uint8_t
#define T_KIND KIND_INTEGER
#define U uint32_t
#define T_BITS 8
#define T_LEAST 0
#define T_GREATEST UINT8_MAX
#define T_BOUND 0x1p8
#include "type.h"
