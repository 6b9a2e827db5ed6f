#ifndef LIKENESS_ENGINE_STORE_VERIFY_REPORT_H_
#define LIKENESS_ENGINE_STORE_VERIFY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace likeness {

// One thing that is wrong with a data directory.
struct VerifyProblem {
  std::string where;  // A file, or a record: collection "shop", operation 17.
  std::string what;
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

  bool ok() const { return num_problems_ == 0; }
  uint64_t num_problems() const { return num_problems_; }
  // The first kMaxTold of them.
  const std::vector<VerifyProblem>& problems() const { return problems_; }

  // What was read, as far as it could be.
  uint64_t files = 0;   // Of a snapshot, whose checksums were compared.
  uint64_t tables = 0;  // Files whose every block was checked.
  uint64_t collections = 0;
  uint64_t operations = 0;  // Log entries.
  uint64_t items = 0;       // Current ones.

 private:
  std::vector<VerifyProblem> problems_;
  uint64_t num_problems_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_VERIFY_REPORT_H_
