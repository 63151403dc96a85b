// All loops of one type on one level, and their table; included by type.h.
#if T_COMPUTES
#include "type_pointwise.h"
#endif
#include "type_cast.h"
#if T_KIND == KIND_FLOATING || T_KIND == KIND_HALF
#include "type_sum.h"
#include "type_softmax.h"
#include "type_draw.h"
#endif
#if T_KIND == KIND_FLOATING
#include "type_random.h"
#endif
#if T_IS_FLOATING && !defined(T_IS_DOUBLE)
#include "type_turn.h"
#endif
#if T_COMPUTES
#include "type_reduce.h"
#include "type_columns.h"
#endif
#include "type_matmul.h"
#include "type_window.h"

const SlopeType PASTE3(slope_, TYPE, LEVEL) = {
#if T_COMPUTES
    .apply = {
#if T_IS_FLOATING
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) KERNEL_ENTRY(NAME, FLOATING),
#else
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) KERNEL_ENTRY(NAME, INTEGER),
#endif
#include "primitives.def"
#undef SLOPE_PRIMITIVE
#if T_IS_FLOATING && !defined(T_IS_DOUBLE)
        [SlopePrimitive_sin] = LOCAL(turn_sin), [SlopePrimitive_cos] = LOCAL(turn_cos),
#endif
    },
    .reduceRows = LOCAL(reduceRows),
    .partialBegin = LOCAL(partialBegin),
    .partialAdd = LOCAL(partialAdd),
    .partialMerge = LOCAL(partialMerge),
    .partialFinish = LOCAL(partialFinish),
    .columnsBegin = LOCAL(columnsBegin),
    .columnsAdd = LOCAL(columnsAdd),
    .columnsMerge = LOCAL(columnsMerge),
    .columnsFinish = LOCAL(columnsFinish),
#endif
    .from = {
        LOCAL(from_bool), LOCAL(from_uint8), LOCAL(from_uint16), LOCAL(from_uint32),
        LOCAL(from_uint64), LOCAL(from_int8), LOCAL(from_int16), LOCAL(from_int32),
        LOCAL(from_int64), LOCAL(from_float16), LOCAL(from_bfloat16), LOCAL(from_float32),
        LOCAL(from_float64),
    },
    .matmul = LOCAL(matmul),
    .accumulate = LOCAL(accumulate),
    .accumulateSteps = LOCAL(accumulateSteps),
    .accumulateAt = LOCAL(accumulateAt),
#if T_KIND != KIND_BOOL
    .windowMaxima = LOCAL(windowMaxima),
#endif
#if T_KIND == KIND_FLOATING || T_KIND == KIND_HALF
    .softmax = LOCAL(softmax),
    .draw = LOCAL(draw),
#endif
#if T_KIND == KIND_FLOATING
    .spread = LOCAL(spread),
    .normals = LOCAL(normals),
#endif
};
