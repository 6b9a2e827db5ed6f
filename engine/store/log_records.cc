// Entries of the operation log.
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/status_macros.h"
#include "engine/store/records.h"
#include "likeness/storage/v1/records.pb.h"

namespace likeness {
namespace {

namespace pb = ::likeness::storage::v1;

absl::StatusOr<pb::LogRecord> ParseLogRecord(absl::string_view bytes) {
  pb::LogRecord record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return CorruptRecord("a log entry", "does not parse");
  }
  return record;
}

}  // namespace

std::string EncodeLogEntry(const LogEntry& entry) {
  pb::LogRecord record;
  switch (entry.kind) {
    case Operation::Kind::kPut:
      record.set_kind(pb::LogRecord::KIND_PUT);
      break;
    case Operation::Kind::kDelete:
      record.set_kind(pb::LogRecord::KIND_DELETE);
      break;
    case Operation::Kind::kSuperseded:
      record.set_kind(pb::LogRecord::KIND_SUPERSEDED);
      break;
  }
  record.set_id(std::string(entry.id));
  record.set_unix_micros(absl::ToUnixMicros(entry.time));
  record.set_replaced_op_id(entry.replaced_op_id);
  return record.SerializeAsString();
}

absl::StatusOr<OwnedLogEntry> DecodeLogEntry(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const auto record, ParseLogRecord(bytes));
  OwnedLogEntry entry;
  switch (record.kind()) {
    case pb::LogRecord::KIND_PUT:
      entry.kind = Operation::Kind::kPut;
      break;
    case pb::LogRecord::KIND_DELETE:
      entry.kind = Operation::Kind::kDelete;
      break;
    case pb::LogRecord::KIND_SUPERSEDED:
      entry.kind = Operation::Kind::kSuperseded;
      break;
    default:
      return CorruptRecord("a log entry", "its kind is not known");
  }
  entry.id = record.id();
  entry.time = absl::FromUnixMicros(record.unix_micros());
  entry.replaced_op_id = record.replaced_op_id();
  return entry;
}

absl::StatusOr<uint64_t> DecodeReplacedOpId(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const auto record, ParseLogRecord(bytes));
  return record.replaced_op_id();
}

}  // namespace likeness
