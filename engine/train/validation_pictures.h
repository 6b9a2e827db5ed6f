// Pictures that training is judged by, on the way that a shipped bundle goes.
#ifndef LIKENESS_ENGINE_TRAIN_VALIDATION_PICTURES_H_
#define LIKENESS_ENGINE_TRAIN_VALIDATION_PICTURES_H_

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/space.h"
#include "engine/embed/embedder.h"
#include "engine/evaluate/unit_rows.h"
#include "engine/image/prepare.h"

namespace likeness {

// Each is prepared once and kept, 3 x side^2 bytes, and embedded once in every
// validation, however many questions are asked about it. Thread-safe once read.
class ValidationPictures {
 public:
  // The number of the picture at `path`, from 0: the same one for the same
  // path.
  size_t Add(const std::string& path) { return Add(path, /*edited=*/false); }

  // Of a strongly edited copy of it (CopyViews in
  // engine/augment/view_recipe.h): the same in every run of one recipe, and
  // none that training sees.
  size_t AddCopy(const std::string& path) { return Add(path, /*edited=*/true); }

  // Reads all that were added, on `threads` threads. The first error in the
  // order of the pictures wins, with the path before it.
  absl::Status Read(const PrepareOptions& options, int threads);

  const std::string& path(size_t number) const { return keys_[number].path; }
  const Image& pixels(size_t number) const { return inputs_[number].pixels; }

  // A row for each picture.
  absl::StatusOr<PerSpace<UnitRows>> Embed(const Embedder& embedder,
                                           int threads) const;

 private:
  struct Key {
    std::string path;
    bool edited = false;
  };

  size_t Add(const std::string& path, bool edited);

  std::vector<Key> keys_;
  std::map<std::pair<std::string, bool>, size_t> numbers_;
  std::vector<NetworkInput> inputs_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_VALIDATION_PICTURES_H_
