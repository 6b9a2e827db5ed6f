// Opening a collection where the system lacks something.
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/embedded_collection.h"
#include "engine/index/flat_index.h"
#include "engine/store/database.h"
#include "gtest/gtest.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::FilesBelow;
using ::likeness::testing::HasCode;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;

// Leaves the process without a file handle as long as it lives.
class NoHandles {
 public:
  NoHandles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 256;
    setrlimit(RLIMIT_NOFILE, &few);
    for (int taken = dup(STDERR_FILENO); taken >= 0;
         taken = dup(STDERR_FILENO)) {
      taken_.push_back(taken);
    }
  }
  ~NoHandles() {
    for (const int taken : taken_) close(taken);
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoHandles(const NoHandles&) = delete;
  NoHandles& operator=(const NoHandles&) = delete;

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST(OpenFailuresTest, WithoutFileHandlesSegmentsAreNotThrownAway) {
  const TempDir dir;
  SegmentOptions options;
  options.growing_rows = 50;
  {
    const auto opened = OpenTestCollection(dir.path(), options);
    std::vector<Mutation> puts;
    for (int i = 0; i < 100; ++i) {
      puts.push_back(VersionedPut(absl::StrCat(i), 1));
    }
    ASSERT_OK(opened.collection->Upsert(std::move(puts)));
    ASSERT_OK(opened.collection->Compact());
  }
  const auto files = FilesBelow(dir.path() + "/segments");
  ASSERT_EQ(files.size(), 5U);
  {
    ASSERT_OK_AND_ASSIGN(const auto database,
                         Database::Open(dir.path(), /*create=*/false));
    ASSERT_OK_AND_ASSIGN(auto store, database->OpenStore("test"));
    const NoHandles no_handles;
    EXPECT_THAT(EmbeddedCollection::Open(TestSpec(), std::move(store),
                                         MakeFlatIndex, options),
                HasCode(absl::StatusCode::kResourceExhausted));
  }
  EXPECT_EQ(FilesBelow(dir.path() + "/segments"), files);
  const auto opened = OpenTestCollection(dir.path(), options);
  EXPECT_OK(opened.collection->stats().opened);
  EXPECT_EQ(opened.collection->stats().sealed_segments, 1U);
}

}  // namespace
}  // namespace likeness
