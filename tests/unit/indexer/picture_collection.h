// A collection of pictures, and two models, for the tests of changes of model.
#ifndef LIKENESS_TESTS_UNIT_INDEXER_PICTURE_COLLECTION_H_
#define LIKENESS_TESTS_UNIT_INDEXER_PICTURE_COLLECTION_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/collection/collection_set.h"
#include "engine/embed/embedder.h"
#include "gtest/gtest.h"
#include "indexer/cancel.h"
#include "indexer/reembed.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/fakes/turned_embedder.h"
#include "tests/support/test_files.h"

namespace likeness::testing {

// Counts what it embeds.
class CountingEmbedder : public TurnedEmbedder {
 public:
  using TurnedEmbedder::TurnedEmbedder;

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override;

  uint64_t pictures() const { return pictures_; }
  // INTERNAL from that many pictures on.
  void FailAfter(uint64_t pictures) { limit_ = pictures; }

 private:
  mutable std::atomic<uint64_t> pictures_ = 0;
  uint64_t limit_ = UINT64_MAX;
};

// Cancels after so many writes.
class CancelAfter : public ReembedObserver {
 public:
  CancelAfter(int writes, CancelToken& cancel)
      : left_(writes), cancel_(cancel) {}
  void OnProgress(const ReembedCounts& /*counts*/, uint64_t /*left*/) override {
    if (--left_ == 0) cancel_.Cancel();
  }

 private:
  int left_;
  CancelToken& cancel_;
};

// The collection "c" of old_model_'s vectors.
class PictureCollection : public ::testing::Test {
 protected:
  void SetUp() override;
  void Reopen();

  std::string Path(int i) const;
  std::string Id(int i) const { return Path(i); }
  std::shared_ptr<Collection> Named() const { return *set_->Get("c"); }

  // Writes FlatJpeg(i) to Path(i) and puts it in under Id(i).
  void IndexPicture(int i);
  // Puts FlatJpeg(i) in under `id`.
  void PutPicture(const std::string& id, int i, const std::string& source,
                  const Embedder& model);
  void PutPicture(const std::string& id, int i, const std::string& source) {
    PutPicture(id, i, source, old_model_);
  }
  void PutVectors(const std::string& id, const Embedder& model);
  void Patch(const std::string& id, const std::string& field,
             const std::string& value);

  // The change to new_model_, which begins with the first call.
  Generations Begin();
  static ReembedResult Run(const Generations& both, const Embedder& model,
                           const ReembedOptions& options = {});

  // What `model` makes of FlatJpeg(i).
  static ItemVectors VectorsOf(int i, const Embedder& model);
  static void ExpectNear(const ItemVectors& a, const ItemVectors& b);

  TempDir pictures_;
  TempDir data_;
  FakeEmbedder old_model_;
  CountingEmbedder new_model_;
  std::unique_ptr<CollectionSet> set_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_INDEXER_PICTURE_COLLECTION_H_
