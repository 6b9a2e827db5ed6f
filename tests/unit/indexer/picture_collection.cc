#include "tests/unit/indexer/picture_collection.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "engine/embed/picture_encoder.h"
#include "indexer/change_model.h"
#include "indexer/picture_put.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/indexer/flat_picture.h"

namespace likeness::testing {
namespace {

constexpr int kThumbnailSide = 16;

EncodedPicture Encode(int i, const Embedder& model, bool thumbnail) {
  const PictureEncoder encoder(model, DecodeLimits(), kThumbnailSide);
  auto picture = encoder.Encode(FlatJpeg(i), thumbnail);
  EXPECT_OK(picture);
  return *std::move(picture);
}

}  // namespace

absl::StatusOr<std::vector<Embedding>> CountingEmbedder::Embed(
    absl::Span<const NetworkInput> batch) const {
  if ((pictures_ += batch.size()) > limit_) {
    return absl::InternalError("the model is broken");
  }
  return TurnedEmbedder::Embed(batch);
}

void PictureCollection::SetUp() {
  std::filesystem::create_directory(pictures_.File("p"));
  Reopen();
  ASSERT_OK(set_->Create({.name = "c",
                          .model_id = old_model_.model().id,
                          .dimensions = old_model_.model().dimensions,
                          .keep_thumbnails = true,
                          .created = absl::Now()}));
}

void PictureCollection::Reopen() {
  set_.reset();
  ASSERT_OK_AND_ASSIGN(set_, CollectionSet::Open(data_.path(), true));
}

std::string PictureCollection::Path(int i) const {
  return pictures_.File(absl::StrCat("p/", i, ".jpg"));
}

void PictureCollection::IndexPicture(int i) {
  ASSERT_OK(WriteFileDurably(Path(i), FlatJpeg(i)));
  PutPicture(Id(i), i, Path(i));
}

void PictureCollection::PutPicture(const std::string& id, int i,
                                   const std::string& source,
                                   const Embedder& model) {
  ASSERT_OK(Named()->Upsert(
      {MakePut(id, Encode(i, model, true), {}, source, model.model().id)}));
}

void PictureCollection::PutVectors(const std::string& id,
                                   const Embedder& model) {
  Mutation put;
  put.item.id = id;
  put.item.model_id = model.model().id;
  put.vectors = VectorsOf(77, model);
  for (const Space space : kAllSpaces) {
    const std::vector<float> more = VectorsOf(78, model)[space];
    put.vectors[space].insert(put.vectors[space].end(), more.begin(),
                              more.end());
  }
  ASSERT_OK(Named()->Upsert({std::move(put)}));
}

void PictureCollection::Patch(const std::string& id, const std::string& field,
                              const std::string& value) {
  Mutation patch;
  patch.kind = Mutation::Kind::kPatch;
  patch.item.id = id;
  patch.patch.set[field] = value;
  ASSERT_OK(Named()->ApplyAtomically({std::move(patch)}));
}

Generations PictureCollection::Begin() {
  auto generations = OpenModelChange(*set_, "c", new_model_.model());
  EXPECT_OK(generations);
  return *std::move(generations);
}

ReembedResult PictureCollection::Run(const Generations& both,
                                     const Embedder& model,
                                     const ReembedOptions& options) {
  const CancelToken never;
  CancelToken unused;
  CancelAfter silent(0, unused);
  return Reembed(*both.current, *both.other, model, options, never, silent);
}

ItemVectors PictureCollection::VectorsOf(int i, const Embedder& model) {
  return Encode(i, model, false).embedding.vectors;
}

void PictureCollection::ExpectNear(const ItemVectors& a, const ItemVectors& b) {
  for (const Space space : kAllSpaces) {
    ASSERT_EQ(a[space].size(), b[space].size());
    for (size_t i = 0; i < a[space].size(); ++i) {
      EXPECT_NEAR(a[space][i], b[space][i], 1e-6);
    }
  }
}

}  // namespace likeness::testing
