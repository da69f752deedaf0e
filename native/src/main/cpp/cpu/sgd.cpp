// SGD with momentum over n parameters:  d = g + weight_decay p;  m' = momentum m + d;
// p' = p - lr (nesterov ? d + momentum m' : m').  Reads p, m, g, writes p', m': 20 n bytes at least.
#include "cpu/clones.h"
#include "cpu/parallel.h"

namespace {

EIDER_CLONES void sgd_range(int64_t begin, int64_t end, float lr, float momentum, float weight_decay, bool nesterov,
                            const float* p, const float* m, const float* g, float* p_next, float* m_next) {
  EIDER_SIMD for (int64_t i = begin; i < end; ++i) {
    const float d = g[i] + weight_decay * p[i];
    const float velocity = momentum * m[i] + d;
    const float step = nesterov ? d + momentum * velocity : velocity;
    p_next[i] = p[i] - lr * step;
    m_next[i] = velocity;
  }
}

}  // namespace

int eider_sgd_f32(int64_t n, const float* learning_rate, float momentum, float weight_decay, int nesterov,
                  const float* p, const float* m, const float* g, float* p_next, float* m_next) {
  if (n < 0) return 1;
  const float lr = n > 0 ? learning_rate[0] : 0.0f;
  eider::parallel_elements(n, [=](int64_t begin, int64_t end) {
    sgd_range(begin, end, lr, momentum, weight_decay, nesterov != 0, p, m, g, p_next, m_next);
  });
  return 0;
}
