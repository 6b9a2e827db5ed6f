#ifndef LIKENESS_TOOLS_SHOWCASE_H_
#define LIKENESS_TOOLS_SHOWCASE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/report/report.h"
#include "tools/remote_client.h"

namespace likeness {

struct ShowcaseOptions {
  std::string collection;
  std::vector<std::string> paths;  // Where the pictures to ask with lie.
  int queries = 8;                 // Pictures to ask with.
  int neighbors = 8;               // Shown for each.
  int copies = 5;                  // Pictures to make edited copies of.
};

// Asks the server for the products most like some pictures, spread evenly over
// `paths`, and for edited copies of some that it holds, made on the spot. Every
// figure on the page is the server's answer. NOT_FOUND when no file of `paths`
// is a picture.
absl::StatusOr<ReportPage> MakeShowcase(const RemoteClient& client,
                                        const ShowcaseOptions& options);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SHOWCASE_H_
