#include "tests/unit/collection/naive_collection.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

namespace likeness::testing {
namespace {

using Change = Outcome::Change;

bool SameVersion(const NaiveItem& a, const NaiveItem& b) {
  for (const Space space : kAllSpaces) {
    if (a.vectors[space] != b.vectors[space]) return false;
  }
  return a.metadata == b.metadata && a.expires == b.expires;
}

// Of an item that is not there `before` is nullptr.
bool Holds(const Condition& condition, const NaiveItem* before) {
  switch (condition.kind) {
    case Condition::Kind::kAbsent:
      return before == nullptr;
    case Condition::Kind::kOpId:
      return before != nullptr && before->op_id == condition.op_id;
    default:
      return true;
  }
}

NaiveItem After(const Mutation& mutation, const NaiveItem* before) {
  if (mutation.kind == Mutation::Kind::kPut) {
    NaiveItem item;
    item.metadata = mutation.item.metadata;
    item.vectors = mutation.vectors;
    item.expires = mutation.item.expires;
    return item;
  }
  NaiveItem item = *before;
  for (const auto& [name, value] : mutation.patch.set) {
    item.metadata[name] = value;
  }
  for (const std::string& name : mutation.patch.remove) {
    item.metadata.erase(name);
  }
  if (mutation.patch.set_expiry) item.expires = mutation.item.expires;
  return item;
}

}  // namespace

double NaiveCosine(absl::Span<const float> a, absl::Span<const float> b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

double NaiveNearest(const std::vector<float>& queries,
                    const std::vector<float>& vectors, int dimensions) {
  const auto width = static_cast<size_t>(dimensions);
  double nearest = -2;
  for (size_t a = 0; a < queries.size(); a += width) {
    for (size_t b = 0; b < vectors.size(); b += width) {
      nearest = std::max(
          nearest, NaiveCosine(absl::MakeConstSpan(queries).subspan(a, width),
                               absl::MakeConstSpan(vectors).subspan(b, width)));
    }
  }
  return nearest;
}

std::optional<std::vector<Outcome>> NaiveCollection::Apply(
    const AtomicWrite& write) {
  const uint64_t last_op_id = last_op_id_;
  std::map<std::string, std::optional<NaiveItem>> before;
  std::vector<Outcome> outcomes;
  for (const Mutation& mutation : write.mutations) {
    const auto found = items_.find(mutation.item.id);
    before.try_emplace(mutation.item.id, found != items_.end()
                                             ? std::optional(found->second)
                                             : std::nullopt);
    const std::optional<Outcome> outcome = Apply(mutation);
    if (outcome.has_value()) {
      outcomes.push_back(*outcome);
      continue;
    }
    for (auto& [id, item] : before) {
      items_.erase(id);
      if (item.has_value()) items_[id] = *std::move(item);
    }
    last_op_id_ = last_op_id;
    return std::nullopt;
  }
  return outcomes;
}

std::optional<Outcome> NaiveCollection::Apply(const Mutation& mutation) {
  const auto found = items_.find(mutation.item.id);
  const NaiveItem* before = found != items_.end() ? &found->second : nullptr;
  if (!Holds(mutation.condition, before)) return std::nullopt;
  if (mutation.kind == Mutation::Kind::kDelete) {
    if (before == nullptr) return Outcome{};
    items_.erase(found);
    return Outcome{Change::kDeleted, ++last_op_id_};
  }
  if (mutation.kind == Mutation::Kind::kPatch && before == nullptr) {
    return std::nullopt;
  }
  NaiveItem after = After(mutation, before);
  if (mutation.condition.kind == Condition::Kind::kChanged &&
      before != nullptr && SameVersion(after, *before)) {
    return Outcome{Change::kUnchanged, before->op_id};
  }
  after.op_id = ++last_op_id_;
  after.fields = after.metadata;
  after.fields["item.id"] = mutation.item.id;
  const Change change =
      before != nullptr ? Change::kReplaced : Change::kCreated;
  items_[mutation.item.id] = std::move(after);
  return Outcome{change, last_op_id_};
}

uint64_t NaiveCollection::Sweep(absl::Time now, int limit) {
  std::set<std::tuple<absl::Time, uint64_t, std::string>> expired;
  for (const auto& [id, item] : items_) {
    if (item.expires.has_value() && *item.expires <= now) {
      expired.emplace(*item.expires, item.op_id, id);
    }
  }
  uint64_t swept = 0;
  for (const auto& [time, op_id, id] : expired) {
    if (swept == static_cast<uint64_t>(limit)) break;
    items_.erase(id);
    ++last_op_id_;
    ++swept;
  }
  return swept;
}

std::map<std::string, double> NaiveCollection::Similarities(
    Space space, const std::vector<float>& queries, int dimensions,
    const Filter* filter) const {
  std::map<std::string, double> similarities;
  for (const auto& [id, item] : items_) {
    if (item.vectors[space].empty()) continue;
    if (filter != nullptr && !Matches(*filter, item.fields)) continue;
    similarities[id] = NaiveNearest(queries, item.vectors[space], dimensions);
  }
  return similarities;
}

}  // namespace likeness::testing
