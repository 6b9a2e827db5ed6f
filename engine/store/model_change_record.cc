// The change of a collection's model in the catalog.
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/status_macros.h"
#include "engine/store/records.h"
#include "likeness/storage/v1/records.pb.h"

namespace likeness {

std::string EncodeModelChange(const StoredModelChange& change) {
  storage::v1::ModelChangeRecord record;
  record.mutable_other()->ParseFromString(EncodeCollection(change.other));
  record.set_switched(change.switched);
  record.set_started_unix_micros(absl::ToUnixMicros(change.started));
  return record.SerializeAsString();
}

absl::StatusOr<StoredModelChange> DecodeModelChange(absl::string_view bytes) {
  storage::v1::ModelChangeRecord record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return CorruptRecord("a change of model", "does not parse");
  }
  StoredModelChange change;
  ASSIGN_OR_RETURN(change.other,
                   DecodeCollection(record.other().SerializeAsString()));
  change.switched = record.switched();
  change.started = absl::FromUnixMicros(record.started_unix_micros());
  return change;
}

}  // namespace likeness
