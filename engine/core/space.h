// The spaces that pictures are embedded in. Everything that holds or searches
// vectors is written for all of them.
#ifndef LIKENESS_ENGINE_CORE_SPACE_H_
#define LIKENESS_ENGINE_CORE_SPACE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

// The values are stored in records: append only.
enum class Space : uint8_t {
  kSimilar = 0,  // Same or alike product, tolerant of viewpoint.
  kCopy = 1,     // The same photograph, edited.
};

inline constexpr std::array kAllSpaces = {Space::kSimilar, Space::kCopy};
inline constexpr size_t kNumSpaces = kAllSpaces.size();

// "similar", "copy".
absl::string_view SpaceName(Space space);

// The space called `name`; INVALID_ARGUMENT lists the names there are.
absl::StatusOr<Space> ParseSpace(absl::string_view name);

// One T for each space.
template <typename T>
class PerSpace {
 public:
  T& operator[](Space space) { return values_[static_cast<size_t>(space)]; }
  const T& operator[](Space space) const {
    return values_[static_cast<size_t>(space)];
  }

  friend bool operator==(const PerSpace&, const PerSpace&) = default;

 private:
  std::array<T, kNumSpaces> values_{};
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_SPACE_H_
