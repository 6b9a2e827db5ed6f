#ifndef LIKENESS_TOOLS_PROGRESS_H_
#define LIKENESS_TOOLS_PROGRESS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "indexer/cancel.h"
#include "indexer/ingest.h"
#include "tools/status_line.h"

namespace likeness {

// Tells people on standard error how a bulk job goes: on a terminal one line
// that is redrawn, elsewhere a line now and then, nothing when quiet. Files
// that are rejected or failed get a line each, the first few for each reason
// where a list of all would bury the rest, and all are kept for the report.
class Progress : public IngestObserver {
 public:
  struct Trouble {
    std::string path;
    Fate fate = Fate::kRejected;
    absl::Status status;
  };

  enum class Troubles { kAll, kFew };

  // `roots` are counted meanwhile, for the time that is left.
  Progress(std::vector<std::string> roots, Repeats repeats, Troubles show,
           bool quiet);
  ~Progress() override;

  void OnProgress(const IngestCounts& counts) override;
  void OnTrouble(const std::string& path, Fate fate,
                 const absl::Status& status) override;

  // Wipes the redrawn line. Before anything else is printed.
  void End() { status_line_.Wipe(); }

  const std::vector<Trouble>& troubles() const { return troubles_; }

 private:
  std::string Line(const IngestCounts& counts) const;

  const Troubles show_;
  const bool quiet_;
  const absl::Time begin_;
  StatusLine status_line_;
  std::vector<Trouble> troubles_;
  std::map<std::string, int> shown_;  // Lines printed, by reason.
  CancelToken stop_counting_;
  std::atomic<uint64_t> total_ = 0;  // 0: not counted yet.
  std::thread counter_;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_PROGRESS_H_
