// The C interface of the CPU kernels: every loop over elements on the CPU.
//
// The functions allocate no tensors and report no failures: the Swift caller has validated shapes,
// strides, types and indices. All they know of a shape is a loop nest. Integer arithmetic wraps;
// docs/numerics.md defines every special case.
//
// How arguments are described:
//   [rows, columns]      the shape that a pointer's memory has; contiguous and row-major unless the
//                        comment gives strides
//   [rank] extents       an array with one entry for each axis of the loop nest, outermost first
//   strides, offsets     count elements, never bytes; 0 repeats an element, negative is allowed
//   start ..< end        half-open range
// A `void *` points to elements of the type that a SlopeDType argument names, aligned to that type.
// Unless stated otherwise, outputs do not overlap inputs.
//
// Slow references for the tests: ReferenceBackend (Tests/TestSupport) for whole verbs,
// KernelReference and KernelReductionReference (Tests/SlopeCoreTests/Kernels) for single kernels.
#ifndef SLOPE_KERNELS_H
#define SLOPE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { SLOPE_MAX_RANK = 8, SLOPE_MAX_OPERANDS = 16 };

// Raw values equal those of Swift's DType (a test compares them).
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  SlopeDType_bool = 0,
  SlopeDType_uint8,
  SlopeDType_uint16,
  SlopeDType_uint32,
  SlopeDType_uint64,
  SlopeDType_int8,
  SlopeDType_int16,
  SlopeDType_int32,
  SlopeDType_int64,
  SlopeDType_float16,
  SlopeDType_bfloat16,
  SlopeDType_float32,
  SlopeDType_float64,
} SlopeDType __attribute__((swift_name("KernelDType")));

// One case per row of primitives.def.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) SlopePrimitive_##NAME,
#include "../../primitives.def"
#undef SLOPE_PRIMITIVE
} SlopePrimitive __attribute__((swift_name("Primitive")));

// The number of operands of a primitive (1 to 3), its name, and the number of primitives.
int slope_primitive_arity(SlopePrimitive primitive);
const char *_Nonnull slope_primitive_name(SlopePrimitive primitive);
int slope_primitive_count(void);

// Whether the primitive has a kernel in the compute type of `dtype` (integers have no sqrt, floats
// no shifts). Programs and slope_apply must use no others.
bool slope_primitive_exists(SlopePrimitive primitive, SlopeDType dtype);

// MARK: Pointwise programs

// `registers[destination] = primitive(registers[a], registers[b], registers[c])`; the operands
// beyond the primitive's arity are 0.
typedef struct {
  SlopePrimitive primitive;
  uint16_t destination, a, b, c;
} SlopeInstruction;

// A register program. Registers are numbered consecutively:
//
//   0                inputCount        + scalarCount        + constantCount      + temporaryCount
//   |---- inputs ----|---- scalars ----|---- constants ----|---- temporaries ----|
//
// `compute` is the one type in which registers hold numbers: Float32 for 16-bit floats, UInt8 for
// Bool. Loads convert from the operand's type, stores to the output's, by the cast rules (float to
// integer truncates and saturates, NaN gives 0; anything to Bool is "is not zero"). Constants and
// scalars are bit patterns of the compute type in the low bytes of 64 bits.
typedef struct {
  SlopeDType compute;
  uint16_t inputCount, scalarCount, constantCount, temporaryCount, outputCount, instructionCount;
  const SlopeInstruction *_Nullable instructions;  // [instructionCount], in execution order
  const uint64_t *_Nullable constants;             // [constantCount]
  const uint16_t *_Nonnull outputs;  // [outputCount]: the register stored to each; any is allowed
} SlopeProgram;

// One operand of a loop nest.
typedef struct {
  void *_Nullable data;              // the element at index 0 of every axis
  const int64_t *_Nullable strides;  // [rank of the nest]: 0 where broadcast; NULL: contiguous in
                                     // loop order
  SlopeDType dtype;
} SlopeOperand;

// Runs `program` for every element of the loop nest `shape`. An output may be exactly the memory of
// an input of the same type (an update in place).
void slope_pointwise(
    const SlopeProgram *_Nonnull program,
    const SlopeOperand *_Nonnull inputs,   // [inputCount], each [shape] by its strides
    const uint64_t *_Nullable scalars,     // [scalarCount] bit patterns; NULL if there are none
    const SlopeOperand *_Nonnull outputs,  // [outputCount], each [shape], contiguous
    int rank,
    const int64_t *_Nonnull shape);        // [rank] extents

// `destination[i] = primitive(a[i], b[i], c[i])` on the calling thread: the shortest path for a few
// elements. Bool is computed as UInt8 (not normalised to 0 and 1).
void slope_apply(
    SlopePrimitive primitive,
    SlopeDType dtype,             // of the operands and of the result
    void *_Nonnull destination,   // [count]; may be exactly one of the operands
    const void *_Nonnull a,       // [count]
    const void *_Nullable b,      // [count]; not read by primitives of one operand
    const void *_Nullable c,      // [count]; not read by primitives of one or two operands
    int64_t count);

// MARK: Copies and casts

// `destination[i] = source[i]`, converted by the cast rules.
void slope_cast(
    SlopeDType destinationType,
    void *_Nonnull destination,   // [count] of destinationType
    SlopeDType sourceType,
    const void *_Nonnull source,  // [count] of sourceType
    int64_t count);

// Copies a strided nest to contiguous memory.
void slope_copy(
    void *_Nonnull destination,         // [shape], contiguous
    const void *_Nonnull source,        // [shape] by `strides`; the element at index 0 of all axes
    int elementSize,                    // bytes: 1, 2, 4 or 8
    int rank,
    const int64_t *_Nonnull shape,      // [rank] extents
    const int64_t *_Nonnull strides);   // [rank] of the source

// Copies a strided nest to a strided nest of the same element size, on the calling thread.
void slope_copy_into(
    void *_Nonnull destination,                   // [shape] by destinationStrides
    const int64_t *_Nonnull destinationStrides,   // [rank]
    const void *_Nonnull source,                  // [shape] by sourceStrides
    const int64_t *_Nonnull sourceStrides,        // [rank]
    int elementSize,                              // bytes: 1, 2, 4 or 8
    int rank,
    const int64_t *_Nonnull shape);               // [rank] extents

// Sets every element to the same bits.
void slope_fill(
    void *_Nonnull destination,  // [count]
    int elementSize,             // bytes: 1, 2, 4 or 8
    uint64_t bits,               // the element is its low `elementSize` bytes
    int64_t count);

// `destination[i] = base + (first + i) · step`, computed in Double and rounded once to a floating
// type.
void slope_range(
    SlopeDType type,             // Float16, BFloat16, Float32 or Float64
    void *_Nonnull destination,  // [count] of `type`
    double base, double step,
    int64_t first,               // the index of destination[0] in the sequence
    int64_t count);

// `destination[i] = base + i · step` modulo 2⁶⁴, of which a narrower integer type keeps the low
// bits.
void slope_integer_range(
    SlopeDType type,              // an integer type
    void *_Nonnull destination,   // [count] of `type`
    uint64_t base, uint64_t step, // two's complement where negative
    int64_t count);

// MARK: Reductions

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  SlopeReduction_sum,
  SlopeReduction_mean,
  SlopeReduction_product,
  SlopeReduction_maximum,
  SlopeReduction_minimum,
  SlopeReduction_argMaximum,
  SlopeReduction_argMinimum,
} SlopeReduction __attribute__((swift_name("KernelReduction")));

// Reduces the last `reducedRank` axes of the nest `shape`, after running `prologue` on the
// operands. The values reduced are of the compute type (Bool without a prologue is computed as
// UInt8).
//
//   sum            Float adds blocks of Float to a Double, Double is summed pairwise or
//                  compensated, 16-bit floats in Float and Double, integers wrap in 64 bits;
//                  rounded once to the output's type
//   product        in Double, or in 64 bits, where integers wrap; rounded once
//   mean           the sum divided by the number of reduced elements before that rounding
//   maximum …      the same for minimum: NaN if any element is NaN
//   argMaximum …   the same for argMinimum: the flat index (Int64) over the reduced axes of the
//                  first NaN, else of the first extremum
//
// Empty reduced axes: sum 0, mean NaN, product 1 (the caller rejects the others). The result does
// not depend on the number of threads.
void slope_reduce(
    SlopeReduction kind,
    const SlopeProgram *_Nullable prologue,  // one output, the value reduced; NULL: inputs[0]
    const SlopeOperand *_Nonnull inputs,     // [prologue->inputCount, or 1], each [shape]
    const uint64_t *_Nullable scalars,       // [prologue->scalarCount] bit patterns
    const SlopeOperand *_Nonnull output,     // the kept axes of `shape`, contiguous
    int rank,
    int reducedRank,                         // of the `rank` axes, the last ones
    const int64_t *_Nonnull shape);          // [rank] extents: kept axes, then reduced ones

// MARK: Row programs

// Softmax of each row, or its logarithm: exp(x - max) / sum, or x - max - log(sum). A row that has
// +inf or NaN, or -inf alone, gives NaN.
void slope_softmax(
    bool logarithm,
    SlopeDType dtype,             // a floating type
    void *_Nonnull destination,   // [rows, count]
    const void *_Nonnull source,  // [rows, count]
    int64_t rows, int64_t count);

// MARK: Running sums

// `destination[o, i, :] = source[o, 0, :] + … + source[o, i, :]`, or without the last term if
// `exclusive`; from the end of the axis if `reverse`. Each sum of floats is rounded once: of Doubles
// from twice their precision, of others from Double. It never falls where nothing negative is
// added, and never rises where nothing positive is. Integers wrap.
void slope_scan(
    SlopeDType dtype,             // a floating type, Int64 or UInt64
    bool exclusive, bool reverse,
    void *_Nonnull destination,   // [outer, extent, inner]
    const void *_Nonnull source,  // [outer, extent, inner]
    int64_t outer, int64_t extent, int64_t inner);

// MARK: Gather and scatter

// The position of the first index outside 0 ..< bound, or -1.
int64_t slope_find_bad_index(
    SlopeDType dtype,              // of the indices: any integer type
    const void *_Nonnull indices,  // [count]
    int64_t count,
    int64_t bound);

// `destination[o, i, :] = source[o, indices[i], :]`. The caller has checked the indices.
void slope_gather(
    void *_Nonnull destination,       // [outer, count, innerBytes], in bytes
    const void *_Nonnull source,      // [outer, extent, innerBytes], in bytes
    const int64_t *_Nonnull indices,  // [count], each in 0 ..< extent
    int64_t outer, int64_t extent, int64_t count,
    int64_t innerBytes);              // bytes of a row, of any element type

// `destination[o, indices[i], :] += source[o, i, :]`, in the order of i (deterministic). 16-bit
// floats add in Float and round once per addition. The caller has checked the indices.
void slope_scatter_add(
    SlopeDType dtype,                 // of source and destination
    void *_Nonnull destination,       // [outer, extent, inner]
    const void *_Nonnull source,      // [outer, count, inner]
    const int64_t *_Nonnull indices,  // [count], each in 0 ..< extent
    int64_t outer, int64_t extent, int64_t count,
    int64_t inner);                   // elements of a row

// `destination[o, indices[i], :] = source[o, i, :]`, in the order of i, so that the last of equal
// indices counts. The caller has checked the indices.
void slope_scatter(
    void *_Nonnull destination,       // [outer, extent, innerBytes], in bytes
    const void *_Nonnull source,      // [outer, count, innerBytes], in bytes
    const int64_t *_Nonnull indices,  // [count], each in 0 ..< extent
    int64_t outer, int64_t extent, int64_t count,
    int64_t innerBytes);              // bytes of a row, of any element type

// MARK: Windows

// Windows of planes [height, width]. Window (i, j) has the element (p, q), for p < kernelHeight and
// q < kernelWidth, at row i · strideY + p · dilationY - top and column j · strideX + q · dilationX -
// left of its plane; an element outside the plane is 0.
typedef struct {
  int64_t height, width;              // of a plane
  int64_t rows, columns;              // of windows
  int64_t kernelHeight, kernelWidth;  // elements of a window
  int64_t strideY, strideX, dilationY, dilationX, top, left;
} SlopeWindows;

// The elements of all windows, those of one place in the window together.
void slope_unfold(
    void *_Nonnull destination,           // [planes, kernelHeight, kernelWidth, rows, columns]
    const void *_Nonnull source,          // [planes, height, width]
    int elementSize,                      // bytes: 1, 2, 4 or 8
    int64_t planes,
    const SlopeWindows *_Nonnull windows);

// Sums the elements of all windows that lie at one element of a plane, in the order of (p, q).
void slope_fold(
    SlopeDType dtype,                     // of source and destination
    bool keeps,                           // adds to the destination, else replaces it
    void *_Nonnull destination,           // [planes, height, width]
    const void *_Nonnull source,          // [planes, kernelHeight, kernelWidth, rows, columns]
    int64_t planes,
    const SlopeWindows *_Nonnull windows);

// The place of the greatest element of each window, among those of all planes: the first of equals,
// the last NaN if there is one. Window (i, j) has the rows rowStarts[i] + n · dilationY for n <
// rowCounts[i], and likewise the columns, all inside of the plane and at least one.
void slope_window_maxima(
    SlopeDType dtype,                     // of the source, not bool
    int64_t *_Nonnull places,             // [planes, rows, columns]: in 0 ..< planes · height · width
    const void *_Nonnull source,          // [planes, height, width]
    int64_t planes, int64_t height, int64_t width, int64_t rows, int64_t columns,
    int64_t dilationY, int64_t dilationX,
    const int64_t *_Nonnull ranges);      // rowStarts, rowCounts [rows], columnStarts, columnCounts
                                          // [columns], one after the other

// `destination[places[r, i]] += source[r, i]`, in the order of i. No place is in two rows.
void slope_scatter_add_rows(
    SlopeDType dtype,                // of source and destination
    void *_Nonnull destination,
    const void *_Nonnull source,     // [rows, count]
    const int64_t *_Nonnull places,  // [rows, count]: positions in the destination
    int64_t rows, int64_t count);

// MARK: Sorting

// The positions of each row's elements in sorted order. Stable; -0 equals 0; NaN comes last
// (first with `descending`). False where there is no memory for it: 32 bytes for each element of a
// row, on every thread.
bool slope_argsort(
    SlopeDType dtype,
    bool descending,
    int64_t *_Nonnull order,      // [rows, count]: positions in 0 ..< count
    const void *_Nonnull source,  // [rows, count]
    int64_t rows, int64_t count);

// MARK: Matrix product without BLAS

// `out = a · b`, or `a · b + bias`. For every type: integers wrap, Bool is "or" of "and"s, 16-bit
// floats accumulate in Float and round once; products may be fused with their additions. Intended
// for tiny sizes and for types that BLAS lacks.
void slope_matmul(
    SlopeDType dtype,            // of all operands
    void *_Nonnull out,          // [m, n], contiguous
    const void *_Nonnull a,      // [m, k]: element (i, p) at i·aRow + p·aColumn
    const void *_Nonnull b,      // [k, n]: element (p, j) at p·bRow + j·bColumn
    const void *_Nullable bias,  // [n], added to every row; NULL: none
    int64_t m, int64_t n, int64_t k,
    int64_t aRow, int64_t aColumn,   // strides
    int64_t bRow, int64_t bColumn,   // strides
    bool inOrder);  // an element's sum must not depend on n

// MARK: Threads

// Calls `body(context, block)` for each block in 0 ..< blocks on the calling thread and the pool's
// workers, and returns when all have run. Nested calls run on the calling thread alone.
void slope_parallel(
    int64_t blocks,
    void (*_Nonnull body)(void *_Nullable context, int64_t block),
    void *_Nullable context);  // passed to every call, on several threads at the same time

// Threads that work together (the caller included), from 1 to 256: initially the value of the
// environment variable SLOPE_NUM_THREADS, else slope_processor_count. Any thread may set it at any
// time: work in progress keeps its threads. No result depends on it.
int slope_thread_count(void);
void slope_set_thread_count(int count);

// The processors that this process may use: those of its affinity mask, at most slope_quota_count.
int slope_processor_count(void);

// The processors that the CPU quotas of this process' control groups allow, rounded up; INT_MAX
// without a quota.
int slope_quota_count(
    const char *_Nonnull root);  // prepended to every path: "", or a test's own /proc and /sys

// MARK: Random numbers

// PyTorch's stream of random words, for one thread at a time (random.c).
typedef struct SlopeRandom SlopeRandom;

// A stream from a seed, or a copy that continues at the same position; NULL without memory.
SlopeRandom *_Nullable slope_random_create(uint32_t seed);
SlopeRandom *_Nullable slope_random_copy(const SlopeRandom *_Nonnull random);
void slope_random_destroy(SlopeRandom *_Nonnull random);

// The words of Philox4x32-10 in order (philox.h), from block 0 of the stream `key` on.
SlopeRandom *_Nullable slope_random_create_philox(uint64_t key);

// The position of the next word: for Philox in the whole stream modulo 2^64, else 0 ... 624 in the
// 624 words of slope_random_state. A stream of the same kind continues there after
// slope_random_seek.
uint64_t slope_random_place(const SlopeRandom *_Nonnull random);
const uint32_t *_Nonnull slope_random_state(const SlopeRandom *_Nonnull random);
void slope_random_seek(
    SlopeRandom *_Nonnull random,
    const uint32_t *_Nullable state,  // [624]; not read for Philox
    uint64_t place);

// One block of Philox4x32-10, of the counter low + 2^64 · high.
void slope_philox(
    uint64_t key, uint64_t low, uint64_t high,
    uint32_t *_Nonnull words);  // [4]

// Returns the next word; skips `count` words.
uint32_t slope_random_next(SlopeRandom *_Nonnull random);
void slope_random_skip(SlopeRandom *_Nonnull random, int64_t count);

// Uniform numbers in from ..< to, with one rounding. Float takes one word for each, Double two.
// `short` takes one word and rounds to `bits` significant bits; what rounds up to `to` becomes
// `from`.
void slope_random_uniform_float(
    SlopeRandom *_Nonnull random,
    float *_Nonnull out,  // [count]
    int64_t count, float from, float to);
void slope_random_uniform_double(
    SlopeRandom *_Nonnull random,
    double *_Nonnull out,  // [count]
    int64_t count, double from, double to);
void slope_random_uniform_short(
    SlopeRandom *_Nonnull random,
    float *_Nonnull out,  // [count]: values that the 16-bit type holds
    int64_t count,
    int bits,             // significant bits: 11 for Float16, 8 for BFloat16
    float from, float to);

// `factor` with the probability `keep`, else 0; two words for each.
void slope_random_mask(
    SlopeRandom *_Nonnull random,
    float *_Nonnull out,  // [count]
    int64_t count, double keep, float factor);

// Normal numbers, in blocks of 16. The first `drawn` elements draw a uniform number each; the
// others, which belong to a short last block, hold any finite numbers on entry.
void slope_random_normal_float(
    SlopeRandom *_Nonnull random,
    float *_Nonnull out,  // [count]
    int64_t count,        // at least 16
    int64_t drawn,        // all, or those of the whole blocks
    float mean, float standardDeviation);
void slope_random_normal_double(
    SlopeRandom *_Nonnull random,
    double *_Nonnull out,  // [count]
    int64_t count,         // at least 16
    int64_t drawn,         // all, or those of the whole blocks
    double mean, double standardDeviation);

// Uniform integers in low ..< low + range: a word modulo `range` for each, or two words for ranges
// of 2^28 and more.
void slope_random_integers(
    SlopeRandom *_Nonnull random,
    int64_t *_Nonnull out,  // [count]
    int64_t count, int64_t low, uint64_t range);

// 0 ..< count in random order: the Fisher–Yates shuffle from the front; one word for each position
// but the last, or two with `wide`.
void slope_random_permutation(
    SlopeRandom *_Nonnull random,
    int64_t *_Nonnull out,  // [count]
    int64_t count, bool wide);

// MARK: Counter-based random numbers

// What is made of the words of Philox4x32-10 (philox.h). The same draw gives the same bits on every
// device, on every level and with any number of threads.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  SlopeDraw_mask = 0,  // `first`, rounded to the type, where a word is below `limit`, else 0
  SlopeDraw_uniform,   // in first ..< second
  SlopeDraw_normal,    // of mean `first` and standard deviation `second`
} SlopeDrawKind __attribute__((swift_name("DrawKind")));

typedef struct {
  uint64_t key;    // the stream
  uint64_t block;  // the first block of four words that is used
  uint64_t limit;  // mask: 0 ... 2^32, the words that keep an element
  double first, second;
  SlopeDrawKind kind;
} SlopeDraw;

// Floating types. A mask and, but for Double, other draws take a word for each element: block
// ceil(count / 4); of Double two.
void slope_draw(
    SlopeDType dtype, const SlopeDraw *_Nonnull draw,
    void *_Nonnull out,            // [count]
    const void *_Nullable source,  // [count], which a mask multiplies; or NULL for the mask itself
    int64_t count);

// MARK: Instruction sets

// The number of instruction set levels that this processor can run (baseline first), and the choice
// of one for this thread, for tests, which compare them. The highest is chosen at program start.
int slope_level_count(void);
void slope_set_level(int level);

#ifdef __cplusplus
}
#endif
#endif
