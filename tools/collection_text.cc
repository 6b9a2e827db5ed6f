#include "tools/collection_text.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/index_options.h"
#include "tools/remote_client.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

absl::string_view NameOf(v1::VectorCode code) {
  switch (code) {
    case v1::VECTOR_CODE_FLOAT32:
      return VectorCodeName(VectorCode::kFloat32);
    case v1::VECTOR_CODE_BFLOAT16:
      return VectorCodeName(VectorCode::kBfloat16);
    case v1::VECTOR_CODE_FLOAT16:
      return VectorCodeName(VectorCode::kFloat16);
    case v1::VECTOR_CODE_INT8:
      return VectorCodeName(VectorCode::kInt8);
    default:
      return "unknown";
  }
}

absl::string_view NameOf(v1::IndexKind kind) {
  switch (kind) {
    case v1::INDEX_KIND_FLAT:
      return IndexKindName(IndexKind::kFlat);
    case v1::INDEX_KIND_HNSW:
      return IndexKindName(IndexKind::kHnsw);
    case v1::INDEX_KIND_IVF:
      return IndexKindName(IndexKind::kIvf);
    default:
      return "unknown";
  }
}

// The fields that are set.
Json IndexJson(const v1::IndexOptions& index) {
  Json json = Json::object();
  if (index.kind() != v1::INDEX_KIND_UNSPECIFIED) {
    json["kind"] = std::string(NameOf(index.kind()));
  }
  if (index.code() != v1::VECTOR_CODE_UNSPECIFIED) {
    json["code"] = std::string(NameOf(index.code()));
  }
  if (index.m() != 0) json["m"] = index.m();
  if (index.ef_construction() != 0) {
    json["ef_construction"] = index.ef_construction();
  }
  if (index.min_graph_rows() != 0) {
    json["min_graph_rows"] = index.min_graph_rows();
  }
  if (index.lists() != 0) json["lists"] = index.lists();
  if (index.recall_target() != 0) {
    json["recall_target"] = DecimalOf(index.recall_target());
  }
  return json;
}

Json StatsJson(const v1::IndexStats& stats) {
  return {{"rows", stats.rows()},
          {"dead_rows", stats.dead_rows()},
          {"segments", stats.segments()},
          {"sealed_segments", stats.sealed_segments()},
          {"outdated_segments", stats.outdated_segments()},
          {"frozen_rows", stats.frozen_rows()},
          {"memory_bytes", stats.memory_bytes()}};
}

Json SizeJson(const v1::CollectionSize& size) {
  return {{"disk_bytes", size.disk_bytes()},
          {"memory_bytes", size.memory_bytes()}};
}

std::string NameOf(v1::CompactionState state) {
  switch (state) {
    case v1::COMPACTION_STATE_SEGMENTS:
      return "segments";
    case v1::COMPACTION_STATE_STORE:
      return "store";
    case v1::COMPACTION_STATE_DONE:
      return "done";
    case v1::COMPACTION_STATE_FAILED:
      return "failed";
    default:
      return "unknown";
  }
}

double SecondsOf(const google::protobuf::Timestamp& time) {
  constexpr double kNanosPerSecond = 1e9;
  return static_cast<double>(time.seconds()) + time.nanos() / kNanosPerSecond;
}

void AppendText(const Json& value, const std::string& indent,
                std::string& text) {
  for (const auto& [key, entry] : value.items()) {
    if (entry.is_structured()) {
      absl::StrAppend(&text, indent, value.is_array() ? "-" : key + ":", "\n");
      AppendText(entry, indent + "  ", text);
    } else {
      absl::StrAppend(
          &text, indent, key, ": ",
          entry.is_string() ? entry.get<std::string>() : entry.dump(), "\n");
    }
  }
}

}  // namespace

Json CollectionJson(const v1::Collection& collection) {
  Json dimensions;
  for (const v1::SpaceConfig& config : collection.spaces()) {
    dimensions[std::string(SpaceName(FromWire(config.space())))] =
        config.dimensions();
  }
  Json json = {{"name", collection.name()},
               {"items", collection.item_count()},
               {"last_op_id", collection.last_op_id()},
               {"dimensions", std::move(dimensions)},
               {"thumbnails", collection.keep_thumbnails()},
               {"model_id", collection.model_id()},
               {"index", IndexJson(collection.index_in_effect())},
               {"index_chosen", IndexJson(collection.index())},
               {"index_stats", StatsJson(collection.index_stats())}};
  if (collection.has_compaction()) {
    json["compaction"] = CompactionJson(collection.compaction());
  }
  return json;
}

Json CompactionJson(const v1::Compaction& compaction) {
  Json json = {{"state", NameOf(compaction.state())},
               {"progress", compaction.progress()},
               {"before", SizeJson(compaction.before())}};
  if (compaction.has_after()) json["after"] = SizeJson(compaction.after());
  if (compaction.has_end_time()) {
    json["seconds"] =
        SecondsOf(compaction.end_time()) - SecondsOf(compaction.start_time());
  }
  if (!compaction.error().empty()) json["error"] = compaction.error();
  return json;
}

double DecimalOf(float value) {
  constexpr double kDigits = 1e6;
  return std::round(double{value} * kDigits) / kDigits;
}

std::string JsonText(const Json& document) {
  std::string text;
  AppendText(document, "", text);
  return text;
}

}  // namespace likeness
