// cuBLAS: the product against a reference, and what is refused.
#include "standin/cublas.h"

#include "standin/testing.h"

namespace {

using namespace check;

struct Handle {
  cublasHandle_t handle = nullptr;
  Handle() { succeeds(cublasCreate_v2(&handle), "cublasCreate"); }
  operator cublasHandle_t() const { return handle; }
};

// m, n, k and by how much the leading dimensions exceed the rows.
struct Shape {
  int m, n, k, extra;
};

double element(const Floats& matrix, bool transposed, int leading, int row, int column) {
  return transposed ? matrix[size_t(row * leading + column)] : matrix[size_t(column * leading + row)];
}

void product(const Shape& s, int transpose_a, int transpose_b, float alpha, float beta) {
  const bool a_turned = transpose_a != CUBLAS_OP_N, b_turned = transpose_b != CUBLAS_OP_N;
  const int lda = (a_turned ? s.k : s.m) + s.extra, ldb = (b_turned ? s.n : s.k) + s.extra, ldc = s.m + s.extra;
  const Floats a = normal(lda * (a_turned ? s.m : s.k)), b = normal(ldb * (b_turned ? s.k : s.n));
  const Floats before = beta == 0 ? Floats(size_t(ldc * s.n), NAN) : normal(ldc * s.n);
  const DeviceFloats da(a), db(b), dc(before);
  const Handle handle;
  succeeds(cublasSgemm_v2(handle, transpose_a, transpose_b, s.m, s.n, s.k, &alpha, da, lda, db, ldb, &beta, dc, ldc),
           "cublasSgemm");
  const Floats c = dc.host();
  for (int j = 0; j < s.n; ++j) {
    for (int i = 0; i < ldc; ++i) {
      const size_t at = size_t(j * ldc + i);
      double expected = beta == 0 ? 0 : double(beta) * double(before[at]);
      for (int l = 0; i < s.m && l < s.k; ++l) {
        expected += alpha * element(a, a_turned, lda, i, l) * element(b, b_turned, ldb, l, j);
      }
      if (i >= s.m) expected = before[at];
      near(c[at], expected, kEps * (1 + std::abs(expected)), "element");
    }
  }
}

void products() {
  for (int transpose_a : {CUBLAS_OP_N, CUBLAS_OP_T, CUBLAS_OP_C}) {
    for (int transpose_b : {CUBLAS_OP_N, CUBLAS_OP_T, CUBLAS_OP_C}) {
      for (const Shape& shape : {Shape{1, 1, 1, 0}, Shape{5, 3, 7, 0}, Shape{4, 9, 2, 3}, Shape{33, 17, 20, 1}}) {
        product(shape, transpose_a, transpose_b, 1, 0);
        product(shape, transpose_a, transpose_b, -0.5f, 2);
      }
    }
  }
}

void nothing_to_do() {
  const Handle handle;
  const DeviceFloats x(Floats(4, 1));
  const float one = 1, two = 2;
  succeeds(cublasSgemm_v2(handle, 0, 0, 0, 2, 2, &one, x, 2, x, 2, &one, x, 2), "no rows");
  succeeds(cublasSgemm_v2(handle, 0, 0, 2, 2, 0, &one, nullptr, 2, nullptr, 1, &two, x, 2), "nothing to sum");
  that(x.host() == Floats(4, 2), "beta times what was there");
}

void refusals() {
  const Handle handle;
  const DeviceFloats a(16), b(16), c(16);
  const float one = 1, zero = 0;
  const auto gemm = [&](int ta, int tb, int m, int n, int k, int lda, int ldb, int ldc) {
    return cublasSgemm_v2(handle, ta, tb, m, n, k, &one, a, lda, b, ldb, &zero, c, ldc);
  };
  constexpr int kRefused = CUBLAS_STATUS_INVALID_VALUE;
  succeeds(gemm(0, 0, 2, 3, 4, 2, 4, 2), "a product");
  is(gemm(0, 0, 2, 3, 4, 1, 4, 2), kRefused, "lda below m");
  is(gemm(1, 0, 2, 3, 4, 3, 4, 2), kRefused, "lda below k");
  is(gemm(0, 0, 2, 3, 4, 2, 3, 2), kRefused, "ldb below k");
  is(gemm(0, 1, 2, 3, 4, 2, 2, 2), kRefused, "ldb below n");
  is(gemm(0, 0, 2, 3, 4, 2, 4, 1), kRefused, "ldc below m");
  is(gemm(0, 0, 2, 0, 0, 2, 0, 2), kRefused, "ldb of 0");
  is(gemm(3, 0, 2, 3, 4, 2, 4, 2), kRefused, "no operation");
  is(gemm(0, 0, -1, 3, 4, 2, 4, 2), kRefused, "m below 0");
  is(cublasSgemm_v2(handle, 0, 0, 2, 2, 2, nullptr, a, 2, b, 2, &zero, c, 2), kRefused, "no alpha");
  is(cublasSgemm_v2(handle, 0, 0, 2, 2, 2, &one, nullptr, 2, b, 2, &zero, c, 2), kRefused, "no matrix");
  is(cublasSgemm_v2(handle, 0, 0, 2, 2, 2, &one, c + 1, 2, b, 2, &zero, c, 2), kRefused, "overlapping");
  is(cublasSetMathMode(handle, 7), kRefused, "no math mode");
  is(cublasSetWorkspace_v2(handle, a + 1, 4), kRefused, "an unaligned workspace");
  is(cublasSetStream_v2(handle, reinterpret_cast<cudaStream_t>(handle.handle)), kRefused, "no stream");
  succeeds(cublasDestroy_v2(handle), "cublasDestroy");
  is(cublasDestroy_v2(handle), CUBLAS_STATUS_NOT_INITIALIZED, "destroyed twice");
  is(gemm(0, 0, 2, 3, 4, 2, 4, 2), CUBLAS_STATUS_NOT_INITIALIZED, "destroyed");
  that(cublasGetStatusString(kRefused) == std::string("an invalid value was used as an argument"), "a text");
  that(cublasGetStatusName(kRefused) == std::string("CUBLAS_STATUS_INVALID_VALUE"), "a name");
}

void beyond_the_matrix() {
  const Handle handle;
  const DeviceFloats a(4), b(4), c(3);
  const float one = 1, zero = 0;
  succeeds(cublasSgemm_v2(handle, 0, 0, 2, 2, 2, &one, a, 2, b, 2, &zero, c, 2), "the call");
  is(cudaDeviceSynchronize(), cudaErrorIllegalAddress, "the synchronisation");
  is(cublasSgemm_v2(handle, 0, 0, 2, 2, 2, &one, a, 2, b, 2, &zero, c, 2), CUBLAS_STATUS_EXECUTION_FAILED,
     "a call on a lost device");
}

void in_its_stream() {
  const Handle handle;
  const cudaStream_t stream = new_stream();
  const DeviceFloats a(Floats{2}), c(Floats{0}), workspace(Floats(64, 5));
  const float one = 1, zero = 0;
  const auto gemm = [&] {
    succeeds(cublasSgemm_v2(handle, 0, 0, 1, 1, 1, &one, a, 1, a, 1, &zero, c, 1), "cublasSgemm");
  };
  succeeds(cublasSetStream_v2(handle, stream), "cublasSetStream");
  succeeds(cublasSetWorkspace_v2(handle, workspace, 64), "cublasSetWorkspace");
  gemm();
  that(c.host() == Floats{0}, "it waits in its stream");
  succeeds(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  that(c.host() == Floats{4}, "and then runs");
  that(std::isnan(workspace.host()[15]) && workspace.host()[16] == 5, "in its workspace");
  succeeds(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
  gemm();
  gemm();
  cudaGraph_t graph = nullptr;
  size_t nodes = 0;
  succeeds(cudaStreamEndCapture(stream, &graph), "cudaStreamEndCapture");
  succeeds(cudaGraphGetNodes(graph, nullptr, &nodes), "cudaGraphGetNodes");
  that(nodes == 2, "it is captured");
}

void tf32() {
  const Handle handle;
  const float fine = 1 + 0x1p-13f, one = 1, zero = 0;
  const DeviceFloats a(Floats{fine}), b(Floats{one}), c(Floats{0});
  const auto product = [&](int mode) {
    succeeds(cublasSetMathMode(handle, mode), "cublasSetMathMode");
    succeeds(cublasSgemm_v2(handle, 0, 0, 1, 1, 1, &one, a, 1, b, 1, &zero, c, 1), "cublasSgemm");
    return c.host()[0];
  };
  that(product(CUBLAS_DEFAULT_MATH) == fine, "f32 by default");
  that(product(CUBLAS_PEDANTIC_MATH) == fine, "f32 of a pedant");
  that(product(CUBLAS_TF32_TENSOR_OP_MATH) == one, "TF32 where it is asked for");
}

}  // namespace

int main() {
  in_process("products", products);
  in_process("nothing to do", nothing_to_do);
  in_process("refusals", refusals);
  in_process("beyond the matrix", beyond_the_matrix);
  in_process("in its stream", in_its_stream);
  in_process("TF32", tf32);
  return report();
}
