#ifndef LIKENESS_ENGINE_EMBED_CHECK_INPUT_H_
#define LIKENESS_ENGINE_EMBED_CHECK_INPUT_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "engine/embed/embedder.h"

namespace likeness {

// INVALID_ARGUMENT names the first picture that is not model.input_side square.
absl::Status CheckInputs(absl::Span<const NetworkInput> batch,
                         const ModelInfo& model);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_CHECK_INPUT_H_
