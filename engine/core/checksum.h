#ifndef LIKENESS_ENGINE_CORE_CHECKSUM_H_
#define LIKENESS_ENGINE_CORE_CHECKSUM_H_

#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"

struct XXH3_state_s;

namespace likeness {

// XXH3-64 (seed 0) of `bytes`: finds what disks and memory do to bytes, not
// what an adversary does.
uint64_t Checksum64(absl::string_view bytes);

// Checksum64 of bytes that come in pieces. Not thread-safe.
class RunningChecksum {
 public:
  RunningChecksum();
  void Add(absl::string_view bytes);

  // Of all that was added.
  uint64_t value() const;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_CHECKSUM_H_
