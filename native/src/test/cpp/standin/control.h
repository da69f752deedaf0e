// The stand-in's books and its order to fail, shared with a test through a mapped file, and the log of calls.
//
//   EIDER_STANDIN_CONTROL  a file of at least 4096 bytes: 64-bit words, numbered as below, and from byte 2048 the name
//                          of the function that was made to fail last
//   EIDER_STANDIN_LOG      a file to which every call is appended, one line each
#ifndef EIDER_STANDIN_CONTROL_H
#define EIDER_STANDIN_CONTROL_H

#include <atomic>
#include <cstdint>
#include <string>

namespace standin {

enum Word {
  kCountdown,  // above 0: counts calls down, and the one that makes it 0 fails
  kFailure,    // with this status, or where it is 0 with one that is plausible for the function
  kCalls,
  kKernels,  // executed, as are the copies; a call of a library is one kernel
  kGraphLaunches,
  kCopiesToDevice,
  kCopiesToHost,
  kDeviceBytes,  // now allocated, as are the three that follow
  kDeviceBlocks,
  kPinnedBlocks,
  kObjects,  // streams, events, graphs, libraries' handles and descriptors
  kBytesToDevice,
  kBytesToHost,
  kLoss,  // where it is not 0, all devices are lost with the call that fails, by this error, until it is 0 again
  kRefusedAlgorithm  // above 0: one more than the number of an algorithm of convolutions that is proposed, and refused
                     // when it is run or tried
};

std::atomic<int64_t>& word(Word which);

// Counts a call. 0, or the status with which it is to fail.
int64_t count_call(const char* name, int64_t plausible);

bool logging();
void log(const std::string& line);

}  // namespace standin

#endif
