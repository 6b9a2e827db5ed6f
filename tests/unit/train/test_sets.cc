#include "tests/unit/train/test_sets.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"

namespace likeness::testing {

DataSet MakeClasses(const std::vector<int>& sizes, int unlabelled) {
  DataSet data;
  data.name = "set";
  const auto add = [&data](int label, const std::string& group) {
    Sample sample;
    sample.path = absl::StrCat(data.samples.size());
    sample.label = label;
    sample.group = group;
    data.samples.push_back(sample);
  };
  for (size_t c = 0; c < sizes.size(); ++c) {
    data.classes.push_back(absl::StrCat("c", c));
    data.class_groups.emplace_back();
    for (int i = 0; i < sizes[c]; ++i) {
      add(static_cast<int>(c), i == 0 ? "iconic" : "natural");
    }
  }
  for (int i = 0; i < unlabelled; ++i) add(-1, "");
  return data;
}

}  // namespace likeness::testing
