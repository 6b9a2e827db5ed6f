#include "server/convert.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::HasCode;
using testing::IsOk;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

v1::Item NamedItem(const std::string& id) {
  v1::Item item;
  item.set_id(id);
  return item;
}

CollectionSpec TwoByThree() {
  CollectionSpec spec;
  spec.name = "c";
  spec.dimensions[Space::kSimilar] = 2;
  spec.dimensions[Space::kCopy] = 3;
  return spec;
}

v1::Vector MakeVector(v1::Space space, const std::vector<float>& values) {
  v1::Vector vector;
  vector.set_space(space);
  vector.mutable_values()->Add(values.begin(), values.end());
  return vector;
}

TEST(ConvertItemTest, EveryTypeOfMetadataComesBackAsItWas) {
  Metadata metadata;
  metadata["string"] = std::string("k\xc3\xa4se");
  metadata["empty"] = std::string();
  metadata["int"] = std::numeric_limits<int64_t>::min();
  metadata["double"] = 0.1;
  metadata["bool"] = false;
  metadata["before 1970"] = absl::FromUnixMicros(-1'500'001);
  metadata["after 1970"] = absl::FromUnixMicros(1'700'000'000'123'456);
  metadata["list"] = std::vector<std::string>{"a", "", "b"};
  v1::Item wire = NamedItem("x");
  MetadataToWire(metadata, *wire.mutable_metadata());
  ASSERT_OK_AND_ASSIGN(const Item item, ItemFromWire(wire, "item"));
  EXPECT_EQ(item.metadata, metadata);
}

TEST(ConvertItemTest, ATimestampBefore1970HasPositiveNanos) {
  google::protobuf::Timestamp wire;
  TimeToWire(absl::FromUnixMicros(-1), wire);
  EXPECT_EQ(wire.seconds(), -1);
  EXPECT_EQ(wire.nanos(), 999'999'000);
}

TEST(ConvertItemTest, AMetadataFieldWithoutAValueIsNamed) {
  v1::Item wire = NamedItem("x");
  (*wire.mutable_metadata())["price"];
  EXPECT_THAT(ItemFromWire(wire, "item"), BlamesField("item.metadata.price"));
}

TEST(ConvertItemTest, ATimestampOutsideTheCalendarIsNamed) {
  for (const auto& [seconds, nanos] :
       std::vector<std::pair<int64_t, int>>{{253'402'300'800, 0},
                                            {-62'135'596'801, 0},
                                            {0, -1},
                                            {0, 1'000'000'000}}) {
    v1::Item wire = NamedItem("x");
    auto& time = *(*wire.mutable_metadata())["t"].mutable_timestamp_value();
    time.set_seconds(seconds);
    time.set_nanos(nanos);
    const auto item = ItemFromWire(wire, "item");
    EXPECT_THAT(item, HasCode(kInvalid));
    EXPECT_THAT(item, BlamesField("item.metadata.t"));
  }
}

TEST(ConvertItemTest, TheEnginesComplaintNamesTheFieldOfTheRequest) {
  const auto item = ItemFromWire(NamedItem(""), "item");
  EXPECT_THAT(item, Fails(kInvalid, "item.id: "));
  EXPECT_THAT(item, BlamesField("item.id"));
  EXPECT_THAT(ItemFromWire(NamedItem(std::string(513, 'a')), "item"),
              BlamesField("item.id"));
  v1::Item wire = NamedItem("x");
  wire.set_source(std::string(kMaxSourceBytes + 1, 's'));
  EXPECT_THAT(ItemFromWire(wire, "item"), BlamesField("item.source"));
}

TEST(ConvertItemTest, OutputOnlyFieldsMustBeEmpty) {
  v1::Item wire = NamedItem("x");
  wire.set_op_id(7);
  EXPECT_THAT(ItemFromWire(wire, "item"), BlamesField("item.op_id"));
  wire = NamedItem("x");
  wire.mutable_picture();
  EXPECT_THAT(ItemFromWire(wire, "item"), BlamesField("item.picture"));
}

TEST(ConvertItemTest, TooManyFieldsAreRefused) {
  v1::Item wire = NamedItem("x");
  for (size_t i = 0; i <= kMaxMetadataFields; ++i) {
    (*wire.mutable_metadata())[std::to_string(i)].set_bool_value(true);
  }
  EXPECT_THAT(ItemFromWire(wire, "item"), BlamesField("item.metadata"));
}

TEST(ConvertItemTest, FactsOfThePictureReachTheWire) {
  Item item;
  item.id = "x";
  item.picture = PictureFacts{
      .size_bytes = 10, .width = 3, .height = 4, .format = ImageFormat::kAvif};
  item.picture->content_hash.fill(7);
  item.hash = PdqHash{.quality = 88};
  item.op_id = 5;
  item.created = absl::FromUnixSeconds(10);
  item.updated = absl::FromUnixSeconds(20);
  v1::Item wire;
  ToWire(item, wire);
  EXPECT_EQ(wire.picture().format(), v1::IMAGE_FORMAT_AVIF);
  EXPECT_EQ(wire.picture().width(), 3);
  EXPECT_EQ(wire.picture().height(), 4);
  EXPECT_EQ(wire.picture().size_bytes(), 10);
  EXPECT_EQ(wire.picture().sha256(), std::string(32, '\x07'));
  EXPECT_EQ(wire.picture().pdq_hash(), std::string(32, '\0'));
  EXPECT_EQ(wire.picture().pdq_quality(), 88);
  EXPECT_EQ(wire.op_id(), 5U);
  EXPECT_EQ(wire.create_time().seconds(), 10);
  EXPECT_EQ(wire.update_time().seconds(), 20);
}

TEST(ConvertVectorTest, ChecksLengthAndValues) {
  const CollectionSpec spec = TwoByThree();
  const auto convert = [&spec](const std::vector<float>& values) {
    return VectorFromWire(MakeVector(v1::SPACE_SIMILAR, values),
                          Space::kSimilar, spec, "vector");
  };
  EXPECT_THAT(convert({1, 2}), IsOk());
  for (const std::vector<float>& wrong : {std::vector<float>{1},
                                          {1, 2, 3},
                                          {},
                                          {0, 0},
                                          {1, NAN},
                                          {INFINITY, 1}}) {
    const auto result = convert(wrong);
    EXPECT_THAT(result, HasCode(kInvalid));
    EXPECT_THAT(result, BlamesField("vector.values"));
  }
}

TEST(ConvertVectorTest, ASpaceThatTheCollectionLacksIsNamed) {
  CollectionSpec spec = TwoByThree();
  spec.dimensions[Space::kCopy] = 0;
  EXPECT_THAT(VectorFromWire(MakeVector(v1::SPACE_COPY, {1, 2, 3}),
                             Space::kCopy, spec, "vector"),
              BlamesField("vector.space"));
}

TEST(ConvertVectorTest, TakesVectorsOfEachSpaceInTheirOrder) {
  const CollectionSpec spec = TwoByThree();
  v1::Vectors wire;
  EXPECT_THAT(VectorsFromWire(wire, spec, "vectors"),
              BlamesField("vectors.vectors"));
  *wire.add_vectors() = MakeVector(v1::SPACE_COPY, {1, 2, 3});
  ASSERT_OK_AND_ASSIGN(const ItemVectors vectors,
                       VectorsFromWire(wire, spec, "vectors"));
  EXPECT_EQ(vectors[Space::kCopy], (std::vector<float>{1, 2, 3}));
  EXPECT_TRUE(vectors[Space::kSimilar].empty());
  *wire.add_vectors() = MakeVector(v1::SPACE_SIMILAR, {1, 2});
  *wire.add_vectors() = MakeVector(v1::SPACE_COPY, {4, 5, 6});
  ASSERT_OK_AND_ASSIGN(const ItemVectors several,
                       VectorsFromWire(wire, spec, "vectors"));
  EXPECT_EQ(several[Space::kCopy], (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(several[Space::kSimilar], (std::vector<float>{1, 2}));
  v1::Vectors back;
  ToWire(several, spec, back);
  ASSERT_EQ(back.vectors_size(), 3);
  EXPECT_EQ(back.vectors(0).space(), v1::SPACE_SIMILAR);
  EXPECT_EQ(back.vectors(2).space(), v1::SPACE_COPY);
  EXPECT_EQ(back.vectors(2).values(0), 4);
  *wire.mutable_vectors(2) = MakeVector(v1::SPACE_COPY, {4, 5});
  EXPECT_THAT(VectorsFromWire(wire, spec, "vectors"),
              BlamesField("vectors.vectors[2].values"));
  *wire.mutable_vectors(1) = MakeVector(v1::SPACE_UNSPECIFIED, {1, 2});
  EXPECT_THAT(VectorsFromWire(wire, spec, "vectors"),
              BlamesField("vectors.vectors[1].space"));
}

TEST(ConvertVectorTest, ASpaceHasSixtyFourVectorsAndNoMore) {
  v1::Vectors wire;
  for (int i = 0; i < 64; ++i) {
    *wire.add_vectors() = MakeVector(v1::SPACE_COPY, {1, 2, 3});
  }
  *wire.add_vectors() = MakeVector(v1::SPACE_SIMILAR, {1, 2});
  EXPECT_OK(VectorsFromWire(wire, TwoByThree(), "vectors"));
  *wire.add_vectors() = MakeVector(v1::SPACE_COPY, {1, 2, 3});
  EXPECT_THAT(VectorsFromWire(wire, TwoByThree(), "vectors"),
              BlamesField("vectors.vectors[65]"));
}

TEST(ConvertCollectionTest, WithoutSpacesTheModelDecides) {
  ModelInfo model;
  model.id = "m";
  model.dimensions[Space::kSimilar] = 4;
  model.dimensions[Space::kCopy] = 5;
  v1::CreateCollectionRequest request;
  request.set_name("c");
  request.set_drop_thumbnails(true);
  ASSERT_OK_AND_ASSIGN(const CollectionSpec spec, SpecFromWire(request, model));
  EXPECT_EQ(spec.model_id, "m");
  EXPECT_EQ(spec.dimensions, model.dimensions);
  EXPECT_FALSE(spec.keep_thumbnails);

  auto& space = *request.add_vector_spaces();
  space.set_space(v1::SPACE_COPY);
  space.set_dimensions(7);
  ASSERT_OK_AND_ASSIGN(const CollectionSpec own, SpecFromWire(request, model));
  EXPECT_EQ(own.model_id, "");
  EXPECT_EQ(own.dimensions[Space::kSimilar], 0);
  EXPECT_EQ(own.dimensions[Space::kCopy], 7);
}

TEST(ConvertSearchTest, DefaultsAreTheDocumentedOnes) {
  ASSERT_OK_AND_ASSIGN(const SearchRequest search, SearchFromWire({}));
  EXPECT_EQ(search.space, Space::kSimilar);
  EXPECT_EQ(search.k, 10);
  EXPECT_EQ(search.min_similarity, -1.0F);
  EXPECT_EQ(search.min_op_id, 0U);
  EXPECT_FALSE(search.parts.thumbnail);
  EXPECT_FALSE(search.filter.has_value());
  EXPECT_FALSE(search.exact);
  EXPECT_EQ(search.recall_target, std::nullopt);
  EXPECT_EQ(search.ef_search, 0);
  EXPECT_EQ(search.nprobe, 0);
}

TEST(ConvertSearchTest, LimitsAreInclusive) {
  v1::SearchRequest request;
  request.set_k(1000);
  request.set_min_similarity(1);
  EXPECT_THAT(SearchFromWire(request), IsOk());
  request.set_min_similarity(-1);
  EXPECT_THAT(SearchFromWire(request), IsOk());
  for (const float wrong : {1.1F, -1.1F, NAN, INFINITY}) {
    request.set_min_similarity(wrong);
    EXPECT_THAT(SearchFromWire(request), BlamesField("min_similarity"));
  }
  request.clear_min_similarity();
  for (const int wrong : {-1, 1001}) {
    request.set_k(wrong);
    EXPECT_THAT(SearchFromWire(request), BlamesField("k"));
  }
}

TEST(ConvertSearchTest, AFilterIsReadAndABadOneBlamed) {
  v1::SearchRequest request;
  request.set_filter("price < 20 AND brand = acme");
  request.set_exact(true);
  ASSERT_OK_AND_ASSIGN(const SearchRequest search, SearchFromWire(request));
  ASSERT_TRUE(search.filter.has_value());
  EXPECT_TRUE(
      Matches(*search.filter, {{"price", int64_t{19}}, {"brand", "acme"}}));
  EXPECT_FALSE(
      Matches(*search.filter, {{"price", int64_t{20}}, {"brand", "acme"}}));
  EXPECT_TRUE(search.exact);
  request.set_filter("price <");
  EXPECT_THAT(SearchFromWire(request), BlamesField("filter"));
}

TEST(ConvertSearchTest, TheSpaceIsTheVectorsUnlessBothDisagree) {
  v1::SearchRequest request;
  *request.mutable_vector() = MakeVector(v1::SPACE_COPY, {1});
  ASSERT_OK_AND_ASSIGN(const SearchRequest search, SearchFromWire(request));
  EXPECT_EQ(search.space, Space::kCopy);
  request.set_space(v1::SPACE_SIMILAR);
  EXPECT_THAT(SearchFromWire(request), BlamesField("vector.space"));
  request.mutable_vector()->set_space(v1::SPACE_UNSPECIFIED);
  EXPECT_THAT(SearchFromWire(request), IsOk());
  request.set_space(static_cast<v1::Space>(9));
  EXPECT_THAT(SearchFromWire(request), BlamesField("space"));
}

}  // namespace
}  // namespace likeness
