#include "engine/index/twins.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/core/checksum.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

using HashedRow = std::pair<uint64_t, uint32_t>;

constexpr size_t kHashedAtOnce = 4096;

absl::StatusOr<std::vector<HashedRow>> HashRows(
    const float* rows, size_t count, size_t dimensions,
    const std::function<bool()>& pace) {
  std::vector<HashedRow> hashes(count);
  const size_t bytes = dimensions * sizeof(float);
  for (size_t i = 0; i < count; ++i) {
    if (i % kHashedAtOnce == 0 && pace && !pace()) {
      return absl::CancelledError("the build was cancelled");
    }
    const absl::string_view row(
        reinterpret_cast<const char*>(rows + i * dimensions), bytes);
    hashes[i] = {Checksum64(row), static_cast<uint32_t>(i)};
  }
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

}  // namespace

absl::StatusOr<Twins> Twins::Find(const float* rows, size_t count,
                                  size_t dimensions,
                                  const std::function<bool()>& pace) {
  ASSIGN_OR_RETURN(const std::vector<HashedRow> hashes,
                   HashRows(rows, count, dimensions, pace));
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  // Rows with one hash stand together, the earliest first.
  for (size_t i = 0; i < count;) {
    const auto [hash, first] = hashes[i];
    for (++i; i < count && hashes[i].first == hash; ++i) {
      const uint32_t later = hashes[i].second;
      // Unequal rows with one hash would need 2^32 rows; they stay apart.
      if (std::memcmp(rows + size_t{first} * dimensions,
                      rows + size_t{later} * dimensions,
                      dimensions * sizeof(float)) == 0) {
        pairs.emplace_back(first, later);
      }
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<uint32_t> stored;
  stored.reserve(2 * pairs.size());
  for (const auto& [first, later] : pairs) {
    stored.push_back(first);
    stored.push_back(later);
  }
  return Twins(std::move(stored), count);
}

absl::StatusOr<Twins> Twins::Make(std::vector<uint32_t> stored, size_t count) {
  const bool inside =
      stored.size() % 2 == 0 &&
      std::all_of(stored.begin(), stored.end(),
                  [count](uint32_t row) { return row < count; });
  for (size_t i = 0; inside && i + 2 < stored.size(); i += 2) {
    if (stored[i] > stored[i + 2]) {
      return absl::DataLossError("is not in order");
    }
  }
  if (!inside) return absl::DataLossError("names rows that are not there");
  return Twins(std::move(stored), count);
}

Twins::Twins(std::vector<uint32_t> stored, size_t count)
    : stored_(std::move(stored)) {
  if (stored_.empty()) return;
  later_.Grow(count, false);
  has_twins_.Grow(count, false);
  for (size_t i = 0; i < stored_.size(); i += 2) {
    has_twins_.Set(stored_[i]);
    later_.Set(stored_[i + 1]);
  }
}

size_t Twins::FirstPair(uint32_t node) const {
  size_t low = 0;
  size_t high = count();
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (stored_[2 * middle] < node) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return 2 * low;
}

}  // namespace likeness
