#include "tools/ingest_report.h"

#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::testing::HasSubstr;

IngestResult HalfRejected() {
  IngestResult result;
  result.counts.read = 60;
  result.counts.indexed = 20;
  result.counts.unchanged = 10;
  result.counts.rejected = 30;
  result.elapsed = absl::Seconds(4);
  return result;
}

TEST(IngestReportTest, TheRateIsThatOfPicturesThatWereIndexed) {
  EXPECT_THAT(IngestText(HalfRejected()),
              HasSubstr("indexed 5.0 pictures/s over 4.0 s"));
  const nlohmann::ordered_json json = IngestJson(HalfRejected(), {});
  EXPECT_DOUBLE_EQ(json["pictures_per_second"].get<double>(), 5);
}

TEST(IngestReportTest, ARunThatTookNoTimeHasNoRate) {
  const nlohmann::ordered_json json = IngestJson(IngestResult(), {});
  EXPECT_EQ(json["pictures_per_second"].get<double>(), 0);
}

TEST(IngestReportTest, FilesThatAreNoPicturesAreNoFailure) {
  EXPECT_OK(IngestStatus(HalfRejected()));
  IngestResult unread = HalfRejected();
  unread.counts.failed = 1;
  EXPECT_THAT(IngestStatus(unread),
              testing::Fails(absl::StatusCode::kUnknown, "1 file could not"));
}

}  // namespace
}  // namespace likeness
