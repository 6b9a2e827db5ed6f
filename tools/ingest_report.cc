#include "tools/ingest_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace likeness {
namespace {

std::vector<std::pair<std::string, double>> StageSeconds(
    const StageTimes& times) {
  return {
      {"read", absl::ToDoubleSeconds(times.read)},
      {"decode", absl::ToDoubleSeconds(times.prepare.decode)},
      {"resize", absl::ToDoubleSeconds(times.prepare.resize)},
      {"hash", absl::ToDoubleSeconds(times.prepare.hash)},
      {"thumbnail", absl::ToDoubleSeconds(times.prepare.thumbnail)},
      {"embed", absl::ToDoubleSeconds(times.embed)},
      {"write", absl::ToDoubleSeconds(times.write)},
  };
}

// Only what was indexed took the whole work: files that are rejected or there
// already go by much faster and would flatter the rate.
double PicturesPerSecond(const IngestResult& result) {
  const double seconds = absl::ToDoubleSeconds(result.elapsed);
  return seconds > 0 ? static_cast<double>(result.counts.indexed) / seconds : 0;
}

}  // namespace

std::string IngestText(const IngestResult& result) {
  const IngestCounts& counts = result.counts;
  std::string text = absl::StrFormat(
      "read %d = indexed %d + unchanged %d + rejected %d + failed %d\n",
      counts.read, counts.indexed, counts.unchanged, counts.rejected,
      counts.failed);
  if (counts.repeated > 0) {
    absl::StrAppend(&text, "named again and left out: ", counts.repeated, "\n");
  }
  for (const auto& [reason, count] : counts.rejected_by_reason) {
    absl::StrAppend(&text, "rejected for ", reason, ": ", count, "\n");
  }
  absl::StrAppend(&text,
                  absl::StrFormat("indexed %.1f pictures/s over %.1f s",
                                  PicturesPerSecond(result),
                                  absl::ToDoubleSeconds(result.elapsed)));
  const double sum = absl::ToDoubleSeconds(result.times.Sum());
  if (sum > 0) {
    absl::StrAppend(&text, "; share of the threads' time:");
    for (const auto& [stage, seconds] : StageSeconds(result.times)) {
      absl::StrAppend(
          &text, absl::StrFormat(" %s %.1f %%", stage, 100 * seconds / sum));
    }
  }
  return absl::StrCat(text, "\n");
}

nlohmann::ordered_json IngestJson(
    const IngestResult& result,
    const std::vector<Progress::Trouble>& troubles) {
  const IngestCounts& counts = result.counts;
  nlohmann::ordered_json document = {
      {"read", counts.read},
      {"indexed", counts.indexed},
      {"unchanged", counts.unchanged},
      {"rejected", counts.rejected},
      {"failed", counts.failed},
      {"repeated", counts.repeated},
      {"rejected_by_reason", counts.rejected_by_reason},
      {"complete", result.status.ok()},
      {"interrupted", absl::IsCancelled(result.status)},
      {"error", std::string(result.status.message())},
      {"seconds", absl::ToDoubleSeconds(result.elapsed)},
      {"pictures_per_second", PicturesPerSecond(result)},
  };
  for (const auto& [stage, seconds] : StageSeconds(result.times)) {
    document["thread_seconds"][stage] = seconds;
  }
  document["troubles"] = nlohmann::ordered_json::array();
  for (const Progress::Trouble& trouble : troubles) {
    document["troubles"].push_back(
        {{"path", trouble.path},
         {"fate", trouble.fate == Fate::kRejected ? "rejected" : "failed"},
         {"reason", ReasonToCount(trouble.status)},
         {"message", std::string(trouble.status.message())}});
  }
  return document;
}

absl::Status IngestStatus(const IngestResult& result) {
  if (absl::IsCancelled(result.status)) {
    return absl::CancelledError(
        "interrupted; what was counted is stored, and the same command goes on "
        "from here");
  }
  if (!result.status.ok()) return result.status;
  if (result.counts.failed == 0) return absl::OkStatus();
  return absl::UnknownError(absl::StrCat(
      result.counts.failed, result.counts.failed == 1 ? " file" : " files",
      " could not be read"));
}

}  // namespace likeness
