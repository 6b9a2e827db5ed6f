// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_COLLECTION_VERIFIER_H_
#define LIKENESS_ENGINE_STORE_COLLECTION_VERIFIER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/verify_report.h"

namespace likeness {

// The state of one collection's verification.
class CollectionVerifier {
 public:
  CollectionVerifier(const RocksDbHandle& handle,
                     const StoredCollection& collection,
                     const GenerationName& name, VerifyReport& report)
      : handle_(handle),
        collection_(collection),
        where_(absl::StrCat("collection \"", name.ToString(), "\"")),
        report_(report) {}

  void Run();

 private:
  // An id record, until its item was read.
  struct NamedVersion {
    std::string id;
    uint64_t op_id;
  };
  using Visitor =
      std::function<void(absl::string_view key, absl::string_view value)>;
  using OpVisitor =
      std::function<void(uint64_t op_id, absl::string_view value)>;

  void Scan(Family family, const Visitor& visit);
  // Of a family that has one record for each item that the log leaves
  // (`complete`), or for some of them.
  void ScanVersions(Family family, bool complete, const OpVisitor& visit);
  void ReadState();
  void ReadLog();
  void CheckEntry(uint64_t op_id, const OwnedLogEntry& entry);
  void CheckItem(uint64_t op_id, absl::string_view value);
  void CheckVectors(uint64_t op_id, absl::string_view value);
  void CheckUnembedded();
  void CheckExpiry();
  void CheckRequests();
  void CheckIds();
  void CheckNames(absl::Span<const NamedVersion> names);

  bool IsLive(uint64_t op_id) const {
    return op_id < live_.size() && live_[op_id];
  }
  void Add(uint64_t op_id, absl::string_view what) {
    report_.Add(absl::StrCat(where_, ", operation ", op_id), std::string(what));
  }
  void Add(absl::string_view what) { report_.Add(where_, std::string(what)); }

  const RocksDbHandle& handle_;
  const StoredCollection& collection_;
  const std::string where_;
  VerifyReport& report_;
  StoreState state_;
  std::vector<bool> live_;  // By operation: it wrote a current version.
  uint64_t live_items_ = 0;
  uint64_t expiring_items_ = 0;
  uint64_t unembedded_items_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_COLLECTION_VERIFIER_H_
