#include "engine/core/checksum.h"

#include <xxhash.h>

namespace likeness {

uint64_t Checksum64(absl::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

RunningChecksum::RunningChecksum() : state_(XXH3_createState()) {
  XXH3_64bits_reset(state_.get());
}

void RunningChecksum::Add(absl::string_view bytes) {
  XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
}

uint64_t RunningChecksum::value() const {
  return XXH3_64bits_digest(state_.get());
}

void RunningChecksum::Free::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

}  // namespace likeness
