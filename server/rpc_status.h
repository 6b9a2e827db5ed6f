// The one place where a status of the engine becomes a status of gRPC, and the
// way back for clients.
#ifndef LIKENESS_SERVER_RPC_STATUS_H_
#define LIKENESS_SERVER_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace likeness {

// google.rpc.ErrorInfo.domain of every error that the server makes.
inline constexpr absl::string_view kErrorDomain = "likeness";

// The same canonical code and message. A reason (engine/core/error.h) becomes
// google.rpc.ErrorInfo, with the field as its metadata "field"; a field becomes
// a google.rpc.BadRequest violation. Both travel in the status details. The
// message is cut at 1 KiB, since gRPC drops trailers of more than 8 KiB, and
// bytes that are not UTF-8 are masked.
grpc::Status ToGrpcStatus(const absl::Status& status);

// The reverse: code, message, reason and field as the server gave them. The
// details of another domain are ignored.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace likeness

#endif  // LIKENESS_SERVER_RPC_STATUS_H_
