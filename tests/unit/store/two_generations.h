// A store with two generations, for the tests of changes of model.
#ifndef LIKENESS_TESTS_UNIT_STORE_TWO_GENERATIONS_H_
#define LIKENESS_TESTS_UNIT_STORE_TWO_GENERATIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "engine/store/database.h"
#include "engine/store/operation.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness::testing {

inline constexpr char kNewModel[] = "new";

// StoreSpec("a") for kNewModel.
CollectionSpec NewSpec();

// A put with the vector of the other model.
Mutation NewPut(absl::string_view id);

// The model that the name "a" stands for.
std::string ModelOf(const Database& database);

// Everything that is wrong with `folder`, in one text.
std::string ProblemsIn(const std::string& folder);

// Gives puts the vectors of the other model.
std::vector<Operation> WithVectors(std::vector<Operation> operations);

// Repeats in writes of `batch` operations.
void CatchUp(const MetadataStore& from, MetadataStore& to, int batch);

// `to` has all of `from`'s items, with vectors of the other model.
void ExpectSameItems(const MetadataStore& from, const MetadataStore& to);

class TwoGenerations : public ::testing::Test {
 protected:
  // An empty collection whose model is being changed.
  void SetUp() override;

  // Opens the folder anew, and all stores in it.
  void Reopen();
  void Close();

  // `from_` is current before it, `to_` after it; then they change names.
  void Switch();

  const TempDir dir_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<MetadataStore> from_;  // The current generation.
  std::unique_ptr<MetadataStore> to_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_STORE_TWO_GENERATIONS_H_
