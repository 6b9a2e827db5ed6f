// Stores for the tests of this folder.
#ifndef LIKENESS_TESTS_UNIT_STORE_TEST_STORE_H_
#define LIKENESS_TESTS_UNIT_STORE_TEST_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/store/database.h"
#include "engine/store/metadata_store.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness::testing {

inline constexpr int kDimensions = 4;

CollectionSpec StoreSpec(absl::string_view name);

Mutation Put(absl::string_view id, float value);
// The same with a vector of length 1.
Mutation UnitPut(absl::string_view id);
Mutation Delete(absl::string_view id);
Mutation Patch(absl::string_view id, Metadata set);
// `mutation` under a condition; kOpId still wants its operation.
Mutation If(Condition::Kind condition, Mutation mutation);

// Applies `mutations` in one write; what became of it, or why it was refused.
absl::StatusOr<std::vector<Outcome>> Apply(MetadataStore& store,
                                           std::vector<Mutation> mutations);

// A folder's database, and the store of its collection "a", made when missing.
struct OpenedStore {
  std::unique_ptr<Database> database;
  std::unique_ptr<MetadataStore> store;
};
absl::StatusOr<OpenedStore> OpenStoreIn(const std::string& folder);

// Tests of one store in a folder of their own.
class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen() {
    opened_ = {};
    ASSERT_OK_AND_ASSIGN(opened_, OpenStoreIn(dir_.path()));
  }

  MetadataStore& store() { return *opened_.store; }
  Database& database() { return *opened_.database; }

 private:
  const TempDir dir_;
  OpenedStore opened_;
};

// `id` and first value of all vectors, in the order of operations.
std::vector<std::pair<uint64_t, float>> ScanAll(const StoreReader& store);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_STORE_TEST_STORE_H_
