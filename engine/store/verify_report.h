#ifndef LIKENESS_ENGINE_STORE_VERIFY_REPORT_H_
#define LIKENESS_ENGINE_STORE_VERIFY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace likeness {

// One thing that is wrong with a data directory.
struct VerifyProblem {
  std::string where;  // A file, or a record: collection "shop", operation 17.
  std::string what;
};

// A collection, or, while its model is being changed, one of its generations.
struct GenerationName {
  std::string collection;
  bool is_other = false;  // Not the one that the collection's name stands for.

  // "shop"; "shop, other generation".
  std::string ToString() const {
    return absl::StrCat(collection, is_other ? ", other generation" : "");
  }
};

// How much of what an exact search finds the collection's own search finds.
struct RecallSample {
  GenerationName name;
  std::string space;
  uint64_t searches = 0;
  uint64_t neighbors = 0;  // That the exact searches found.
  uint64_t found = 0;      // Of them, or as near.

  double recall() const {
    return neighbors == 0
               ? 1
               : static_cast<double>(found) / static_cast<double>(neighbors);
  }
};

// What a verification of a data directory read and found. Not thread-safe.
class VerifyReport {
 public:
  // Of one damage many records may speak; so many are told one by one.
  static constexpr size_t kMaxTold = 100;

  void Add(std::string where, std::string what) {
    if (problems_.size() < kMaxTold) {
      problems_.push_back({std::move(where), std::move(what)});
    }
    ++num_problems_;
  }

  // A problem of what was derived from `name`, in `folder`: it can be derived
  // anew.
  void AddDerived(const GenerationName& name, const std::string& folder,
                  std::string what) {
    Add(absl::StrCat("index of collection \"", name.ToString(), "\""),
        std::move(what));
    ++num_derived_problems_;
    derived_[folder] = name;
  }

  bool ok() const { return num_problems_ == 0; }
  uint64_t num_problems() const { return num_problems_; }
  // Of them, those of AddDerived.
  uint64_t num_derived_problems() const { return num_derived_problems_; }
  // The folders of AddDerived, and whose they are.
  const std::map<std::string, GenerationName>& derived() const {
    return derived_;
  }
  // The first kMaxTold of them.
  const std::vector<VerifyProblem>& problems() const { return problems_; }

  // What was read, as far as it could be.
  uint64_t files = 0;   // Of a snapshot, whose checksums were compared.
  uint64_t tables = 0;  // Files whose every block was checked.
  uint64_t collections = 0;
  uint64_t operations = 0;           // Log entries.
  uint64_t items = 0;                // Current ones.
  uint64_t segments = 0;             // Sealed ones.
  uint64_t rows = 0;                 // Of them, compared with the items.
  std::vector<RecallSample> recall;  // For each generation and space.

 private:
  std::vector<VerifyProblem> problems_;
  uint64_t num_problems_ = 0;
  uint64_t num_derived_problems_ = 0;
  std::map<std::string, GenerationName> derived_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_VERIFY_REPORT_H_
