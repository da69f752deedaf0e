// Linked into every test of the CUDA kernels: where the environment names a folder of PTX (EIDER_PTX), launches run
// what nvcc made of a kernel and not what g++ did. Kernels are found by name, the launcher's arguments are held against
// the PTX's parameters, and what ran is written down beside the PTX.
#include <link.h>

#include <filesystem>
#include <iostream>
#include <set>

#include "cuda/ptx/interpreter.h"

namespace {

using ptx::Program;

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "ptx: " << why << std::endl;
  std::_Exit(1);
}

int load_address_of(dl_phdr_info* info, size_t, void* to) {
  *static_cast<uintptr_t*>(to) = info->dlpi_addr;
  return 1;
}

// This program's functions by address, from its own symbol table: kernels are local to their files, so the dynamic
// linker does not know them.
std::map<uintptr_t, std::string> own_functions() {
  uintptr_t base = 0;
  dl_iterate_phdr(load_address_of, &base);
  const std::string command = "nm " + std::filesystem::read_symlink("/proc/self/exe").string();
  const std::unique_ptr<FILE, int (*)(FILE*)> symbols(popen(command.c_str(), "r"), pclose);
  std::map<uintptr_t, std::string> functions;
  char line[4096], type = 0, name[4000];
  uintptr_t address = 0;
  while (std::fgets(line, sizeof line, symbols.get()) != nullptr) {
    if (std::sscanf(line, "%lx %c %3999s", &address, &type, name) == 3)
      functions[base + address] = ptx::demangled(name);
  }
  return functions;
}

struct Substitutes {
  std::map<std::string, Program> programs;
  std::map<uintptr_t, std::string> functions;
  std::set<std::string> ran;
  std::filesystem::path folder;

  explicit Substitutes(const char* path) : functions(own_functions()), folder(path) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() != ".ptx") continue;
      try {
        const ptx::Module module(file.path());
        for (const auto& [name, kernel] : module.kernels()) {
          if (!programs.emplace(name, Program(kernel)).second) stop("two kernels " + name);
        }
      } catch (const std::exception& e) {
        stop(file.path().string() + ": " + e.what());
      }
    }
  }

  ~Substitutes() {
    const auto program = std::filesystem::read_symlink("/proc/self/exe").filename().string();
    std::ofstream file(folder / (program + ".ran"));
    for (const std::string& name : ran) file << name << "\n";
  }

  std::function<void()> body(const void* kernel, const std::vector<emulator::Argument>& arguments) {
    const std::string& name = functions[reinterpret_cast<uintptr_t>(kernel)];
    const auto found = programs.find(name);
    if (found == programs.end()) stop("no PTX of " + name);
    const ptx::Kernel& k = found->second.kernel();
    if (k.parameters.size() != arguments.size()) stop("another number of parameters: " + name);
    std::vector<char> parameters(k.parameter_bytes);
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (k.parameters[i].bytes != arguments[i].bytes)
        stop("another size of parameter " + std::to_string(i) + ": " + name);
      std::memcpy(&parameters[k.parameters[i].offset], arguments[i].value, arguments[i].bytes);
    }
    ran.insert(name);
    return [program = &found->second, parameters] { program->run(parameters.data()); };
  }
};

// Lives as long as launches may come.
std::unique_ptr<Substitutes> substitutes;

const bool chosen = [] {
  const char* const folder = std::getenv("EIDER_PTX");
  if (folder == nullptr) return false;
  substitutes = std::make_unique<Substitutes>(folder);
  emulator::substitute = [](const void* kernel, const std::vector<emulator::Argument>& arguments) {
    return substitutes->body(kernel, arguments);
  };
  return true;
}();

}  // namespace
