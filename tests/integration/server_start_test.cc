// What a server says while it starts, and of what it is made then.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::Not;

// The files that a process has mapped.
std::string MapsOf(pid_t pid) {
  std::ifstream maps(absl::StrCat("/proc/", pid, "/maps"));
  return {std::istreambuf_iterator<char>(maps), {}};
}

// An installation of the program, but for its module: tests put something else
// where that should be.
class ServerStartTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_PROGRAM_AND_MODEL();
    const char* built = std::getenv("LIKENESS_MODULE");
    ASSERT_NE(built, nullptr) << "run through ctest";
    const fs::path from = fs::path(ProgramPath()).parent_path();
    const fs::path libraries = fs::path(built).parent_path();
    const fs::path bin = fs::path(prefix_.path()) / "bin";
    fs::create_directories(bin);
    fs::copy_file(ProgramPath(), bin / "likeness");
    const fs::path folder =
        (bin / fs::relative(libraries, from)).lexically_normal();
    fs::create_directories(folder);
    fs::create_symlink(libraries / "liblikeness.so", folder / "liblikeness.so");
    program_ = bin / "likeness";
    module_ = folder / fs::path(built).filename();
  }

  std::vector<std::string> Serve() const {
    return {program_,  "serve",        "--data",   data_.path(),
            "--model", TestModelDir(), "--listen", "127.0.0.1:0"};
  }

  TempDir prefix_;
  TempDir data_;
  std::string program_;
  std::string module_;
};

TEST_F(ServerStartTest, HealthIsAnsweredBeforeLibTorchIsThere) {
  // A pipe that nothing is written to: loading it takes for ever.
  ASSERT_EQ(mkfifo(module_.c_str(), 0600), 0);
  const int writer = open(module_.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  const absl::Cleanup closer = [writer] { close(writer); };
  ASSERT_OK_AND_ASSIGN(const auto server, ServerProcess::StartProgram(Serve()));
  const ApiClient client(server->port());
  ASSERT_OK_AND_ASSIGN(const auto health, client.Health());
  EXPECT_EQ(health, kNotServing);
  const auto refused = client.Call(CreateRequest("shop"));
  EXPECT_THAT(refused, Fails(absl::StatusCode::kUnavailable, "load"));
  EXPECT_THAT(refused, HasReason(kReasonLoading));
  const std::string maps = MapsOf(server->process().pid());
  EXPECT_THAT(maps, HasSubstr("liblikeness.so"));
  EXPECT_THAT(maps, Not(HasSubstr("libtorch")));
}

TEST_F(ServerStartTest, WithoutTheModuleItEndsAndNamesTheFile) {
  ChildProcess server(Serve());
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_THAT(server.error_output(), HasSubstr(module_));
  EXPECT_THAT(server.error_output(),
              HasSubstr("install or build likeness anew"));
}

TEST_F(ServerStartTest, LibTorchIsThereOnceItServes) {
  ASSERT_OK_AND_ASSIGN(const auto server, ServerProcess::Start(data_.path()));
  ASSERT_TRUE(ApiClient(server->port()).WaitForHealth(kServing))
      << server->process().error_output();
  EXPECT_THAT(MapsOf(server->process().pid()), HasSubstr("libtorch_cpu.so"));
}

}  // namespace
}  // namespace likeness::testing
