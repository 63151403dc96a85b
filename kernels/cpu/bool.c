// The loops of Bool.
#define TYPE bool
#define T uint8_t
#define T_KIND KIND_BOOL
#include "type.h"
