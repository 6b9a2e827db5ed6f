#include "indexer/collection_sink.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "engine/core/sha256.h"
#include "engine/core/status_macros.h"
#include "indexer/picture_put.h"

namespace likeness {

CollectionSink::CollectionSink(Collection& collection, const Embedder& embedder,
                               const CollectionSinkOptions& options)
    : collection_(collection),
      model_id_(embedder.model().id),
      prepare_(options.prepare),
      write_batch_(static_cast<size_t>(std::max(1, options.write_batch))),
      embed_(embedder, options.embed),
      writes_(write_batch_),
      writer_([this] { RunWriter(); }) {
  prepare_.input_side = embedder.model().input_side;
  prepare_.fit = embedder.model().fit;
}

CollectionSink::~CollectionSink() { Finish().IgnoreError(); }

absl::StatusOr<Held> CollectionSink::Find(const std::string& id,
                                          absl::string_view bytes) const {
  RETURN_IF_ERROR(ValidateItemId(id));
  const absl::StatusOr<Item> item = collection_.Get(id, ReadParts{});
  if (absl::IsNotFound(item.status())) return Held::kNothing;
  RETURN_IF_ERROR(item.status());
  const bool same =
      item->model_id == model_id_ && !item->unembedded.has_value() &&
      item->picture.has_value() && item->picture->size_bytes == bytes.size() &&
      item->picture->content_hash == Sha256(bytes);
  return same ? Held::kSame : Held::kOther;
}

void CollectionSink::Put(PictureFile file, Done done) {
  absl::StatusOr<Metadata> metadata = MetadataOf(file);
  if (!metadata.ok()) return done(metadata.status());
  PrepareTimes times;
  absl::StatusOr<PreparedPicture> picture =
      PreparePicture(file.bytes, prepare_, &times);
  {
    absl::MutexLock lock(&mutex_);
    times_ += StageTimes{.prepare = times};
  }
  if (!picture.ok()) return done(picture.status());
  file.bytes = std::string();  // Waiting pictures need not keep their files.
  EncodedPicture encoded;
  encoded.facts = picture->facts;
  encoded.thumbnail_jpeg = std::move(picture->thumbnail_jpeg);
  embed_.Submit(std::move(picture->input),
                [this, file = std::move(file), encoded = std::move(encoded),
                 metadata = *std::move(metadata), done = std::move(done)](
                    absl::StatusOr<Embedding> embedding) mutable {
                  if (!embedding.ok()) return done(embedding.status());
                  encoded.embedding = *std::move(embedding);
                  writes_.Push({MakePut(std::move(file.id), std::move(encoded),
                                        std::move(metadata),
                                        std::move(file.path), model_id_),
                                std::move(done)});
                });
}

void CollectionSink::Skip(uint64_t /*sequence*/) {}

absl::Status CollectionSink::Finish() {
  embed_.Finish();
  writes_.Close();
  if (writer_.joinable()) writer_.join();
  return absl::OkStatus();
}

StageTimes CollectionSink::times() const {
  absl::MutexLock lock(&mutex_);
  StageTimes times = times_;
  times.embed = embed_.time();
  return times;
}

absl::StatusOr<Metadata> CollectionSink::MetadataOf(
    const PictureFile& file) const {
  if (file.held == Held::kNothing) return Metadata();
  absl::StatusOr<Item> item = collection_.Get(file.id, ReadParts{});
  // Deleted since it was found: then it is a new one.
  if (absl::IsNotFound(item.status())) return Metadata();
  RETURN_IF_ERROR(item.status());
  return std::move(item->metadata);
}

void CollectionSink::RunWriter() {
  while (std::optional<Write> write = writes_.Pop()) {
    std::vector<Write> batch;
    while (write.has_value()) {
      batch.push_back(*std::move(write));
      write = batch.size() < write_batch_ ? writes_.TryPop() : std::nullopt;
    }
    WriteBatch(std::move(batch));
  }
}

void CollectionSink::WriteBatch(std::vector<Write> batch) {
  // Each by itself: one bad item must not take the others with it.
  std::vector<AtomicWrite> writes(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    writes[i].mutations.push_back(std::move(batch[i].put));
  }
  const absl::Time begin = absl::Now();
  const std::vector<WriteResult> results = collection_.Apply(std::move(writes));
  {
    absl::MutexLock lock(&mutex_);
    times_.write += absl::Now() - begin;
  }
  for (size_t i = 0; i < batch.size(); ++i) batch[i].done(results[i].status());
}

}  // namespace likeness
