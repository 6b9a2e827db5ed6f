#include "engine/dataset/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/dataset/manifest.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using nlohmann::json;

constexpr uint64_t kMaxSplitBytes = uint64_t{64} << 20;
constexpr std::array kSides = {Split::kTrain, Split::kValidation, Split::kTest};

// Streams of the seed.
constexpr uint64_t kUnitStream = 0;
constexpr uint64_t kPictureStream = 1;

std::array<double, 3> SharesOf(const SplitFractions& fractions) {
  return {fractions.train, fractions.validation, fractions.test};
}

std::vector<std::string>& ListOf(ClassSplit& split, Split side) {
  if (side == Split::kTrain) return split.train;
  return side == Split::kValidation ? split.validation : split.test;
}

const std::vector<std::string>& ListOf(const ClassSplit& split, Split side) {
  if (side == Split::kTrain) return split.train;
  return side == Split::kValidation ? split.validation : split.test;
}

// How many of `units` go to each side: the shares rounded, at least one where
// the share is above 0, training taking up what rounding leaves.
absl::StatusOr<std::array<size_t, 3>> CountsOf(const SplitFractions& fractions,
                                               size_t units) {
  const std::array<double, 3> shares = SharesOf(fractions);
  std::array<size_t, 3> counts{};
  size_t taken = 0;
  size_t sides = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == 0) continue;
    ++sides;
    const double exact = shares[i] * static_cast<double>(units);
    counts[i] = std::max<size_t>(1, static_cast<size_t>(std::lround(exact)));
    taken += counts[i];
  }
  if (units < sides) {
    return absl::InvalidArgumentError(
        absl::StrCat("can't split ", units, " classes into ", sides, " sides"));
  }
  while (taken > units) {
    --*std::max_element(counts.begin(), counts.end());
    --taken;
  }
  *std::max_element(counts.begin(), counts.end()) += units - taken;
  return counts;
}

// The side of a picture without a class: its own draw, whatever else is there.
Split SideOfPicture(const DataSet& data, const Sample& sample,
                    const SplitFractions& fractions, uint64_t seed) {
  absl::string_view path = sample.path;
  absl::ConsumePrefix(&path, data.root);
  absl::ConsumePrefix(&path, "/");
  uint64_t hash = MixSeed(seed, kPictureStream);
  for (const char c : path) hash = MixSeed(hash, static_cast<uint8_t>(c));
  double place = Random(hash).Uniform();
  const std::array<double, 3> shares = SharesOf(fractions);
  Split last = Split::kTrain;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == 0) continue;
    last = kSides[i];
    if (place < shares[i]) break;
    place -= shares[i];
  }
  return last;
}

// Classes that stay together, in the order of their names.
std::vector<std::vector<size_t>> UnitsOf(const DataSet& data, SplitUnit unit) {
  std::vector<std::vector<size_t>> units;
  absl::flat_hash_map<std::string, size_t> by_group;
  for (size_t i = 0; i < data.classes.size(); ++i) {
    const std::string& group = data.class_groups[i];
    if (unit == SplitUnit::kClass || group.empty()) {
      units.push_back({i});
      continue;
    }
    const auto [found, added] = by_group.try_emplace(group, units.size());
    if (added) units.emplace_back();
    units[found->second].push_back(i);
  }
  return units;
}

absl::StatusOr<std::vector<std::string>> StringList(const json& value,
                                                    const std::string& name) {
  const bool good = value.is_array() &&
                    std::all_of(value.begin(), value.end(),
                                [](const json& v) { return v.is_string(); });
  if (!good) return InvalidField(name, "must be a list of class names");
  return value.get<std::vector<std::string>>();
}

// The side of each class that is listed; refuses one that is listed twice.
absl::StatusOr<absl::flat_hash_map<std::string, Split>> SidesOf(
    const ClassSplit& split) {
  absl::flat_hash_map<std::string, Split> sides;
  for (const Split side : kSides) {
    for (const std::string& name : ListOf(split, side)) {
      const auto [found, added] = sides.try_emplace(name, side);
      if (added) continue;
      return InvalidField("split", absl::StrCat("class '", name, "' is in ",
                                                SplitName(found->second),
                                                " and in ", SplitName(side)));
    }
  }
  return sides;
}

}  // namespace

absl::Status SplitFractions::Validate() const {
  const std::array<double, 3> shares = SharesOf(*this);
  double sum = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (!(shares[i] >= 0 && shares[i] <= 1)) {
      return InvalidField(SplitName(kSides[i]),
                          absl::StrCat(shares[i], " is not in 0..1"));
    }
    sum += shares[i];
  }
  if (std::abs(sum - 1) > 1e-6) {
    return InvalidField("fractions", absl::StrCat("sum to ", sum, ", not 1"));
  }
  return absl::OkStatus();
}

absl::StatusOr<ClassSplit> SplitByClass(DataSet& data,
                                        const SplitFractions& fractions,
                                        uint64_t seed, SplitUnit unit) {
  RETURN_IF_ERROR(fractions.Validate());
  std::vector<Split> sides(data.classes.size(), Split::kUnassigned);
  if (!data.classes.empty()) {
    std::vector<std::vector<size_t>> units = UnitsOf(data, unit);
    ASSIGN_OR_RETURN(const auto counts, CountsOf(fractions, units.size()));
    Random(seed, kUnitStream).Shuffle(units);
    size_t next = 0;
    for (size_t side = 0; side < kSides.size(); ++side) {
      for (size_t i = 0; i < counts[side]; ++i, ++next) {
        for (const size_t index : units[next]) sides[index] = kSides[side];
      }
    }
  }
  ClassSplit split;
  for (size_t i = 0; i < sides.size(); ++i) {
    ListOf(split, sides[i]).push_back(data.classes[i]);
  }
  for (Sample& sample : data.samples) {
    sample.split = sample.label >= 0
                       ? sides[static_cast<size_t>(sample.label)]
                       : SideOfPicture(data, sample, fractions, seed);
  }
  return split;
}

absl::Status ApplySplit(const ClassSplit& split, DataSet& data) {
  ASSIGN_OR_RETURN(auto sides, SidesOf(split));
  std::vector<Split> by_label(data.classes.size(), Split::kUnassigned);
  for (size_t i = 0; i < data.classes.size(); ++i) {
    const auto found = sides.find(data.classes[i]);
    if (found == sides.end()) continue;
    by_label[i] = found->second;
    sides.erase(found);
  }
  if (!sides.empty()) {
    // The smallest, so that the message is the same on every run.
    const auto missing = std::min_element(
        sides.begin(), sides.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    return absl::NotFoundError(absl::StrCat(
        "the data set '", data.name, "' has no class '", missing->first, "'"));
  }
  for (Sample& sample : data.samples) {
    sample.split = sample.label >= 0
                       ? by_label[static_cast<size_t>(sample.label)]
                       : Split::kUnassigned;
  }
  return absl::OkStatus();
}

absl::Status CheckSplit(const DataSet& data) {
  std::vector<const Sample*> first(data.classes.size(), nullptr);
  absl::flat_hash_map<absl::string_view, Split> by_path;
  for (const Sample& sample : data.samples) {
    if (sample.split == Split::kUnassigned) continue;
    const auto [same, added] = by_path.try_emplace(sample.path, sample.split);
    if (same->second != sample.split) {
      return InvalidField("split",
                          absl::StrCat("the picture ", sample.path, " is in ",
                                       SplitName(same->second), " and in ",
                                       SplitName(sample.split)));
    }
    if (sample.label < 0) continue;
    const Sample*& other = first[static_cast<size_t>(sample.label)];
    if (other == nullptr) other = &sample;
    if (other->split == sample.split) continue;
    return InvalidField(
        "split",
        absl::StrCat("class '", data.classes[static_cast<size_t>(sample.label)],
                     "' is in ", SplitName(other->split), " (", other->path,
                     ") and in ", SplitName(sample.split), " (", sample.path,
                     "); split by class"));
  }
  return absl::OkStatus();
}

std::string SplitToJson(const ClassSplit& split) {
  nlohmann::ordered_json object;
  for (const Split side : kSides) {
    object[std::string(SplitName(side))] = ListOf(split, side);
  }
  return object.dump(2) + "\n";
}

absl::StatusOr<ClassSplit> SplitFromJson(absl::string_view text) {
  const json object = json::parse(text.begin(), text.end(), nullptr,
                                  /*allow_exceptions=*/false);
  if (!object.is_object()) return InvalidField("split", "is no JSON object");
  ClassSplit split;
  for (const auto& [key, value] : object.items()) {
    const absl::StatusOr<Split> side = ParseSplit(key);
    if (!side.ok() || key.empty() || SplitName(*side) != key) {
      return InvalidField(key, "is none of train, validation, test");
    }
    ASSIGN_OR_RETURN(ListOf(split, *side), StringList(value, key));
  }
  RETURN_IF_ERROR(SidesOf(split).status());
  return split;
}

absl::Status WriteSplit(const std::string& path, const ClassSplit& split) {
  return WriteFileDurably(path, SplitToJson(split));
}

absl::StatusOr<ClassSplit> ReadSplit(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxSplitBytes));
  absl::StatusOr<ClassSplit> split = SplitFromJson(text);
  if (!split.ok()) return WithContext(split.status(), path);
  return split;
}

}  // namespace likeness
