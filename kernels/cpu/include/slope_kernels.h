// The C interface of the CPU kernels: everything that loops over elements on the CPU.
//
// Nothing here allocates tensors, knows shapes beyond a loop nest, or fails: the Swift side has
// checked everything. Strides count elements. Integer arithmetic wraps; see docs/numerics.md.
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

// The number of operands of a primitive, and its name.
int slope_primitive_arity(SlopePrimitive primitive);
const char *_Nonnull slope_primitive_name(SlopePrimitive primitive);
int slope_primitive_count(void);

// Whether the primitive has a kernel in the compute type of `dtype` (integers have no sqrt, floats
// no shifts). Programs and slope_apply must name only those.
bool slope_primitive_exists(SlopePrimitive primitive, SlopeDType dtype);

// MARK: Pointwise programs

// `registers[destination] = primitive(registers[a], registers[b], registers[c])`; unused operands 0.
typedef struct {
  SlopePrimitive primitive;
  uint16_t destination, a, b, c;
} SlopeInstruction;

// A register program. Registers are numbered: inputs, then scalars, then constants, then
// temporaries. `compute` is the one type in which registers hold numbers: Float32 for 16-bit floats,
// UInt8 for Bool. Loads convert from the operand's type, stores to the output's, by the cast rules
// (float to integer truncates and saturates, NaN gives 0; anything to Bool is "is not zero").
// Constants and scalars are bit patterns of the compute type in the low bytes of 64 bits.
typedef struct {
  SlopeDType compute;
  uint16_t inputCount, scalarCount, constantCount, temporaryCount, outputCount, instructionCount;
  const SlopeInstruction *_Nullable instructions;
  const uint64_t *_Nullable constants;
  const uint16_t *_Nonnull outputs;  // the register stored to each output; any register may be named
} SlopeProgram;

// One operand of a loop nest. `strides` has one entry per axis of the nest, in elements (0 where the
// operand is broadcast, negative allowed); NULL says that elements lie contiguously in loop order.
typedef struct {
  void *_Nullable data;  // the element at index 0 of every axis
  const int64_t *_Nullable strides;
  SlopeDType dtype;
} SlopeOperand;

// Runs `program` for every element of the loop nest `shape`. Outputs are contiguous (strides NULL)
// and may be the very same memory as an input of the same type (an update in place).
void slope_pointwise(const SlopeProgram *_Nonnull program, const SlopeOperand *_Nonnull inputs,
                     const uint64_t *_Nullable scalars, const SlopeOperand *_Nonnull outputs,
                     int rank, const int64_t *_Nonnull shape);

// `destination[i] = primitive(a[i], b[i], c[i])`, all contiguous and of type `dtype`, on the calling
// thread: the shortest way for a few elements. Bool is computed as UInt8 (not normalised).
void slope_apply(SlopePrimitive primitive, SlopeDType dtype, void *_Nonnull destination,
                 const void *_Nonnull a, const void *_Nullable b, const void *_Nullable c,
                 int64_t count);

// MARK: Copies and casts

// Converts `count` contiguous elements by the cast rules; source and destination do not overlap.
void slope_cast(SlopeDType destinationType, void *_Nonnull destination, SlopeDType sourceType,
                const void *_Nonnull source, int64_t count);

// Copies a strided nest into contiguous memory. `elementSize` is 1, 2, 4 or 8.
void slope_copy(void *_Nonnull destination, const void *_Nonnull source, int elementSize, int rank,
                const int64_t *_Nonnull shape, const int64_t *_Nonnull strides);

// Copies a strided nest to a strided nest of the same element size; they do not overlap.
void slope_copy_into(void *_Nonnull destination, const int64_t *_Nonnull destinationStrides,
                     const void *_Nonnull source, const int64_t *_Nonnull sourceStrides,
                     int elementSize, int rank, const int64_t *_Nonnull shape);

// Fills `count` elements of `elementSize` bytes with the low bytes of `bits`.
void slope_fill(void *_Nonnull destination, int elementSize, uint64_t bits, int64_t count);

// `destination[i] = base + (first + i) · step` for `count` elements, reckoned in double and rounded
// once to a floating type.
void slope_range(SlopeDType type, void *_Nonnull destination, double base, double step,
                 int64_t first, int64_t count);

// `destination[i] = base + i · step` for `count` elements, modulo 2⁶⁴, of which an integer type keeps
// the low bits.
void slope_integer_range(SlopeDType type, void *_Nonnull destination, uint64_t base, uint64_t step,
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

// Reduces the last `reducedRank` axes of the nest `shape`, after running `prologue` on the operands
// (NULL: the one operand itself). The output is contiguous over the kept axes, of `output->dtype`.
// The values reduced are of the compute type (a Bool operand without prologue is computed as UInt8).
// Sums: Float accumulates blocks of Float in Double, Double pairwise or compensated, 16-bit floats in
// Float and Double, integers wrap in 64 bits; rounded once to the output's type. Mean divides by the
// number of reduced elements before that rounding. Maximum and minimum give NaN if any is NaN;
// the arg forms give the flat index (Int64) over the reduced axes of the first NaN, else of the first
// extremum. The result does not depend on the number of threads.
// Empty reduced axes: sum 0, mean NaN, product 1 (the caller refuses the others).
void slope_reduce(SlopeReduction kind, const SlopeProgram *_Nullable prologue,
                  const SlopeOperand *_Nonnull inputs, const uint64_t *_Nullable scalars,
                  const SlopeOperand *_Nonnull output, int rank, int reducedRank,
                  const int64_t *_Nonnull shape);

// MARK: Row programs

// Softmax (or its logarithm) of each of `rows` contiguous rows of `count` elements; floating types.
// Subtracts the row's maximum; a row with +inf or NaN, or all -inf, gives NaN.
void slope_softmax(bool logarithm, SlopeDType dtype, void *_Nonnull destination,
                   const void *_Nonnull source, int64_t rows, int64_t count);

// MARK: Gather and scatter

// The position of the first index outside 0..<bound, or -1. `dtype` is any integer type.
int64_t slope_find_bad_index(SlopeDType dtype, const void *_Nonnull indices, int64_t count,
                             int64_t bound);

// destination[o, i, :] = source[o, indices[i], :] for contiguous source [outer, extent, inner]
// and destination [outer, count, inner]; `inner` counts bytes. Indices were checked.
void slope_gather(void *_Nonnull destination, const void *_Nonnull source,
                  const int64_t *_Nonnull indices, int64_t outer, int64_t extent, int64_t count,
                  int64_t innerBytes);

// destination[o, indices[i], :] += source[o, i, :], in the order of i (deterministic); 16-bit floats
// add in Float and round once per addition. `inner` counts elements. Indices were checked.
void slope_scatter_add(SlopeDType dtype, void *_Nonnull destination, const void *_Nonnull source,
                       const int64_t *_Nonnull indices, int64_t outer, int64_t extent,
                       int64_t count, int64_t inner);

// MARK: Sorting

// The positions of each row's elements in order: contiguous [rows, count] of any type. Equal elements stay
// in their order, -0 equals 0, NaN comes after all others (with `descending` before). False where there is
// no memory for it.
bool slope_argsort(SlopeDType dtype, bool descending, int64_t *_Nonnull order,
                   const void *_Nonnull source, int64_t rows, int64_t count);

// MARK: Matrix product without BLAS

// out[m, n] (contiguous, row-major) = a[m, k] · b[k, n] (+ bias[n] where given), element strides of
// the rows and columns of a and b. For every type: integers wrap, Bool is or of ands, 16-bit floats
// accumulate in Float and round once; terms may be fused. Good for tiny sizes and for types BLAS
// lacks.
void slope_matmul(SlopeDType dtype, void *_Nonnull out, const void *_Nonnull a,
                  const void *_Nonnull b, const void *_Nullable bias, int64_t m, int64_t n,
                  int64_t k, int64_t aRow, int64_t aColumn, int64_t bRow, int64_t bColumn);

// MARK: Threads

// Calls `body(context, block)` for each block in 0..<blocks on the calling thread and the pool's
// workers, and returns when all have run. Nested calls run on the calling thread alone.
void slope_parallel(int64_t blocks, void (*_Nonnull body)(void *_Nullable context, int64_t block),
                    void *_Nullable context);

// Threads that work together (the caller included), from 1 to 256: at first what the environment's
// SLOPE_NUM_THREADS says, else slope_processor_count. Any thread may set it at any time: work that has
// begun keeps its threads. No result depends on it.
int slope_thread_count(void);
void slope_set_thread_count(int count);

// The processors that this process may use: those of its affinity, and no more than slope_quota_count.
int slope_processor_count(void);

// The processors that the control groups of this process pay for, rounded up; INT_MAX where there is no
// quota. `root` stands before every path: empty, or a test's own /proc and /sys.
int slope_quota_count(const char *_Nonnull root);

// MARK: Random numbers

// PyTorch's stream of random words, for one thread at a time (random.c).
typedef struct SlopeRandom SlopeRandom;

// A stream from a seed, or one that goes on from the same place as another; NULL where there is no memory.
SlopeRandom *_Nullable slope_random_create(uint32_t seed);
SlopeRandom *_Nullable slope_random_copy(const SlopeRandom *_Nonnull random);
void slope_random_destroy(SlopeRandom *_Nonnull random);

// The next word; and the stream without the next `count` words.
uint32_t slope_random_next(SlopeRandom *_Nonnull random);
void slope_random_skip(SlopeRandom *_Nonnull random, int64_t count);

// `count` numbers in from..<to, of a word or of two each, with one rounding. `short`: of `bits` significant bits (11
// for Float16, 8 for BFloat16), where what rounds up to `to` becomes `from`.
void slope_random_uniform_float(SlopeRandom *_Nonnull random, float *_Nonnull out, int64_t count,
                                float from, float to);
void slope_random_uniform_double(SlopeRandom *_Nonnull random, double *_Nonnull out, int64_t count,
                                 double from, double to);
void slope_random_uniform_short(SlopeRandom *_Nonnull random, float *_Nonnull out, int64_t count,
                                int bits, float from, float to);

// `factor` with the probability `keep`, else 0.
void slope_random_mask(SlopeRandom *_Nonnull random, float *_Nonnull out, int64_t count, double keep,
                       float factor);

// At least 16 normal numbers, in blocks of 16 of which the first `drawn` places draw a uniform number; the rest of
// the memory, which belongs to a short last block, holds any finite numbers.
void slope_random_normal_float(SlopeRandom *_Nonnull random, float *_Nonnull out, int64_t count,
                               int64_t drawn, float mean, float deviation);
void slope_random_normal_double(SlopeRandom *_Nonnull random, double *_Nonnull out, int64_t count,
                                int64_t drawn, double mean, double deviation);

// `count` integers in low..<low + range: a word modulo the range each, or two for ranges of 2^28 and more.
void slope_random_integers(SlopeRandom *_Nonnull random, int64_t *_Nonnull out, int64_t count,
                           int64_t low, uint64_t range);

// 0..<count in random order: the shuffle of Fisher and Yates from the front; a word for each place but the last, or
// two where `wide`.
void slope_random_permutation(SlopeRandom *_Nonnull random, int64_t *_Nonnull out, int64_t count,
                              bool wide);

// MARK: Instruction sets

// How many levels of instructions this processor can run (baseline first), and the choice of one: for
// tests, which compare them. The highest is chosen at the start.
int slope_level_count(void);
void slope_set_level(int level);

#ifdef __cplusplus
}
#endif
#endif
