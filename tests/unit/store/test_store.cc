#include "tests/unit/store/test_store.h"

#include <utility>

#include "engine/core/status_macros.h"
#include "gtest/gtest.h"

namespace likeness::testing {

CollectionSpec StoreSpec(absl::string_view name) {
  CollectionSpec spec;
  spec.name = std::string(name);
  spec.dimensions[Space::kSimilar] = kDimensions;
  return spec;
}

Mutation Put(absl::string_view id, float value) {
  Mutation put;
  put.item.id = std::string(id);
  put.item.metadata["value"] = static_cast<double>(value);
  put.vectors[Space::kSimilar] = std::vector<float>(kDimensions, value);
  return put;
}

Mutation UnitPut(absl::string_view id) {
  Mutation put = Put(id, 0);
  put.vectors[Space::kSimilar][0] = 1;
  return put;
}

Mutation Delete(absl::string_view id) {
  Mutation mutation;
  mutation.kind = Mutation::Kind::kDelete;
  mutation.item.id = std::string(id);
  return mutation;
}

Mutation Patch(absl::string_view id, Metadata set) {
  Mutation mutation;
  mutation.kind = Mutation::Kind::kPatch;
  mutation.item.id = std::string(id);
  mutation.patch.set = std::move(set);
  return mutation;
}

Mutation If(Condition::Kind condition, Mutation mutation) {
  mutation.condition.kind = condition;
  return mutation;
}

absl::StatusOr<std::vector<Outcome>> Apply(MetadataStore& store,
                                           std::vector<Mutation> mutations) {
  std::vector<AtomicWrite> writes(1);
  writes.front().mutations = std::move(mutations);
  ASSIGN_OR_RETURN(Committed committed, store.Apply(std::move(writes)));
  return std::move(committed.results.front());
}

absl::StatusOr<OpenedStore> OpenStoreIn(const std::string& folder) {
  OpenedStore opened;
  ASSIGN_OR_RETURN(opened.database, Database::Open(folder, /*create=*/true));
  if (opened.database->ListCollections().empty()) {
    RETURN_IF_ERROR(opened.database->CreateCollection(StoreSpec("a")));
  }
  ASSIGN_OR_RETURN(opened.store, opened.database->OpenStore("a"));
  return opened;
}

std::vector<std::pair<uint64_t, float>> ScanAll(const StoreReader& store) {
  std::vector<std::pair<uint64_t, float>> all;
  const absl::Status status = store.ScanVectors(
      0, [&](uint64_t op_id, const ItemVectors& vectors) -> absl::Status {
        all.emplace_back(op_id, vectors[Space::kSimilar].at(0));
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return all;
}

}  // namespace likeness::testing
