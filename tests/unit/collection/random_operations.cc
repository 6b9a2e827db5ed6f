#include "tests/unit/collection/random_operations.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/collection/test_items.h"

namespace likeness::testing {

std::string RandomOperations::RandomId() {
  return absl::StrCat("item", Below(kRandomIds));
}

std::vector<float> RandomOperations::RandomQuery(Space space) {
  return RandomVector(TestSpec().dimensions[space], random_);
}

Metadata RandomOperations::RandomMetadata() {
  Metadata metadata;
  if (!OneIn(4)) metadata["price"] = static_cast<double>(Below(50));
  if (!OneIn(4)) metadata["brand"] = absl::StrCat("b", Below(6));
  if (OneIn(2)) metadata["stock"] = static_cast<int64_t>(Below(5));
  if (OneIn(3)) {
    metadata["tags"] = std::vector<std::string>{absl::StrCat("t", Below(3)),
                                                absl::StrCat("t", Below(3))};
  }
  return metadata;
}

Mutation RandomOperations::RandomPut(const std::string& id) {
  Mutation put;
  put.item.id = id;
  put.item.metadata = RandomMetadata();
  for (const Space space : kAllSpaces) {
    // Some items lack a space, some have several vectors, some share them.
    if (space == Space::kCopy && OneIn(5)) continue;
    put.vectors[space] = RandomQuery(space);
    while (OneIn(4)) {
      const std::vector<float> more = RandomQuery(space);
      put.vectors[space].insert(put.vectors[space].end(), more.begin(),
                                more.end());
    }
  }
  const auto other = model_.items().lower_bound(RandomId());
  if (OneIn(15) && other != model_.items().end()) {
    put.vectors = other->second.vectors;
  }
  // Some puts change nothing.
  if (const auto same = model_.items().find(id);
      OneIn(10) && same != model_.items().end()) {
    put.item.metadata = same->second.metadata;
    put.item.expires = same->second.expires;
    put.vectors = same->second.vectors;
  }
  return put;
}

Mutation RandomOperations::RandomMutation() {
  const std::string id = RandomId();
  const uint64_t dice = Below(10);
  Mutation mutation;
  if (dice < 5) {
    mutation = RandomPut(id);
  } else {
    mutation.item.id = id;
    mutation.kind = dice < 8 ? Mutation::Kind::kPatch : Mutation::Kind::kDelete;
  }
  if (mutation.kind == Mutation::Kind::kPatch) {
    mutation.patch.set = RandomMetadata();
    mutation.patch.set["patched"] = OneIn(2);
    if (mutation.patch.set.erase("stock") == 0) {
      mutation.patch.remove = {"stock"};
    }
    mutation.patch.set_expiry = OneIn(4);
  }
  const bool is_delete = mutation.kind == Mutation::Kind::kDelete;
  if (!is_delete && OneIn(6)) {
    mutation.item.expires = absl::FromUnixSeconds(static_cast<int>(Below(99)));
  }
  Condition& condition = mutation.condition;
  const auto found = model_.items().find(id);
  const uint64_t kind = Below(8);
  if (kind == 0 && mutation.kind == Mutation::Kind::kPut) {
    condition.kind = Condition::Kind::kAbsent;
  } else if (kind == 1 && !is_delete) {
    condition.kind = Condition::Kind::kChanged;
  } else if (kind == 2) {
    condition.kind = Condition::Kind::kOpId;
    condition.op_id = found != model_.items().end() && !OneIn(3)
                          ? found->second.op_id
                          : 1 + Below(model_.last_op_id());
  }
  return mutation;
}

Filter RandomOperations::RandomFilter() {
  const auto comparison = [this]() -> std::string {
    switch (Below(7)) {
      case 0:
        return absl::StrCat("price < ", Below(50));
      case 1:
        return absl::StrCat("price >= ", Below(50));
      case 2:
        return absl::StrCat("brand = \"b", Below(6), "\"");
      case 3:
        return absl::StrCat("tags:\"t", Below(3), "\"");
      case 4:
        return absl::StrCat("stock = ", Below(5));
      case 5:
        return absl::StrCat("item.id = \"item", Below(10), "*\"");
      default:
        return "patched:*";
    }
  };
  std::string text = comparison();
  for (uint64_t more = Below(3); more > 0; --more) {
    absl::StrAppend(&text, OneIn(2) ? " AND " : " OR ", OneIn(3) ? "NOT " : "",
                    comparison());
  }
  const auto filter = Filter::Parse(text);
  EXPECT_OK(filter) << text;
  return filter.ok() ? *filter : Filter();
}

Mutation RandomOperations::FirstPut() {
  Mutation put = RandomPut("first");
  put.item.metadata = {{"price", 1.0},
                       {"brand", std::string("b1")},
                       {"stock", int64_t{1}},
                       {"patched", true},
                       {"tags", std::vector<std::string>{"t1"}}};
  return put;
}

}  // namespace likeness::testing
