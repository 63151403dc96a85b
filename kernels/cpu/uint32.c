// The loops of UInt32. Arithmetic wraps. type.h lists them.
#define TYPE uint32
#define T uint32_t
#define T_KIND KIND_INTEGER
#define U uint32_t
#define T_BITS 32
#define T_LEAST 0
#define T_GREATEST UINT32_MAX
#define T_BOUND 0x1p32
#include "type.h"
