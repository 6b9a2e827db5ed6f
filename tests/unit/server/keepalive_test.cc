// Idle clients that ping are not cut off (GOAWAY too_many_pings).
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>

#include "gtest/gtest.h"
#include "server/server.h"
#include "tests/support/api_client.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using std::chrono::system_clock;

// A client that pings every 50 ms without having a call, as a connection pool
// does every few seconds.
grpc::ChannelArguments PingingConnection() {
  grpc::ChannelArguments arguments = testing::OwnConnection();
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 50);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  return arguments;
}

// Whether a connection to `port` breaks within `period`.
bool Breaks(int port, std::chrono::milliseconds period) {
  const testing::ApiClient client(port, PingingConnection());
  EXPECT_TRUE(client.channel()->WaitForConnected(system_clock::now() +
                                                 std::chrono::seconds(30)));
  return client.channel()->WaitForStateChange(GRPC_CHANNEL_READY,
                                              system_clock::now() + period);
}

TEST(KeepaliveTest, PingsOfAnIdleClientAreTolerated) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  const auto server = Server::Start(options, [] {
    return absl::StatusOr<Backend>(absl::NotFoundError("no backend"));
  });
  ASSERT_OK(server);
  EXPECT_FALSE(Breaks((*server)->port(), std::chrono::seconds(2)));
}

// Shows that the test above could fail.
TEST(KeepaliveTest, AServerWithDefaultSettingsCutsThatClientOff) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  EXPECT_TRUE(Breaks(port, std::chrono::seconds(30)));
}

}  // namespace
}  // namespace likeness
