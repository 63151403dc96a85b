// An OpenCL library with one device that does nothing: every call succeeds, buffers hold nothing,
// and a read leaves the destination unchanged. Preloaded after opencl-recorder.c, it lets a program
// build every kernel that it would build, on a machine without a driver.
//
// Arguments are those of the OpenCL specification. The queries write `length` bytes of an answer:
//   name             which property
//   size, value      [size] bytes for the answer, or NULL
//   needed           [1]: set to `length`, or NULL
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../Sources/COpenCL/include/slope_opencl.h"

// A new handle: any unique address.
static void *handle(int32_t *code) {
  if (code != NULL) *code = 0;
  return malloc(1);
}

static int32_t answer(const void *bytes, size_t length, size_t size, void *value, size_t *needed) {
  if (needed != NULL) *needed = length;
  if (value != NULL) memcpy(value, bytes, length < size ? length : size);
  return 0;
}

static int32_t text(const char *text, size_t size, void *value, size_t *needed) {
  return answer(text, strlen(text) + 1, size, value, needed);
}

// MARK: The device

int32_t clGetPlatformIDs(uint32_t count, void **platforms, uint32_t *found) {
  static char platform;
  if (found != NULL) *found = 1;
  if (platforms != NULL && count > 0) platforms[0] = &platform;
  return 0;
}

int32_t clGetPlatformInfo(
    void *platform, uint32_t name, size_t size, void *value, size_t *needed) {
  (void)platform;
  return text(name == SLOPE_CL_PLATFORM_VERSION ? "OpenCL 1.2" : "Nothing", size, value, needed);
}

int32_t clGetDeviceIDs(
    void *platform, uint64_t type, uint32_t count, void **devices, uint32_t *found) {
  (void)platform, (void)type;
  static char device;
  if (found != NULL) *found = 1;
  if (devices != NULL && count > 0) devices[0] = &device;
  return 0;
}

int32_t clGetDeviceInfo(void *device, uint32_t name, size_t size, void *value, size_t *needed) {
  (void)device;
  uint64_t number;
  const size_t extents[] = {256, 256, 256};
  switch (name) {
    case SLOPE_CL_DEVICE_MAX_WORK_ITEM_SIZES:
      return answer(extents, sizeof extents, size, value, needed);
    case SLOPE_CL_DEVICE_NAME:
    case SLOPE_CL_DEVICE_VENDOR: return text("Nothing", size, value, needed);
    case SLOPE_CL_DRIVER_VERSION: return text("1", size, value, needed);
    case SLOPE_CL_DEVICE_VERSION: return text("OpenCL 1.2", size, value, needed);
    case SLOPE_CL_DEVICE_OPENCL_C_VERSION: return text("OpenCL C 1.2", size, value, needed);
    case SLOPE_CL_DEVICE_EXTENSIONS: return text("cl_khr_fp64", size, value, needed);
    case SLOPE_CL_DEVICE_TYPE: number = SLOPE_CL_DEVICE_TYPE_GPU; break;
    case SLOPE_CL_DEVICE_MAX_COMPUTE_UNITS: number = 8; break;
    case SLOPE_CL_DEVICE_MAX_CLOCK_FREQUENCY: number = 1000; break;
    case SLOPE_CL_DEVICE_MAX_WORK_GROUP_SIZE: number = 256; break;
    case SLOPE_CL_DEVICE_MAX_PARAMETER_SIZE: number = 1024; break;
    case SLOPE_CL_DEVICE_LOCAL_MEM_SIZE: number = 1 << 20; break;
    case SLOPE_CL_DEVICE_GLOBAL_MEM_SIZE:
    case SLOPE_CL_DEVICE_MAX_MEM_ALLOC_SIZE: number = (uint64_t)1 << 32; break;
    case SLOPE_CL_DEVICE_SINGLE_FP_CONFIG:
    case SLOPE_CL_DEVICE_DOUBLE_FP_CONFIG: number = 0xFF; break;
    // Boolean properties, which are all true.
    default: number = 1;
  }
  // Numbers are little-endian: the low bytes, which come first, are the property's narrower type.
  return answer(&number, value != NULL && size < 8 ? size : 8, size, value, needed);
}

// MARK: Everything else

void *clCreateContext(
    const intptr_t *properties, uint32_t count, void *const *devices,
    void (*notify)(const char *, const void *, size_t, void *), void *data, int32_t *code) {
  (void)properties, (void)count, (void)devices, (void)notify, (void)data;
  return handle(code);
}
void *clCreateCommandQueue(void *context, void *device, uint64_t properties, int32_t *code) {
  (void)context, (void)device, (void)properties;
  return handle(code);
}
void *clCreateBuffer(void *context, uint64_t flags, size_t size, void *host, int32_t *code) {
  (void)context, (void)flags, (void)size, (void)host;
  return handle(code);
}
void *clCreateProgramWithSource(
    void *context, uint32_t count, const char **texts, const size_t *lengths, int32_t *code) {
  (void)context, (void)count, (void)texts, (void)lengths;
  return handle(code);
}
void *clCreateProgramWithBinary(
    void *context, uint32_t count, void *const *devices, const size_t *sizes,
    const unsigned char **binaries, int32_t *status, int32_t *code) {
  (void)context, (void)count, (void)devices, (void)sizes, (void)binaries, (void)status;
  return handle(code);
}
void *clCreateKernel(void *program, const char *name, int32_t *code) {
  (void)program, (void)name;
  return handle(code);
}

// A program has neither binary nor log, an event no times: these queries fail.
#define NOTHING_TO_SAY(NAME)                                                              \
  int32_t NAME(void *object, uint32_t name, size_t size, void *value, size_t *needed) {   \
    (void)object, (void)name, (void)size, (void)value, (void)needed;                      \
    return -1;                                                                            \
  }
NOTHING_TO_SAY(clGetProgramInfo)
NOTHING_TO_SAY(clGetEventProfilingInfo)
int32_t clGetProgramBuildInfo(
    void *program, void *device, uint32_t name, size_t size, void *value, size_t *needed) {
  (void)program, (void)device, (void)name, (void)size, (void)value, (void)needed;
  return -1;
}
int32_t clGetKernelWorkGroupInfo(
    void *kernel, void *device, uint32_t name, size_t size, void *value, size_t *needed) {
  (void)kernel, (void)device, (void)name;
  const size_t number = 256;
  return answer(&number, sizeof number, size, value, needed);
}
int32_t clGetEventInfo(void *event, uint32_t name, size_t size, void *value, size_t *needed) {
  (void)event, (void)name;
  const int32_t isComplete = SLOPE_CL_COMPLETE;
  return answer(&isComplete, sizeof isComplete, size, value, needed);
}

int32_t clBuildProgram(
    void *program, uint32_t count, void *const *devices, const char *options,
    void (*notify)(void *, void *), void *data) {
  (void)program, (void)count, (void)devices, (void)options, (void)notify, (void)data;
  return 0;
}
int32_t clSetKernelArg(void *kernel, uint32_t index, size_t size, const void *value) {
  (void)kernel, (void)index, (void)size, (void)value;
  return 0;
}

static int32_t done(void **event) {
  if (event != NULL) *event = handle(NULL);
  return 0;
}
int32_t clEnqueueReadBuffer(
    void *queue, void *buffer, uint32_t isBlocking, size_t offset, size_t size, void *bytes,
    uint32_t waitCount, void *const *waits, void **event) {
  (void)queue, (void)buffer, (void)isBlocking, (void)offset, (void)size, (void)bytes;
  (void)waitCount, (void)waits;
  return done(event);
}
int32_t clEnqueueWriteBuffer(
    void *queue, void *buffer, uint32_t isBlocking, size_t offset, size_t size, const void *bytes,
    uint32_t waitCount, void *const *waits, void **event) {
  (void)queue, (void)buffer, (void)isBlocking, (void)offset, (void)size, (void)bytes;
  (void)waitCount, (void)waits;
  return done(event);
}
int32_t clEnqueueCopyBuffer(
    void *queue, void *source, void *target, size_t sourceOffset, size_t targetOffset, size_t size,
    uint32_t waitCount, void *const *waits, void **event) {
  (void)queue, (void)source, (void)target, (void)sourceOffset, (void)targetOffset, (void)size;
  (void)waitCount, (void)waits;
  return done(event);
}
int32_t clEnqueueFillBuffer(
    void *queue, void *buffer, const void *pattern, size_t patternSize, size_t offset, size_t size,
    uint32_t waitCount, void *const *waits, void **event) {
  (void)queue, (void)buffer, (void)pattern, (void)patternSize, (void)offset, (void)size;
  (void)waitCount, (void)waits;
  return done(event);
}
int32_t clEnqueueNDRangeKernel(
    void *queue, void *kernel, uint32_t rank, const size_t *offset, const size_t *global,
    const size_t *local, uint32_t waitCount, void *const *waits, void **event) {
  (void)queue, (void)kernel, (void)rank, (void)offset, (void)global, (void)local;
  (void)waitCount, (void)waits;
  return done(event);
}
int32_t clWaitForEvents(uint32_t count, void *const *events) {
  (void)count, (void)events;
  return 0;
}

#define DONE(NAME)            \
  int32_t NAME(void *object) { \
    (void)object;             \
    return 0;                 \
  }
DONE(clFlush)
DONE(clFinish)
// Handles are not freed, so that none is returned twice.
DONE(clReleaseContext)
DONE(clReleaseCommandQueue)
DONE(clReleaseMemObject)
DONE(clReleaseProgram)
DONE(clReleaseKernel)
DONE(clReleaseEvent)
