#include "tests/fakes/turned_embedder.h"

#include <algorithm>

namespace likeness::testing {

absl::StatusOr<std::vector<Embedding>> TurnedEmbedder::Embed(
    absl::Span<const NetworkInput> batch) const {
  auto embeddings = inner_.Embed(batch);
  if (!embeddings.ok()) return embeddings;
  for (Embedding& embedding : *embeddings) {
    for (const Space space : kAllSpaces) {
      std::reverse(embedding.vectors[space].begin(),
                   embedding.vectors[space].end());
    }
  }
  return embeddings;
}

}  // namespace likeness::testing
