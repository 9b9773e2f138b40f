// Products in reduced precision: bfloat16 and 8-bit integers, where the processor multiplies them.
//
// As in products.inc, every element is the same chain of operations whatever the number of rows and wherever its row
// stands. A word of 32 bits holds two bfloat16 or four 8-bit values that follow each other along k.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#define TARGET "arch=x86-64-v4,avx512bf16,avx512vnni"
#pragma clang attribute push(__attribute__((target(TARGET), min_vector_width(512))), apply_to = function)

enum {
  PANEL = 32,
  TILE_ROWS = 12,
  // Words of a stretch, so that a panel of it stays in the first cache.
  INNER_WORDS = 256,
  ROWS_AT_ONCE = 264,
  // Columns' sums and scales, before the words of a panel of 8-bit weights.
  HEADER_WORDS = 2 * PANEL,
};

typedef struct {
  size_t values_per_word, header_words;
} shape_of_words;

static const shape_of_words in_pairs = {2, 0}, in_quads = {4, HEADER_WORDS};

static size_t words_of(shape_of_words shape, size_t k) { return (k + shape.values_per_word - 1) / shape.values_per_word; }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t packed_bytes(shape_of_words shape, size_t k, size_t n) {
  size_t words = words_of(shape, k), stretches = (words + INNER_WORDS - 1) / INNER_WORDS;
  return (n + PANEL - 1) / PANEL * PANEL * words * 4 + (n + PANEL - 1) / PANEL * stretches * shape.header_words * 4;
}

static uint16_t bfloat16_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static size_t bfloat16_packed_bytes(size_t k, size_t n) { return packed_bytes(in_pairs, k, n); }

static void bfloat16_pack(ck_in w, size_t k, size_t n, void *packed) {
  uint16_t *to = packed;
  for (size_t first = 0; first < k; first += 2 * INNER_WORDS)
    for (size_t panel = 0; panel < n; panel += PANEL)
      for (size_t row = first; row < least(k, first + 2 * INNER_WORDS); row += 2)
        for (size_t column = panel; column < panel + PANEL; column++)
          for (size_t r = row; r < row + 2; r++) *to++ = r < k && column < n ? bfloat16_of(w[r * n + column]) : 0;
}

static size_t int8_packed_bytes(size_t k, size_t n) { return packed_bytes(in_quads, k, n); }

// w ≈ scale[column] q with -127 ≤ q ≤ 127.
static void int8_pack(ck_in w, size_t k, size_t n, void *packed) {
  char *next = packed;
  for (size_t first = 0; first < k; first += 4 * INNER_WORDS) {
    size_t end = least(k, first + 4 * INNER_WORDS), words = (end - first + 3) / 4;
    for (size_t panel = 0; panel < n; panel += PANEL) {
      int32_t *sums = (int32_t *)next;
      float *scales = (float *)(sums + PANEL);
      int8_t *values = (int8_t *)(scales + PANEL);
      memset(next, 0, (HEADER_WORDS + words * PANEL) * 4);
      for (size_t column = panel; column < least(n, panel + PANEL); column++) {
        float high = 0;
        for (size_t r = 0; r < k; r++) high = fmaxf(high, fabsf(w[r * n + column]));
        size_t c = column - panel;
        scales[c] = high / 127;
        for (size_t r = first; r < end && high > 0; r++) {
          int q = (int)lrintf(w[r * n + column] / high * 127);
          sums[c] += q;
          values[((r - first) / 4 * PANEL + c) * 4 + (r - first) % 4] = (int8_t)q;
        }
      }
      next += (HEADER_WORDS + words * PANEL) * 4;
    }
  }
}

// A row in 8 bits: x ≈ scale (q - zero) with 0 ≤ q ≤ 255.
typedef struct {
  float scale;
  int32_t zero;
} row_scale;

static size_t bfloat16_scratch_bytes(size_t rows, size_t k) { return rows * words_of(in_pairs, k) * 4; }

static size_t int8_scratch_bytes(size_t rows, size_t k) {
  return rows * words_of(in_quads, k) * 4 + rows * sizeof(row_scale);
}

static __mmask16 lanes(size_t count) { return count >= 16 ? 0xffff : (__mmask16)((1u << count) - 1); }

static void bfloat16_rows(ck_in x, size_t rows, size_t k, uint32_t *words) {
  size_t width = words_of(in_pairs, k);
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < k; i += 16) {
      __m512 values = _mm512_maskz_loadu_ps(lanes(k - i), x + r * k + i);
      _mm256_mask_storeu_epi32(
          words + r * width + i / 2, (__mmask8)lanes(width - i / 2), (__m256i)_mm512_cvtneps_pbh(values));
    }
}

static row_scale int8_scale(ck_in x, size_t k) {
  __m512 low = _mm512_setzero_ps(), high = _mm512_setzero_ps();
  for (size_t i = 0; i < k; i += 16) {
    __m512 values = _mm512_maskz_loadu_ps(lanes(k - i), x + i);
    low = _mm512_min_ps(low, values);
    high = _mm512_max_ps(high, values);
  }
  float bottom = _mm512_reduce_min_ps(low), top = _mm512_reduce_max_ps(high);
  row_scale row = {(top - bottom) / 255, 0};
  if (row.scale > 0) row.zero = (int32_t)lrintf(-bottom / row.scale);
  return row;
}

static void int8_rows(ck_in x, size_t rows, size_t k, uint32_t *words, row_scale *scales) {
  size_t width = words_of(in_quads, k);
  for (size_t r = 0; r < rows; r++) {
    row_scale row = scales[r] = int8_scale(x + r * k, k);
    __m512 factor = _mm512_set1_ps(row.scale > 0 ? 1 / row.scale : 0);
    __m512i zero = _mm512_set1_epi32(row.zero), none = _mm512_setzero_si512();
    for (size_t i = 0; i < k; i += 16) {
      __m512 values = _mm512_mul_ps(_mm512_maskz_loadu_ps(lanes(k - i), x + r * k + i), factor);
      __m512i q = _mm512_max_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(values), zero), none);
      _mm_mask_storeu_epi32(
          words + r * width + i / 4, (__mmask8)lanes(width - i / 4), _mm512_cvtusepi32_epi8(q));
    }
  }
}

// A tile's part of a product: where its rows, its panel and its results lie.
typedef struct {
  const uint32_t *x;
  size_t x_stride, words;
  const char *panel;
  // What the results are added to: y itself, or a bias, the same for all rows.
  const float *from;
  size_t from_stride;
  float *y;
  size_t y_stride;
  __mmask16 low, high;
  const row_scale *scales;
} tile;

__attribute__((always_inline)) static inline void bfloat16_tile_of(const size_t rows, const tile *t) {
  const __m512i *w = (const __m512i *)t->panel;
  __m512 low[TILE_ROWS], high[TILE_ROWS];
#pragma unroll
  for (size_t r = 0; r < rows; r++) low[r] = high[r] = _mm512_setzero_ps();
  for (size_t i = 0; i < t->words; i++) {
    __m512bh w0 = (__m512bh)_mm512_loadu_si512(w + 2 * i), w1 = (__m512bh)_mm512_loadu_si512(w + 2 * i + 1);
#pragma unroll
    for (size_t r = 0; r < rows; r++) {
      __m512bh pair = (__m512bh)_mm512_set1_epi32((int)t->x[r * t->x_stride + i]);
      low[r] = _mm512_dpbf16_ps(low[r], pair, w0);
      high[r] = _mm512_dpbf16_ps(high[r], pair, w1);
    }
  }
#pragma unroll
  for (size_t r = 0; r < rows; r++) {
    float *y = t->y + r * t->y_stride;
    const float *from = t->from + r * t->from_stride;
    _mm512_mask_storeu_ps(y, t->low, _mm512_add_ps(_mm512_maskz_loadu_ps(t->low, from), low[r]));
    _mm512_mask_storeu_ps(y + 16, t->high, _mm512_add_ps(_mm512_maskz_loadu_ps(t->high, from + 16), high[r]));
  }
}

// y = from + scale (acc - zero · sum) for one vector of columns.
static inline void add_int8(
    const float *from, float *y, __mmask16 columns, __m512i accumulated, row_scale row, __m512i sums, __m512 scales) {
  __m512i exact = _mm512_sub_epi32(accumulated, _mm512_mullo_epi32(_mm512_set1_epi32(row.zero), sums));
  __m512 factor = _mm512_mul_ps(_mm512_set1_ps(row.scale), scales);
  __m512 sum = _mm512_fmadd_ps(_mm512_cvtepi32_ps(exact), factor, _mm512_maskz_loadu_ps(columns, from));
  _mm512_mask_storeu_ps(y, columns, sum);
}

__attribute__((always_inline)) static inline void int8_tile_of(const size_t rows, const tile *t) {
  const __m512i *header = (const __m512i *)t->panel, *w = header + HEADER_WORDS / 16;
  __m512i low[TILE_ROWS], high[TILE_ROWS];
#pragma unroll
  for (size_t r = 0; r < rows; r++) low[r] = high[r] = _mm512_setzero_si512();
  for (size_t i = 0; i < t->words; i++) {
    __m512i w0 = _mm512_loadu_si512(w + 2 * i), w1 = _mm512_loadu_si512(w + 2 * i + 1);
#pragma unroll
    for (size_t r = 0; r < rows; r++) {
      __m512i quad = _mm512_set1_epi32((int)t->x[r * t->x_stride + i]);
      low[r] = _mm512_dpbusd_epi32(low[r], quad, w0);
      high[r] = _mm512_dpbusd_epi32(high[r], quad, w1);
    }
  }
  __m512 scale0 = _mm512_loadu_ps(header + 2), scale1 = _mm512_loadu_ps(header + 3);
#pragma unroll
  for (size_t r = 0; r < rows; r++) {
    float *y = t->y + r * t->y_stride;
    const float *from = t->from + r * t->from_stride;
    add_int8(from, y, t->low, low[r], t->scales[r], _mm512_loadu_si512(header), scale0);
    add_int8(from + 16, y + 16, t->high, high[r], t->scales[r], _mm512_loadu_si512(header + 1), scale1);
  }
}

#define CASE(of, count) \
  case count: of(count, t); break;
#define CASES(of) \
  CASE(of, 1) CASE(of, 2) CASE(of, 3) CASE(of, 4) CASE(of, 5) CASE(of, 6) \
  CASE(of, 7) CASE(of, 8) CASE(of, 9) CASE(of, 10) CASE(of, 11) CASE(of, 12)

static void bfloat16_tile(size_t rows, const tile *t) {
  switch (rows) { CASES(bfloat16_tile_of) }
}

static void int8_tile(size_t rows, const tile *t) {
  switch (rows) { CASES(int8_tile_of) }
}

// y = x w + bias, or y += x w without one, rows in blocks that stay in the cache while all panels pass by, tiles of nearly equal height.
static void product_of_words(
    shape_of_words shape, void (*multiply)(size_t rows, const tile *), const uint32_t *x, const row_scale *scales,
    const void *packed, const float *bias, ck_out y, size_t rows, size_t k, size_t n) {
  size_t width = words_of(shape, k);
  for (size_t block = 0; block < rows; block += ROWS_AT_ONCE) {
    size_t height = least(ROWS_AT_ONCE, rows - block), tiles = (height + TILE_ROWS - 1) / TILE_ROWS;
    const char *panel = packed;
    for (size_t first = 0; first < width; first += INNER_WORDS) {
      size_t words = least(INNER_WORDS, width - first);
      for (size_t column = 0; column < n; column += PANEL) {
        for (size_t i = 0; i < tiles; i++) {
          size_t top = block + i * height / tiles, end = block + (i + 1) * height / tiles;
          float *to = y + top * n + column;
          int starts = bias && first == 0;
          tile t = {
              x + top * width + first, width, words, panel, starts ? bias + column : to, starts ? 0 : n, to, n,
              lanes(n - column), n - column > 16 ? lanes(n - column - 16) : 0, scales + top};
          multiply(end - top, &t);
        }
        panel += (shape.header_words + words * PANEL) * 4;
      }
    }
  }
}

static void bfloat16_product(
    ck_in x, const void *packed, const float *bias, ck_out y, size_t rows, size_t k, size_t n, void *scratch) {
  bfloat16_rows(x, rows, k, scratch);
  product_of_words(in_pairs, bfloat16_tile, scratch, scratch, packed, bias, y, rows, k, n);
}

static void int8_product(
    ck_in x, const void *packed, const float *bias, ck_out y, size_t rows, size_t k, size_t n, void *scratch) {
  row_scale *scales = (row_scale *)((uint32_t *)scratch + rows * words_of(in_quads, k));
  int8_rows(x, rows, k, scratch, scales);
  product_of_words(in_quads, int8_tile, scratch, scales, packed, bias, y, rows, k, n);
}

#pragma clang attribute pop

static const ck_reduced table_bfloat16 = {
    bfloat16_packed_bytes, bfloat16_pack, bfloat16_scratch_bytes, bfloat16_product};
static const ck_reduced table_int8 = {int8_packed_bytes, int8_pack, int8_scratch_bytes, int8_product};

const ck_reduced *ck_bfloat16(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16") ? &table_bfloat16 : 0;
}

const ck_reduced *ck_int8(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vnni") ? &table_int8 : 0;
}
#else
const ck_reduced *ck_bfloat16(void) { return 0; }

const ck_reduced *ck_int8(void) { return 0; }
#endif
