// The part of OpenCL 1.2 that Slope calls, as a table of functions that is filled at run time.
//
// Declared here and not taken from <CL/cl.h>, so that Slope builds, and its programs start, without
// an installed OpenCL. Names, values and parameters are those of the OpenCL specification
// (registry.khronos.org/OpenCL), which describes the arguments; Tests/tools/opencl-header-test
// compares them with the system's header. Every handle (platform, device, context …) is a plain
// address.
#ifndef SLOPE_OPENCL_H
#define SLOPE_OPENCL_H

#include <stddef.h>
#include <stdint.h>

// MARK: Constants

enum {
  SLOPE_CL_SUCCESS = 0,
  SLOPE_CL_DEVICE_NOT_FOUND = -1,
  SLOPE_CL_MEM_OBJECT_ALLOCATION_FAILURE = -4,
  SLOPE_CL_OUT_OF_RESOURCES = -5,
  SLOPE_CL_OUT_OF_HOST_MEMORY = -6,
  SLOPE_CL_BUILD_PROGRAM_FAILURE = -11,
  SLOPE_CL_INVALID_BUFFER_SIZE = -61,
  SLOPE_CL_PLATFORM_NOT_FOUND_KHR = -1001,

  SLOPE_CL_PLATFORM_VERSION = 0x0901,
  SLOPE_CL_PLATFORM_NAME = 0x0902,

  SLOPE_CL_DEVICE_TYPE_CPU = 1 << 1,
  SLOPE_CL_DEVICE_TYPE_GPU = 1 << 2,
  SLOPE_CL_DEVICE_TYPE = 0x1000,
  SLOPE_CL_DEVICE_MAX_COMPUTE_UNITS = 0x1002,
  SLOPE_CL_DEVICE_MAX_WORK_GROUP_SIZE = 0x1004,
  SLOPE_CL_DEVICE_MAX_WORK_ITEM_SIZES = 0x1005,
  SLOPE_CL_DEVICE_MAX_CLOCK_FREQUENCY = 0x100C,
  SLOPE_CL_DEVICE_MAX_MEM_ALLOC_SIZE = 0x1010,
  SLOPE_CL_DEVICE_MAX_PARAMETER_SIZE = 0x1017,
  SLOPE_CL_DEVICE_SINGLE_FP_CONFIG = 0x101B,
  SLOPE_CL_DEVICE_GLOBAL_MEM_SIZE = 0x101F,
  SLOPE_CL_DEVICE_LOCAL_MEM_SIZE = 0x1023,
  SLOPE_CL_DEVICE_ENDIAN_LITTLE = 0x1026,
  SLOPE_CL_DEVICE_AVAILABLE = 0x1027,
  SLOPE_CL_DEVICE_COMPILER_AVAILABLE = 0x1028,
  SLOPE_CL_DEVICE_NAME = 0x102B,
  SLOPE_CL_DEVICE_VENDOR = 0x102C,
  SLOPE_CL_DRIVER_VERSION = 0x102D,
  SLOPE_CL_DEVICE_VERSION = 0x102F,
  SLOPE_CL_DEVICE_EXTENSIONS = 0x1030,
  SLOPE_CL_DEVICE_DOUBLE_FP_CONFIG = 0x1032,
  SLOPE_CL_DEVICE_HOST_UNIFIED_MEMORY = 0x1035,
  SLOPE_CL_DEVICE_OPENCL_C_VERSION = 0x103D,

  SLOPE_CL_FP_DENORM = 1 << 0,
  SLOPE_CL_FP_FMA = 1 << 5,
  SLOPE_CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT = 1 << 7,

  SLOPE_CL_QUEUE_PROFILING_ENABLE = 1 << 1,
  SLOPE_CL_MEM_READ_WRITE = 1 << 0,

  SLOPE_CL_PROGRAM_BINARY_SIZES = 0x1165,
  SLOPE_CL_PROGRAM_BINARIES = 0x1166,
  SLOPE_CL_PROGRAM_BUILD_LOG = 0x1183,
  SLOPE_CL_KERNEL_WORK_GROUP_SIZE = 0x11B0,
  SLOPE_CL_KERNEL_LOCAL_MEM_SIZE = 0x11B2,
  SLOPE_CL_EVENT_COMMAND_EXECUTION_STATUS = 0x11D3,
  SLOPE_CL_COMPLETE = 0,
  SLOPE_CL_PROFILING_COMMAND_START = 0x1282,
  SLOPE_CL_PROFILING_COMMAND_END = 0x1283,
};

// MARK: Functions

// FUNCTION(name, result, parameters)
#define SLOPE_CL_FUNCTIONS(FUNCTION)                                                              \
  FUNCTION(clGetPlatformIDs, int32_t, (uint32_t, void *_Nullable *_Nullable, uint32_t *_Nullable)) \
  FUNCTION(clGetPlatformInfo, int32_t,                                                            \
           (void *_Nonnull, uint32_t, size_t, void *_Nullable, size_t *_Nullable))                \
  FUNCTION(clGetDeviceIDs, int32_t,                                                               \
           (void *_Nonnull, uint64_t, uint32_t, void *_Nullable *_Nullable, uint32_t *_Nullable)) \
  FUNCTION(clGetDeviceInfo, int32_t,                                                              \
           (void *_Nonnull, uint32_t, size_t, void *_Nullable, size_t *_Nullable))                \
  FUNCTION(clCreateContext, void *_Nullable,                                                      \
           (const intptr_t *_Nullable, uint32_t, void *_Nullable const *_Nonnull,                 \
            void (*_Nullable)(const char *_Nullable, const void *_Nullable, size_t,               \
                              void *_Nullable),                                                   \
            void *_Nullable, int32_t *_Nullable))                                                 \
  FUNCTION(clReleaseContext, int32_t, (void *_Nonnull))                                           \
  FUNCTION(clCreateCommandQueue, void *_Nullable,                                                 \
           (void *_Nonnull, void *_Nonnull, uint64_t, int32_t *_Nullable))                        \
  FUNCTION(clReleaseCommandQueue, int32_t, (void *_Nonnull))                                      \
  FUNCTION(clCreateBuffer, void *_Nullable,                                                       \
           (void *_Nonnull, uint64_t, size_t, void *_Nullable, int32_t *_Nullable))               \
  FUNCTION(clReleaseMemObject, int32_t, (void *_Nonnull))                                         \
  FUNCTION(clEnqueueReadBuffer, int32_t,                                                          \
           (void *_Nonnull, void *_Nonnull, uint32_t, size_t, size_t, void *_Nonnull, uint32_t,   \
            void *_Nullable const *_Nullable, void *_Nullable *_Nullable))                        \
  FUNCTION(clEnqueueWriteBuffer, int32_t,                                                         \
           (void *_Nonnull, void *_Nonnull, uint32_t, size_t, size_t, const void *_Nonnull,       \
            uint32_t, void *_Nullable const *_Nullable, void *_Nullable *_Nullable))              \
  FUNCTION(clEnqueueCopyBuffer, int32_t,                                                          \
           (void *_Nonnull, void *_Nonnull, void *_Nonnull, size_t, size_t, size_t, uint32_t,     \
            void *_Nullable const *_Nullable, void *_Nullable *_Nullable))                        \
  FUNCTION(clEnqueueFillBuffer, int32_t,                                                          \
           (void *_Nonnull, void *_Nonnull, const void *_Nonnull, size_t, size_t, size_t,         \
            uint32_t, void *_Nullable const *_Nullable, void *_Nullable *_Nullable))              \
  FUNCTION(clCreateProgramWithSource, void *_Nullable,                                            \
           (void *_Nonnull, uint32_t, const char *_Nullable *_Nonnull, const size_t *_Nullable,   \
            int32_t *_Nullable))                                                                  \
  FUNCTION(clCreateProgramWithBinary, void *_Nullable,                                            \
           (void *_Nonnull, uint32_t, void *_Nullable const *_Nonnull, const size_t *_Nonnull,    \
            const unsigned char *_Nullable *_Nonnull, int32_t *_Nullable, int32_t *_Nullable))    \
  FUNCTION(clBuildProgram, int32_t,                                                               \
           (void *_Nonnull, uint32_t, void *_Nullable const *_Nullable, const char *_Nullable,    \
            void (*_Nullable)(void *_Nullable, void *_Nullable), void *_Nullable))                \
  FUNCTION(clGetProgramInfo, int32_t,                                                             \
           (void *_Nonnull, uint32_t, size_t, void *_Nullable, size_t *_Nullable))                \
  FUNCTION(clGetProgramBuildInfo, int32_t,                                                        \
           (void *_Nonnull, void *_Nonnull, uint32_t, size_t, void *_Nullable,                    \
            size_t *_Nullable))                                                                   \
  FUNCTION(clReleaseProgram, int32_t, (void *_Nonnull))                                           \
  FUNCTION(clCreateKernel, void *_Nullable,                                                       \
           (void *_Nonnull, const char *_Nonnull, int32_t *_Nullable))                            \
  FUNCTION(clReleaseKernel, int32_t, (void *_Nonnull))                                            \
  FUNCTION(clSetKernelArg, int32_t, (void *_Nonnull, uint32_t, size_t, const void *_Nullable))    \
  FUNCTION(clGetKernelWorkGroupInfo, int32_t,                                                     \
           (void *_Nonnull, void *_Nonnull, uint32_t, size_t, void *_Nullable,                    \
            size_t *_Nullable))                                                                   \
  FUNCTION(clEnqueueNDRangeKernel, int32_t,                                                       \
           (void *_Nonnull, void *_Nonnull, uint32_t, const size_t *_Nullable,                    \
            const size_t *_Nonnull, const size_t *_Nullable, uint32_t,                            \
            void *_Nullable const *_Nullable, void *_Nullable *_Nullable))                        \
  FUNCTION(clFlush, int32_t, (void *_Nonnull))                                                    \
  FUNCTION(clFinish, int32_t, (void *_Nonnull))                                                   \
  FUNCTION(clWaitForEvents, int32_t, (uint32_t, void *_Nullable const *_Nonnull))                 \
  FUNCTION(clGetEventInfo, int32_t,                                                               \
           (void *_Nonnull, uint32_t, size_t, void *_Nullable, size_t *_Nullable))                \
  FUNCTION(clGetEventProfilingInfo, int32_t,                                                      \
           (void *_Nonnull, uint32_t, size_t, void *_Nullable, size_t *_Nullable))                \
  FUNCTION(clReleaseEvent, int32_t, (void *_Nonnull))

typedef struct {
#define SLOPE_CL_FIELD(NAME, RESULT, PARAMETERS) RESULT(*_Nonnull NAME) PARAMETERS;
  SLOPE_CL_FUNCTIONS(SLOPE_CL_FIELD)
#undef SLOPE_CL_FIELD
} SlopeOpenCL;

// The functions of the OpenCL loader: those already in the process (so that a preloaded tool is
// called), else those of libOpenCL.so.1. NULL if there is no library or it lacks a function. The
// first call decides for all later ones.
const SlopeOpenCL *_Nullable slope_opencl(
    const char *_Nullable *_Nonnull problem);  // [1]: set to the reason of a NULL, in static memory

// MARK: Kernel sources

// The text of a file of kernels/ as of the compilation of this module, or NULL.
const char *_Nullable slope_kernel_source(
    const char *_Nonnull name,     // "opencl/reduce.cl", "primitives.def" …
    size_t *_Nonnull byteCount);   // [1]: set to the length of the text

#endif
