// The loops of Int64. Arithmetic wraps. type.h lists them.
#define TYPE int64
#define T int64_t
#define T_KIND KIND_INTEGER
#define U uint64_t
#define T_BITS 64
#define T_LEAST INT64_MIN
#define T_GREATEST INT64_MAX
#define T_BOUND 0x1p63
#include "type.h"
