// The loops of Bool: one byte, 0 or 1. Casts, copies and products only; it is computed as UInt8.
// type.h lists them.
#define TYPE bool
#define T uint8_t
#define T_KIND KIND_BOOL
#include "type.h"
