// The loops of Int32. Arithmetic wraps. type.h lists them.
#define TYPE int32
#define T int32_t
#define T_KIND KIND_INTEGER
#define U uint32_t
#define T_BITS 32
#define T_LEAST INT32_MIN
#define T_GREATEST INT32_MAX
#define T_BOUND 0x1p31
#include "type.h"
