#include "engine/store/request_memory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/keys.h"
#include "likeness/storage/v1/records.pb.h"

namespace likeness {

std::string RequestMemory::Encode(const Request& request) {
  storage::v1::RequestRecord record;
  record.set_fingerprint(request.fingerprint.data(),
                         request.fingerprint.size());
  for (const Outcome& outcome : request.outcomes) {
    record.add_op_ids(outcome.op_id);
    record.mutable_changes()->push_back(static_cast<char>(outcome.change));
  }
  return record.SerializeAsString();
}

absl::StatusOr<RequestMemory::Request> RequestMemory::Decode(
    absl::string_view bytes) {
  storage::v1::RequestRecord record;
  Request request;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      record.fingerprint().size() != request.fingerprint.size() ||
      static_cast<size_t>(record.op_ids_size()) != record.changes().size()) {
    return CorruptRecord("a request", "does not parse");
  }
  std::copy(record.fingerprint().begin(), record.fingerprint().end(),
            request.fingerprint.begin());
  for (int i = 0; i < record.op_ids_size(); ++i) {
    request.outcomes.push_back(
        {static_cast<Outcome::Change>(record.changes()[static_cast<size_t>(i)]),
         record.op_ids(i)});
  }
  return request;
}

absl::Status RequestMemory::Load(absl::Span<const AtomicWrite> writes) {
  std::vector<std::string> ids;
  std::vector<std::string> keys;
  for (const AtomicWrite& write : writes) {
    if (write.request_id.empty()) continue;
    ids.push_back(write.request_id);
    keys.push_back(RequestKey(collection_, write.request_id));
  }
  if (ids.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const auto records,
      handle_.MultiGet(rocksdb::ReadOptions(), Family::kRequests, keys));
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!records[i].has_value()) continue;
    ASSIGN_OR_RETURN(known_[ids[i]], Decode(*records[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::vector<Outcome>>> RequestMemory::Find(
    const std::string& id, const Sha256Digest& fingerprint) const {
  const auto found = known_.find(id);
  if (found == known_.end()) return std::nullopt;
  if (found->second.fingerprint != fingerprint) {
    return WithField(
        WithReason(absl::InvalidArgumentError(absl::StrCat(
                       "request_id: \"", id,
                       "\" was the id of a request that asked for something "
                       "else")),
                   kReasonRequestIdReused),
        "request_id");
  }
  return found->second.outcomes;
}

void RequestMemory::Remember(const std::string& id,
                             const Sha256Digest& fingerprint,
                             const std::vector<Outcome>& outcomes) {
  known_[id] = {fingerprint, outcomes};
  added_.push_back(id);
}

absl::Status RequestMemory::WriteTo(RecordBatch& batch,
                                    StoreState& state) const {
  const uint64_t first_added = state.next_request;
  for (const std::string& id : added_) {
    RETURN_IF_ERROR(batch.Put(Family::kRequests, RequestKey(collection_, id),
                              Encode(known_.find(id)->second)));
    RETURN_IF_ERROR(
        batch.Put(Family::kRequests,
                  RequestNumberKey(collection_, state.next_request++), id));
  }
  for (; state.next_request - state.first_request > kMaxRememberedRequests;
       ++state.first_request) {
    const std::string key = RequestNumberKey(collection_, state.first_request);
    std::optional<std::string> id;
    if (state.first_request >= first_added) {
      id = added_[state.first_request - first_added];
    } else {
      ASSIGN_OR_RETURN(
          id, handle_.Get(rocksdb::ReadOptions(), Family::kRequests, key));
    }
    if (!id.has_value()) {
      return CorruptRecord(absl::StrCat("request ", state.first_request),
                           "it is missing");
    }
    RETURN_IF_ERROR(
        batch.Delete(Family::kRequests, RequestKey(collection_, *id)));
    RETURN_IF_ERROR(batch.Delete(Family::kRequests, key));
  }
  return absl::OkStatus();
}

}  // namespace likeness
