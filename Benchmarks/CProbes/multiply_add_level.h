// The loops of one level of instructions, for Float and Double. multiply_add.c includes this once
// for each level, with LEVEL, TARGET (a function attribute), BYTES (of a register) and
// MULTIPLY_ADD.
#define NAME(PREFIX) CONCATENATE(PREFIX, LEVEL)

typedef float NAME(floats_) __attribute__((vector_size(BYTES)));
typedef double NAME(doubles_) __attribute__((vector_size(BYTES)));

#define ROUND(T, V)                                                          \
  {                                                                          \
    V factor = (V){} + (T)numbers[0], summand = (V){} + (T)numbers[1];       \
    V chains[CHAINS];                                                        \
    for (int i = 0; i < CHAINS; i++) chains[i] = (V){} + (T)i;               \
    for (int step = 0; step < STEPS; step++) {                               \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {  \
        chains[i] = MULTIPLY_ADD(chains[i], factor, summand);                \
      }                                                                      \
    }                                                                        \
    T sum = 0;                                                               \
    for (int i = 0; i < CHAINS; i++) {                                       \
      for (int lane = 0; lane < BYTES / (int)sizeof(T); lane++) {            \
        sum += chains[i][lane];                                              \
      }                                                                      \
    }                                                                        \
    return (double)sum;                                                      \
  }

TARGET static double NAME(round_float_)(const double *numbers) ROUND(float, NAME(floats_))
TARGET static double NAME(round_double_)(const double *numbers) ROUND(double, NAME(doubles_))

#undef ROUND
#undef NAME
#undef LEVEL
#undef TARGET
#undef BYTES
#undef MULTIPLY_ADD
