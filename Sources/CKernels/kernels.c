// Builds loops.inc once per instruction set and offers the builds this processor can run.
#include "CKernels.h"

#include <math.h>
#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define VARIANT baseline
#define VARIANT_NAME "baseline"
#define LANES 4
#include "loops.inc"
#undef VARIANT
#undef VARIANT_NAME
#undef LANES

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define VARIANT v3
#define VARIANT_NAME "x86-64-v3"
#define LANES 8
#include "loops.inc"
#undef VARIANT
#undef VARIANT_NAME
#undef LANES
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,no-prefer-256-bit"))), apply_to = function)
#define VARIANT v4
#define VARIANT_NAME "x86-64-v4"
#define LANES 16
#include "loops.inc"
#undef VARIANT
#undef VARIANT_NAME
#undef LANES
#pragma clang attribute pop

int ck_variant_count(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 3;
  return __builtin_cpu_supports("x86-64-v3") ? 2 : 1;
}

const ck_kernels *ck_variant(int variant) {
  return variant >= 2 ? &table_v4 : variant == 1 ? &table_v3 : &table_baseline;
}
#else
int ck_variant_count(void) { return 1; }

const ck_kernels *ck_variant(int variant) {
  (void)variant;
  return &table_baseline;
}
#endif
