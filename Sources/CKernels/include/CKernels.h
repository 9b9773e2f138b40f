// Elementwise and banded loops over float32, one build per instruction set behind a table of function pointers.
//
// Matrices are row-major. `rows` and `columns` count elements, strides count floats between rows. Gradients are added
// to what `d*` output arguments hold, unless a comment says otherwise.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef float *_Nonnull ck_out;
typedef const float *_Nonnull ck_in;

typedef struct {
  const char *_Nonnull name;

  // y = x + z, and y += a * x, y = a * x
  void (*_Nonnull add)(ck_in x, ck_in z, ck_out y, size_t count);
  void (*_Nonnull add_scaled)(float a, ck_in x, ck_out y, size_t count);
  void (*_Nonnull scale)(float a, ck_in x, ck_out y, size_t count);
  // y[r, c] *= factors[r]
  void (*_Nonnull scale_rows)(ck_in factors, ck_out y, size_t stride, size_t rows, size_t columns);
  // y[c, r] = x[r, c]
  void (*_Nonnull transpose)(ck_in x, ck_out y, size_t rows, size_t columns);
  // y[r, c] = (x[r, c] - mean[c]) * factor[c] clipped to -bound ... bound, where factor 0 gives 0
  void (*_Nonnull standardise)(
      ck_in x, ck_in mean, ck_in factor, float bound, ck_out y, size_t rows, size_t columns);
  // dbias[c] += sum over rows of dy[r, c]
  void (*_Nonnull sum_rows)(ck_in dy, ck_out dbias, size_t rows, size_t columns);

  // y = max(x, 0); gelu with erf; gelu with tanh; y = sigmoid(gate) * x
  void (*_Nonnull relu)(ck_in x, ck_out y, size_t count);
  void (*_Nonnull relu_backward)(ck_in x, ck_in dy, ck_out dx, size_t count);
  void (*_Nonnull gelu_erf)(ck_in x, ck_out y, size_t count);
  void (*_Nonnull gelu_erf_backward)(ck_in x, ck_in dy, ck_out dx, size_t count);
  void (*_Nonnull gelu_tanh)(ck_in x, ck_out y, size_t count);
  void (*_Nonnull gelu_tanh_backward)(ck_in x, ck_in dy, ck_out dx, size_t count);
  void (*_Nonnull sigmoid_gate)(ck_in gate, ck_in x, ck_out y, size_t count);
  void (*_Nonnull sigmoid_gate_backward)(ck_in gate, ck_in x, ck_in dy, ck_out dgate, ck_out dx, size_t count);

  // y = scale * ((x - mean) * rdev * weight + bias); mean and rdev (1 / sqrt(variance + epsilon)) are kept per row.
  void (*_Nonnull layer_norm)(
      ck_in x, ck_in weight, ck_in bias, float epsilon, float scale, ck_out y, ck_out mean, ck_out rdev, size_t rows,
      size_t columns);
  void (*_Nonnull layer_norm_backward)(
      ck_in x, ck_in weight, ck_in mean, ck_in rdev, float scale, ck_in dy, ck_out dx, ck_out dweight, ck_out dbias,
      size_t rows, size_t columns);

  // Inverted dropout: y = x / (1 - p) where the draw of (key, first + i) keeps element i, else 0.
  void (*_Nonnull dropout)(ck_in x, float p, uint64_t key, uint64_t first, ck_out y, size_t count);
  void (*_Nonnull dropout_backward)(ck_in dy, float p, uint64_t key, uint64_t first, ck_out dx, size_t count);

  // y[r] = sum over c of x[r, c] * vector[c]
  void (*_Nonnull row_dots)(ck_in x, size_t stride, ck_in vector, ck_out y, size_t rows, size_t columns);
  // dx[r, c] += dy[r] * vector[c]; dvector[c] += sum over r of dy[r] * x[r, c]
  void (*_Nonnull row_dots_backward)(
      ck_in x, size_t stride, ck_in vector, ck_in dy, ck_out dx, size_t dx_stride, ck_out dvector, size_t rows,
      size_t columns);

  // In place on `scores` [rows, stride]: running softmax over blocks of columns. `high` and `total` [rows] carry each
  // row's maximum and sum so far; `rescale` [rows] receives the factor for what was summed before this block.
  void (*_Nonnull running_softmax)(
      ck_out scores, size_t stride, ck_out high, ck_out total, ck_out rescale, size_t rows, size_t columns);
  // scores = exp(scores - log_total[r])
  void (*_Nonnull exp_rows)(ck_out scores, size_t stride, ck_in log_total, size_t rows, size_t columns);
  // The gradient of a softmax, rows packed: dscores = weights * (dweights - inner[r]), where inner is each row's
  // sum of weights * dweights; dscores is overwritten and may be dweights.
  void (*_Nonnull softmax_gradient)(
      ck_in weights, ck_in dweights, ck_in inner, ck_out dscores, size_t rows, size_t columns);

  // Banded graphs: row i of a band [rows, 2w + 1] holds the edges to rows i - w ... i + w; relation 0 is no edge.
  // weights = softmax over the edges of leaky(left[i] + right[j] + relation_score[relation]); 0 where there is no edge.
  void (*_Nonnull band_softmax)(
      ck_in left, ck_in right, ck_in relation_score, const uint8_t *_Nonnull relation, float slope, size_t window,
      ck_out weights, size_t rows);
  void (*_Nonnull band_softmax_backward)(
      ck_in left, ck_in right, ck_in relation_score, const uint8_t *_Nonnull relation, float slope, size_t window,
      ck_in weights, ck_in dweights, ck_out dleft, ck_out dright, ck_out drelation_score, size_t rows);
  // y[i] = sum over k of weights[i, k] * x[i + k - w]; y is overwritten.
  void (*_Nonnull band_product)(
      ck_in weights, ck_in x, size_t window, ck_out y, size_t rows, size_t columns);
  // dx[j] += sum over i of weights[i, j] * dy[i]
  void (*_Nonnull band_product_transposed)(
      ck_in weights, ck_in dy, size_t window, ck_out dx, size_t rows, size_t columns);
  // dweights[i, k] += dy[i] . x[i + k - w], where relation[i, k] is an edge
  void (*_Nonnull band_dots)(
      ck_in dy, ck_in x, const uint8_t *_Nonnull relation, size_t window, ck_out dweights, size_t rows,
      size_t columns);

  // Standard normal draws: element i is a function of (key, first + i) alone.
  void (*_Nonnull standard_normal)(uint64_t key, uint64_t first, ck_out y, size_t count);

  // labels[r] = the first class with the greatest sum over terms of weights[t] * terms[t][c, r]. Terms are class-major,
  // [classes, rows]; terms are added in order, every build of these loops giving the same bytes.
  void (*_Nonnull sum_labels)(
      const float *_Nonnull const *_Nonnull terms, ck_in weights, size_t count, size_t rows, size_t classes,
      int32_t *_Nonnull labels);

  // One Adam step with coupled L2: g += l2 * w; m, v moments; w -= rate * m' / (sqrt(v') + epsilon).
  void (*_Nonnull adam)(
      ck_out weight, ck_in gradient, ck_out first_moment, ck_out second_moment, float rate, double beta1, double beta2,
      float correction1, float correction2, float epsilon, float l2, size_t count);

  // Weights [k, n], element (r, c) at r * row_stride + c * column_stride, laid out for packed_product; floats that the
  // layout takes.
  size_t (*_Nonnull packed_count)(size_t k, size_t n);
  void (*_Nonnull pack)(ck_in w, size_t row_stride, size_t column_stride, size_t k, size_t n, ck_out packed);
  // y[rows, n] = x[rows, k] w + bias[n], or y += x w without a bias, where a row's result does not depend on the other
  // rows, to the last bit.
  void (*_Nonnull packed_product)(
      ck_in x, size_t x_stride, ck_in packed, const float *_Nullable bias, ck_out y, size_t y_stride, size_t rows,
      size_t k, size_t n);
} ck_kernels;

/// How many builds this processor can run: variant 0 is the baseline, higher ones need more of the processor.
int ck_variant_count(void);

/// The table of a variant, 0 ..< ck_variant_count().
const ck_kernels *_Nonnull ck_variant(int variant);

/// Products in a reduced precision, whose instructions not every processor has.
typedef struct {
  // Weights [k, n], row-major, laid out for product; bytes that the layout takes.
  size_t (*_Nonnull packed_bytes)(size_t k, size_t n);
  void (*_Nonnull pack)(ck_in w, size_t k, size_t n, void *_Nonnull packed);
  // Bytes of memory that product works in.
  size_t (*_Nonnull scratch_bytes)(size_t rows, size_t k);
  // As packed_product.
  void (*_Nonnull product)(
      ck_in x, const void *_Nonnull packed, const float *_Nullable bias, ck_out y, size_t rows, size_t k, size_t n,
      void *_Nonnull scratch);
} ck_reduced;

/// Factors rounded to bfloat16, added in single precision; null where the processor has no AVX512_BF16.
const ck_reduced *_Nullable ck_bfloat16(void);

/// Weights in 8 bits with a scale a column, rows in 8 bits with a scale and a zero each, added as integers; null where the
/// processor has no AVX512_VNNI.
const ck_reduced *_Nullable ck_int8(void);
