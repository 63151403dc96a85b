// Stands before the OpenCL loader: counts its calls, and makes them fail on request.
//
// Preloaded (LD_PRELOAD), or opened with RTLD_GLOBAL before the first use of OpenCL, since Slope's
// own loader asks the process first. Tests/TestSupport/OpenCLShim.swift compiles it.
//
// `slope_shim_counts` gives the counts as lines `name number`; at the end of the process they are
// written to the file that SLOPE_SHIM_COUNTS names. SLOPE_SHIM_FAULT, or `slope_shim_fault`, asks for
// faults.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slope_opencl.h"

enum { MEM_SIZE = 0x1102 };

enum { INVALID_KERNEL_ARGS = -52, INVALID_WORK_GROUP_SIZE = -54, INVALID_WORK_ITEM_SIZE = -55 };

// MARK: Counts

#define COUNTS(COUNT)                                                                   \
  COUNT(writes) COUNT(writtenBytes) COUNT(reads) COUNT(readBytes) COUNT(blockingReads)  \
  COUNT(fills) COUNT(copies) COUNT(maps) COUNT(launches) COUNT(waits) COUNT(sourceBuilds) \
  COUNT(binaryBuilds) COUNT(buffers) COUNT(bufferBytes) COUNT(flushes) COUNT(failures)

enum {
#define COUNT(NAME) NAME,
  COUNTS(COUNT)
#undef COUNT
  countKinds
};

static const char *const names[] = {
#define COUNT(NAME) #NAME,
    COUNTS(COUNT)
#undef COUNT
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long long counts[countKinds];

static void count(int kind, long long number) {
  pthread_mutex_lock(&lock);
  counts[kind] += number;
  pthread_mutex_unlock(&lock);
}

// The counts as text; the number of bytes that all of it needs.
int slope_shim_counts(char *text, int capacity) {
  int used = 0;
  pthread_mutex_lock(&lock);
  for (int kind = 0; kind < countKinds; kind++) {
    int room = used < capacity ? capacity - used : 0;
    used += snprintf(room > 0 ? text + used : NULL, room, "%s %lld\n", names[kind], counts[kind]);
  }
  pthread_mutex_unlock(&lock);
  return used;
}

// A process that asks nothing of OpenCL (a shell that starts the one meant) leaves no file.
static int isUsed;

__attribute__((destructor)) static void writeCounts(void) {
  const char *path = isUsed ? getenv("SLOPE_SHIM_COUNTS") : NULL;
  FILE *file = path != NULL ? fopen(path, "w") : NULL;
  if (file == NULL) return;
  char text[1024];
  slope_shim_counts(text, sizeof text);
  fputs(text, file);
  fclose(file);
}

// MARK: Faults

static struct {
  char function[64];
  int code;
  int from;
  int to;
  int seen;
} fault;

// The bytes that all buffers together may have.
static long long memory = -1;

// From now on the calls `from`…`to` (from 1) of a function answer with `code`; with code 0 the process
// ends there at once. NULL: none fails.
void slope_shim_fault(const char *function, int code, int from, int to) {
  pthread_mutex_lock(&lock);
  snprintf(fault.function, sizeof fault.function, "%s", function != NULL ? function : "");
  fault.code = code;
  fault.from = from;
  fault.to = to;
  fault.seen = 0;
  pthread_mutex_unlock(&lock);
}

// From now on buffers beyond so many bytes cannot be had; -1: as the driver says.
void slope_shim_memory(long long byteCount) {
  pthread_mutex_lock(&lock);
  memory = byteCount;
  pthread_mutex_unlock(&lock);
}

// MARK: Limits

// What the driver is made to say of itself, and is held to: the items of a kernel's group, of a group
// along an axis, the bytes of a kernel's arguments, of a buffer, of local memory, of all memory. 0: as
// the driver says. Each is told by a query, whose name stands beside it.
#define LIMITS(LIMIT)                                                                        \
  LIMIT(kernelGroup, SLOPE_CL_KERNEL_WORK_GROUP_SIZE)                                        \
  LIMIT(groupExtent, SLOPE_CL_DEVICE_MAX_WORK_ITEM_SIZES)                                    \
  LIMIT(deviceGroup, SLOPE_CL_DEVICE_MAX_WORK_GROUP_SIZE)                                    \
  LIMIT(parameterBytes, SLOPE_CL_DEVICE_MAX_PARAMETER_SIZE)                                  \
  LIMIT(largestBuffer, SLOPE_CL_DEVICE_MAX_MEM_ALLOC_SIZE)                                   \
  LIMIT(localBytes, SLOPE_CL_DEVICE_LOCAL_MEM_SIZE)                                          \
  LIMIT(allBytes, SLOPE_CL_DEVICE_GLOBAL_MEM_SIZE)

static struct {
#define LIMIT(NAME, QUERY) size_t NAME;
  LIMITS(LIMIT)
#undef LIMIT
} limits;

// Sets a limit by its name, before the device is asked.
void slope_shim_limit(const char *name, long long value) {
#define LIMIT(NAME, QUERY) if (strcmp(name, #NAME) == 0) limits.NAME = (size_t)value;
  LIMITS(LIMIT)
#undef LIMIT
}

// Puts the limits in the place of what the driver said.
static void limit(uint32_t query, size_t size, void *value, int hasFailed) {
  if (hasFailed || value == NULL || size < sizeof(size_t)) return;
  size_t *said = value;
#define LIMIT(NAME, QUERY)                                                                   \
  if (query == QUERY && limits.NAME != 0) {                                                  \
    int count = query == SLOPE_CL_DEVICE_MAX_WORK_ITEM_SIZES ? 3 : 1;                        \
    for (int i = 0; i < count && (i + 1) * sizeof(size_t) <= size; i++) {                    \
      if (said[i] > limits.NAME) said[i] = limits.NAME;                                      \
    }                                                                                        \
  }
  LIMITS(LIMIT)
#undef LIMIT
}

// The sizes of the arguments that kernels were given.
enum { argumentCount = 512, kernelCount = 512 };
static struct {
  void *kernel;
  size_t sizes[argumentCount];
} kernels[kernelCount];

static void setArgument(void *kernel, uint32_t index, size_t size, const void *value) {
  if (limits.parameterBytes == 0 || index >= argumentCount) return;
  pthread_mutex_lock(&lock);
  int place = -1;
  for (int i = 0; i < kernelCount && (place < 0 || kernels[place].kernel != kernel); i++) {
    if (kernels[i].kernel == kernel || (kernels[i].kernel == NULL && place < 0)) place = i;
  }
  if (place >= 0) {
    kernels[place].kernel = kernel;
    // Local memory is the device's own, and no argument's bytes.
    kernels[place].sizes[index] = value != NULL ? size : 0;
  }
  pthread_mutex_unlock(&lock);
}

// The code with which a launch beyond the limits fails, or 0.
static int beyondLimits(void *kernel, const size_t *local) {
  if (local != NULL) {
    size_t items = local[0] * local[1] * local[2];
    if (limits.kernelGroup != 0 && items > limits.kernelGroup) return INVALID_WORK_GROUP_SIZE;
    if (limits.deviceGroup != 0 && items > limits.deviceGroup) return INVALID_WORK_GROUP_SIZE;
    for (int axis = 0; axis < 3; axis++) {
      if (limits.groupExtent != 0 && local[axis] > limits.groupExtent) return INVALID_WORK_ITEM_SIZE;
    }
  }
  if (limits.parameterBytes == 0) return 0;
  size_t total = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < kernelCount; i++) {
    if (kernels[i].kernel != kernel) continue;
    for (int index = 0; index < argumentCount; index++) total += kernels[i].sizes[index];
  }
  pthread_mutex_unlock(&lock);
  return total > limits.parameterBytes ? INVALID_KERNEL_ARGS : 0;
}

__attribute__((constructor)) static void readEnvironment(void) {
  char function[64];
  int code, from, to;
  const char *text = getenv("SLOPE_SHIM_FAULT");
  if (text != NULL && sscanf(text, "%63s %d %d %d", function, &code, &from, &to) == 4) {
    slope_shim_fault(function, code, from, to);
  }
  // `name number`, as often as wanted.
  char name[64];
  long long number;
  int used;
  for (text = getenv("SLOPE_SHIM_LIMITS");
       text != NULL && sscanf(text, "%63s %lld%n", name, &number, &used) == 2; text += used) {
    slope_shim_limit(name, number);
  }
}

// The code with which a call is to fail, or 0.
static int failing(const char *function) {
  int code = 0;
  pthread_mutex_lock(&lock);
  if (strcmp(fault.function, function) == 0) {
    fault.seen++;
    if (fault.seen >= fault.from && fault.seen <= fault.to) {
      if (fault.code == 0) raise(SIGKILL);
      counts[failures]++;
      code = fault.code;
    }
  }
  pthread_mutex_unlock(&lock);
  return code;
}

// MARK: The real functions

static SlopeOpenCL real;
static int (*realMemoryInfo)(void *, uint32_t, size_t, void *, size_t *);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "shim: %s\n", dlerror());
    _exit(99);
  }
#define LOAD(NAME, RESULT, PARAMETERS)            \
  {                                               \
    void *function = dlsym(library, #NAME);       \
    memcpy(&real.NAME, &function, sizeof function); \
  }
  SLOPE_CL_FUNCTIONS(LOAD)
  isUsed = 1;
  void *function = dlsym(library, "clGetMemObjectInfo");
  memcpy(&realMemoryInfo, &function, sizeof function);
}

static SlopeOpenCL *loaded(void) {
  pthread_once(&once, load);
  return &real;
}

// MARK: Functions that answer with a code

#define CODE(NAME, PARAMETERS, ARGUMENTS, ...)   \
  int32_t NAME PARAMETERS {                      \
    int code = failing(#NAME);                   \
    if (code != 0) return code;                  \
    __VA_ARGS__                                  \
    return loaded()->NAME ARGUMENTS;             \
  }

typedef void *const *Events;

CODE(clGetPlatformIDs, (uint32_t n, void **list, uint32_t *found), (n, list, found))
CODE(clGetPlatformInfo, (void *platform, uint32_t name, size_t size, void *value, size_t *needed),
     (platform, name, size, value, needed))
CODE(clGetDeviceIDs, (void *platform, uint64_t type, uint32_t n, void **list, uint32_t *found),
     (platform, type, n, list, found))
int32_t clGetDeviceInfo(void *device, uint32_t name, size_t size, void *value, size_t *needed) {
  int code = failing("clGetDeviceInfo");
  if (code != 0) return code;
  code = loaded()->clGetDeviceInfo(device, name, size, value, needed);
  limit(name, size, value, code != 0);
  return code;
}
CODE(clReleaseContext, (void *context), (context))
CODE(clReleaseCommandQueue, (void *queue), (queue))
CODE(clEnqueueReadBuffer,
     (void *queue, void *buffer, uint32_t blocks, size_t offset, size_t size, void *target,
      uint32_t n, Events events, void **event),
     (queue, buffer, blocks, offset, size, target, n, events, event),
     count(reads, 1);
     count(readBytes, size);
     if (blocks) count(blockingReads, 1);)
CODE(clEnqueueWriteBuffer,
     (void *queue, void *buffer, uint32_t blocks, size_t offset, size_t size, const void *source,
      uint32_t n, Events events, void **event),
     (queue, buffer, blocks, offset, size, source, n, events, event),
     count(writes, 1);
     count(writtenBytes, size);
     if (blocks) count(waits, 1);)
CODE(clEnqueueCopyBuffer,
     (void *queue, void *source, void *target, size_t from, size_t to, size_t size, uint32_t n,
      Events events, void **event),
     (queue, source, target, from, to, size, n, events, event), count(copies, 1);)
CODE(clEnqueueFillBuffer,
     (void *queue, void *buffer, const void *pattern, size_t patternSize, size_t offset, size_t size,
      uint32_t n, Events events, void **event),
     (queue, buffer, pattern, patternSize, offset, size, n, events, event), count(fills, 1);)
CODE(clGetProgramInfo, (void *program, uint32_t name, size_t size, void *value, size_t *needed),
     (program, name, size, value, needed))
CODE(clGetProgramBuildInfo,
     (void *program, void *device, uint32_t name, size_t size, void *value, size_t *needed),
     (program, device, name, size, value, needed))
CODE(clReleaseProgram, (void *program), (program))
CODE(clReleaseKernel, (void *kernel), (kernel),
     pthread_mutex_lock(&lock);
     for (int i = 0; i < kernelCount; i++) {
       if (kernels[i].kernel == kernel) memset(&kernels[i], 0, sizeof kernels[i]);
     }
     pthread_mutex_unlock(&lock);)
CODE(clSetKernelArg, (void *kernel, uint32_t index, size_t size, const void *value),
     (kernel, index, size, value), setArgument(kernel, index, size, value);)
int32_t clGetKernelWorkGroupInfo(void *kernel, void *device, uint32_t name, size_t size, void *value,
                                 size_t *needed) {
  int code = failing("clGetKernelWorkGroupInfo");
  if (code != 0) return code;
  code = loaded()->clGetKernelWorkGroupInfo(kernel, device, name, size, value, needed);
  limit(name, size, value, code != 0);
  return code;
}
CODE(clEnqueueNDRangeKernel,
     (void *queue, void *kernel, uint32_t rank, const size_t *offset, const size_t *global,
      const size_t *local, uint32_t n, Events events, void **event),
     (queue, kernel, rank, offset, global, local, n, events, event),
     count(launches, 1);
     code = beyondLimits(kernel, local);
     if (code != 0) return code;)
CODE(clFlush, (void *queue), (queue), count(flushes, 1);)
CODE(clFinish, (void *queue), (queue), count(waits, 1);)
CODE(clWaitForEvents, (uint32_t n, Events events), (n, events), count(waits, 1);)
CODE(clGetEventInfo, (void *event, uint32_t name, size_t size, void *value, size_t *needed),
     (event, name, size, value, needed))
CODE(clGetEventProfilingInfo, (void *event, uint32_t name, size_t size, void *value, size_t *needed),
     (event, name, size, value, needed))
CODE(clReleaseEvent, (void *event), (event))

// What a program is made of is told by the function that made it: programs from binaries are kept.
static void *binaries[4096];
static int binaryCount;

CODE(clBuildProgram,
     (void *program, uint32_t n, Events devices, const char *options,
      void (*notify)(void *, void *), void *data),
     (program, n, devices, options, notify, data),
     int isBinary = 0;
     pthread_mutex_lock(&lock);
     for (int i = 0; i < binaryCount; i++) isBinary |= binaries[i] == program;
     pthread_mutex_unlock(&lock);
     count(isBinary ? binaryBuilds : sourceBuilds, 1);)

// MARK: Functions that answer with a handle

#define HANDLE(NAME, PARAMETERS, ARGUMENTS, ...)   \
  void *NAME PARAMETERS {                          \
    int code = failing(#NAME);                     \
    __VA_ARGS__                                    \
    if (code != 0) {                               \
      if (error != NULL) *error = code;            \
      return NULL;                                 \
    }                                              \
    void *handle = loaded()->NAME ARGUMENTS;       \
    made(handle, #NAME);                           \
    return handle;                                 \
  }

static void made(void *handle, const char *function) {
  if (handle == NULL || strncmp(function, "clCreateProgram", 15) != 0) return;
  int isBinary = strcmp(function, "clCreateProgramWithBinary") == 0;
  pthread_mutex_lock(&lock);
  // An address may come back as that of another program.
  for (int i = 0; i < binaryCount; i++) {
    if (binaries[i] == handle) binaries[i] = NULL;
  }
  if (isBinary && binaryCount < 4096) binaries[binaryCount++] = handle;
  pthread_mutex_unlock(&lock);
}

HANDLE(clCreateContext,
       (const intptr_t *properties, uint32_t n, Events devices,
        void (*notify)(const char *, const void *, size_t, void *), void *data, int32_t *error),
       (properties, n, devices, notify, data, error))
HANDLE(clCreateCommandQueue, (void *context, void *device, uint64_t properties, int32_t *error),
       (context, device, properties, error))
HANDLE(clCreateBuffer,
       (void *context, uint64_t flags, size_t size, void *memoryOfHost, int32_t *error),
       (context, flags, size, memoryOfHost, error),
       pthread_mutex_lock(&lock);
       if (memory >= 0 && counts[bufferBytes] + (long long)size > memory) {
         code = SLOPE_CL_MEM_OBJECT_ALLOCATION_FAILURE;
       }
       if (code == 0) {
         counts[buffers]++;
         counts[bufferBytes] += size;
       }
       pthread_mutex_unlock(&lock);)
HANDLE(clCreateProgramWithSource,
       (void *context, uint32_t n, const char **lines, const size_t *lengths, int32_t *error),
       (context, n, lines, lengths, error))
HANDLE(clCreateProgramWithBinary,
       (void *context, uint32_t n, Events devices, const size_t *lengths,
        const unsigned char **bytes, int32_t *status, int32_t *error),
       (context, n, devices, lengths, bytes, status, error))
HANDLE(clCreateKernel, (void *program, const char *name, int32_t *error), (program, name, error))

// `bufferBytes` is what there is now.
CODE(clReleaseMemObject, (void *buffer), (buffer), size_t size = 0; loaded();
     realMemoryInfo(buffer, MEM_SIZE, sizeof size, &size, NULL);
     count(bufferBytes, -(long long)size);)

// MARK: What Slope does not call

void *clEnqueueMapBuffer(void *queue, void *buffer, uint32_t blocks, uint64_t flags, size_t offset,
                         size_t size, uint32_t n, Events events, void **event, int32_t *error) {
  static void *(*next)(void *, void *, uint32_t, uint64_t, size_t, size_t, uint32_t, Events, void **,
                       int32_t *);
  if (next == NULL) {
    void *function = dlsym(dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL), "clEnqueueMapBuffer");
    memcpy(&next, &function, sizeof function);
  }
  count(maps, 1);
  return next(queue, buffer, blocks, flags, offset, size, n, events, event, error);
}

// Every function of the table is here: one that is missing does not compile.
__attribute__((used)) static const SlopeOpenCL complete = {
#define OURS(NAME, RESULT, PARAMETERS) .NAME = (void *)NAME,
    SLOPE_CL_FUNCTIONS(OURS)
#undef OURS
};
