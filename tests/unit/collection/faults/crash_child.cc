// Writes into a collection until it is killed, and tells on standard output
// what it asks for and what was acknowledged.
//
//   crash_child FOLDER SEED FIRST_VERSION
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/unit/collection/faults/crash_report.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::CrashReport;
using ::likeness::testing::kIdsOfWriter;

void Tell(const CrashReport& report) {
  if (write(STDOUT_FILENO, &report, sizeof(report)) != sizeof(report)) _exit(3);
}

// Writes and deletes the ids of one writer.
void WriteForEver(Collection& collection, int writer, uint64_t seed,
                  int64_t version) {
  std::mt19937_64 random(seed + static_cast<uint64_t>(writer));
  for (;; ++version) {
    CrashReport report;
    report.id =
        writer * kIdsOfWriter + static_cast<int32_t>(random() % kIdsOfWriter);
    const std::string id = absl::StrCat("item", report.id);
    report.version = random() % 4 == 0 ? 0 : version;
    Tell(report);
    const bool done =
        report.version == 0
            ? collection.Delete({id}).ok()
            : collection.Upsert({testing::VersionedPut(id, version)}).ok();
    if (!done) _exit(4);
    report.acknowledged = true;
    Tell(report);
  }
}

void Run(const std::string& folder, uint64_t seed, int64_t version) {
  const auto opened = testing::OpenTestCollection(folder);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < testing::kCrashWriters; ++writer) {
    writers.emplace_back([&, writer] {
      WriteForEver(*opened.collection, writer, seed, version);
    });
  }
  for (std::thread& writer : writers) writer.join();
}

}  // namespace
}  // namespace likeness

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  likeness::Run(argv[1], std::strtoull(argv[2], nullptr, 10),
                std::strtoll(argv[3], nullptr, 10));
}
