#include "tools/index_flags.h"

#include "absl/strings/str_cat.h"
#include "engine/core/index_options.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"

namespace likeness {

void AddIndexFlags(CLI::App& command, IndexFlags& flags) {
  command.add_option("--kind", flags.kind,
                     "What larger segments are searched through: flat (all of "
                     "it, exactly), hnsw (a graph) or ivf (lists)");
  command.add_option("--code", flags.code,
                     "What graphs and lists compare: float32, float16, "
                     "bfloat16 or int8; answers are always scored with "
                     "float32");
  command.add_option("--m", flags.m, "Links of a graph's node, 2 to 128")
      ->check(CLI::Range(kMinGraphM, kMaxGraphM));
  command
      .add_option("--ef-construction", flags.ef_construction,
                  "Candidates that an insertion into a graph keeps, 1 to 10000")
      ->check(CLI::Range(1, kMaxEfConstruction));
  command
      .add_option("--min-graph-rows", flags.min_graph_rows,
                  "Smaller segments have no graph and no lists and are "
                  "searched exactly")
      ->check(CLI::Range(1, static_cast<int>(kMaxMinGraphRows)));
  command
      .add_option("--lists", flags.lists,
                  "Lists of an ivf segment; four times the root of its rows "
                  "otherwise")
      ->check(CLI::Range(1, kMaxIvfLists));
  command
      .add_option("--recall", flags.recall,
                  "Share of the nearest that searches find unless they ask for "
                  "another, above 0 and below 1")
      ->check(CLI::Range(0.0F, 1.0F));
}

absl::Status SetIndex(const IndexFlags& flags, v1::IndexOptions& index) {
  IndexOptions options;
  if (!flags.code.empty()) {
    options.code = VectorCodeOfName(flags.code);
    if (!options.code.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no code \"", flags.code,
                       "\"; there are float32, float16, bfloat16 and int8"));
    }
  }
  if (!flags.kind.empty()) {
    options.kind = IndexKindOfName(flags.kind);
    if (!options.kind.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no kind \"", flags.kind,
                       "\"; there are flat, hnsw and ivf"));
    }
  }
  options.lists = flags.lists;
  options.m = flags.m;
  options.ef_construction = flags.ef_construction;
  if (flags.min_graph_rows.has_value()) {
    options.min_graph_rows = static_cast<uint32_t>(*flags.min_graph_rows);
  }
  options.recall_target = flags.recall;
  RETURN_IF_ERROR(options.Validate());
  ToWire(options, index);
  return absl::OkStatus();
}

std::vector<std::string> PathsOf(const v1::IndexOptions& index) {
  std::vector<std::string> paths;
  if (index.code() != v1::VECTOR_CODE_UNSPECIFIED)
    paths.push_back("index.code");
  if (index.m() != 0) paths.push_back("index.m");
  if (index.ef_construction() != 0) paths.push_back("index.ef_construction");
  if (index.min_graph_rows() != 0) paths.push_back("index.min_graph_rows");
  if (index.recall_target() != 0) paths.push_back("index.recall_target");
  if (index.kind() != v1::INDEX_KIND_UNSPECIFIED) paths.push_back("index.kind");
  if (index.lists() != 0) paths.push_back("index.lists");
  return paths;
}

absl::StatusOr<v1::Collection> UpdateCollection(
    const Target& target, const v1::UpdateCollectionRequest& request) {
  if (target.remote()) {
    return RemoteClient(target.server).UpdateCollection(request);
  }
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, request.name()));
  ASSIGN_OR_RETURN(const auto change, ChangeFromWire(request));
  RETURN_IF_ERROR(
      local.set->UpdateIndexOptions(request.name(), change).status());
  v1::Collection changed;
  ToWire(*local.collection, changed);
  return changed;
}

}  // namespace likeness
