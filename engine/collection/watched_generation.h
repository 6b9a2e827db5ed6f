// Generations of which one must know when they have ended. Private to
// engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_WATCHED_GENERATION_H_
#define LIKENESS_ENGINE_COLLECTION_WATCHED_GENERATION_H_

#include <memory>

#include "absl/synchronization/notification.h"
#include "engine/collection/generation.h"

namespace likeness {

// The deleter of a shared_ptr: ends a generation and says when it has ended.
// Then its store can be opened again.
struct Closer {
  std::shared_ptr<absl::Notification> closed =
      std::make_shared<absl::Notification>();

  void operator()(Generation* generation) const {
    delete generation;
    closed->Notify();
  }
};

// A generation as long as somebody holds it, and what is left of it then.
struct Watched {
  // `generation` has a Closer.
  explicit Watched(const std::shared_ptr<Generation>& generation)
      : held(generation),
        closed(std::get_deleter<Closer>(generation)->closed) {}

  std::weak_ptr<Generation> held;
  std::shared_ptr<absl::Notification> closed;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_WATCHED_GENERATION_H_
