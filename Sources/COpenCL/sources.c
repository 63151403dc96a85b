// The files of kernels/ that become OpenCL programs, embedded: the one list of them.
#include <string.h>

#include "slope_opencl.h"

static const struct {
  const char *name, *text;
} files[] = {
    {"primitives.def",
     (const char[]){
#embed "../../kernels/primitives.def" suffix(, 0)
     }},
    {"prelude.h",
     (const char[]){
#embed "../../kernels/prelude.h" suffix(, 0)
     }},
    {"special.h",
     (const char[]){
#embed "../../kernels/special.h" suffix(, 0)
     }},
    {"philox.h",
     (const char[]){
#embed "../../kernels/philox.h" suffix(, 0)
     }},
    {"opencl/element.h",
     (const char[]){
#embed "../../kernels/opencl/element.h" suffix(, 0)
     }},
    {"opencl/lanes.h",
     (const char[]){
#embed "../../kernels/opencl/lanes.h" suffix(, 0)
     }},
    {"opencl/copy.cl",
     (const char[]){
#embed "../../kernels/opencl/copy.cl" suffix(, 0)
     }},
    {"opencl/reduce.cl",
     (const char[]){
#embed "../../kernels/opencl/reduce.cl" suffix(, 0)
     }},
    {"opencl/softmax.cl",
     (const char[]){
#embed "../../kernels/opencl/softmax.cl" suffix(, 0)
     }},
    {"opencl/gather.cl",
     (const char[]){
#embed "../../kernels/opencl/gather.cl" suffix(, 0)
     }},
    {"opencl/window.cl",
     (const char[]){
#embed "../../kernels/opencl/window.cl" suffix(, 0)
     }},
    {"opencl/sort.cl",
     (const char[]){
#embed "../../kernels/opencl/sort.cl" suffix(, 0)
     }},
    {"opencl/scan.cl",
     (const char[]){
#embed "../../kernels/opencl/scan.cl" suffix(, 0)
     }},
    {"opencl/draw.cl",
     (const char[]){
#embed "../../kernels/opencl/draw.cl" suffix(, 0)
     }},
    {"opencl/probe.cl",
     (const char[]){
#embed "../../kernels/opencl/probe.cl" suffix(, 0)
     }},
    {"opencl/gemm.h",
     (const char[]){
#embed "../../kernels/opencl/gemm.h" suffix(, 0)
     }},
    {"opencl/gemm_wide.cl",
     (const char[]){
#embed "../../kernels/opencl/gemm_wide.cl" suffix(, 0)
     }},
    {"opencl/gemm_simt.cl",
     (const char[]){
#embed "../../kernels/opencl/gemm_simt.cl" suffix(, 0)
     }},
    {"opencl/gemv.cl",
     (const char[]){
#embed "../../kernels/opencl/gemv.cl" suffix(, 0)
     }},
};

const char *slope_kernel_source(const char *name, size_t *byteCount) {
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    if (strcmp(files[i].name, name) != 0) continue;
    *byteCount = strlen(files[i].text);
    return files[i].text;
  }
  return NULL;
}
