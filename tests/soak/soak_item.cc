#include "tests/soak/soak_item.h"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "engine/core/random.h"
#include "google/protobuf/util/message_differencer.h"

namespace likeness::testing {
namespace {

constexpr int kDimensions = 24;
constexpr absl::string_view kIdPrefix = "item/";

Random RandomOf(int id, int64_t version, uint64_t what) {
  return Random(
      MixSeed(static_cast<uint64_t>(version), static_cast<uint64_t>(id)), what);
}

double Cosine(const v1::Vector& a, const v1::Vector& b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (int i = 0; i < a.values_size(); ++i) {
    ab += static_cast<double>(a.values(i)) * b.values(i);
    aa += static_cast<double>(a.values(i)) * a.values(i);
    bb += static_cast<double>(b.values(i)) * b.values(i);
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace

v1::CreateCollectionRequest SoakCollectionRequest() {
  v1::CreateCollectionRequest request;
  request.set_name(kSoakCollection);
  for (const v1::Space space : kSoakSpaces) {
    v1::SpaceConfig& config = *request.add_vector_spaces();
    config.set_space(space);
    config.set_dimensions(kDimensions);
  }
  return request;
}

std::string SoakId(int id) { return absl::StrCat(kIdPrefix, id); }

v1::Item SoakItem(SoakVersion of) {
  v1::Item item;
  item.set_id(SoakId(of.id));
  // A change of metadata leaves it.
  item.set_source(
      std::string(RandomOf(of.id, of.vectors, /*what=*/9).Below(2000), 's'));
  Random random = RandomOf(of.id, of.version, /*what=*/0);
  auto& metadata = *item.mutable_metadata();
  metadata["version"].set_int_value(of.version);
  metadata["vectors"].set_int_value(of.vectors);
  metadata["price"].set_double_value(random.Uniform(0, 1000));
  metadata["used"].set_bool_value(random.Chance(0.5));
  metadata["brand"].set_string_value(absl::StrCat("brand ", random.Below(20)));
  auto& tags = *metadata["tags"].mutable_string_list_value();
  for (size_t i = random.Below(4); i > 0; --i) {
    tags.add_values(absl::StrCat("tag ", random.Below(9)));
  }
  return item;
}

std::vector<v1::Vector> SoakVectors(v1::Space space, SoakVersion of) {
  Random random =
      RandomOf(of.id, of.vectors, /*what=*/1 + static_cast<uint64_t>(space));
  std::vector<v1::Vector> vectors(random.Chance(0.25) ? 1 + random.Below(4)
                                                      : 1);
  for (v1::Vector& vector : vectors) {
    vector.set_space(space);
    for (int i = 0; i < kDimensions; ++i) {
      vector.add_values(static_cast<float>(random.Normal()));
    }
  }
  return vectors;
}

v1::UpsertItemRequest SoakUpsert(SoakVersion of) {
  v1::UpsertItemRequest request;
  request.set_collection(kSoakCollection);
  *request.mutable_item() = SoakItem(of);
  for (const v1::Space space : kSoakSpaces) {
    for (const v1::Vector& vector : SoakVectors(space, of)) {
      *request.mutable_vectors()->add_vectors() = vector;
    }
  }
  return request;
}

v1::UpdateItemMetadataRequest SoakPatch(SoakVersion of) {
  v1::UpdateItemMetadataRequest request;
  request.set_collection(kSoakCollection);
  request.set_id(SoakId(of.id));
  const v1::Item item = SoakItem(of);
  *request.mutable_set() = item.metadata();
  return request;
}

v1::DeleteItemRequest SoakDelete(int id) {
  v1::DeleteItemRequest request;
  request.set_collection(kSoakCollection);
  request.set_id(SoakId(id));
  return request;
}

v1::SearchRequest SoakSearch(v1::Space space, SoakVersion of, int k) {
  v1::SearchRequest request;
  request.set_collection(kSoakCollection);
  *request.mutable_vector() = SoakVectors(space, of).back();
  request.set_k(k);
  request.set_exact(true);
  return request;
}

std::optional<SoakVersion> WhichSoakVersion(const v1::Item& item) {
  SoakVersion of;
  absl::string_view id = item.id();
  if (!absl::ConsumePrefix(&id, kIdPrefix) || !absl::SimpleAtoi(id, &of.id)) {
    return std::nullopt;
  }
  const auto version = item.metadata().find("version");
  const auto vectors = item.metadata().find("vectors");
  if (version == item.metadata().end() || vectors == item.metadata().end()) {
    return std::nullopt;
  }
  of.version = version->second.int_value();
  of.vectors = vectors->second.int_value();
  // What the server adds is not compared.
  v1::Item given;
  given.set_id(item.id());
  given.set_source(item.source());
  *given.mutable_metadata() = item.metadata();
  if (!google::protobuf::util::MessageDifferencer::Equals(given,
                                                          SoakItem(of))) {
    return std::nullopt;
  }
  return of;
}

SoakNearest Nearest(const v1::Vector& query,
                    const std::vector<v1::Vector>& vectors) {
  SoakNearest nearest;
  for (size_t i = 0; i < vectors.size(); ++i) {
    const double cosine = Cosine(query, vectors[i]);
    if (cosine > nearest.cosine) nearest = {static_cast<int>(i), cosine};
  }
  return nearest;
}

}  // namespace likeness::testing
