#include "indexer/vector_sink.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {

absl::StatusOr<std::unique_ptr<VectorSink>> VectorSink::Create(
    const Embedder& embedder, Space space, const PrepareOptions& prepare,
    const std::string& vectors_path, const std::string& ids_path) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<NpyWriter> vectors,
      NpyWriter::Create(vectors_path, embedder.model().dimensions[space]));
  ASSIGN_OR_RETURN(std::unique_ptr<AsideFile> ids, AsideFile::Create(ids_path));
  return std::unique_ptr<VectorSink>(new VectorSink(
      embedder, space, prepare, std::move(vectors), std::move(ids)));
}

VectorSink::VectorSink(const Embedder& embedder, Space space,
                       const PrepareOptions& prepare,
                       std::unique_ptr<NpyWriter> vectors,
                       std::unique_ptr<AsideFile> ids)
    : space_(space),
      prepare_(prepare),
      vectors_(std::move(vectors)),
      ids_(std::move(ids)),
      embed_(embedder, EmbedStageOptions{}) {
  prepare_.input_side = embedder.model().input_side;
  prepare_.fit = embedder.model().fit;
  prepare_.thumbnail_side = 0;
}

VectorSink::~VectorSink() { embed_.Finish(); }

absl::StatusOr<Held> VectorSink::Find(const std::string& /*id*/,
                                      absl::string_view /*bytes*/) const {
  return Held::kNothing;
}

void VectorSink::Put(PictureFile file, Done done) {
  if (file.path.find('\n') != std::string::npos) {
    Skip(file.sequence);
    return done(InvalidField("path", "has a line break in it"));
  }
  PrepareTimes times;
  absl::StatusOr<PreparedPicture> picture =
      PreparePicture(file.bytes, prepare_, &times);
  {
    absl::MutexLock lock(&mutex_);
    times_ += StageTimes{.prepare = times};
  }
  if (!picture.ok()) {
    Skip(file.sequence);
    return done(picture.status());
  }
  embed_.Submit(
      std::move(picture->input),
      [this, sequence = file.sequence, path = std::move(file.path),
       done = std::move(done)](absl::StatusOr<Embedding> embedding) mutable {
        if (!embedding.ok()) {
          Skip(sequence);
          return done(embedding.status());
        }
        Deliver(sequence,
                {std::move(path), std::move(embedding->vectors[space_]),
                 std::move(done)});
      });
}

void VectorSink::Skip(uint64_t sequence) {
  Deliver(sequence, {.path = "", .vector = {}, .done = nullptr});
}

absl::Status VectorSink::Finish() {
  embed_.Finish();
  return absl::OkStatus();
}

StageTimes VectorSink::times() const {
  absl::MutexLock lock(&mutex_);
  StageTimes times = times_;
  times.embed = embed_.time();
  return times;
}

absl::Status VectorSink::Commit() {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(vectors_->Commit());
  return ids_->Commit();
}

void VectorSink::Deliver(uint64_t sequence, Ready ready) {
  std::vector<std::pair<Done, absl::Status>> settled;
  {
    absl::MutexLock lock(&mutex_);
    waiting_.emplace(sequence, std::move(ready));
    const absl::Time begin = absl::Now();
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      Ready first = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      ++next_;
      if (first.done == nullptr) continue;
      absl::Status written = Write(first);
      settled.emplace_back(std::move(first.done), std::move(written));
    }
    times_.write += absl::Now() - begin;
  }
  for (auto& [done, status] : settled) done(status);
}

absl::Status VectorSink::Write(const Ready& ready) {
  RETURN_IF_ERROR(vectors_->Append(ready.vector));
  return ids_->Append(absl::StrCat(ready.path, "\n"));
}

}  // namespace likeness
