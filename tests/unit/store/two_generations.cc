#include "tests/unit/store/two_generations.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/store/verify_database.h"

namespace likeness::testing {

CollectionSpec NewSpec() {
  CollectionSpec spec = StoreSpec("a");
  spec.model_id = kNewModel;
  return spec;
}

Mutation NewPut(absl::string_view id) {
  Mutation put = UnitPut(id);
  put.vectors[Space::kSimilar] = {0, 1, 0, 0};
  put.item.model_id = kNewModel;
  return put;
}

std::string ModelOf(const Database& database) {
  return database.ListCollections().front().model_id;
}

std::string ProblemsIn(const std::string& folder) {
  const auto report = VerifyDatabase(folder);
  if (!report.ok()) return report.status().ToString();
  std::string text;
  for (const VerifyProblem& problem : report->problems()) {
    absl::StrAppend(&text, problem.where, ": ", problem.what, "\n");
  }
  return text;
}

std::vector<Operation> WithVectors(std::vector<Operation> operations) {
  for (Operation& operation : operations) {
    if (operation.kind != Operation::Kind::kPut) continue;
    operation.vectors[Space::kSimilar] = {0, 1, 0, 0};
    operation.item.model_id = kNewModel;
  }
  return operations;
}

void CatchUp(const MetadataStore& from, MetadataStore& to, int batch) {
  while (to.last_op_id() < from.last_op_id()) {
    ASSERT_OK_AND_ASSIGN(auto operations,
                         from.ListOperations(to.last_op_id(), batch));
    ASSERT_OK(to.Follow(WithVectors(std::move(operations))));
  }
}

void ExpectSameItems(const MetadataStore& from, const MetadataStore& to) {
  EXPECT_EQ(from.size(), to.size());
  ASSERT_OK_AND_ASSIGN(const ItemPage a,
                       from.List("", 1000, {.thumbnail = true}));
  ASSERT_OK_AND_ASSIGN(const ItemPage b,
                       to.List("", 1000, {.thumbnail = true}));
  ASSERT_EQ(a.items.size(), b.items.size());
  for (size_t i = 0; i < a.items.size(); ++i) {
    EXPECT_EQ(a.items[i].id, b.items[i].id);
    EXPECT_EQ(a.items[i].op_id, b.items[i].op_id);
    EXPECT_EQ(a.items[i].metadata, b.items[i].metadata);
    EXPECT_EQ(a.items[i].source, b.items[i].source);
    EXPECT_EQ(a.items[i].expires, b.items[i].expires);
    EXPECT_EQ(a.items[i].created, b.items[i].created);
    EXPECT_EQ(a.items[i].updated, b.items[i].updated);
    EXPECT_EQ(a.items[i].thumbnail_jpeg, b.items[i].thumbnail_jpeg);
    EXPECT_EQ(b.items[i].model_id, kNewModel);
    ASSERT_OK_AND_ASSIGN(const ItemVectors vectors,
                         to.GetVectors(b.items[i].id));
    EXPECT_EQ(vectors[Space::kSimilar], (std::vector<float>{0, 1, 0, 0}));
  }
}

void TwoGenerations::SetUp() {
  Reopen();
  ASSERT_OK(database_->BeginModelChange(NewSpec()));
  ASSERT_OK_AND_ASSIGN(to_, database_->OpenOtherStore("a"));
}

void TwoGenerations::Reopen() {
  Close();
  ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(dir_.path()));
  database_ = std::move(opened.database);
  from_ = std::move(opened.store);
  if (!database_->FindModelChange("a").has_value()) return;
  ASSERT_OK_AND_ASSIGN(to_, database_->OpenOtherStore("a"));
}

void TwoGenerations::Close() {
  to_.reset();
  from_.reset();
  database_.reset();
}

void TwoGenerations::Switch() {
  ASSERT_OK(database_->SwitchModel("a"));
  std::swap(from_, to_);
}

}  // namespace likeness::testing
