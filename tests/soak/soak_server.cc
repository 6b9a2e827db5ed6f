// The server of the soak's other rounds: the services of `likeness serve` over
// a data directory, with segments so small that they are sealed and merged all
// the time, so that kills meet those steps too. No model: pictures are faked.
//
//   likeness_soak_server FOLDER
#include <signal.h>

#include <cstdio>
#include <iostream>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/collection/collection_set.h"
#include "engine/core/status_macros.h"
#include "server/server.h"
#include "tests/fakes/fake_embedder.h"

namespace likeness::testing {
namespace {

SegmentOptions TinySegments() {
  SegmentOptions options;
  options.growing_rows = 16;
  options.min_graph_rows = 32;
  options.max_segment_rows = 256;
  return options;
}

absl::Status Serve(const std::string& folder) {
  // Threads inherit the mask, so that this one gets the signal.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Server> server,
      Server::Start(options, [&folder]() -> absl::StatusOr<Backend> {
        ASSIGN_OR_RETURN(
            auto collections,
            CollectionSet::Open(folder, /*create=*/true, TinySegments()));
        return Backend{std::move(collections),
                       std::make_unique<FakeEmbedder>()};
      }));
  std::cerr << "listening on 127.0.0.1, port " << server->port() << "; loading "
            << folder << std::endl;
  RETURN_IF_ERROR(server->WaitUntilReady());
  int signal = 0;
  sigwait(&stop, &signal);
  server->Shutdown(absl::Seconds(10));
  return absl::OkStatus();
}

}  // namespace
}  // namespace likeness::testing

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const absl::Status status = likeness::testing::Serve(argv[1]);
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
