#include "server/rpc_status.h"

#include <grpcpp/support/status.h>

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "engine/core/utf8.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace likeness {
namespace {

constexpr size_t kMaxMessageBytes = 1024;
constexpr char kFieldKey[] = "field";

// `text` fit for a protobuf string and a trailer.
std::string Printable(absl::string_view text) {
  std::string printable(text.substr(0, kMaxMessageBytes));
  if (text.size() > kMaxMessageBytes) {
    // Don't cut a character in two: continuation bytes are 10xxxxxx.
    size_t end = kMaxMessageBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
      --end;
    }
    printable.resize(end);
    printable += "...";
  }
  if (!IsValidUtf8(printable)) {
    for (char& byte : printable) {
      if ((static_cast<unsigned char>(byte) & 0x80) != 0) byte = '?';
    }
  }
  return printable;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  // absl::StatusCode and grpc::StatusCode are the same canonical numbers.
  const auto code = static_cast<grpc::StatusCode>(status.code());
  const std::string message = Printable(status.message());
  const std::string reason = ReasonOf(status);
  const std::string field = Printable(FieldOf(status));
  if (reason.empty() && field.empty()) return {code, message};

  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  if (!reason.empty()) {
    google::rpc::ErrorInfo info;
    info.set_reason(reason);
    info.set_domain(std::string(kErrorDomain));
    if (!field.empty()) (*info.mutable_metadata())[kFieldKey] = field;
    details.add_details()->PackFrom(info);
  }
  if (!field.empty()) {
    google::rpc::BadRequest bad_request;
    auto* violation = bad_request.add_field_violations();
    violation->set_field(field);
    violation->set_description(message);
    details.add_details()->PackFrom(bad_request);
  }
  return {code, message, details.SerializeAsString()};
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  google::rpc::Status details;
  if (status.error_details().empty() ||
      !details.ParseFromString(status.error_details())) {
    return result;
  }
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    if (detail.UnpackTo(&info)) {
      if (info.domain() == kErrorDomain) {
        result = WithReason(std::move(result), info.reason());
      }
    } else if (detail.UnpackTo(&bad_request) &&
               bad_request.field_violations_size() > 0) {
      result =
          WithField(std::move(result), bad_request.field_violations(0).field());
    }
  }
  return result;
}

}  // namespace likeness
