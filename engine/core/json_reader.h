// Strict reading of settings from a JSON object.
#ifndef LIKENESS_ENGINE_CORE_JSON_READER_H_
#define LIKENESS_ENGINE_CORE_JSON_READER_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

// Reads the members of one JSON object into variables that hold their defaults:
// what is absent leaves the variable alone. The first mistake is kept and makes
// the later calls do nothing; Finish tells it. Every error is INVALID_ARGUMENT
// and blames the member by its path ("loss.margin"). Not thread-safe.
//
//   JsonReader reader(json, "loss");
//   reader.Read("margin", spec.margin);
//   RETURN_IF_ERROR(reader.Finish());
class JsonReader {
 public:
  // Borrows `json`. `field` is the object's own path, empty for a document.
  JsonReader(const nlohmann::json& json, absl::string_view field);

  void Read(absl::string_view key, double& value);
  void Read(absl::string_view key, int& value);
  void Read(absl::string_view key, int64_t& value);
  void Read(absl::string_view key, bool& value);
  void Read(absl::string_view key, std::string& value);

  // A text that `parse`, absl::StatusOr<T>(absl::string_view), understands.
  template <typename T, typename Parse>
  void Read(absl::string_view key, T& value, const Parse& parse) {
    std::string text;
    if (!ReadText(key, text)) return;
    absl::StatusOr<T> parsed = parse(text);
    if (parsed.ok()) {
      value = *std::move(parsed);
    } else {
      Blame(key, parsed.status().message());
    }
  }

  // A mistake when the object has no such member.
  void Require(absl::string_view key);

  // The member itself, for what is no plain value: null when it is absent. It
  // lives as long as the object.
  const nlohmann::json* Member(absl::string_view key);

  // "loss.margin", for Member's own errors.
  std::string PathOf(absl::string_view key) const;

  // OK, or the first mistake. A member that nothing has asked for is one: the
  // message lists those that were.
  absl::Status Finish();

 private:
  bool ReadText(absl::string_view key, std::string& text);
  bool ReadInteger(absl::string_view key, int64_t min, int64_t max,
                   int64_t& value);
  void Blame(absl::string_view key, absl::string_view message);

  const nlohmann::json& json_;
  const std::string field_;
  std::set<std::string, std::less<>> known_;
  absl::Status status_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_JSON_READER_H_
