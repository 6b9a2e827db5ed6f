#include "tools/model_path.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace likeness {

absl::StatusOr<std::string> FindModel(const std::string& given) {
  std::error_code error;
  if (!given.empty()) {
    if (std::filesystem::is_directory(given, error)) return given;
    return absl::NotFoundError(
        absl::StrCat("there is no model bundle at ", given,
                     ": --model names a folder with card.json in it"));
  }
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path model =
      (program.parent_path() / "../share/likeness/models/default")
          .lexically_normal();
  if (!error && std::filesystem::is_directory(model, error)) {
    return model.string();
  }
  return absl::NotFoundError(
      absl::StrCat("no model: there is none at ", model.string(),
                   "; name a bundle's folder with --model or LIKENESS_MODEL"));
}

}  // namespace likeness
