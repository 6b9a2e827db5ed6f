#include "tools/model_path.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace likeness {

namespace {

// `given`, else the bundle that is installed as `name`.
absl::StatusOr<std::string> Find(const std::string& given,
                                 const std::string& name,
                                 const std::string& how_to_name) {
  std::error_code error;
  if (!given.empty()) {
    if (std::filesystem::is_directory(given, error)) return given;
    return absl::NotFoundError(
        absl::StrCat("there is no model bundle at ", given,
                     ": name a folder with card.json in it"));
  }
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path model =
      (program.parent_path() / "../share/likeness/models" / name)
          .lexically_normal();
  if (!error && std::filesystem::is_directory(model, error)) {
    return model.string();
  }
  return absl::NotFoundError(
      absl::StrCat("no model: there is none at ", model.string(),
                   "; name a bundle's folder with ", how_to_name));
}

}  // namespace

absl::StatusOr<std::string> FindModel(const std::string& given) {
  return Find(given, "default", "--model or LIKENESS_MODEL");
}

absl::StatusOr<std::string> FindFrozenModel(const std::string& given) {
  return Find(given, "imagenet-lite0", "--frozen");
}

}  // namespace likeness
