// The records of collections in the catalog.
#include "absl/time/time.h"
#include "engine/core/status_macros.h"
#include "engine/store/records.h"
#include "likeness/storage/v1/records.pb.h"

namespace likeness {
namespace {

namespace pb = ::likeness::storage::v1;

void EncodeIndexOptions(const IndexOptions& options,
                        pb::CollectionRecord& collection) {
  if (options == IndexOptions()) return;
  pb::IndexOptionsRecord& record = *collection.mutable_index();
  if (options.code.has_value()) {
    record.set_code(static_cast<uint32_t>(*options.code));
  }
  if (options.m.has_value()) {
    record.set_m(static_cast<uint32_t>(*options.m));
  }
  if (options.ef_construction.has_value()) {
    record.set_ef_construction(static_cast<uint32_t>(*options.ef_construction));
  }
  if (options.min_graph_rows.has_value()) {
    record.set_min_graph_rows(*options.min_graph_rows);
  }
  if (options.recall_target.has_value()) {
    record.set_recall_target(*options.recall_target);
  }
  if (options.kind.has_value()) {
    record.set_kind(static_cast<uint32_t>(*options.kind));
  }
  if (options.lists.has_value()) {
    record.set_lists(static_cast<uint32_t>(*options.lists));
  }
}

absl::StatusOr<IndexOptions> DecodeIndexOptions(
    const pb::IndexOptionsRecord& record) {
  IndexOptions options;
  if (record.has_code()) options.code = static_cast<VectorCode>(record.code());
  if (record.has_m()) options.m = static_cast<int>(record.m());
  if (record.has_ef_construction()) {
    options.ef_construction = static_cast<int>(record.ef_construction());
  }
  if (record.has_min_graph_rows()) {
    options.min_graph_rows = record.min_graph_rows();
  }
  if (record.has_recall_target()) {
    options.recall_target = record.recall_target();
  }
  if (record.has_kind()) options.kind = static_cast<IndexKind>(record.kind());
  if (record.has_lists()) options.lists = static_cast<int>(record.lists());
  if (const absl::Status valid = options.Validate(); !valid.ok()) {
    return CorruptRecord("a collection", valid.message());
  }
  return options;
}

}  // namespace

std::string EncodeCollection(const StoredCollection& collection) {
  pb::CollectionRecord record;
  record.set_number(collection.number);
  record.set_name(collection.spec.name);
  record.set_model_id(collection.spec.model_id);
  for (const Space space : kAllSpaces) {
    record.add_dimensions(collection.spec.dimensions[space]);
  }
  record.set_keep_thumbnails(collection.spec.keep_thumbnails);
  record.set_created_unix_micros(absl::ToUnixMicros(collection.spec.created));
  EncodeIndexOptions(collection.spec.index, record);
  return record.SerializeAsString();
}

absl::StatusOr<StoredCollection> DecodeCollection(absl::string_view bytes) {
  pb::CollectionRecord record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return CorruptRecord("a collection", "does not parse");
  }
  if (record.dimensions_size() > static_cast<int>(kNumSpaces)) {
    return CorruptRecord("a collection", "it has spaces that are not known");
  }
  StoredCollection collection;
  collection.number = record.number();
  collection.spec.name = record.name();
  collection.spec.model_id = record.model_id();
  for (int i = 0; i < record.dimensions_size(); ++i) {
    collection.spec.dimensions[static_cast<Space>(i)] = record.dimensions(i);
  }
  collection.spec.keep_thumbnails = record.keep_thumbnails();
  collection.spec.created = absl::FromUnixMicros(record.created_unix_micros());
  ASSIGN_OR_RETURN(collection.spec.index, DecodeIndexOptions(record.index()));
  return collection;
}

}  // namespace likeness
