// cuBLAS: handles, and the product of two matrices.
#include "standin/cublas.h"

#include <algorithm>
#include <cstring>

#include "standin/arithmetic.h"
#include "standin/call.h"

using namespace standin;

namespace {

struct Handle {
  cudaStream_t stream = nullptr;
  int math = CUBLAS_DEFAULT_MATH;
  Bytes workspace = {nullptr, 0};
};

Objects<Handle, cublasHandle_t>& handles() {
  static auto& the = *new OfEachDevice<Objects<Handle, cublasHandle_t>>;
  return the.current();
}

template <class Body, class... Arguments>
int blas_function(const Function& function, cublasHandle_t handle, const Body& body, const Arguments&... arguments) {
  return call(
      function,
      [&](Device& device) -> int {
        Handle* const found = handles().find(handle);
        return found == nullptr ? CUBLAS_STATUS_NOT_INITIALIZED : body(device, *found);
      },
      handle, arguments...);
}

template <class Body, class... Arguments>
int blas_call(const char* name, cublasHandle_t handle, const Body& body, const Arguments&... arguments) {
  return blas_function({name, CUBLAS_STATUS_EXECUTION_FAILED, CUBLAS_STATUS_EXECUTION_FAILED}, handle, body,
                       arguments...);
}

bool known(int operation) { return operation >= CUBLAS_OP_N && operation <= CUBLAS_OP_C; }

// An argument of the product: column-major, before its transposition.
struct Matrix {
  const float* data;
  int64_t rows, columns, leading;

  bool possible() const { return leading >= std::max<int64_t>(1, rows); }
  Bytes bytes() const {
    return {data, rows == 0 || columns == 0 ? 0 : size_t((columns - 1) * leading + rows) * sizeof(float)};
  }
};

struct Product {
  Matrix a, b, c;
  bool transpose_a, transpose_b, reduced;
  float alpha, beta;
  int64_t k;
  Bytes workspace;
};

EIDER_CLONES void multiply(const Product& p, const float* a_columns, double* sums, float* c) {
  const int64_t m = p.c.rows;
  for (int64_t j = 0; j < p.c.columns; ++j) {
    std::fill(sums, sums + m, 0.0);
    for (int64_t l = 0; l < p.k; ++l) {
      const float b = p.transpose_b ? p.b.data[l * p.b.leading + j] : p.b.data[j * p.b.leading + l];
      add_scaled(m, p.reduced ? tf32(b) : b, a_columns + l * m, sums);
    }
    for (int64_t i = 0; i < m; ++i) {
      float* const to = c + j * p.c.leading + i;
      *to = blended(sums[i], p.alpha, p.beta, to);
    }
  }
}

int run(const Product& p) {
  const DeviceMemory& memory = Device::current().memory;
  for (const Matrix* matrix : {&p.a, &p.b, &p.c}) {
    if (matrix->bytes().size > 0 && !memory.holds(matrix->bytes())) return cudaErrorIllegalAddress;
  }
  if (p.workspace.size > 0) {
    if (!memory.holds(p.workspace)) return cudaErrorIllegalAddress;
    std::memset(const_cast<void*>(p.workspace.begin), 0xff, p.workspace.size);
  }
  std::vector<float> columns(size_t(p.c.rows * p.k));
  for (int64_t l = 0; l < p.k; ++l) {
    for (int64_t i = 0; i < p.c.rows; ++i) {
      const float a = p.transpose_a ? p.a.data[i * p.a.leading + l] : p.a.data[l * p.a.leading + i];
      columns[size_t(l * p.c.rows + i)] = p.reduced ? tf32(a) : a;
    }
  }
  std::vector<double> sums(size_t(p.c.rows));
  multiply(p, columns.data(), sums.data(), const_cast<float*>(p.c.data));
  return cudaSuccess;
}

struct Status {
  int code;
  const char *name, *text;
};

constexpr Status kStatuses[] = {
    {CUBLAS_STATUS_SUCCESS, "CUBLAS_STATUS_SUCCESS", "success"},
    {CUBLAS_STATUS_NOT_INITIALIZED, "CUBLAS_STATUS_NOT_INITIALIZED", "the library was not initialized"},
    {CUBLAS_STATUS_ALLOC_FAILED, "CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    {CUBLAS_STATUS_INVALID_VALUE, "CUBLAS_STATUS_INVALID_VALUE", "an invalid value was used as an argument"},
    {CUBLAS_STATUS_EXECUTION_FAILED, "CUBLAS_STATUS_EXECUTION_FAILED", "the function failed to launch on the GPU"},
    {CUBLAS_STATUS_NOT_SUPPORTED, "CUBLAS_STATUS_NOT_SUPPORTED", "the function is not supported"}};

const Status& status_of(int code) {
  static constexpr Status kNone = {0, "unknown status", "unknown status"};
  for (const Status& status : kStatuses) {
    if (status.code == code) return status;
  }
  return kNone;
}

}  // namespace

int cublasCreate_v2(cublasHandle_t* handle) {
  return call(
      {__func__, CUBLAS_STATUS_ALLOC_FAILED, CUBLAS_STATUS_NOT_INITIALIZED},
      [&](Device& device) -> int {
        if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
        if (device.unsafe() != cudaSuccess) return CUBLAS_STATUS_ALLOC_FAILED;
        handles().create(handle);
        return CUBLAS_STATUS_SUCCESS;
      },
      out(handle));
}

int cublasDestroy_v2(cublasHandle_t handle) {
  const Function function = {__func__, CUBLAS_STATUS_EXECUTION_FAILED, CUBLAS_STATUS_EXECUTION_FAILED, true};
  return blas_function(function, handle, [&](Device& device, Handle&) -> int {
    const int status = device.wait_for_all();
    handles().destroy(handle);
    return status == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
  });
}

int cublasGetVersion_v2(cublasHandle_t, int* version) {
  *version = 130200;
  return CUBLAS_STATUS_SUCCESS;
}

int cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  return blas_call(
      __func__, handle,
      [&](Device& device, Handle& found) -> int {
        if (device.stream(stream) == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
        // As cuBLAS does, back to a workspace of its own.
        found = {stream, found.math, {nullptr, 0}};
        return CUBLAS_STATUS_SUCCESS;
      },
      stream);
}

int cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, size_t bytes) {
  return blas_call(
      __func__, handle,
      [&](Device&, Handle& found) -> int {
        if ((workspace == nullptr) != (bytes == 0) || reinterpret_cast<uintptr_t>(workspace) % 256 != 0) {
          return CUBLAS_STATUS_INVALID_VALUE;
        }
        found.workspace = {workspace, bytes};
        return CUBLAS_STATUS_SUCCESS;
      },
      workspace, bytes);
}

int cublasSetMathMode(cublasHandle_t handle, int mode) {
  return blas_call(
      __func__, handle,
      [&](Device&, Handle& found) -> int {
        if (mode < CUBLAS_DEFAULT_MATH || mode > CUBLAS_TF32_TENSOR_OP_MATH) return CUBLAS_STATUS_INVALID_VALUE;
        found.math = mode;
        return CUBLAS_STATUS_SUCCESS;
      },
      mode);
}

int cublasSgemm_v2(cublasHandle_t handle, int transpose_a, int transpose_b, int m, int n, int k, const float* alpha,
                   const float* a, int lda, const float* b, int ldb, const float* beta, float* c, int ldc) {
  return blas_call(
      __func__, handle,
      [&](Device& device, Handle& found) -> int {
        if (!known(transpose_a) || !known(transpose_b) || m < 0 || n < 0 || k < 0) return CUBLAS_STATUS_INVALID_VALUE;
        const bool a_turned = transpose_a != CUBLAS_OP_N, b_turned = transpose_b != CUBLAS_OP_N;
        const Matrix left = {a, a_turned ? k : m, a_turned ? m : k, lda};
        const Matrix right = {b, b_turned ? n : k, b_turned ? k : n, ldb};
        const Matrix result = {c, m, n, ldc};
        if (!left.possible() || !right.possible() || !result.possible()) return CUBLAS_STATUS_INVALID_VALUE;
        if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
        if (alpha == nullptr || beta == nullptr || c == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
        if (k > 0 && (a == nullptr || b == nullptr)) return CUBLAS_STATUS_INVALID_VALUE;
        if (result.bytes().overlap(left.bytes()) || result.bytes().overlap(right.bytes())) {
          return CUBLAS_STATUS_INVALID_VALUE;
        }
        const bool reduced = found.math == CUBLAS_TENSOR_OP_MATH || found.math == CUBLAS_TF32_TENSOR_OP_MATH;
        const Product product = {left, right, result, a_turned, b_turned, reduced, *alpha, *beta, k, found.workspace};
        const int status = submit_kernel(device, found.stream, [product] { return run(product); });
        return status == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
      },
      transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc);
}

const char* cublasGetStatusName(int status) { return status_of(status).name; }
const char* cublasGetStatusString(int status) { return status_of(status).text; }
