// A process, and so a device, for every case: a lost device stays lost, and some cases must crash.
#ifndef EIDER_STANDIN_PROCESS_H
#define EIDER_STANDIN_PROCESS_H

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "check.h"

namespace check {

// Its exit status, or the negative signal that ended it.
template <class Case>
int end_of_process(const Case& run) {
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    failures = 0;  // of this case only
    run();
    std::_Exit(failures == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(process, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

template <class Case>
void in_process(const std::string& name, const Case& run) {
  that(end_of_process(run) == 0, name);
}

// The case crashes in act, and not before.
template <class Act>
void crashes(const std::string& what, const Act& act) {
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    act();
    std::_Exit(0);
  }
  int status = 0;
  waitpid(process, &status, 0);
  that(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, what + ": no crash");
}

inline void is(int status, int expected, const std::string& what) {
  that(status == expected, what + ": status " + std::to_string(status) + ", expected " + std::to_string(expected));
}
inline void succeeds(int status, const std::string& what) { is(status, 0, what); }

}  // namespace check

#endif
