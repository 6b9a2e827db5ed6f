#include "indexer/embed_stage.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"

namespace likeness {
namespace {

int ThreadCount(int wanted) {
  if (wanted > 0) return wanted;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

EmbedStage::EmbedStage(const Embedder& embedder,
                       const EmbedStageOptions& options)
    : embedder_(embedder),
      max_batch_(static_cast<size_t>(std::max(1, options.max_batch))),
      queue_(static_cast<size_t>(std::max(1, options.queue))) {
  const int threads = ThreadCount(options.threads);
  threads_.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

EmbedStage::~EmbedStage() { Finish(); }

void EmbedStage::Submit(NetworkInput input, Done done) {
  queue_.Push({std::move(input), std::move(done)});
}

void EmbedStage::Finish() {
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

absl::Duration EmbedStage::time() const {
  absl::MutexLock lock(&mutex_);
  return time_;
}

void EmbedStage::Run() {
  while (std::optional<Job> job = queue_.Pop()) {
    std::vector<NetworkInput> inputs;
    std::vector<Done> dones;
    while (job.has_value()) {
      inputs.push_back(std::move(job->input));
      dones.push_back(std::move(job->done));
      job = inputs.size() < max_batch_ ? queue_.TryPop() : std::nullopt;
    }
    EmbedBatch(std::move(inputs), std::move(dones));
  }
}

void EmbedStage::EmbedBatch(std::vector<NetworkInput> inputs,
                            std::vector<Done> dones) {
  const absl::Time begin = absl::Now();
  absl::StatusOr<std::vector<Embedding>> embeddings = embedder_.Embed(inputs);
  {
    absl::MutexLock lock(&mutex_);
    time_ += absl::Now() - begin;
  }
  inputs.clear();
  for (size_t i = 0; i < dones.size(); ++i) {
    if (embeddings.ok()) {
      dones[i](std::move((*embeddings)[i]));
    } else {
      dones[i](embeddings.status());
    }
  }
}

}  // namespace likeness
