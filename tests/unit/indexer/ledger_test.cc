#include "indexer/ledger.h"

#include <thread>
#include <vector>

#include "engine/core/error.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

TEST(LedgerTest, EveryStatusHasOneFate) {
  EXPECT_EQ(FateOf(absl::OkStatus()), Fate::kIndexed);
  for (const absl::string_view reason :
       {kReasonEmptyPicture, kReasonNotAPicture, kReasonUnsupportedFormat,
        kReasonCorruptPicture, kReasonLimitExceeded}) {
    EXPECT_EQ(FateOf(WithReason(absl::DataLossError("x"), reason)),
              Fate::kRejected)
        << reason;
  }
  EXPECT_EQ(FateOf(InvalidField("id", "too long")), Fate::kRejected);
  EXPECT_EQ(FateOf(absl::DataLossError("the disk")), Fate::kFailed);
  EXPECT_EQ(FateOf(absl::NotFoundError("the file")), Fate::kFailed);
}

TEST(LedgerTest, AddsUpWhileManyThreadsWriteIt) {
  Ledger ledger;
  const absl::Status bad =
      WithReason(absl::InvalidArgumentError("x"), kReasonNotAPicture);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        ledger.Enter(Fate::kIndexed);
        ledger.Enter(Fate::kUnchanged);
        ledger.Enter(Fate::kRejected, bad);
        ledger.Enter(Fate::kFailed, absl::UnavailableError("x"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const IngestCounts counts = ledger.counts();
  EXPECT_EQ(counts.read, 8000U);
  EXPECT_EQ(counts.read, counts.indexed + counts.unchanged + counts.rejected +
                             counts.failed);
  EXPECT_EQ(counts.rejected_by_reason.at("NOT_A_PICTURE"), 2000U);
}

}  // namespace
}  // namespace likeness
