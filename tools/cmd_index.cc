// likeness index: files and folders into a collection, here or on a server.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "indexer/cancel.h"
#include "indexer/collection_sink.h"
#include "indexer/ingest.h"
#include "tools/commands.h"
#include "tools/ingest_report.h"
#include "tools/local_engine.h"
#include "tools/progress.h"
#include "tools/remote_client.h"
#include "tools/remote_sink.h"
#include "tools/stop_signals.h"
#include "tools/target.h"

namespace likeness {
namespace {

// Calls in flight to a server, so that its cores and the network are busy.
constexpr int kRemoteCalls = 8;
// The server takes 144 at once (server/server.h): two clients must find room.
constexpr int kMaxRemoteCalls = 64;

struct IngestFlags {
  TargetFlags target;
  std::vector<std::string> paths;
  std::string model;
  std::string relative_to;
  int workers = 0;
  bool drop_thumbnails = false;
};

std::function<std::string(const std::string&)> IdMaker(
    const std::string& relative_to) {
  if (relative_to.empty()) return AbsolutePathId;
  return [base = AbsolutePathId(relative_to)](const std::string& path) {
    return std::filesystem::path(AbsolutePathId(path))
        .lexically_relative(base)
        .string();
  };
}

IngestResult RunJob(const IngestFlags& flags, const CommandContext& context,
                    PictureSink& sink, const IngestOptions& options,
                    const CancelToken& cancel, Progress& progress) {
  FileSource source(flags.paths, Repeats::kSkip);
  IngestResult result = RunIngest(source, sink, options, cancel, progress);
  progress.End();
  if (context.json) {
    PrintJson(IngestJson(result, progress.troubles()));
  } else {
    std::cout << IngestText(result);
  }
  return result;
}

absl::StatusOr<IngestResult> IndexLocally(const IngestFlags& flags,
                                          const Target& target,
                                          const CommandContext& context,
                                          const CancelToken& cancel) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   LoadModel(flags.model, flags.workers));
  ASSIGN_OR_RETURN(
      const LocalCollection local,
      OpenOrCreateCollection(target.data, target.collection, embedder->model(),
                             !flags.drop_thumbnails));
  CollectionSinkOptions options;
  options.prepare.thumbnail_side =
      local.collection->spec().keep_thumbnails ? kThumbnailSide : 0;
  options.embed.threads = flags.workers;
  CollectionSink sink(*local.collection, *embedder, options);
  IngestOptions ingest;
  ingest.workers = flags.workers;
  ingest.make_id = IdMaker(flags.relative_to);
  Progress progress(flags.paths, Repeats::kSkip, Progress::Troubles::kFew,
                    context.quiet);
  return RunJob(flags, context, sink, ingest, cancel, progress);
}

absl::StatusOr<v1::Collection> GetOrCreate(const RemoteClient& client,
                                           const std::string& name,
                                           bool drop_thumbnails) {
  absl::StatusOr<v1::Collection> collection = client.GetCollection(name);
  if (!absl::IsNotFound(collection.status())) return collection;
  v1::CreateCollectionRequest request;
  request.set_name(name);
  request.set_drop_thumbnails(drop_thumbnails);
  return client.CreateCollection(request);
}

absl::StatusOr<IngestResult> IndexRemotely(const IngestFlags& flags,
                                           const Target& target,
                                           const CommandContext& context,
                                           const CancelToken& cancel) {
  const RemoteClient client(target.server);
  ASSIGN_OR_RETURN(
      const v1::Collection collection,
      GetOrCreate(client, target.collection, flags.drop_thumbnails));
  RemoteSink sink(client, target.collection, collection.model_id());
  IngestOptions ingest;
  ingest.workers = flags.workers > 0 ? std::min(flags.workers, kMaxRemoteCalls)
                                     : kRemoteCalls;
  ingest.make_id = IdMaker(flags.relative_to);
  Progress progress(flags.paths, Repeats::kSkip, Progress::Troubles::kFew,
                    context.quiet);
  return RunJob(flags, context, sink, ingest, cancel, progress);
}

absl::Status RunIndex(const IngestFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  CancelToken cancel;
  ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                   StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
  ASSIGN_OR_RETURN(const IngestResult result,
                   target.remote()
                       ? IndexRemotely(flags, target, context, cancel)
                       : IndexLocally(flags, target, context, cancel));
  return IngestStatus(result);
}

}  // namespace

void AddIndexCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<IngestFlags>();
  CLI::App* command = AddCommand(
      app, "index",
      "Put pictures into a collection.\n"
      "Folders are walked; what is a picture shows in its bytes, never its "
      "name. Names\nthat begin with a dot are left out inside folders. A file "
      "named twice counts once.\nPictures that are there already are skipped, "
      "so a run that was cut off goes on\nwhen it is started again. An item's "
      "id is its file's absolute path.",
      "  likeness index photos/ --data ./catalogue\n"
      "  likeness index photos/ more/*.jpg --server localhost:50051\n"
      "  likeness index /srv/shop --relative-to /srv/shop --data ./catalogue "
      "--json\n");
  command->add_option("PATH", flags->paths, "Files and folders")->required();
  AddTargetFlags(*command, context, flags->target);
  AddSetting(*command, context, "--model", flags->model,
             "Folder of the model bundle (with --data)");
  AddSetting(*command, context, "--workers", flags->workers,
             "Threads that decode and that embed; with --server, calls in "
             "flight, 64 at most (0: chosen)");
  command->add_option("--relative-to", flags->relative_to,
                      "Ids are paths relative to this folder");
  command->add_flag("--no-thumbnails", flags->drop_thumbnails,
                    "A collection made now keeps no small pictures");
  AddJsonFlag(*command, context);
  AddQuietFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("index", RunIndex(*flags, context));
  });
}

}  // namespace likeness
