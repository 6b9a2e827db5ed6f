#include "engine/evaluate/second_look.h"

#include <time.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "engine/core/parallel.h"
#include "engine/core/status_macros.h"
#include "engine/image/decode.h"
#include "engine/keypoints/match.h"

namespace likeness {
namespace {

// Processor time of this thread: what the work costs, however busy the machine
// is.
double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

// The `count` best references with their cosines, best first; of equals the
// first ones.
std::vector<SecondScore> BestReferences(const UnitRows& references,
                                        absl::Span<const float> query,
                                        size_t count) {
  std::vector<float> cosines(references.size());
  Similarities(references, query, absl::MakeSpan(cosines));
  std::vector<size_t> order(references.size());
  std::iota(order.begin(), order.end(), size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<ptrdiff_t>(count), order.end(),
      [&cosines](size_t a, size_t b) {
        return std::pair(-cosines[a], a) < std::pair(-cosines[b], b);
      });
  std::vector<SecondScore> best;
  best.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    best.push_back({order[i], cosines[order[i]]});
  }
  return best;
}

struct TimedKeypoints {
  Keypoints keypoints;
  double seconds = 0;
};

absl::StatusOr<TimedKeypoints> ReadKeypoints(const PictureSource& picture) {
  ASSIGN_OR_RETURN(const std::string bytes, picture.read());
  ASSIGN_OR_RETURN(const DecodedImage decoded,
                   DecodeImage(bytes, DecodeLimits(), kKeypointSide));
  const double start = ThreadSeconds();
  ASSIGN_OR_RETURN(Keypoints keypoints, ExtractKeypoints(decoded.image));
  return TimedKeypoints{std::move(keypoints), ThreadSeconds() - start};
}

}  // namespace

std::string SecondLookCost::Text() const {
  const auto mean = [](double sum, size_t count) {
    return count == 0 ? 0.0 : sum / static_cast<double>(count);
  };
  return absl::StrFormat(
      "%.1f KB of keypoints a picture (mean of %d references), %.1f ms to "
      "extract them, %.2f ms to compare a pair both ways round; processor time "
      "of one thread",
      mean(bytes, pictures) / 1e3, pictures,
      1e3 * mean(extract_seconds, extractions),
      1e3 * mean(match_seconds, pairs));
}

absl::StatusOr<std::vector<Keypoints>> SecondLook::Extract(
    absl::Span<const size_t> pictures) {
  std::vector<absl::StatusOr<TimedKeypoints>> extracted(pictures.size(),
                                                        absl::UnknownError(""));
  ParallelFor(pictures.size(), threads_, [&](size_t i) {
    extracted[i] = ReadKeypoints(pictures_[pictures[i]]);
  });
  std::vector<Keypoints> keypoints;
  keypoints.reserve(extracted.size());
  for (absl::StatusOr<TimedKeypoints>& one : extracted) {
    RETURN_IF_ERROR(one.status());
    ++cost_.extractions;
    cost_.extract_seconds += one->seconds;
    keypoints.push_back(std::move(one->keypoints));
  }
  return keypoints;
}

absl::Status SecondLook::ExtractReferences(
    const std::vector<std::vector<SecondScore>>& best,
    absl::Span<const size_t> pictures) {
  std::set<size_t> wanted;
  for (const std::vector<SecondScore>& of_query : best) {
    for (const SecondScore& candidate : of_query) {
      wanted.insert(pictures[candidate.reference]);
    }
  }
  std::vector<size_t> fresh;
  for (const size_t picture : wanted) {
    if (known_.count(picture) == 0) fresh.push_back(picture);
  }
  ASSIGN_OR_RETURN(std::vector<Keypoints> extracted, Extract(fresh));
  for (size_t i = 0; i < fresh.size(); ++i) {
    ++cost_.pictures;
    cost_.bytes += static_cast<double>(extracted[i].size_bytes());
    known_.emplace(fresh[i], std::move(extracted[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::vector<SecondScore>>> SecondLook::Look(
    const Side& queries, const Side& references) {
  std::vector<std::vector<SecondScore>> scores(queries.pictures.size());
  ParallelFor(scores.size(), threads_, [&](size_t i) {
    scores[i] = BestReferences(references.rows, queries.rows[i], candidates_);
  });
  RETURN_IF_ERROR(ExtractReferences(scores, references.pictures));
  ASSIGN_OR_RETURN(const std::vector<Keypoints> asked,
                   Extract(queries.pictures));
  std::vector<double> seconds(scores.size(), 0.0);
  ParallelFor(scores.size(), threads_, [&](size_t i) {
    const double start = ThreadSeconds();
    const Keypoints mirrored = MirrorKeypoints(asked[i]);
    for (SecondScore& candidate : scores[i]) {
      const Keypoints& reference =
          known_.at(references.pictures[candidate.reference]);
      candidate.score = SecondLookScore(
          candidate.score, MatchKeypoints(asked[i], mirrored, reference));
    }
    seconds[i] = ThreadSeconds() - start;
  });
  for (size_t i = 0; i < scores.size(); ++i) {
    cost_.pairs += scores[i].size();
    cost_.match_seconds += seconds[i];
  }
  return scores;
}

}  // namespace likeness
