// likeness serve: the gRPC server over a data directory.
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "server/load_backend.h"
#include "server/log.h"
#include "server/server.h"
#include "tools/command.h"
#include "tools/commands.h"
#include "tools/model_path.h"
#include "tools/stop_signals.h"

namespace likeness {
namespace {

struct ServeOptions {
  std::string data;
  std::string listen = "127.0.0.1:50051";
  std::string port_file;
  std::string snapshots;
  std::string model;
  std::string next_model;
  std::string pictures;
  int workers = 0;
  int max_batch = 0;
  int max_picture_bytes = 64 << 20;
  int grace_seconds = 30;
};

ServerOptions ServerOptionsOf(const ServeOptions& options) {
  ServerOptions server;
  server.listen = options.listen;
  server.snapshot_folder = options.snapshots;
  server.picture_folder = options.pictures;
  server.limits.max_bytes = static_cast<uint64_t>(options.max_picture_bytes);
  return server;
}

EmbedderOptions EmbedderOptionsOf(const ServeOptions& options) {
  EmbedderOptions embedder;
  embedder.batching.workers = options.workers;
  embedder.batching.max_batch = options.max_batch;
  return embedder;
}

// What is wrong with the options can be said before a port is bound.
absl::Status Check(const ServeOptions& options) {
  if (options.data.empty()) {
    return InvalidField("--data", "the data directory is not given");
  }
  if (options.max_picture_bytes < 1) {
    return InvalidField("--max-picture-bytes", "is below 1");
  }
  if (options.grace_seconds < 0) return InvalidField("--grace", "is below 0");
  return EmbedderOptionsOf(options).batching.Validate();
}

std::string Milliseconds(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Milliseconds(duration), " ms");
}

absl::Status RunServe(const ServeOptions& options) {
  const absl::Time start = absl::Now();
  RETURN_IF_ERROR(Check(options));
  BackendFolders folders{.data = options.data, .model = "", .next_model = ""};
  ASSIGN_OR_RETURN(folders.model, FindModel(options.model));
  if (!options.next_model.empty()) {
    ASSIGN_OR_RETURN(folders.next_model, FindModel(options.next_model));
  }

  // Signals that come before the server is there wait for `server` to be set.
  std::unique_ptr<Server> server;
  absl::Notification started;
  ASSIGN_OR_RETURN(
      const std::unique_ptr<StopSignals> signals,
      StopSignals::Catch([&server, &started](int signal) {
        started.WaitForNotification();
        LogLine(absl::StrCat("stopping on ",
                             signal == SIGINT ? "SIGINT" : "SIGTERM"));
        if (server != nullptr) server->RequestStop();
      }));
  absl::StatusOr<std::unique_ptr<Server>> made =
      Server::Start(ServerOptionsOf(options), [&options, folders] {
        return LoadBackend(folders, EmbedderOptionsOf(options));
      });
  const absl::Status status = made.status();
  if (status.ok()) server = *std::move(made);
  started.Notify();
  RETURN_IF_ERROR(status);
  LogLine(absl::StrCat("listening on ", options.listen, ", port ",
                       server->port(), "; loading ", folders.data, " and ",
                       folders.model));
  RETURN_IF_ERROR(server->WaitUntilReady());
  // Port and directory are this server's now: the file may be that of another
  // one as long as they are not.
  if (!options.port_file.empty()) {
    RETURN_IF_ERROR(WriteFileDurably(options.port_file,
                                     absl::StrCat(server->port(), "\n")));
  }
  LogLine(absl::StrCat("ready after ", Milliseconds(absl::Now() - start)));
  RETURN_IF_ERROR(server->WaitForStop());
  server->Shutdown(absl::Seconds(options.grace_seconds));
  LogLine("stopped");
  return absl::OkStatus();
}

constexpr char kExamples[] =
    "  likeness serve --data ./catalogue\n"
    "  likeness serve --data ./catalogue --listen 0.0.0.0:50051 --workers 4\n"
    "  likeness serve --data ./catalogue --listen 127.0.0.1:0 --port-file "
    "port\n"
    "  likeness serve --data ./catalogue --model models/old --next-model "
    "models/new\n"
    "\n"
    "The API is likeness.v1 over gRPC, without encryption or passwords: "
    "listen\n"
    "beyond this machine only in a network you trust. grpc.health.v1 says\n"
    "NOT_SERVING while the model and the collections load. SIGTERM or SIGINT\n"
    "lets running calls end (--grace); another one, a second or more after "
    "it,\n"
    "stops at once.\n";

}  // namespace

void AddServeCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      AddCommand(app, "serve", "Answer searches over gRPC.", kExamples);
  AddSetting(*command, context, "--data", options->data,
             "Data directory; made when it is missing");
  AddSetting(*command, context, "--listen", options->listen,
             "HOST:PORT to listen on; port 0 takes a free one");
  command->add_option("--port-file", options->port_file,
                      "File that gets the port once the server answers calls");
  command->add_option("--snapshots", options->snapshots,
                      "Folder that `likeness snapshot` may make snapshots in "
                      "(default: none)");
  AddSetting(*command, context, "--model", options->model,
             "Folder of the model bundle");
  command->add_option("--next-model", options->next_model,
                      "Folder of a bundle that collections can be changed to "
                      "(likeness model --server)");
  command->add_option("--pictures", options->pictures,
                      "Folder that relative sources are in, for such a change "
                      "(default: this one)");
  AddSetting(*command, context, "--workers", options->workers,
             "Threads that run the network (0: one for each core)");
  AddSetting(*command, context, "--max-batch", options->max_batch,
             "Pictures a forward pass (0: the measured default)");
  AddSetting(*command, context, "--max-picture-bytes",
             options->max_picture_bytes, "Largest picture that is accepted");
  command
      ->add_option("--grace", options->grace_seconds,
                   "Seconds that running calls get on a stop")
      ->capture_default_str();
  command->callback(
      [options, &context] { context.Finish("serve", RunServe(*options)); });
}

}  // namespace likeness
