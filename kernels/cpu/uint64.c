// The loops of UInt64. Arithmetic wraps. type.h lists them.
#define TYPE uint64
#define T uint64_t
#define T_KIND KIND_INTEGER
#define U uint64_t
#define T_BITS 64
#define T_LEAST 0
#define T_GREATEST UINT64_MAX
#define T_BOUND 0x1p64
#include "type.h"
