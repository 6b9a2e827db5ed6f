// What `likeness search` is asked, as a request of the API.
#ifndef LIKENESS_TOOLS_SEARCH_QUESTION_H_
#define LIKENESS_TOOLS_SEARCH_QUESTION_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/index/vector_index.h"
#include "likeness/v1/search_service.pb.h"

namespace likeness {

struct SearchFlags {
  std::vector<std::string> images;
  std::vector<std::string> items;
  std::vector<std::string> not_images;
  std::vector<std::string> not_items;
  std::string rule = "mean";
  std::string space = "similar";
  int k = 10;
  bool all = false;
  std::optional<float> min_similarity;
  std::optional<double> min_precision;
  std::string filter;
  std::vector<std::string> exclude;
  std::string group_by;
  int group_size = 1;
  bool exact = false;
  std::optional<float> recall;
  int ef_search = 0;
  int nprobe = 0;
};

struct SearchQuestion {
  v1::SearchRequest request;
  // Which file the picture in a field of the request came from.
  std::map<std::string, std::string> files;
};

// Reads the pictures. One picture or item is asked for as it is, several as
// examples. INVALID_ARGUMENT when there is none to look for.
absl::StatusOr<SearchQuestion> MakeQuestion(const SearchFlags& flags,
                                            const std::string& collection);

// Puts the file's name in the place of the field's where a picture is at fault.
absl::Status NameFile(const absl::Status& status,
                      const SearchQuestion& question);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SEARCH_QUESTION_H_
