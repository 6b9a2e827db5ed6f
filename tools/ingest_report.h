// What a bulk job says at its end.
#ifndef LIKENESS_TOOLS_INGEST_REPORT_H_
#define LIKENESS_TOOLS_INGEST_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "indexer/ingest.h"
#include "nlohmann/json.hpp"
#include "tools/progress.h"

namespace likeness {

// The ledger, the rate of pictures that were indexed and the share of each
// stage, a few lines.
std::string IngestText(const IngestResult& result);

nlohmann::ordered_json IngestJson(
    const IngestResult& result, const std::vector<Progress::Trouble>& troubles);

// How the program ends: OK when every file was stored, unchanged, or is no
// picture; else the failure, or how many files could not be read.
absl::Status IngestStatus(const IngestResult& result);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_INGEST_REPORT_H_
