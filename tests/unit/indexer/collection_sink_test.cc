#include "indexer/collection_sink.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "engine/collection/collection_set.h"
#include "engine/core/file.h"
#include "engine/image/encode.h"
#include "indexer/ingest.h"
#include "indexer/picture_put.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/indexer/flat_picture.h"
#include "tests/unit/indexer/silent_observer.h"

namespace likeness {
namespace {

using ::likeness::testing::FakeEmbedder;
using ::likeness::testing::FlatJpeg;
using ::likeness::testing::IsOk;
using ::likeness::testing::SilentObserver;
using ::likeness::testing::TempDir;

class CollectionSinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(pictures_.File("p"));
    for (int i = 0; i < kPictures; ++i) {
      ASSERT_OK(WriteFileDurably(Path(i), FlatJpeg(i)));
    }
    ASSERT_OK_AND_ASSIGN(set_, CollectionSet::Open(data_.path(), true));
    ASSERT_OK_AND_ASSIGN(
        collection_, set_->Create({.name = "c",
                                   .model_id = embedder_.model().id,
                                   .dimensions = embedder_.model().dimensions,
                                   .keep_thumbnails = true,
                                   .created = absl::Now()}));
  }

  std::string Path(int i) const {
    return pictures_.File(absl::StrCat("p/", i, ".jpg"));
  }

  IngestResult Index() {
    CollectionSinkOptions sink_options;
    sink_options.prepare.thumbnail_side = 16;
    sink_options.write_batch = 4;
    CollectionSink sink(*collection_, embedder_, sink_options);
    FileSource source({pictures_.File("p")}, Repeats::kSkip);
    IngestOptions options;
    options.make_id = AbsolutePathId;
    const CancelToken never;
    SilentObserver observer;
    return RunIngest(source, sink, options, never, observer);
  }

  static constexpr int kPictures = 12;
  TempDir pictures_;
  TempDir data_;
  FakeEmbedder embedder_;
  std::unique_ptr<CollectionSet> set_;
  std::shared_ptr<Collection> collection_;
};

TEST_F(CollectionSinkTest, EveryPictureIsStoredAndFindsItself) {
  const IngestResult result = Index();
  ASSERT_THAT(result.status, IsOk());
  EXPECT_EQ(result.counts.indexed, uint64_t{kPictures});
  EXPECT_EQ(collection_->size(), uint64_t{kPictures});
  const PictureEncoder encoder(embedder_, DecodeLimits(), 16);
  for (int i = 0; i < kPictures; ++i) {
    ASSERT_OK_AND_ASSIGN(const EncodedPicture picture,
                         encoder.Encode(FlatJpeg(i), false));
    SearchRequest request;
    request.target = picture.embedding.vectors[Space::kSimilar];
    request.k = 1;
    ASSERT_OK_AND_ASSIGN(const SearchResult found,
                         collection_->Search(request));
    ASSERT_EQ(found.hits.size(), 1U);
    EXPECT_EQ(found.hits[0].id, Path(i));
    EXPECT_NEAR(found.hits[0].similarity, 1.0F, 1e-5F);
  }
}

TEST_F(CollectionSinkTest, KeepsTheFactsOfThePicture) {
  ASSERT_THAT(Index().status, IsOk());
  ASSERT_OK_AND_ASSIGN(const Item item,
                       collection_->Get(Path(3), {.thumbnail = true}));
  EXPECT_EQ(item.source, Path(3));
  EXPECT_EQ(item.model_id, embedder_.model().id);
  ASSERT_TRUE(item.picture.has_value());
  EXPECT_EQ(item.picture->format, ImageFormat::kJpeg);
  EXPECT_EQ(item.picture->content_hash, Sha256(FlatJpeg(3)));
  EXPECT_TRUE(item.hash.has_value());
  EXPECT_EQ(SniffFormat(item.thumbnail_jpeg), ImageFormat::kJpeg);
}

TEST_F(CollectionSinkTest, BadPicturesAreCountedByReasonAndTheRestIsStored) {
  ASSERT_OK(WriteFileDurably(pictures_.File("p/text.jpg"), "no picture"));
  ASSERT_OK(WriteFileDurably(pictures_.File("p/empty.jpg"), ""));
  const std::string whole = FlatJpeg(1);
  ASSERT_OK(WriteFileDurably(pictures_.File("p/torn.jpg"),
                             whole.substr(0, whole.size() / 2)));
  const IngestResult result = Index();
  EXPECT_THAT(result.status, IsOk());
  EXPECT_EQ(result.counts.read, uint64_t{kPictures} + 3);
  EXPECT_EQ(result.counts.indexed, uint64_t{kPictures});
  EXPECT_THAT(
      result.counts.rejected_by_reason,
      ::testing::UnorderedElementsAre(::testing::Pair("NOT_A_PICTURE", 1),
                                      ::testing::Pair("EMPTY_PICTURE", 1),
                                      ::testing::Pair("CORRUPT_PICTURE", 1)));
}

TEST_F(CollectionSinkTest, UnchangedPicturesAreNotWrittenAgain) {
  ASSERT_THAT(Index().status, IsOk());
  const uint64_t op_id = collection_->last_op_id();
  const IngestResult again = Index();
  EXPECT_EQ(again.counts.unchanged, uint64_t{kPictures});
  EXPECT_EQ(again.times.prepare.decode, absl::ZeroDuration());
  EXPECT_EQ(collection_->last_op_id(), op_id);
}

TEST_F(CollectionSinkTest, AChangedPictureKeepsItsMetadata) {
  const PictureEncoder encoder(embedder_, DecodeLimits(), 16);
  ASSERT_OK_AND_ASSIGN(EncodedPicture other,
                       encoder.Encode(FlatJpeg(kPictures), false));
  const Metadata metadata = {{"price", int64_t{12}}};
  ASSERT_OK(collection_->Upsert({MakePut(Path(2), std::move(other), metadata,
                                         "elsewhere", embedder_.model().id)}));
  ASSERT_THAT(Index().status, IsOk());
  ASSERT_OK_AND_ASSIGN(const Item item, collection_->Get(Path(2), {}));
  EXPECT_EQ(item.metadata, metadata);
  EXPECT_EQ(item.picture->content_hash, Sha256(FlatJpeg(2)));
}

}  // namespace
}  // namespace likeness
