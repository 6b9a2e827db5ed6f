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
  const int id = first_id_ + static_cast<int>(random_.Below(slots_.size()));
  RETURN_IF_ERROR(random_.Chance(0.3) ? Delete(client, id) : Put(client, id));
  // Reads of what was just acknowledged.
  return random_.Chance(0.4) ? Look(client, id) : absl::OkStatus();
}

absl::Status SoakWriter::Put(const ApiClient& client, int id) {
  const SoakVersion version = {id, next_version_++};
  under_way_ = SoakRequest{{{id, version.version}}};
  ASSIGN_OR_RETURN(const auto response, client.Call(SoakUpsert(version)));
  return Acknowledge(response.op_id());
}

absl::Status SoakWriter::Delete(const ApiClient& client, int id) {
  under_way_ = SoakRequest{{{id, 0}}};
  const auto response = client.Call(SoakDelete(id));
  if (absl::IsNotFound(response.status())) {
    under_way_.reset();
    return SlotOf(id).version == 0 ? absl::OkStatus()
                                   : Wrong(id, "lost while the server ran");
  }
  RETURN_IF_ERROR(response.status());
  if (SlotOf(id).version == 0) {
    return Wrong(id, "came back while the server ran");
  }
  return Acknowledge(response->op_id());
}

absl::Status SoakWriter::Look(const ApiClient& client, int id) {
  const SoakSlot& slot = SlotOf(id);
  const bool there = slot.version != 0;
  const SoakVersion sought = {id, there ? slot.version : slot.gone};
  const v1::Space space = kSoakSpaces[random_.Below(kSoakSpaces.size())];
  v1::SearchRequest request = SoakSearch(space, sought, /*k=*/3);
  request.set_min_op_id(slot.op_id);
  ASSIGN_OR_RETURN(const auto found, client.Call(request));
  for (const v1::Hit& hit : found.hits()) {
    const auto version = WhichSoakVersion(hit.item());
    if (!version.has_value()) return Wrong(id, "a hit has mixed-up metadata");
    const double cosine = Cosine(request.vector(), SoakVector(space, *version));
    if (std::abs(hit.similarity() - cosine) > 1e-4) {
      return Wrong(version->id, "a hit has another item's vector");
    }
    if (version->id == id && version->version != slot.version) {
      return Wrong(id, "a search found a version that is gone");
    }
  }
  if (there &&
      (found.hits_size() == 0 || found.hits(0).item().id() != SoakId(id) ||
       found.hits(0).similarity() < kSame)) {
    return Wrong(id, "its own vector does not find it");
  }
  return absl::OkStatus();
}

absl::Status SoakWriter::Acknowledge(uint64_t op_id) {
  if (op_id <= newest_op_id_) {
    return absl::DataLossError(
        absl::StrCat("operation ", op_id, " was given after ", newest_op_id_));
  }
  newest_op_id_ = op_id;
  for (const auto& [id, version] : under_way_->changes) {
    SlotOf(id).op_id = op_id;
  }
  SettleUnderWay(/*happened=*/true);
  return absl::OkStatus();
}

void SoakWriter::SettleUnderWay(bool happened) {
  if (!under_way_.has_value()) return;
  for (const auto& [id, version] : under_way_->changes) {
    SoakSlot& slot = SlotOf(id);
    if (!happened) {
      slot.gone = version != 0 ? version : slot.gone;
      continue;
    }
    slot.gone = slot.version != 0 ? slot.version : slot.gone;
    slot.version = version;
  }
  under_way_.reset();
}

}  // namespace likeness::testing
