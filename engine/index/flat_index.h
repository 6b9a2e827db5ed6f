#ifndef LIKENESS_ENGINE_INDEX_FLAT_INDEX_H_
#define LIKENESS_ENGINE_INDEX_FLAT_INDEX_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/index/vector_index.h"

namespace likeness {

// An exact index over float32 vectors, kept in fixed-size chunks that never
// move, so that searches run while it grows. `dimensions` in 1..4096.
absl::StatusOr<std::unique_ptr<GrowingIndex>> MakeFlatIndex(int dimensions);

// "1.7.3".
std::string FaissVersion();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_FLAT_INDEX_H_
