// A store beside a naive model in memory, over random groups of writes.
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/store/metadata_store.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_seed.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Patch;
using ::likeness::testing::Put;

using Change = Outcome::Change;

constexpr int kGroups = 1500;
constexpr uint64_t kIdsInUse = 12;
constexpr uint64_t kRequests = 400;

struct ModelItem {
  uint64_t op_id = 0;
  Metadata metadata;
  float value = 0;
  std::optional<absl::Time> expires;
};

struct Model {
  std::map<std::string, ModelItem> items;
  uint64_t last_op_id = 0;
};

// What one mutation does to the model; nullopt: it is refused.
std::optional<Outcome> Take(Model& model, const Mutation& mutation) {
  const auto found = model.items.find(mutation.item.id);
  const bool there = found != model.items.end();
  const Condition& condition = mutation.condition;
  if (condition.kind == Condition::Kind::kAbsent && there) return std::nullopt;
  if (condition.kind == Condition::Kind::kOpId &&
      (!there || found->second.op_id != condition.op_id)) {
    return std::nullopt;
  }
  if (mutation.kind == Mutation::Kind::kDelete) {
    if (!there) return Outcome{};
    model.items.erase(found);
    return Outcome{Change::kDeleted, ++model.last_op_id};
  }
  ModelItem next;
  if (mutation.kind == Mutation::Kind::kPatch) {
    if (!there) return std::nullopt;
    next = found->second;
    for (const auto& [name, value] : mutation.patch.set) {
      next.metadata[name] = value;
    }
    for (const std::string& name : mutation.patch.remove) {
      next.metadata.erase(name);
    }
    if (mutation.patch.set_expiry) next.expires = mutation.item.expires;
  } else {
    next.metadata = mutation.item.metadata;
    next.value = mutation.vectors[Space::kSimilar][0];
    next.expires = mutation.item.expires;
  }
  if (condition.kind == Condition::Kind::kChanged && there &&
      next.metadata == found->second.metadata &&
      next.value == found->second.value &&
      next.expires == found->second.expires) {
    return Outcome{Change::kUnchanged, found->second.op_id};
  }
  next.op_id = ++model.last_op_id;
  model.items[mutation.item.id] = next;
  return Outcome{there ? Change::kReplaced : Change::kCreated, next.op_id};
}

class StoreModelTest : public ::testing::Test {
 protected:
  bool OneIn(uint64_t n) { return random_() % n == 0; }
  Mutation RandomMutation();
  AtomicWrite RandomWrite();
  std::optional<std::vector<Outcome>> Expect(const AtomicWrite& write);
  void ApplyGroup();
  void CheckAll();

  testing::TempDir dir_;
  testing::OpenedStore opened_;
  Model model_;
  struct Sent {
    AtomicWrite write;
    std::vector<Outcome> outcomes;
  };
  std::map<std::string, Sent> requests_;
  std::mt19937_64 random_{testing::TestSeed()};
};

Mutation StoreModelTest::RandomMutation() {
  const std::string id = absl::StrCat("item", random_() % kIdsInUse);
  Mutation mutation;
  const uint64_t kind = random_() % 10;
  if (kind < 5) {
    // Few values, so that some writes change nothing.
    mutation = Put(id, static_cast<float>(random_() % 3));
  } else if (kind < 8) {
    mutation = Patch(id, {});
    mutation.patch.set_expiry = OneIn(3);
    const std::string field = absl::StrCat("f", random_() % 3);
    if (OneIn(3)) {
      mutation.patch.remove.push_back(field);
    } else {
      mutation.patch.set[field] = static_cast<int64_t>(random_() % 2);
    }
  } else {
    mutation = testing::Delete(id);
  }
  const bool is_delete = mutation.kind == Mutation::Kind::kDelete;
  if (!is_delete && OneIn(3)) {
    mutation.item.expires = absl::FromUnixSeconds(random_() % 5);
  }
  switch (random_() % 6) {
    case 0:
      if (mutation.kind == Mutation::Kind::kPut) {
        mutation.condition.kind = Condition::Kind::kAbsent;
      }
      break;
    case 1:
      if (!is_delete) mutation.condition.kind = Condition::Kind::kChanged;
      break;
    case 2: {
      const auto found = model_.items.find(id);
      const bool right = found != model_.items.end() && !OneIn(3);
      mutation.condition = {Condition::Kind::kOpId,
                            right ? found->second.op_id : 1 + random_() % 9};
      break;
    }
    default:
      break;
  }
  return mutation;
}

AtomicWrite StoreModelTest::RandomWrite() {
  const std::string request_id =
      OneIn(2) ? absl::StrCat("request", random_() % kRequests) : "";
  if (const auto sent = requests_.find(request_id); sent != requests_.end()) {
    return sent->second.write;
  }
  AtomicWrite write;
  write.request_id = request_id;
  const uint64_t count = 1 + random_() % 3;
  for (uint64_t i = 0; i < count; ++i) {
    write.mutations.push_back(RandomMutation());
  }
  return write;
}

// What `write` comes to; nullopt: it is refused.
std::optional<std::vector<Outcome>> StoreModelTest::Expect(
    const AtomicWrite& write) {
  if (const auto sent = requests_.find(write.request_id);
      sent != requests_.end()) {
    return sent->second.outcomes;
  }
  Model next = model_;
  std::vector<Outcome> outcomes;
  for (const Mutation& mutation : write.mutations) {
    const std::optional<Outcome> outcome = Take(next, mutation);
    if (!outcome.has_value()) return std::nullopt;
    outcomes.push_back(*outcome);
  }
  model_ = std::move(next);
  if (!write.request_id.empty())
    requests_[write.request_id] = {write, outcomes};
  return outcomes;
}

void StoreModelTest::ApplyGroup() {
  // Two new requests of one id would differ; RandomWrite sees only those done.
  std::vector<AtomicWrite> writes;
  std::map<std::string, bool> named;
  const uint64_t count = 1 + random_() % 4;
  for (uint64_t i = 0; i < count; ++i) {
    AtomicWrite write = RandomWrite();
    if (!write.request_id.empty() &&
        std::exchange(named[write.request_id], true)) {
      continue;
    }
    writes.push_back(std::move(write));
  }
  ASSERT_OK_AND_ASSIGN(const Committed committed, opened_.store->Apply(writes));
  ASSERT_EQ(committed.results.size(), writes.size());
  const uint64_t first = model_.last_op_id + 1;
  for (size_t i = 0; i < writes.size(); ++i) {
    const auto expected = Expect(writes[i]);
    const WriteResult& result = committed.results[i];
    ASSERT_EQ(result.ok(), expected.has_value()) << result.status();
    if (!expected.has_value()) continue;
    ASSERT_EQ(result->size(), expected->size());
    for (size_t j = 0; j < expected->size(); ++j) {
      ASSERT_EQ((*result)[j].change, (*expected)[j].change);
      ASSERT_EQ((*result)[j].op_id, (*expected)[j].op_id);
    }
  }
  ASSERT_EQ(committed.applied.size(), model_.last_op_id + 1 - first);
  for (size_t i = 0; i < committed.applied.size(); ++i) {
    ASSERT_EQ(committed.applied[i].op_id, first + i);
    ASSERT_NE(committed.mutations[i].kind, Mutation::Kind::kPatch);
  }
}

void StoreModelTest::CheckAll() {
  const MetadataStore& store = *opened_.store;
  ASSERT_EQ(store.last_op_id(), model_.last_op_id);
  ASSERT_EQ(store.size(), model_.items.size());
  ASSERT_OK_AND_ASSIGN(const ItemPage page, store.List("", 1000, {}));
  ASSERT_EQ(page.items.size(), model_.items.size());
  std::map<uint64_t, float> rows;
  size_t expiring = 0;
  auto expected = model_.items.begin();
  for (const Item& item : page.items) {
    ASSERT_EQ(item.id, expected->first);
    ASSERT_EQ(item.op_id, expected->second.op_id);
    ASSERT_EQ(item.metadata, expected->second.metadata);
    ASSERT_EQ(item.expires, expected->second.expires);
    rows[item.op_id] = expected->second.value;
    expiring += item.expires.has_value() ? 1 : 0;
    ++expected;
  }
  ASSERT_EQ(testing::ScanAll(store), (std::vector<std::pair<uint64_t, float>>(
                                         rows.begin(), rows.end())));
  ASSERT_OK_AND_ASSIGN(
      const auto expired,
      store.ListExpired(absl::FromUnixSeconds(1'000'000), 1000));
  ASSERT_EQ(expired.size(), expiring);
  for (const ItemVersion& item : expired) {
    ASSERT_EQ(model_.items.at(item.id).op_id, item.op_id);
  }
}

TEST_F(StoreModelTest, AnswersAsANaiveModelDoes) {
  ASSERT_OK_AND_ASSIGN(opened_, testing::OpenStoreIn(dir_.path()));
  for (int i = 0; i < kGroups; ++i) {
    if (OneIn(100)) {
      opened_ = {};
      ASSERT_OK_AND_ASSIGN(opened_, testing::OpenStoreIn(dir_.path()));
    }
    ApplyGroup();
    if (OneIn(10)) CheckAll();
    ASSERT_FALSE(HasFatalFailure()) << "group " << i;
  }
  CheckAll();
}

}  // namespace
}  // namespace likeness
