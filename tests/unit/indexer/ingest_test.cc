#include "indexer/ingest.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::IsOk;
using ::likeness::testing::TempDir;

// Keeps what it is given; files that hold "bad" are no pictures to it, and
// "broken" breaks it.
class MemorySink : public PictureSink {
 public:
  absl::StatusOr<Held> Find(const std::string& id,
                            absl::string_view bytes) const override {
    absl::MutexLock lock(&mutex_);
    const auto found = items_.find(id);
    if (found == items_.end()) return Held::kNothing;
    return found->second == bytes ? Held::kSame : Held::kOther;
  }
  void Put(PictureFile file, Done done) override {
    if (absl::StartsWith(file.bytes, "bad")) {
      return done(
          WithReason(absl::InvalidArgumentError("bad"), kReasonNotAPicture));
    }
    if (file.bytes == "broken") return done(absl::DataLossError("disk full"));
    {
      absl::MutexLock lock(&mutex_);
      items_[file.id] = std::string(file.bytes);
      if (cancel_after_ > 0 && items_.size() == cancel_after_) {
        token_->Cancel();
      }
    }
    done(absl::OkStatus());
  }
  void Skip(uint64_t /*sequence*/) override {}
  absl::Status Finish() override { return absl::OkStatus(); }
  StageTimes times() const override { return {}; }

  void CancelAfter(size_t items, CancelToken& token) {
    absl::MutexLock lock(&mutex_);
    cancel_after_ = items;
    token_ = &token;
  }
  size_t size() const {
    absl::MutexLock lock(&mutex_);
    return items_.size();
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> items_ ABSL_GUARDED_BY(mutex_);
  size_t cancel_after_ ABSL_GUARDED_BY(mutex_) = 0;
  CancelToken* token_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

class RecordingObserver : public IngestObserver {
 public:
  void OnProgress(const IngestCounts& counts) override { last_ = counts; }
  void OnTrouble(const std::string& path, Fate /*fate*/,
                 const absl::Status& /*status*/) override {
    troubles_.insert(std::filesystem::path(path).filename().string());
  }
  IngestCounts last_;
  std::set<std::string> troubles_;
};

class IngestTest : public ::testing::Test {
 protected:
  void Make(const std::string& name, const std::string& contents) {
    std::ofstream(dir_.File(name)) << contents;
  }
  void MakeMany(int count) {
    for (int i = 0; i < count; ++i) {
      Make(absl::StrCat("file", i), absl::StrCat("contents", i));
    }
  }
  IngestResult Run() {
    FileSource source({dir_.path()}, Repeats::kSkip);
    IngestOptions options;
    options.workers = 3;
    options.max_in_flight = 8;
    options.max_bytes = 100;
    options.make_id = AbsolutePathId;
    return RunIngest(source, sink_, options, cancel_, observer_);
  }

  TempDir dir_;
  MemorySink sink_;
  CancelToken cancel_;
  RecordingObserver observer_;
};

uint64_t Sum(const IngestCounts& counts) {
  return counts.indexed + counts.unchanged + counts.rejected + counts.failed;
}

TEST_F(IngestTest, EveryFileIsAccountedFor) {
  MakeMany(50);
  Make("bad1", "bad");
  Make("bad2", "bad");
  Make("large", std::string(101, 'x'));
  std::filesystem::create_symlink("nowhere", dir_.File("broken-link"));
  const IngestResult result = Run();
  EXPECT_THAT(result.status, IsOk());
  EXPECT_EQ(result.counts.read, 54U);
  EXPECT_EQ(Sum(result.counts), 54U);
  EXPECT_EQ(result.counts.indexed, 50U);
  EXPECT_EQ(result.counts.rejected, 3U);
  EXPECT_EQ(result.counts.failed, 1U);
  EXPECT_EQ(result.counts.rejected_by_reason.at("NOT_A_PICTURE"), 2U);
  EXPECT_EQ(result.counts.rejected_by_reason.at("LIMIT_EXCEEDED"), 1U);
  EXPECT_THAT(observer_.troubles_,
              ::testing::ElementsAre("bad1", "bad2", "broken-link", "large"));
  EXPECT_EQ(observer_.last_, result.counts);
}

TEST_F(IngestTest, ASecondRunLeavesWhatDidNotChange) {
  MakeMany(20);
  Run();
  Make("file7", "something else");
  const IngestResult result = Run();
  EXPECT_EQ(result.counts.unchanged, 19U);
  EXPECT_EQ(result.counts.indexed, 1U);
}

TEST_F(IngestTest, AnInterruptedJobGoesOnWhereItStopped) {
  MakeMany(200);
  sink_.CancelAfter(10, cancel_);
  const IngestResult cut = Run();
  EXPECT_THAT(cut.status, HasCode(absl::StatusCode::kCancelled));
  EXPECT_EQ(cut.counts.read, Sum(cut.counts));
  EXPECT_EQ(cut.counts.indexed, sink_.size());
  EXPECT_LT(cut.counts.read, 200U);

  FileSource source({dir_.path()}, Repeats::kSkip);
  IngestOptions options;
  options.make_id = AbsolutePathId;
  const CancelToken never;
  const IngestResult rest = RunIngest(source, sink_, options, never, observer_);
  EXPECT_THAT(rest.status, IsOk());
  EXPECT_EQ(rest.counts.unchanged, cut.counts.indexed);
  EXPECT_EQ(rest.counts.unchanged + rest.counts.indexed, 200U);
}

TEST_F(IngestTest, ABrokenSinkEndsTheJobAndSaysWhy) {
  MakeMany(100);
  Make("aaa", "broken");
  const IngestResult result = Run();
  EXPECT_THAT(result.status, Fails(absl::StatusCode::kDataLoss, "disk full"));
  EXPECT_EQ(result.counts.read, Sum(result.counts));
  EXPECT_GE(result.counts.failed, 1U);
}

TEST(AbsolutePathIdTest, IsTheSameForEverySpelling) {
  EXPECT_EQ(AbsolutePathId("/a/./b/../c.jpg"), "/a/c.jpg");
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(AbsolutePathId("x.jpg"), absl::StrCat(here, "/x.jpg"));
}

}  // namespace
}  // namespace likeness
