#ifndef LIKENESS_TOOLS_SHOWCASE_COPIES_H_
#define LIKENESS_TOOLS_SHOWCASE_COPIES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "engine/report/report.h"
#include "tools/remote_client.h"
#include "tools/showcase.h"
#include "tools/showcase_picture.h"

namespace likeness {

struct CopiesResult {
  ReportSection section;
  int asked = 0;        // Edited copies sent.
  int found_first = 0;  // With the original on the first rank, `copy` space.
};

// Makes every edit of some of the `pictures` that the collection holds, sends
// it, and looks for the original in the answer.
absl::StatusOr<CopiesResult> AskForCopies(
    const RemoteClient& client, const ShowcaseOptions& options,
    const std::vector<ShowcasePicture>& pictures);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SHOWCASE_COPIES_H_
