// Runs a kernel's PTX as the body of one emulated CUDA thread: what nvcc made of it, instruction by instruction, with
// the emulator's barriers, shuffles and shared arrays. Device memory is host memory, so AddressSanitizer guards what
// the PTX reads and writes. Arithmetic is IEEE's, as on the device: the bits are the device's.
#ifndef EIDER_TEST_PTX_INTERPRETER_H
#define EIDER_TEST_PTX_INTERPRETER_H

#include <cmath>
#include <cstring>
#include <unordered_map>

#include "cuda/emulator.h"
#include "cuda/ptx/module.h"

namespace ptx {

// Shared memory is a window of its own: its arrays lie far apart in it, so that a place says whose it is.
constexpr int kArrayBits = 24;

struct Thread {
  const Kernel& kernel;
  const char* parameters;
  std::vector<uint64_t> registers;
  std::vector<char*> shared;
  int next = 0;
  bool running = true;

  uint64_t value(const Operand& o) const {
    switch (o.kind) {
      case Operand::kRegister:
        return registers[o.index] + o.value;
      case Operand::kParameter:
        return reinterpret_cast<uint64_t>(parameters) + o.value;
      case Operand::kShared:
        return (uint64_t(o.index + 1) << kArrayBits) + o.value;
      case Operand::kSpecial:
        return special(o.index);
      default:
        return o.value;
    }
  }

  template <class T>
  T get(const Operand& o) const {
    const uint64_t bits = value(o);
    T result;
    std::memcpy(&result, &bits, sizeof(T));
    return result;
  }
  template <class T>
  void set(const Operand& o, T result) {
    uint64_t bits = 0;
    std::memcpy(&bits, &result, sizeof(T));
    registers[o.index] = bits;
  }

  // Of a place in the window.
  char* shared_place(uint64_t at) const {
    const uint64_t array = ((at & 0xffffffffu) >> kArrayBits) - 1;
    if (array >= shared.size()) emulator::Block::current->fail("an access outside of shared memory");
    return shared[array] + (at & ((1u << kArrayBits) - 1));
  }

 private:
  static uint64_t special(int index) {
    const dim3* const of[] = {&threadIdx, &blockDim, &blockIdx, &gridDim};
    const dim3& d = *of[index / 3];
    return index % 3 == 0 ? d.x : index % 3 == 1 ? d.y : d.z;
  }
};

using Operands = std::vector<Operand>;
using Action = void (*)(Thread&, const Operands&);

// ---- what instructions do, by the types they name ----

template <class T, class F>
void unary(Thread& t, const Operands& o) {
  t.set(o[0], T(F()(t.get<T>(o[1]))));
}
template <class T, class F>
void binary(Thread& t, const Operands& o) {
  t.set(o[0], T(F()(t.get<T>(o[1]), t.get<T>(o[2]))));
}
template <class T, class F>
void compare(Thread& t, const Operands& o) {
  t.set(o[0], uint8_t(F()(t.get<T>(o[1]), t.get<T>(o[2]))));
}
template <class T>
void fused(Thread& t, const Operands& o) {
  t.set(o[0], std::fma(t.get<T>(o[1]), t.get<T>(o[2]), t.get<T>(o[3])));
}
template <class T>
void move(Thread& t, const Operands& o) {
  t.set(o[0], t.get<T>(o[1]));
}
template <class T>
void select(Thread& t, const Operands& o) {
  t.set(o[0], t.get<uint8_t>(o[3]) != 0 ? t.get<T>(o[1]) : t.get<T>(o[2]));
}
template <class To, class From>
void convert(Thread& t, const Operands& o) {
  t.set(o[0], To(t.get<From>(o[1])));
}
template <class Narrow, class Wide>
void multiply_wide(Thread& t, const Operands& o) {
  t.set(o[0], Wide(Wide(t.get<Narrow>(o[1])) * Wide(t.get<Narrow>(o[2]))));
}
template <class T>
void multiply_add(Thread& t, const Operands& o) {
  t.set(o[0], T(t.get<T>(o[1]) * t.get<T>(o[2]) + t.get<T>(o[3])));
}

// Loads are widened to their register as the type says.
template <class T>
void put_loaded(Thread& t, const Operand& to, T x) {
  if constexpr (std::is_signed_v<T> && std::is_integral_v<T>) {
    t.set(to, int64_t(x));
  } else {
    t.set(to, x);
  }
}
template <class T, int kCount, class Place>
void load(Thread& t, const Operands& o) {
  const char* from = Place()(t, t.value(o[kCount]));
  emulator::check_aligned(from, kCount * sizeof(T));
  const T* const x = reinterpret_cast<const T*>(from);
  T values[kCount];
  for (int i = 0; i < kCount; ++i) values[i] = x[i];
  for (int i = 0; i < kCount; ++i) put_loaded(t, o[i], values[i]);
}
template <class T, int kCount, class Place>
void store(Thread& t, const Operands& o) {
  char* to = Place()(t, t.value(o[0]));
  emulator::check_aligned(to, kCount * sizeof(T));
  for (int i = 0; i < kCount; ++i) reinterpret_cast<T*>(to)[i] = t.get<T>(o[1 + i]);
}

struct Anywhere {
  char* operator()(const Thread&, uint64_t at) const { return reinterpret_cast<char*>(at); }
};
struct InShared {
  char* operator()(const Thread& t, uint64_t at) const { return t.shared_place(at); }
};

#define EIDER_PTX_FUNCTION(name, formula) \
  struct name {                           \
    template <class T>                    \
    auto operator()(T a, T b) const {     \
      return formula;                     \
    }                                     \
  }
EIDER_PTX_FUNCTION(Plus, T(a + b));
EIDER_PTX_FUNCTION(Minus, T(a - b));
EIDER_PTX_FUNCTION(Times, T(a* b));
EIDER_PTX_FUNCTION(Over, T(a / b));
EIDER_PTX_FUNCTION(Remainder, T(a % b));
EIDER_PTX_FUNCTION(And, T(a& b));
EIDER_PTX_FUNCTION(Or, T(a | b));
EIDER_PTX_FUNCTION(Xor, T(a ^ b));
EIDER_PTX_FUNCTION(Least, b < a ? b : a);
EIDER_PTX_FUNCTION(Most, b > a ? b : a);
// The number, where one is none; 0 is larger than -0.
EIDER_PTX_FUNCTION(MostNumber, a != a ? b : b != b ? a : a == b ? (std::signbit(a) ? b : a) : a > b ? a : b);
EIDER_PTX_FUNCTION(Equal, a == b);
EIDER_PTX_FUNCTION(NotEqual, a != b && a == a && b == b);
EIDER_PTX_FUNCTION(Less, a < b);
EIDER_PTX_FUNCTION(LessEqual, a <= b);
EIDER_PTX_FUNCTION(Greater, a > b);
EIDER_PTX_FUNCTION(GreaterEqual, a >= b);
EIDER_PTX_FUNCTION(NotEqualOrNan, a != b);
EIDER_PTX_FUNCTION(LessOrNan, !(a >= b));
EIDER_PTX_FUNCTION(LessEqualOrNan, !(a > b));
EIDER_PTX_FUNCTION(GreaterOrNan, !(a <= b));
EIDER_PTX_FUNCTION(GreaterEqualOrNan, !(a < b));
EIDER_PTX_FUNCTION(EqualOrNan, !(a < b || a > b));
EIDER_PTX_FUNCTION(AnyNan, a != a || b != b);
EIDER_PTX_FUNCTION(Numbers, a == a && b == b);
#undef EIDER_PTX_FUNCTION

struct Negative {
  template <class T>
  T operator()(T a) const {
    if constexpr (std::is_integral_v<T>) {
      return T(0 - std::make_unsigned_t<T>(a));
    } else {
      return -a;
    }
  }
};
struct Complement {
  template <class T>
  T operator()(T a) const {
    return T(~a);
  }
};
struct Contrary {
  template <class T>
  T operator()(T a) const {
    return a == 0;
  }
};
struct Magnitude {
  template <class T>
  T operator()(T a) const {
    return std::abs(a);
  }
};
struct Root {
  template <class T>
  T operator()(T a) const {
    return std::sqrt(a);
  }
};
struct Inverse {
  template <class T>
  T operator()(T a) const {
    return T(1) / a;
  }
};

// Shifts by the register's width or more are by all of it.
template <class T, bool kLeft>
void shift(Thread& t, const Operands& o) {
  constexpr unsigned kBits = 8 * sizeof(T);
  const T x = t.get<T>(o[1]);
  const unsigned by = t.get<uint32_t>(o[2]);
  if (kLeft) {
    t.set(o[0], T(by < kBits ? std::make_unsigned_t<T>(x) << by : 0));
  } else {
    t.set(o[0], T(by < kBits ? x >> by : x < 0 ? -1 : 0));
  }
}

// The four bytes that the selector names; of eight, b's above a's.
inline void permute(Thread& t, const Operands& o) {
  const uint64_t bytes = uint64_t(t.get<uint32_t>(o[2])) << 32 | t.get<uint32_t>(o[1]);
  const uint32_t selector = t.get<uint32_t>(o[3]);
  uint32_t result = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned which = selector >> (4 * i) & 15;
    uint32_t byte = uint32_t(bytes >> (8 * (which & 7))) & 0xff;
    if (which & 8) byte = byte & 0x80 ? 0xff : 0;
    result |= byte << (8 * i);
  }
  t.set(o[0], result);
}

// mov to two halves.
template <class Whole, class Half>
void unpack(Thread& t, const Operands& o) {
  const Whole whole = t.get<Whole>(o[2]);
  t.set(o[0], Half(whole));
  t.set(o[1], Half(whole >> (8 * sizeof(Half))));
}

inline void barrier(Thread&, const Operands&) { __syncthreads(); }
inline void warp_barrier(Thread& t, const Operands& o) { __syncwarp(t.get<uint32_t>(o[0])); }
// Operands: result, whether the lane exists, value, distance, clamp, mask.
inline void shuffle_across(Thread& t, const Operands& o) {
  const uint32_t taken = __shfl_xor_sync(t.get<uint32_t>(o[5]), t.get<uint32_t>(o[2]), int(t.get<uint32_t>(o[3])));
  t.set(o[0], taken);
  t.set(o[1], uint8_t(1));
}
inline void atomic_max(Thread& t, const Operands& o) {
  auto* const at = reinterpret_cast<unsigned long long*>(t.value(o[1]));
  t.set(o[0], uint64_t(atomicMax(at, t.get<unsigned long long>(o[2]))));
}
inline void shared_to_generic(Thread& t, const Operands& o) {
  t.set(o[0], reinterpret_cast<uint64_t>(t.shared_place(t.value(o[1]))));
}
inline void finish(Thread& t, const Operands&) { t.running = false; }

// ---- the instructions by name ----

class Actions {
 public:
  Actions() {
    integers<int32_t, uint32_t>("32");
    integers<int64_t, uint64_t>("64");
    floats<float>("f32");
    floats<double>("f64");
    logic<uint16_t>("b16");
    logic<uint32_t>("b32");
    logic<uint64_t>("b64");
    logic<uint8_t>("pred");
    table_["not.pred"] = unary<uint8_t, Contrary>;
    compare_all<int16_t>("s16");
    compare_all<uint16_t>("u16");
    memory<Anywhere>("global");
    memory<Anywhere>("param");
    memory<InShared>("shared");
    for (const char* type : {"u32", "s32", "b32", "f32"}) {
      table_[std::string("mov.") + type] = move<uint32_t>;
      table_[std::string("selp.") + type] = select<uint32_t>;
    }
    for (const char* type : {"u64", "s64", "b64", "f64"}) {
      table_[std::string("mov.") + type] = move<uint64_t>;
      table_[std::string("selp.") + type] = select<uint64_t>;
    }
    table_["mov.u16"] = table_["mov.b16"] = move<uint16_t>;
    table_["mov.pred"] = move<uint8_t>;
    table_["mul.wide.u32"] = multiply_wide<uint32_t, uint64_t>;
    table_["mul.wide.s32"] = multiply_wide<int32_t, int64_t>;
    table_["max.f32"] = binary<float, MostNumber>;
    table_["prmt.b32"] = permute;
    table_["unpack.b32"] = unpack<uint32_t, uint16_t>;
    table_["unpack.b64"] = unpack<uint64_t, uint32_t>;
    table_["cvta.to.global.u64"] = move<uint64_t>;
    table_["cvta.shared.u64"] = shared_to_generic;
    table_["bar.sync"] = table_["barrier.sync"] = barrier;
    table_["bar.warp.sync"] = warp_barrier;
    table_["shfl.sync.bfly.b32"] = shuffle_across;
    table_["atom.global.max.u64"] = atomic_max;
    table_["ret"] = table_["exit"] = finish;
    conversions();
  }

  Action of(const Instruction& instruction) const {
    const auto found = table_.find(instruction.name);
    if (found == table_.end()) throw Error("no such instruction: " + instruction.text);
    return found->second;
  }

 private:
  template <class T>
  void compare_all(const std::string& type) {
    table_["setp.eq." + type] = compare<T, Equal>;
    table_["setp.ne." + type] = compare<T, NotEqual>;
    table_["setp.lt." + type] = compare<T, Less>;
    table_["setp.le." + type] = compare<T, LessEqual>;
    table_["setp.gt." + type] = compare<T, Greater>;
    table_["setp.ge." + type] = compare<T, GreaterEqual>;
  }

  template <class S, class U>
  void integers(const std::string& bits) {
    const auto both = [&](const std::string& name, Action with_sign, Action without) {
      table_[name + ".s" + bits] = with_sign;
      table_[name + ".u" + bits] = without;
    };
    // Wrapping around is no matter of signs.
    both("add", binary<U, Plus>, binary<U, Plus>);
    both("sub", binary<U, Minus>, binary<U, Minus>);
    both("mul.lo", binary<U, Times>, binary<U, Times>);
    both("mad.lo", multiply_add<U>, multiply_add<U>);
    both("div", binary<S, Over>, binary<U, Over>);
    both("rem", binary<S, Remainder>, binary<U, Remainder>);
    both("min", binary<S, Least>, binary<U, Least>);
    both("max", binary<S, Most>, binary<U, Most>);
    both("shr", shift<S, false>, shift<U, false>);
    table_["shr.b" + bits] = shift<U, false>;
    table_["shl.b" + bits] = shift<U, true>;
    table_["neg.s" + bits] = unary<S, Negative>;
    table_["abs.s" + bits] = unary<S, Magnitude>;
    compare_all<S>("s" + bits);
    compare_all<U>("u" + bits);
  }

  template <class T>
  void floats(const std::string& type) {
    table_["add.rn." + type] = binary<T, Plus>;
    table_["sub.rn." + type] = binary<T, Minus>;
    table_["mul.rn." + type] = binary<T, Times>;
    table_["div.rn." + type] = binary<T, Over>;
    table_["fma.rn." + type] = fused<T>;
    table_["sqrt.rn." + type] = unary<T, Root>;
    table_["rcp.rn." + type] = unary<T, Inverse>;
    table_["neg." + type] = unary<T, Negative>;
    table_["abs." + type] = unary<T, Magnitude>;
    compare_all<T>(type);
    table_["setp.neu." + type] = compare<T, NotEqualOrNan>;
    table_["setp.ltu." + type] = compare<T, LessOrNan>;
    table_["setp.leu." + type] = compare<T, LessEqualOrNan>;
    table_["setp.gtu." + type] = compare<T, GreaterOrNan>;
    table_["setp.geu." + type] = compare<T, GreaterEqualOrNan>;
    table_["setp.equ." + type] = compare<T, EqualOrNan>;
    table_["setp.nan." + type] = compare<T, AnyNan>;
    table_["setp.num." + type] = compare<T, Numbers>;
  }

  template <class T>
  void logic(const std::string& type) {
    table_["and." + type] = binary<T, And>;
    table_["or." + type] = binary<T, Or>;
    table_["xor." + type] = binary<T, Xor>;
    table_["not." + type] = unary<T, Complement>;
    table_["setp.eq." + type] = compare<T, Equal>;
    table_["setp.ne." + type] = compare<T, NotEqual>;
  }

  template <class T, class Place>
  void memory_of(const std::string& space, const std::string& type) {
    table_["ld." + space + "." + type] = load<T, 1, Place>;
    table_["st." + space + "." + type] = store<T, 1, Place>;
    table_["ld." + space + ".v2." + type] = load<T, 2, Place>;
    table_["st." + space + ".v2." + type] = store<T, 2, Place>;
    table_["ld." + space + ".v4." + type] = load<T, 4, Place>;
    table_["st." + space + ".v4." + type] = store<T, 4, Place>;
  }
  template <class Place>
  void memory(const std::string& space) {
    memory_of<uint8_t, Place>(space, "u8");
    memory_of<int8_t, Place>(space, "s8");
    memory_of<uint16_t, Place>(space, "u16");
    memory_of<int16_t, Place>(space, "s16");
    memory_of<int32_t, Place>(space, "s32");
    memory_of<int64_t, Place>(space, "s64");
    for (const char* type : {"u32", "b32", "f32"}) memory_of<uint32_t, Place>(space, type);
    for (const char* type : {"u64", "b64", "f64"}) memory_of<uint64_t, Place>(space, type);
  }

  void conversions() {
    table_["cvt.u32.u64"] = table_["cvt.s32.s64"] = convert<uint32_t, uint64_t>;
    table_["cvt.u64.u32"] = convert<uint64_t, uint32_t>;
    table_["cvt.s64.s32"] = convert<int64_t, int32_t>;
    table_["cvt.u32.u16"] = convert<uint32_t, uint16_t>;
    table_["cvt.u16.u32"] = convert<uint16_t, uint32_t>;
    table_["cvt.u16.u64"] = convert<uint16_t, uint64_t>;
    table_["cvt.u64.u16"] = convert<uint64_t, uint16_t>;
    table_["cvt.s32.s16"] = convert<int32_t, int16_t>;
    table_["cvt.s32.s8"] = convert<int32_t, int8_t>;
    table_["cvt.rn.f32.s32"] = convert<float, int32_t>;
    table_["cvt.rn.f32.u32"] = convert<float, uint32_t>;
    table_["cvt.rn.f32.s64"] = convert<float, int64_t>;
    table_["cvt.rn.f64.s64"] = convert<double, int64_t>;
    table_["cvt.rn.f64.s32"] = convert<double, int32_t>;
    table_["cvt.f64.f32"] = convert<double, float>;
    table_["cvt.rn.f32.f64"] = convert<float, double>;
  }

  std::unordered_map<std::string, Action> table_;
};

// A kernel made ready.
class Program {
 public:
  explicit Program(const Kernel& kernel) : kernel_(kernel) {
    static const Actions actions;
    for (const Instruction& i : kernel_.code) {
      const bool branch = i.name == "bra" || i.name == "bra.uni";
      actions_.push_back(branch ? nullptr : actions.of(i));
    }
  }

  const Kernel& kernel() const { return kernel_; }

  // As one thread, whose block is the current one.
  void run(const char* parameters) const {
    Thread t{kernel_, parameters, std::vector<uint64_t>(kernel_.registers, 0), {}};
    for (size_t i = 0; i < kernel_.shared.size(); ++i) {
      emulator::Block& block = *emulator::Block::current;
      t.shared.push_back(kernel_.shared[i].dynamic
                             ? block.dynamic_shared<char>()
                             : block.shared<char>(kernel_.name.c_str(), int(i), kernel_.shared[i].bytes));
    }
    while (t.running) {
      const Instruction& i = kernel_.code.at(t.next);
      const Action action = actions_[t.next++];
      if (i.guard >= 0 && ((t.registers[i.guard] & 1) != 0) == i.guard_negated) continue;
      if (action == nullptr) {
        t.next = i.target;
      } else {
        action(t, i.operands);
      }
    }
  }

 private:
  const Kernel kernel_;
  std::vector<Action> actions_;
};

}  // namespace ptx

#endif
