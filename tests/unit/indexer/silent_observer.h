#ifndef LIKENESS_TESTS_UNIT_INDEXER_SILENT_OBSERVER_H_
#define LIKENESS_TESTS_UNIT_INDEXER_SILENT_OBSERVER_H_

#include <string>

#include "absl/status/status.h"
#include "indexer/ingest.h"

namespace likeness::testing {

// For tests that look at the ledger alone.
class SilentObserver : public IngestObserver {
 public:
  void OnProgress(const IngestCounts& /*counts*/) override {}
  void OnTrouble(const std::string& /*path*/, Fate /*fate*/,
                 const absl::Status& /*status*/) override {}
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_INDEXER_SILENT_OBSERVER_H_
