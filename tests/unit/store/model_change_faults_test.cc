// Changes of model with any history, and on a disk that fails.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/failing_calls.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_seed.h"
#include "tests/unit/store/two_generations.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::CallFault;
using ::likeness::testing::CatchUp;
using ::likeness::testing::Delete;
using ::likeness::testing::ExpectSameItems;
using ::likeness::testing::FailingCalls;
using ::likeness::testing::kNewModel;
using ::likeness::testing::ModelOf;
using ::likeness::testing::NewPut;
using ::likeness::testing::Patch;
using ::likeness::testing::ProblemsIn;
using ::likeness::testing::TempDir;
using ::likeness::testing::UnitPut;
using ::likeness::testing::WithVectors;

class ModelChangeFaultsTest : public testing::TwoGenerations {};

// Writes and repeats take turns as they like, with reopenings and switches.
TEST_F(ModelChangeFaultsTest, BothGenerationsHaveTheSameAfterAnyHistory) {
  const uint64_t seed = testing::TestSeed();
  std::mt19937_64 random(seed);
  const auto below = [&](uint64_t n) { return random() % n; };
  for (int step = 0; step < 400; ++step) {
    const std::string id = absl::StrCat("item", below(12));
    switch (below(6)) {
      case 0:
        ASSERT_OK(Apply(*from_, {Delete(id)}));
        break;
      case 1: {
        const auto patched =
            Apply(*from_, {Patch(id, {{"step", int64_t{step}}})});
        ASSERT_TRUE(patched.ok() || absl::IsNotFound(patched.status()));
        break;
      }
      case 2: {
        ASSERT_OK_AND_ASSIGN(
            auto operations,
            from_->ListOperations(to_->last_op_id(),
                                  1 + static_cast<int>(below(5))));
        ASSERT_OK(to_->Follow(WithVectors(std::move(operations))));
        break;
      }
      default: {
        Mutation put = NewPut(id);
        if (below(2) == 0) put.ttl = absl::Hours(1);
        ASSERT_OK(Apply(*from_, {std::move(put), NewPut("often")}));
      }
    }
    if (below(20) == 0) Reopen();
    if (below(20) == 0) {
      CatchUp(*from_, *to_, 1 + static_cast<int>(below(9)));
      Switch();
    }
  }
  CatchUp(*from_, *to_, 7);
  ExpectSameItems(*from_, *to_);
  Close();
  EXPECT_EQ(ProblemsIn(dir_.path()), "");
}

// Switches in a process of its own while call `n` of the system fails. Whether
// that call was made.
bool SwitchWithFault(const std::string& folder, const CallFault& fault) {
  int fds[2];
  EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    const FailingCalls calls(fault);
    {
      auto database = Database::Open(folder, /*create=*/false);
      const bool done = database.ok() && (*database)->SwitchModel("a").ok();
      if (done && write(fds[1], "d", 1) != 1) _exit(1);
    }
    if (!calls.reached() && write(fds[1], "n", 1) != 1) _exit(1);
    _exit(0);
  }
  close(fds[1]);
  bool done = false;
  bool reached = true;
  for (char told = 0; read(fds[0], &told, 1) == 1;) {
    if (told == 'd') done = true;
    if (told == 'n') reached = false;
  }
  close(fds[0]);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  const auto database = Database::Open(folder, /*create=*/false);
  EXPECT_OK(database);
  if (!database.ok()) return false;
  const bool switched = (*database)->FindModelChange("a")->switched;
  EXPECT_TRUE(switched || !done);
  EXPECT_EQ(ModelOf(**database), switched ? kNewModel : "");
  EXPECT_EQ((*database)->FindModelChange("a")->other.model_id,
            switched ? "" : kNewModel);
  return reached;
}

TEST_F(ModelChangeFaultsTest, AFailingDiskLeavesTheOldOrTheNew) {
  ASSERT_OK(from_->Apply({{{UnitPut("a")}, "request"}}));
  CatchUp(*from_, *to_, 10);
  Close();
  for (const auto kind :
       {CallFault::Kind::kFromThenOn, CallFault::Kind::kShortWrite}) {
    bool reached = true;
    for (uint64_t n = 1; reached; n += 11) {
      ASSERT_LT(n, 2000U);
      SCOPED_TRACE(absl::StrCat("call ", n));
      const TempDir copy;
      const std::string folder = copy.File("data");
      std::filesystem::copy(dir_.path(), folder,
                            std::filesystem::copy_options::recursive);
      reached = SwitchWithFault(folder, {folder, n, kind, EIO});
      EXPECT_EQ(ProblemsIn(folder), "");
    }
  }
}

}  // namespace
}  // namespace likeness
