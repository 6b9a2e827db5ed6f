#ifndef LIKENESS_ENGINE_STORE_REQUEST_MEMORY_H_
#define LIKENESS_ENGINE_STORE_REQUEST_MEMORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/sha256.h"
#include "engine/store/mutation.h"
#include "engine/store/record_batch.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"

namespace likeness {

// What the newest requests of a collection came to, so that one that is sent
// again is answered and not applied again: the part of it that one group of
// writes needs. One object, one group; borrows the handle.
//
// Requests are numbered in the order in which they were applied; when there are
// more than kMaxRememberedRequests, the oldest are forgotten.
class RequestMemory {
 public:
  RequestMemory(const RocksDbHandle& handle, uint32_t collection)
      : handle_(handle), collection_(collection) {}

  // Reads what is remembered of the requests of `writes`.
  absl::Status Load(absl::Span<const AtomicWrite> writes);

  // The outcomes of the request called `id`, in this group or before; nullopt
  // when it is new. INVALID_ARGUMENT (reason REQUEST_ID_REUSED) when it asked
  // for something else.
  absl::StatusOr<std::optional<std::vector<Outcome>>> Find(
      const std::string& id, const Sha256Digest& fingerprint) const;

  void Remember(const std::string& id, const Sha256Digest& fingerprint,
                const std::vector<Outcome>& outcomes);

  // Adds what was to be remembered to `batch`, removes what there is no room
  // for any more, and brings `state` up to date.
  absl::Status WriteTo(RecordBatch& batch, StoreState& state) const;

 private:
  struct Request {
    Sha256Digest fingerprint;
    std::vector<Outcome> outcomes;
  };

  static std::string Encode(const Request& request);
  static absl::StatusOr<Request> Decode(absl::string_view bytes);

  const RocksDbHandle& handle_;
  const uint32_t collection_;
  std::map<std::string, Request> known_;
  std::vector<std::string> added_;  // Ids, in order.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_REQUEST_MEMORY_H_
