// kill -9 in the middle of writing: what was acknowledged is there afterwards.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_seed.h"
#include "tests/unit/collection/faults/crash_report.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::CrashReport;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::VersionedVector;
using ::likeness::testing::VersionOf;

constexpr int kRounds = 12;

// The program that is killed, beside this one.
std::string ChildPath() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() /
         "collection_crash_child";
}

// What may be in the collection: of each id the version last acknowledged, or
// the one that was under way when the process died.
struct Expected {
  int64_t acknowledged = 0;
  std::optional<int64_t> under_way;
};

class CollectionCrashTest : public ::testing::Test {
 protected:
  // Runs a child until it has reported `reports` times, then kills it.
  void RunAndKill(uint64_t reports, uint64_t seed, int64_t version) {
    const std::string program = ChildPath();
    const std::string seed_text = absl::StrCat(seed);
    const std::string version_text = absl::StrCat(version);
    int fds[2];
    ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      dup2(fds[1], STDOUT_FILENO);
      execl(program.c_str(), program.c_str(), dir_.path().c_str(),
            seed_text.c_str(), version_text.c_str(), nullptr);
      _exit(127);
    }
    close(fds[1]);
    CrashReport report;
    uint64_t seen = 0;
    while (read(fds[0], &report, sizeof(report)) == sizeof(report)) {
      Note(report);
      if (++seen == reports) kill(child, SIGKILL);
    }
    close(fds[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "exited with " << WEXITSTATUS(status);
  }

  void Note(const CrashReport& report) {
    Expected& expected = expected_[absl::StrCat("item", report.id)];
    if (report.acknowledged) {
      expected.acknowledged = report.version;
      expected.under_way.reset();
    } else {
      expected.under_way = report.version;
    }
  }

  void Check() {
    auto opened = OpenTestCollection(dir_.path());
    uint64_t live = 0;
    for (auto& [id, expected] : expected_) {
      const auto item = opened.collection->Get(id, {});
      ASSERT_TRUE(item.ok() || absl::IsNotFound(item.status()))
          << item.status();
      const int64_t version = item.ok() ? VersionOf(*item) : 0;
      ASSERT_TRUE(version == expected.acknowledged ||
                  version == expected.under_way)
          << id << " has version " << version << ", acknowledged was "
          << expected.acknowledged;
      expected = {version, std::nullopt};
      if (version == 0) continue;
      ++live;
      for (const Space space : kAllSpaces) {
        CheckVector(*opened.collection, space, id, version);
      }
    }
    EXPECT_EQ(opened.collection->size(), live);
  }

  void CheckVector(Collection& collection, Space space, const std::string& id,
                   int64_t version) {
    SearchRequest request;
    request.space = space;
    request.k = 1;
    request.target = VersionedVector(space, id, version);
    ASSERT_OK_AND_ASSIGN(const SearchResult result, collection.Search(request));
    ASSERT_EQ(result.hits.size(), 1U);
    EXPECT_EQ(result.hits[0].id, id);
    EXPECT_NEAR(result.hits[0].similarity, 1, 1e-5);
  }

  testing::TempDir dir_;
  std::map<std::string, Expected> expected_;
};

TEST_F(CollectionCrashTest, WhatWasAcknowledgedSurvivesKillNine) {
  const uint64_t seed = testing::TestSeed();
  std::mt19937_64 random(seed);
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    RunAndKill(1 + random() % 400, seed + static_cast<uint64_t>(round),
               1 + round * 1'000'000);
    ASSERT_FALSE(HasFatalFailure());
    Check();
    ASSERT_FALSE(HasFatalFailure());
  }
}

}  // namespace
}  // namespace likeness
