#include "tests/unit/embed/imagenet_bundle.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace likeness::testing {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string DepsFolder() {
  if (std::string given = Variable("LIKENESS_DEPS_DIR"); !given.empty()) {
    return given;
  }
  if (const std::string cache = Variable("XDG_CACHE_HOME"); !cache.empty()) {
    return absl::StrCat(cache, "/likeness");
  }
  return absl::StrCat(Variable("HOME"), "/.cache/likeness");
}

}  // namespace

std::string ImageNetBundleFolder() {
  const std::string folder =
      absl::StrCat(DepsFolder(), "/models/imagenet-lite0");
  return std::filesystem::exists(folder + "/card.json") ? folder : "";
}

}  // namespace likeness::testing
