// The files of kernels/ that become OpenCL programs, embedded.
#include <string.h>

#include "slope_opencl.h"

static const char primitives[] = {
#embed "../../kernels/primitives.def"
};
static const char prelude[] = {
#embed "../../kernels/prelude.h"
};
static const char types[] = {
#embed "../../kernels/opencl/types.cl"
};
static const char copy[] = {
#embed "../../kernels/opencl/copy.cl"
};
static const char reduce[] = {
#embed "../../kernels/opencl/reduce.cl"
};
static const char softmax[] = {
#embed "../../kernels/opencl/softmax.cl"
};
static const char gather[] = {
#embed "../../kernels/opencl/gather.cl"
};
static const char sort[] = {
#embed "../../kernels/opencl/sort.cl"
};
static const char probe[] = {
#embed "../../kernels/opencl/probe.cl"
};
static const char gemm_types[] = {
#embed "../../kernels/opencl/gemm_types.h"
};
static const char gemm[] = {
#embed "../../kernels/opencl/gemm.h"
};
static const char gemm_wide[] = {
#embed "../../kernels/opencl/gemm_wide.cl"
};
static const char gemm_simt[] = {
#embed "../../kernels/opencl/gemm_simt.cl"
};
static const char gemv[] = {
#embed "../../kernels/opencl/gemv.cl"
};

static const struct {
  const char *name, *text;
  size_t byteCount;
} files[] = {
    {"primitives.def", primitives, sizeof primitives},
    {"prelude.h", prelude, sizeof prelude},
    {"opencl/types.cl", types, sizeof types},
    {"opencl/copy.cl", copy, sizeof copy},
    {"opencl/reduce.cl", reduce, sizeof reduce},
    {"opencl/softmax.cl", softmax, sizeof softmax},
    {"opencl/gather.cl", gather, sizeof gather},
    {"opencl/sort.cl", sort, sizeof sort},
    {"opencl/probe.cl", probe, sizeof probe},
    {"opencl/gemm_types.h", gemm_types, sizeof gemm_types},
    {"opencl/gemm.h", gemm, sizeof gemm},
    {"opencl/gemm_wide.cl", gemm_wide, sizeof gemm_wide},
    {"opencl/gemm_simt.cl", gemm_simt, sizeof gemm_simt},
    {"opencl/gemv.cl", gemv, sizeof gemv},
};

const char *slope_kernel_source(const char *name, size_t *byteCount) {
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    if (strcmp(files[i].name, name) != 0) continue;
    *byteCount = files[i].byteCount;
    return files[i].text;
  }
  return NULL;
}
