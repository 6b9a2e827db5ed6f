#include "tests/soak/soak_writer.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "server/reasons.h"

namespace likeness::testing {
namespace {

constexpr double kSame = 0.9999;  // Cosine of vectors that are one.

absl::Status Wrong(int id, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(SoakId(id), ": ", what));
}

}  // namespace

bool IsServerGone(const absl::Status& status) {
  // A connection that breaks has no reason of ours; a call that was under way
  // then ends as UNAVAILABLE or, reset by the dying server, as CANCELLED.
  const std::string reason = ReasonOf(status);
  if (absl::IsCancelled(status)) return reason.empty();
  return absl::IsUnavailable(status) &&
         (reason.empty() || reason == kReasonShuttingDown);
}

SoakWriter::SoakWriter(int first_id, int ids, uint64_t seed)
    : first_id_(first_id),
      slots_(static_cast<size_t>(ids)),
      random_(seed, static_cast<uint64_t>(first_id)) {}

absl::Status SoakWriter::Run(const ApiClient& client, SoakMeter& meter) {
  while (true) {
    const absl::Status status = Step(client);
    if (IsServerGone(status)) return absl::OkStatus();
    RETURN_IF_ERROR(status);
    meter.AddAcknowledged();
  }
}

absl::Status SoakWriter::Step(const ApiClient& client) {
  const int id = RandomId();
  RETURN_IF_ERROR(Change(client, id));
  // Reads of what was just acknowledged.
  return random_.Chance(0.4) ? Look(client, id) : absl::OkStatus();
}

absl::Status SoakWriter::Change(const ApiClient& client, int id) {
  const double dice = random_.Uniform(0, 1);
  if (dice < 0.2) return Delete(client, id);
  if (dice < 0.25) return DeleteSeveral(client);
  if (dice < 0.4) return Patch(client, id);
  if (dice < 0.5) return PutSeveral(client);
  if (dice < 0.6) return BeRefused(client, id);
  return Put(client, id);
}

absl::Status SoakWriter::Put(const ApiClient& client, int id) {
  const SoakVersion version = NextVersion(id);
  v1::UpsertItemRequest request = SoakUpsert(version);
  if (random_.Chance(0.5)) {
    const SoakSlot& slot = SlotOf(id);
    if (slot.current.version == 0) {
      request.set_if_absent(true);
    } else {
      request.set_if_op_id(slot.op_id);
    }
  }
  under_way_ = SoakRequest{{{id, version}}};
  ASSIGN_OR_RETURN(const auto response, client.Call(request));
  return Acknowledge({{id, response.op_id()}});
}

absl::Status SoakWriter::PutSeveral(const ApiClient& client) {
  SoakRequest under_way;
  under_way.atomic = false;
  for (size_t i = 2 + random_.Below(6); i > 0; --i) {
    const int id = RandomId();
    under_way.changes[id] = NextVersion(id);
  }
  v1::UpsertItemsRequest request;
  request.set_collection(kSoakCollection);
  for (const auto& [id, version] : under_way.changes) {
    *request.add_requests() = SoakUpsert(version);
  }
  under_way_ = std::move(under_way);
  ASSIGN_OR_RETURN(const auto response, client.Call(request));
  std::map<int, uint64_t> op_ids;
  int i = 0;
  for (const auto& [id, version] : under_way_->changes) {
    if (i == response.results_size() || !response.results(i).has_done()) {
      return Wrong(id, "was refused in a batch");
    }
    op_ids[id] = response.results(i++).done().op_id();
  }
  return Acknowledge(op_ids);
}

absl::Status SoakWriter::Patch(const ApiClient& client, int id) {
  const SoakSlot& slot = SlotOf(id);
  if (slot.current.version == 0) return BeRefused(client, id);
  const SoakVersion version = {id, next_version_++, slot.current.vectors};
  v1::UpdateItemMetadataRequest request = SoakPatch(version);
  if (random_.Chance(0.5)) request.set_if_op_id(slot.op_id);
  under_way_ = SoakRequest{{{id, version}}};
  ASSIGN_OR_RETURN(const auto response, client.Call(request));
  return Acknowledge({{id, response.op_id()}});
}

absl::Status SoakWriter::Delete(const ApiClient& client, int id) {
  under_way_ = SoakRequest{{{id, {id, 0, 0}}}};
  const auto response = client.Call(SoakDelete(id));
  const bool there = SlotOf(id).current.version != 0;
  if (absl::IsNotFound(response.status())) {
    under_way_.reset();
    return there ? Wrong(id, "lost while the server ran") : absl::OkStatus();
  }
  RETURN_IF_ERROR(response.status());
  if (!there) return Wrong(id, "came back while the server ran");
  return Acknowledge({{id, response->op_id()}});
}

absl::Status SoakWriter::DeleteSeveral(const ApiClient& client) {
  SoakRequest under_way;
  for (size_t i = 2 + random_.Below(4); i > 0; --i) {
    const int id = RandomId();
    under_way.changes[id] = {id, 0, 0};
  }
  v1::DeleteItemsRequest request;
  request.set_collection(kSoakCollection);
  for (const auto& [id, version] : under_way.changes) {
    request.add_ids(SoakId(id));
  }
  under_way_ = std::move(under_way);
  ASSIGN_OR_RETURN(const auto response, client.Call(request));
  std::map<int, uint64_t> op_ids;
  int i = 0;
  for (const auto& [id, version] : under_way_->changes) {
    const uint64_t op_id = response.op_ids(i++);
    if ((op_id != 0) != (SlotOf(id).current.version != 0)) {
      return Wrong(id, "lost, or came back, while the server ran");
    }
    if (op_id != 0) op_ids[id] = op_id;
  }
  return Acknowledge(op_ids);
}

absl::Status SoakWriter::BeRefused(const ApiClient& client, int id) {
  const SoakSlot& slot = SlotOf(id);
  if (slot.current.version == 0) {
    const SoakVersion none = {id, next_version_++, 0};
    const auto patched = client.Call(SoakPatch(none)).status();
    if (IsServerGone(patched)) return patched;
    return absl::IsNotFound(patched)
               ? absl::OkStatus()
               : Wrong(id, "was changed and is not there");
  }
  v1::UpsertItemRequest request = SoakUpsert(NextVersion(id));
  const bool absent = random_.Chance(0.5);
  if (absent) {
    request.set_if_absent(true);
  } else {
    request.set_if_op_id(slot.op_id + 1);
  }
  const auto refused = client.Call(request).status();
  if (IsServerGone(refused)) return refused;
  const bool right =
      absent ? absl::IsAlreadyExists(refused) : absl::IsAborted(refused);
  return right ? absl::OkStatus()
               : Wrong(id, "was written against its condition");
}

absl::Status SoakWriter::Look(const ApiClient& client, int id) {
  const SoakSlot& slot = SlotOf(id);
  const bool there = slot.current.version != 0;
  const SoakVersion sought = {id, 0, there ? slot.current.vectors : slot.gone};
  const v1::Space space = kSoakSpaces[random_.Below(kSoakSpaces.size())];
  v1::SearchRequest request = SoakSearch(space, sought, /*k=*/3);
  request.set_min_op_id(slot.op_id);
  request.set_exact(random_.Chance(0.5));
  ASSIGN_OR_RETURN(const auto found, client.Call(request));
  for (const v1::Hit& hit : found.hits()) {
    const auto version = WhichSoakVersion(hit.item());
    if (!version.has_value()) return Wrong(id, "a hit has mixed-up metadata");
    const std::vector<v1::Vector> vectors = SoakVectors(space, *version);
    const SoakNearest nearest = Nearest(request.vector(), vectors);
    if (std::abs(hit.similarity() - nearest.cosine) > 1e-4) {
      return Wrong(version->id, "a hit has another item's vector");
    }
    if (hit.vector_index() != nearest.index ||
        hit.vector_count() != static_cast<int>(vectors.size())) {
      return Wrong(version->id, "a hit names another vector of the item");
    }
    if (version->id == id && version->version != slot.current.version) {
      return Wrong(id, "a search found a version that is gone");
    }
  }
  if (there && request.exact() &&
      (found.hits_size() == 0 || found.hits(0).item().id() != SoakId(id) ||
       found.hits(0).similarity() < kSame)) {
    return Wrong(id, "its own vector does not find it");
  }
  return absl::OkStatus();
}

absl::Status SoakWriter::Acknowledge(const std::map<int, uint64_t>& op_ids) {
  for (const auto& [id, op_id] : op_ids) {
    if (op_id <= newest_op_id_) {
      return absl::DataLossError(absl::StrCat(
          "operation ", op_id, " was given after ", newest_op_id_));
    }
    newest_op_id_ = op_id;
  }
  SettleUnderWay(op_ids);
  return absl::OkStatus();
}

void SoakWriter::SettleUnderWay(const std::map<int, uint64_t>& happened) {
  if (!under_way_.has_value()) return;
  for (const auto& [id, change] : under_way_->changes) {
    SoakSlot& slot = SlotOf(id);
    const auto by = happened.find(id);
    if (by == happened.end()) {
      const bool is_new =
          change.vectors != 0 && change.vectors != slot.current.vectors;
      if (is_new) slot.gone = change.vectors;
      continue;
    }
    if (slot.current.vectors != change.vectors && slot.current.vectors != 0) {
      slot.gone = slot.current.vectors;
    }
    slot.current = change;
    if (by->second != 0) slot.op_id = by->second;
  }
  under_way_.reset();
}

}  // namespace likeness::testing
