// Messages of the public API to types of the engine and back. Every check on a
// request that needs no collection is made here; errors are INVALID_ARGUMENT
// and name the field by its path in the request.
#ifndef LIKENESS_SERVER_CONVERT_H_
#define LIKENESS_SERVER_CONVERT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/collection/collection.h"
#include "engine/core/index_options.h"
#include "engine/core/picture.h"
#include "engine/core/space.h"
#include "engine/embed/embedder.h"
#include "engine/store/database.h"
#include "engine/store/item.h"
#include "engine/store/metadata_store.h"
#include "likeness/v1/collection_service.pb.h"
#include "likeness/v1/item_service.pb.h"
#include "likeness/v1/search_service.pb.h"
#include "likeness/v1/types.pb.h"

namespace likeness {

inline constexpr int32_t kNanosPerSecond = 1'000'000'000;

v1::Space SpaceToWire(Space space);

// `fallback` for SPACE_UNSPECIFIED; blames `field` for a number that is no
// space.
absl::StatusOr<Space> FromWire(v1::Space space, Space fallback,
                               absl::string_view field);

v1::ImageFormat ToWire(ImageFormat format);

// INVALID_ARGUMENT blames `field`.
absl::StatusOr<absl::Time> TimeFromWire(const google::protobuf::Timestamp& wire,
                                        absl::string_view field);
void TimeToWire(absl::Time time, google::protobuf::Timestamp& wire);
// Finite.
void DurationToWire(absl::Duration duration, google::protobuf::Duration& wire);

void ToWire(const Item& item, v1::Item& wire);

// id, metadata, source and expiry of `wire`, checked; the output-only fields
// must be empty.
absl::StatusOr<Item> ItemFromWire(const v1::Item& wire,
                                  absl::string_view field);

void MetadataToWire(
    const Metadata& metadata,
    google::protobuf::Map<std::string, v1::MetadataValue>& wire);
absl::StatusOr<Metadata> MetadataFromWire(
    const google::protobuf::Map<std::string, v1::MetadataValue>& wire,
    absl::string_view field);

// Checks length, finiteness and that it is not all zero.
absl::StatusOr<std::vector<float>> VectorFromWire(const v1::Vector& wire,
                                                  Space space,
                                                  const CollectionSpec& spec,
                                                  absl::string_view field);

// At least one, at most kMaxVectorsInSpace a space.
absl::StatusOr<ItemVectors> VectorsFromWire(const v1::Vectors& wire,
                                            const CollectionSpec& spec,
                                            absl::string_view field);
void ToWire(const ItemVectors& vectors, const CollectionSpec& spec,
            v1::Vectors& wire);

// The request's vector_spaces, else the spaces of `model`.
absl::StatusOr<CollectionSpec> SpecFromWire(
    const v1::CreateCollectionRequest& request, const ModelInfo& model);

void ToWire(const Collection& collection, v1::Collection& wire);
void ToWire(const CompactionState& state, v1::Compaction& wire);

// What is 0 is not set.
absl::StatusOr<IndexOptions> IndexFromWire(const v1::IndexOptions& wire);
void ToWire(const IndexOptions& options, v1::IndexOptions& wire);

// What `request` does to the options that a collection has.
absl::StatusOr<std::function<void(IndexOptions&)>> ChangeFromWire(
    const v1::UpdateCollectionRequest& request);

// Everything of a search but its target, its page and a minimal precision.
absl::StatusOr<SearchRequest> SearchFromWire(const v1::SearchRequest& request);

void ToWire(SearchResult result, v1::SearchResponse& wire);

}  // namespace likeness

#endif  // LIKENESS_SERVER_CONVERT_H_
