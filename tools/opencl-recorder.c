// Intercepts the calls between a program, into which it is preloaded, and the OpenCL library:
//
//   LD_PRELOAD="recorder.so libOpenCL.so.1" RECORDER_FOLDER=FOLDER COMMAND
//
// RECORDER_FOLDER: the folder for the records. 0001.cl, 0002.cl … are the texts of the programs as
// the driver received them, and `launches` has a line "PROGRAM KERNEL" for each kernel that ran,
// where PROGRAM is such a number.
//
// RECORDER_VENDOR, one of the names below: the device claims to be a GPU of that vendor, so that
// the program builds the kernels that it would build there.
//
// RECORDER_OCLGRIND=1 works around two bugs of the search for uninitialised values in Oclgrind
// 21.10 (src/plugins/Uninitialized.cpp), which would report values that the host has written:
// - After the host has written to a part of a buffer, everything after that part counts as
//   uninitialised permanently: the part is written together with the rest of the buffer.
// - A new buffer inherits the state and the size of a released one: buffers are not released.
// RECORDER_SCALARIZER=COMMAND, which reads and writes LLVM bitcode, transforms programs after they
// are built (Oclgrind's binaries are bitcode). The same search mistakes lanes that a shuffle of
// vectors leaves undefined for lane -1, and lane number 12 for undefined; `opt -passes=scalarizer`
// leaves no shuffles.
//
// Arguments are those of the OpenCL specification.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEVICE_TYPE 0x1000
#define DEVICE_MAX_COMPUTE_UNITS 0x1002
#define DEVICE_MAX_WORK_GROUP_SIZE 0x1004
#define DEVICE_LOCAL_MEM_SIZE 0x1023
#define DEVICE_VENDOR 0x102C
#define DEVICE_TYPE_GPU 4

#define MAXIMUM 100000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// The function of the library that is preloaded after this one.
static void *next(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) {
    fprintf(stderr, "opencl-recorder: no %s: preload libOpenCL.so.1 after this library\n", name);
    abort();
  }
  return function;
}

// Opens a file of the folder; NULL if nothing is recorded.
static FILE *file(const char *name, const char *mode) {
  const char *folder = getenv("RECORDER_FOLDER");
  if (folder == NULL) return NULL;
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *stream = fopen(path, mode);
  if (stream == NULL) {
    fprintf(stderr, "opencl-recorder: cannot write %s\n", path);
    abort();
  }
  return stream;
}

// MARK: Programs and kernels

static struct {
  void *program;
  void *changed;  // the transformed program that replaces it, or NULL
} programs[MAXIMUM];
static int programCount;

static struct {
  void *kernel;
  int program;
  int hasRun;
  char name[64];
} kernels[MAXIMUM];
static int kernelCount;

void *clCreateProgramWithSource(
    void *context, uint32_t count, const char **texts, const size_t *lengths, int32_t *code) {
  void *(*function)(void *, uint32_t, const char **, const size_t *, int32_t *) =
      next("clCreateProgramWithSource");
  void *program = function(context, count, texts, lengths, code);
  pthread_mutex_lock(&lock);
  if (program != NULL && programCount + 1 < MAXIMUM) {
    programs[++programCount].program = program;
    char name[32];
    snprintf(name, sizeof name, "%04d.cl", programCount);
    FILE *stream = file(name, "w");
    for (uint32_t i = 0; stream != NULL && i < count; i++) {
      size_t length = lengths != NULL && lengths[i] > 0 ? lengths[i] : strlen(texts[i]);
      fwrite(texts[i], 1, length, stream);
    }
    if (stream != NULL) fclose(stream);
  }
  pthread_mutex_unlock(&lock);
  return program;
}

void *clCreateKernel(void *program, const char *name, int32_t *code) {
  void *(*function)(void *, const char *, int32_t *) = next("clCreateKernel");
  pthread_mutex_lock(&lock);
  // The newest with this address: a driver may reuse that of a released program.
  int number = programCount;
  while (number > 0 && programs[number].program != program) number--;
  void *kernel = function(
      programs[number].changed != NULL ? programs[number].changed : program, name, code);
  if (kernel != NULL && kernelCount < MAXIMUM) {
    kernels[kernelCount].kernel = kernel;
    kernels[kernelCount].program = number;
    snprintf(kernels[kernelCount].name, sizeof kernels[kernelCount].name, "%s", name);
    kernelCount++;
  }
  pthread_mutex_unlock(&lock);
  return kernel;
}

// The output of a shell command for an input, allocated; NULL if the command fails.
static unsigned char *changed_by(
    const char *command,
    const unsigned char *bytes,  // [size]
    size_t size,
    size_t *changedSize) {       // [1]: set to the length of the result
  char from[] = "/tmp/opencl-recorder-XXXXXX", to[] = "/tmp/opencl-recorder-XXXXXX", line[4096];
  int input = mkstemp(from), output = mkstemp(to);
  if (input < 0 || output < 0 || write(input, bytes, size) != (ssize_t)size) abort();
  snprintf(line, sizeof line, "env -u LD_PRELOAD %s <%s >%s", command, from, to);
  unsigned char *result = NULL;
  if (system(line) == 0) {
    *changedSize = (size_t)lseek(output, 0, SEEK_END);
    result = malloc(*changedSize + 1);
    if (result == NULL || pread(output, result, *changedSize, 0) != (ssize_t)*changedSize) abort();
  }
  close(input);
  close(output);
  unlink(from);
  unlink(to);
  return result;
}

#define PROGRAM_CONTEXT 0x1161
#define PROGRAM_BINARY_SIZES 0x1165
#define PROGRAM_BINARIES 0x1166

int32_t clBuildProgram(
    void *program, uint32_t count, void *const *devices, const char *options,
    void (*callback)(void *, void *), void *data) {
  int32_t (*function)(
      void *, uint32_t, void *const *, const char *, void (*)(void *, void *), void *) =
      next("clBuildProgram");
  int32_t code = function(program, count, devices, options, callback, data);
  const char *command = getenv("RECORDER_SCALARIZER");
  if (code != 0 || command == NULL) return code;
  int32_t (*info)(void *, uint32_t, size_t, void *, size_t *) = next("clGetProgramInfo");
  void *(*load)(
      void *, uint32_t, void *const *, const size_t *, const unsigned char **, int32_t *,
      int32_t *) = next("clCreateProgramWithBinary");
  void *context;
  size_t size, changedSize;
  if (info(program, PROGRAM_CONTEXT, sizeof context, &context, NULL) != 0 ||
      info(program, PROGRAM_BINARY_SIZES, sizeof size, &size, NULL) != 0) {
    abort();
  }
  unsigned char *bytes = malloc(size + 1);
  if (bytes == NULL || info(program, PROGRAM_BINARIES, sizeof bytes, &bytes, NULL) != 0) abort();
  unsigned char *changed = changed_by(command, bytes, size, &changedSize);
  free(bytes);
  if (changed == NULL) {
    fprintf(stderr, "opencl-recorder: '%s' failed\n", command);
    abort();
  }
  const unsigned char *start = changed;
  void *other = load(context, 1, devices, &changedSize, &start, NULL, &code);
  if (code == 0) code = function(other, 1, devices, options, NULL, NULL);
  free(changed);
  pthread_mutex_lock(&lock);
  for (int number = programCount; number > 0; number--) {
    if (programs[number].program != program) continue;
    programs[number].changed = other;
    break;
  }
  pthread_mutex_unlock(&lock);
  return code;
}

int32_t clEnqueueNDRangeKernel(
    void *queue, void *kernel, uint32_t rank, const size_t *offset, const size_t *global,
    const size_t *local, uint32_t waitCount, void *const *waits, void **event) {
  int32_t (*function)(
      void *, void *, uint32_t, const size_t *, const size_t *, const size_t *, uint32_t,
      void *const *, void **) = next("clEnqueueNDRangeKernel");
  pthread_mutex_lock(&lock);
  int number = kernelCount - 1;
  while (number >= 0 && kernels[number].kernel != kernel) number--;
  if (number >= 0 && !kernels[number].hasRun) {
    kernels[number].hasRun = 1;
    FILE *stream = file("launches", "a");
    if (stream != NULL) {
      fprintf(stream, "%04d %s\n", kernels[number].program, kernels[number].name);
      fclose(stream);
    }
  }
  pthread_mutex_unlock(&lock);
  return function(queue, kernel, rank, offset, global, local, waitCount, waits, event);
}

// MARK: Memory

#define MEM_SIZE 0x1102

// Reads a buffer and writes all of it, with bytes offset ..< offset + size replaced. -1 if that is
// unnecessary, because the write covers the whole buffer, or impossible.
static int32_t write_whole(
    void *queue, void *buffer, size_t offset, size_t size,
    const void *pattern, size_t patternSize,  // [patternSize] bytes, repeated up to `size`
    uint32_t waitCount, void *const *waits, void **event) {
  if (getenv("RECORDER_OCLGRIND") == NULL) return -1;
  int32_t (*info)(void *, uint32_t, size_t, void *, size_t *) = next("clGetMemObjectInfo");
  int32_t (*read)(
      void *, void *, uint32_t, size_t, size_t, void *, uint32_t, void *const *, void **) =
      next("clEnqueueReadBuffer");
  int32_t (*write)(
      void *, void *, uint32_t, size_t, size_t, const void *, uint32_t, void *const *, void **) =
      next("clEnqueueWriteBuffer");
  size_t whole = 0;
  if (info(buffer, MEM_SIZE, sizeof whole, &whole, NULL) != 0 || offset > whole ||
      size > whole - offset || (size == whole && size == patternSize)) {
    return -1;
  }
  char *bytes = malloc(whole);
  if (bytes == NULL) abort();
  int32_t code = read(queue, buffer, 1, 0, whole, bytes, waitCount, waits, NULL);
  for (size_t i = 0; i < size; i += patternSize) memcpy(bytes + offset + i, pattern, patternSize);
  if (code == 0) code = write(queue, buffer, 1, 0, whole, bytes, 0, NULL, event);
  free(bytes);
  return code;
}

int32_t clEnqueueWriteBuffer(
    void *queue, void *buffer, uint32_t isBlocking, size_t offset, size_t size, const void *bytes,
    uint32_t waitCount, void *const *waits, void **event) {
  int32_t (*function)(
      void *, void *, uint32_t, size_t, size_t, const void *, uint32_t, void *const *, void **) =
      next("clEnqueueWriteBuffer");
  int32_t code =
      write_whole(queue, buffer, offset, size, bytes, size, waitCount, waits, event);
  if (code != -1) return code;
  return function(queue, buffer, isBlocking, offset, size, bytes, waitCount, waits, event);
}

int32_t clEnqueueFillBuffer(
    void *queue, void *buffer, const void *pattern, size_t patternSize, size_t offset, size_t size,
    uint32_t waitCount, void *const *waits, void **event) {
  int32_t (*function)(
      void *, void *, const void *, size_t, size_t, size_t, uint32_t, void *const *, void **) =
      next("clEnqueueFillBuffer");
  int32_t code =
      write_whole(queue, buffer, offset, size, pattern, patternSize, waitCount, waits, event);
  if (code != -1) return code;
  return function(queue, buffer, pattern, patternSize, offset, size, waitCount, waits, event);
}

int32_t clReleaseMemObject(void *buffer) {
  int32_t (*function)(void *) = next("clReleaseMemObject");
  return getenv("RECORDER_OCLGRIND") == NULL ? function(buffer) : 0;
}

// MARK: The device

static const struct Vendor {
  const char *key, *name;
  uint64_t localByteCount;
  size_t groupSize;
  uint32_t computeUnits;
} vendors[] = {
    {"nvidia", "NVIDIA Corporation", 48 << 10, 1024, 80},
    {"amd", "Advanced Micro Devices, Inc.", 64 << 10, 256, 40},
    {"intel", "Intel(R) Corporation", 64 << 10, 512, 32},
    {"mobile", "QUALCOMM", 32 << 10, 1024, 4},
    {"other", "Another", 32 << 10, 256, 8},
};

// The vendor that RECORDER_VENDOR names, or NULL.
static const struct Vendor *vendor(void) {
  const char *key = getenv("RECORDER_VENDOR");
  for (size_t i = 0; key != NULL && i < sizeof vendors / sizeof vendors[0]; i++) {
    if (strcmp(vendors[i].key, key) == 0) return &vendors[i];
  }
  if (key != NULL && *key != 0) {
    fprintf(stderr, "opencl-recorder: no vendor '%s'\n", key);
    abort();
  }
  return NULL;
}

int32_t clGetDeviceInfo(void *device, uint32_t name, size_t size, void *value, size_t *needed) {
  int32_t (*function)(void *, uint32_t, size_t, void *, size_t *) = next("clGetDeviceInfo");
  const struct Vendor *pretended = vendor();
  if (pretended == NULL) return function(device, name, size, value, needed);
  const uint64_t type = DEVICE_TYPE_GPU;
  const void *answer;
  size_t length;
  switch (name) {
    case DEVICE_TYPE: answer = &type, length = sizeof type; break;
    case DEVICE_MAX_COMPUTE_UNITS:
      answer = &pretended->computeUnits, length = sizeof pretended->computeUnits;
      break;
    case DEVICE_MAX_WORK_GROUP_SIZE:
      answer = &pretended->groupSize, length = sizeof pretended->groupSize;
      break;
    case DEVICE_LOCAL_MEM_SIZE:
      answer = &pretended->localByteCount, length = sizeof pretended->localByteCount;
      break;
    case DEVICE_VENDOR: answer = pretended->name, length = strlen(pretended->name) + 1; break;
    default: return function(device, name, size, value, needed);
  }
  if (needed != NULL) *needed = length;
  if (value != NULL) {
    if (size < length) return -30;
    memcpy(value, answer, length);
  }
  return 0;
}
