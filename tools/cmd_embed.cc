// likeness embed: pictures' vectors into a NumPy file.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "indexer/cancel.h"
#include "indexer/ingest.h"
#include "indexer/vector_sink.h"
#include "tools/commands.h"
#include "tools/ingest_report.h"
#include "tools/local_engine.h"
#include "tools/path_list.h"
#include "tools/progress.h"
#include "tools/stop_signals.h"

namespace likeness {
namespace {

struct EmbedFlags {
  std::vector<std::string> paths;
  std::string files_from;
  std::string model;
  std::string space;
  std::string out;
  std::string ids;
  int workers = 0;
};

absl::Status RunEmbed(const EmbedFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const Space space, ParseSpace(flags.space));
  std::vector<std::string> paths = flags.paths;
  if (!flags.files_from.empty()) {
    RETURN_IF_ERROR(AppendPathList(flags.files_from, paths));
  }
  if (paths.empty()) {
    return absl::InvalidArgumentError(
        "no pictures: name files or folders, or a list with --files-from");
  }
  std::error_code error;
  if (std::filesystem::weakly_canonical(flags.out, error) ==
      std::filesystem::weakly_canonical(flags.ids, error)) {
    return InvalidField("--ids", "is the same file as --out");
  }
  CancelToken cancel;
  ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                   StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   LoadModel(flags.model, flags.workers));
  ASSIGN_OR_RETURN(const std::unique_ptr<VectorSink> sink,
                   VectorSink::Create(*embedder, space, PrepareOptions(),
                                      flags.out, flags.ids));
  IngestOptions options;
  options.workers = flags.workers;
  options.make_id = [](const std::string& path) { return path; };
  Progress progress(paths, Repeats::kKeep, Progress::Troubles::kAll,
                    context.quiet);
  FileSource source(std::move(paths), Repeats::kKeep);
  const IngestResult result =
      RunIngest(source, *sink, options, cancel, progress);
  progress.End();
  if (absl::IsCancelled(result.status)) {
    return absl::CancelledError("interrupted; nothing was written");
  }
  RETURN_IF_ERROR(result.status);
  RETURN_IF_ERROR(sink->Commit());
  if (context.json) {
    nlohmann::ordered_json document = IngestJson(result, progress.troubles());
    document["space"] = flags.space;
    document["dimensions"] = embedder->model().dimensions[space];
    document["model_id"] = embedder->model().id;
    PrintJson(document);
  } else {
    std::cout << IngestText(result);
  }
  return IngestStatus(result);
}

}  // namespace

void AddEmbedCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<EmbedFlags>();
  CLI::App* command = AddCommand(
      app, "embed",
      "Write pictures' vectors as a NumPy file.\n"
      "The file holds float32, [N, D], rows of unit length. Line i of the ids "
      "file is the path of row i, exactly as it was "
      "given (below a\nfolder: the folder's and the name), in the order given. "
      "Files that are no picture\nare reported and left out of both, and are "
      "no failure; files that can't be read\nare left out too, and the exit "
      "code is 1. Both files appear when they are whole.",
      "  likeness embed photos/ --space similar --out vectors.npy --ids "
      "ids.txt\n"
      "  find . -name '*.jpg' | likeness embed --files-from - --space copy "
      "\\\n    --out v.npy --ids i.txt\n");
  command->add_option("PATH", flags->paths, "Files and folders");
  command->add_option("--files-from", flags->files_from,
                      "File with one path a line (LF or CR LF), after those "
                      "given; - reads standard input");
  AddSetting(*command, context, "--model", flags->model,
             "Folder of the model bundle");
  command->add_option("--space", flags->space, "similar or copy")->required();
  command->add_option("--out", flags->out, "Vectors, .npy")->required();
  command->add_option("--ids", flags->ids, "Paths, one a line")->required();
  AddSetting(*command, context, "--workers", flags->workers,
             "Threads that decode and that embed (0: one for each core)");
  AddJsonFlag(*command, context);
  AddQuietFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("embed", RunEmbed(*flags, context));
  });
}

}  // namespace likeness
