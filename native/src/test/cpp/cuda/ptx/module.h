// PTX as text, taken apart: kernels with their parameters, shared arrays and instructions. As much of the language as
// nvcc writes for this project's kernels; anything else is an error that shows the line.
#ifndef EIDER_TEST_PTX_MODULE_H
#define EIDER_TEST_PTX_MODULE_H

#include <cxxabi.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ptx {

struct Error : std::runtime_error {
  using runtime_error::runtime_error;
};

// A name as C++ source has it. Both compilers' names of one kernel give the same text: what tells apart the anonymous
// namespaces of different files is dropped, so kernels need different names in all files.
inline std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status),
                                                    std::free);
  return status == 0 ? text.get() : name;
}

struct Parameter {
  size_t offset, bytes;
};

// An array in shared memory; the launch's dynamic one has no size.
struct SharedArray {
  size_t bytes;
  bool dynamic;
};

// A register, a number, or a place: base plus offset.
struct Operand {
  enum Kind { kRegister, kNumber, kParameter, kShared, kSpecial } kind = kNumber;
  int index = 0;       // of a register, a shared array, or a special register
  uint64_t value = 0;  // the number, or the offset
};

struct Instruction {
  std::string name, text;
  int guard = -1;  // predicate register
  bool guard_negated = false;
  std::vector<Operand> operands;  // vectors in braces are spread out
  int target = -1;                // of a branch
};

struct Kernel {
  std::string name;
  std::vector<Parameter> parameters;
  size_t parameter_bytes = 0;
  std::vector<SharedArray> shared;
  std::vector<Instruction> code;
  int registers = 0;
};

const std::vector<std::string> kSpecialRegisters = {"%tid.x",   "%tid.y",    "%tid.z",    "%ntid.x",
                                                    "%ntid.y",  "%ntid.z",   "%ctaid.x",  "%ctaid.y",
                                                    "%ctaid.z", "%nctaid.x", "%nctaid.y", "%nctaid.z"};

class Module {
 public:
  explicit Module(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw Error("no file " + path);
    std::string line;
    while (std::getline(file, line)) take(stripped(line));
  }

  const std::map<std::string, Kernel>& kernels() const { return kernels_; }

 private:
  static std::string stripped(std::string line) {
    line = line.substr(0, line.find("//"));
    const size_t begin = line.find_first_not_of(" \t"), end = line.find_last_not_of(" \t\r");
    return begin == std::string::npos ? "" : line.substr(begin, end - begin + 1);
  }

  void take(const std::string& line) {
    static const std::regex entry(R"((?:\.visible )?\.entry ([\w$]+)\(\)?)");
    static const std::regex parameter(R"(\.param (?:\.align (\d+) )?\.\w?(\d+)(?: \.ptr.*)? [\w$]+(?:\[(\d+)\])?,?)");
    static const std::regex shared(R"((\.extern )?\.shared \.align \d+ \.b8 ([\w$]+)\[(\d*)\];)");
    std::smatch match;
    if (line.empty()) return;
    if (std::regex_match(line, match, entry)) {
      finish();
      kernel_ = Kernel();
      kernel_.name = demangled(match[1]);
      prefix_ = match[1].str() + "_param_";
      return;
    }
    if (std::regex_match(line, match, parameter)) {
      const size_t size = std::stoul(match[2]) / 8, count = match[3].matched ? std::stoul(match[3]) : 1;
      const size_t alignment = match[1].matched ? std::stoul(match[1]) : size;
      const size_t offset = (kernel_.parameter_bytes + alignment - 1) / alignment * alignment;
      kernel_.parameters.push_back({offset, size * count});
      kernel_.parameter_bytes = offset + size * count;
      return;
    }
    if (std::regex_match(line, match, shared)) {
      names_[match[2]] = int(arrays_.size());
      arrays_.push_back({match[3].length() > 0 ? std::stoul(match[3]) : 0, match[1].matched});
      return;
    }
    if (line == "}") return finish();
    // A scope with a register of its own, sometimes on the line of its only instruction.
    if (line[0] == '{')
      return take(stripped(line.find(';') == std::string::npos ? "" : line.substr(line.find(';') + 1)));
    if (line == ")" || line[0] == '.') return;
    if (line.back() == ':') {
      labels_[line.substr(0, line.size() - 1)] = int(kernel_.code.size());
      return;
    }
    instruction(line);
  }

  void finish() {
    if (kernel_.name.empty()) return;
    for (const auto& [at, label] : branches_) kernel_.code[at].target = labels_.at(label);
    kernel_.registers = int(registers_.size());
    kernel_.shared = arrays_;
    if (!kernels_.emplace(kernel_.name, kernel_).second) throw Error("two kernels " + kernel_.name);
    kernel_ = Kernel();
    labels_.clear();
    branches_.clear();
    registers_.clear();
  }

  void instruction(const std::string& line) {
    Instruction result;
    result.text = line;
    std::string rest = line.substr(0, line.find(';'));
    if (rest[0] == '@') {
      const size_t space = rest.find_first_of(" \t");
      result.guard_negated = rest[1] == '!';
      result.guard = register_of(rest.substr(result.guard_negated ? 2 : 1, space - (result.guard_negated ? 2 : 1)));
      rest = stripped(rest.substr(space));
    }
    const size_t space = rest.find_first_of(" \t");
    result.name = rest.substr(0, space);
    const std::string operands = space == std::string::npos ? "" : rest.substr(space);
    static const std::regex token(R"(\[[^\]]*\]|[^\s,|{}]+)");
    for (std::sregex_iterator at(operands.begin(), operands.end(), token), end; at != end; ++at) {
      if (result.name == "bra" || result.name == "bra.uni") {
        branches_.emplace_back(kernel_.code.size(), at->str());
      } else {
        result.operands.push_back(operand(at->str()));
      }
    }
    if (result.name.rfind("mov.b", 0) == 0 && result.operands.size() == 3) {
      result.name.replace(0, 3, stripped(operands)[0] == '{' ? "unpack" : "pack");
    }
    kernel_.code.push_back(result);
  }

  Operand operand(std::string text) {
    static const std::regex place(R"(\[?([%\w$.]+)(?:\+(-?\d+))?\]?)");
    std::smatch match;
    if (!std::regex_match(text, match, place)) return number(text);
    const std::string name = match[1];
    const uint64_t offset = match[2].matched ? uint64_t(std::stoll(match[2])) : 0;
    for (size_t i = 0; i < kSpecialRegisters.size(); ++i) {
      if (name == kSpecialRegisters[i]) return {Operand::kSpecial, int(i), 0};
    }
    if (name[0] == '%' || name == "tmp") return {Operand::kRegister, register_of(name), offset};
    if (name.rfind(prefix_, 0) == 0) {
      return {Operand::kParameter, 0, kernel_.parameters.at(std::stoul(name.substr(prefix_.size()))).offset + offset};
    }
    const auto array = names_.find(name);
    if (array != names_.end()) return {Operand::kShared, array->second, offset};
    return number(text);
  }

  static Operand number(const std::string& text) {
    if (text.rfind("0f", 0) == 0 || text.rfind("0d", 0) == 0) {
      return {Operand::kNumber, 0, std::stoull(text.substr(2), nullptr, 16)};
    }
    char* end = nullptr;
    const uint64_t value =
        text[0] == '-' ? uint64_t(std::strtoll(text.c_str(), &end, 0)) : std::strtoull(text.c_str(), &end, 0);
    if (*end != 0 || text.empty()) throw Error("what is " + text);
    return {Operand::kNumber, 0, value};
  }

  int register_of(const std::string& name) { return registers_.emplace(name, int(registers_.size())).first->second; }

  std::map<std::string, Kernel> kernels_;
  Kernel kernel_;
  std::string prefix_;
  std::map<std::string, int> labels_, registers_, names_;
  std::vector<std::pair<size_t, std::string>> branches_;
  std::vector<SharedArray> arrays_;
};

}  // namespace ptx

#endif
