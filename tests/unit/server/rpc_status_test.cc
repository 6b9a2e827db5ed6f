#include "server/rpc_status.h"

#include <string>

#include "absl/status/status.h"
#include "engine/core/error.h"
#include "engine/core/utf8.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::HasReason;
using testing::IsOk;

TEST(RpcStatusTest, OkStaysOkBothWays) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_THAT(FromGrpcStatus(grpc::Status::OK), IsOk());
}

TEST(RpcStatusTest, EveryCanonicalCodeKeepsItsNumber) {
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status sent =
        ToGrpcStatus(absl::Status(static_cast<absl::StatusCode>(code), "text"));
    EXPECT_EQ(static_cast<int>(sent.error_code()), code);
    const absl::Status back = FromGrpcStatus(sent);
    EXPECT_EQ(static_cast<int>(back.code()), code);
    EXPECT_EQ(back.message(), "text");
  }
}

TEST(RpcStatusTest, ReasonAndFieldAreStandardErrorDetails) {
  const grpc::Status sent = ToGrpcStatus(InvalidField("k", "0 is below 1"));
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(sent.error_details()));
  EXPECT_EQ(details.code(), 3);
  EXPECT_EQ(details.message(), "k: 0 is below 1");
  ASSERT_EQ(details.details_size(), 2);

  google::rpc::ErrorInfo info;
  EXPECT_EQ(details.details(0).type_url(),
            "type.googleapis.com/google.rpc.ErrorInfo");
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "INVALID_FIELD");
  EXPECT_EQ(info.domain(), "likeness");
  EXPECT_EQ(info.metadata().at("field"), "k");

  google::rpc::BadRequest bad_request;
  EXPECT_EQ(details.details(1).type_url(),
            "type.googleapis.com/google.rpc.BadRequest");
  ASSERT_TRUE(details.details(1).UnpackTo(&bad_request));
  ASSERT_EQ(bad_request.field_violations_size(), 1);
  EXPECT_EQ(bad_request.field_violations(0).field(), "k");
  EXPECT_EQ(bad_request.field_violations(0).description(), "k: 0 is below 1");
}

TEST(RpcStatusTest, ReasonAndFieldComeBack) {
  const absl::Status back =
      FromGrpcStatus(ToGrpcStatus(InvalidField("item.id", "empty")));
  EXPECT_THAT(back,
              Fails(absl::StatusCode::kInvalidArgument, "item.id: empty"));
  EXPECT_THAT(back, BlamesField("item.id"));
  EXPECT_THAT(back, HasReason(kReasonInvalidField));
}

TEST(RpcStatusTest, AStatusWithoutPayloadHasNoDetails) {
  EXPECT_EQ(ToGrpcStatus(absl::NotFoundError("gone")).error_details(), "");
}

TEST(RpcStatusTest, DetailsOfOthersAreIgnored) {
  google::rpc::ErrorInfo info;
  info.set_reason("QUOTA");
  info.set_domain("proxy.example");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  const absl::Status back = FromGrpcStatus(grpc::Status(
      grpc::StatusCode::UNAVAILABLE, "busy", details.SerializeAsString()));
  EXPECT_THAT(back, Fails(absl::StatusCode::kUnavailable, "busy"));
  EXPECT_THAT(back, HasReason(""));
  // Nor does rubbish in the trailer hide the status.
  EXPECT_THAT(FromGrpcStatus(
                  grpc::Status(grpc::StatusCode::INTERNAL, "bug", "\xff\xff")),
              Fails(absl::StatusCode::kInternal, "bug"));
}

TEST(RpcStatusTest, ALongMessageIsCutBetweenCharacters) {
  // A two-byte character straddles the cut.
  const std::string text = "x" + [] {
    std::string umlauts;
    for (int i = 0; i < 5000; ++i) umlauts += "\xc3\xa4";
    return umlauts;
  }();
  const grpc::Status sent = ToGrpcStatus(absl::InternalError(text));
  EXPECT_LE(sent.error_message().size(), 1027U);
  EXPECT_TRUE(IsValidUtf8(sent.error_message()));
  EXPECT_EQ(sent.error_message().substr(sent.error_message().size() - 3),
            "...");
}

TEST(RpcStatusTest, BytesThatAreNotUtf8AreMasked) {
  EXPECT_EQ(ToGrpcStatus(absl::NotFoundError("/a/\xff.jpg")).error_message(),
            "/a/?.jpg");
}

}  // namespace
}  // namespace likeness
