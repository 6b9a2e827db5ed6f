#include "engine/embed/check_input.h"

#include "absl/strings/str_cat.h"

namespace likeness {

absl::Status CheckInputs(absl::Span<const NetworkInput> batch,
                         const ModelInfo& model) {
  for (size_t i = 0; i < batch.size(); ++i) {
    const Image& pixels = batch[i].pixels;
    if (pixels.width() != model.input_side ||
        pixels.height() != model.input_side) {
      return absl::InvalidArgumentError(
          absl::StrCat("picture ", i, " of the batch has ", pixels.width(), "x",
                       pixels.height(), " pixels, the model takes ",
                       model.input_side, "x", model.input_side));
    }
  }
  return absl::OkStatus();
}

}  // namespace likeness
