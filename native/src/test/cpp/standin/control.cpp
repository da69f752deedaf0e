#include "standin/control.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace standin {

namespace {

constexpr size_t kBytes = 4096, kNameAt = 2048;

char* mapped() {
  const char* path = std::getenv("EIDER_STANDIN_CONTROL");
  if (path != nullptr) {
    const int file = open(path, O_RDWR | O_CLOEXEC);
    void* const memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) {
      std::perror(path);
      std::abort();
    }
    close(file);
    return static_cast<char*>(memory);
  }
  return static_cast<char*>(mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

char* block() {
  static char* const the = mapped();
  return the;
}

FILE* log_file() {
  static FILE* const the = [] {
    const char* path = std::getenv("EIDER_STANDIN_LOG");
    return path == nullptr ? nullptr : std::fopen(path, "ae");
  }();
  return the;
}

}  // namespace

std::atomic<int64_t>& word(Word which) { return reinterpret_cast<std::atomic<int64_t>*>(block())[which]; }

int64_t count_call(const char* name, int64_t plausible) {
  ++word(kCalls);
  if (word(kCountdown) <= 0 || --word(kCountdown) != 0) return 0;
  std::strncpy(block() + kNameAt, name, kBytes - kNameAt - 1);
  const int64_t ordered = word(kFailure);
  return ordered != 0 ? ordered : plausible;
}

bool logging() { return log_file() != nullptr; }

void log(const std::string& line) {
  std::fprintf(log_file(), "%s\n", line.c_str());
  std::fflush(log_file());
}

}  // namespace standin
