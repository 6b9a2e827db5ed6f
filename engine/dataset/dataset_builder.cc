#include "engine/dataset/dataset_builder.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/utf8.h"

namespace likeness {

DataSetBuilder::DataSetBuilder(absl::string_view path, absl::string_view root) {
  std::filesystem::path clean =
      std::filesystem::absolute(std::string(path)).lexically_normal();
  if (!clean.has_filename()) clean = clean.parent_path();
  data_.name = clean.filename().string();
  data_.root = std::string(root);
}

absl::StatusOr<int> DataSetBuilder::Label(absl::string_view name,
                                          absl::string_view group) {
  if (name.empty()) return -1;
  if (!IsValidUtf8(name)) return InvalidField("class", "is not UTF-8");
  if (!IsValidUtf8(group)) return InvalidField("class_group", "is not UTF-8");
  const auto [found, added] =
      labels_.try_emplace(name, static_cast<int>(data_.classes.size()));
  if (added) {
    data_.classes.emplace_back(name);
    data_.class_groups.emplace_back(group);
  }
  const std::string& known =
      data_.class_groups[static_cast<size_t>(found->second)];
  if (known != group) {
    return InvalidField("class_group",
                        absl::StrCat("class '", name, "' is in '", group,
                                     "' here and in '", known, "' before"));
  }
  return found->second;
}

std::string DataSetBuilder::Resolve(absl::string_view path) const {
  if (absl::StartsWith(path, "/")) return std::string(path);
  return absl::StrCat(data_.root, absl::EndsWith(data_.root, "/") ? "" : "/",
                      path);
}

absl::StatusOr<DataSet> DataSetBuilder::Build() && {
  if (data_.samples.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(data_.root, ": no pictures there (", data_.skipped.size(),
                     " other files)"));
  }
  std::vector<size_t> order(data_.classes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [this](size_t a, size_t b) {
    return data_.classes[a] < data_.classes[b];
  });
  std::vector<int> relabelled(order.size());
  std::vector<std::string> classes;
  std::vector<std::string> groups;
  for (size_t i = 0; i < order.size(); ++i) {
    relabelled[order[i]] = static_cast<int>(i);
    classes.push_back(std::move(data_.classes[order[i]]));
    groups.push_back(std::move(data_.class_groups[order[i]]));
  }
  data_.classes = std::move(classes);
  data_.class_groups = std::move(groups);
  for (Sample& sample : data_.samples) {
    if (sample.label >= 0) {
      sample.label = relabelled[static_cast<size_t>(sample.label)];
    }
  }
  return std::move(data_);
}

}  // namespace likeness
