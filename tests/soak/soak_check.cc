#include "tests/soak/soak_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"

namespace likeness::testing {
namespace {

constexpr double kSame = 0.9999;  // Cosine of vectors that are one.

struct Found {
  int64_t version = 0;
  uint64_t op_id = 0;
};

class Checker {
 public:
  explicit Checker(const ApiClient& client) : client_(client) {}

  absl::Status ListAll();
  void Settle(SoakWriter& writer);
  void CheckSlots(const SoakWriter& writer);
  absl::Status CheckSearches(const SoakWriter& writer);
  absl::Status CheckCounts(const std::vector<SoakWriter>& writers);

  SoakCheck Take() { return std::move(check_); }

 private:
  int64_t FoundVersion(int id) const {
    const auto found = found_.find(id);
    return found != found_.end() ? found->second.version : 0;
  }
  void Note(uint64_t& count, std::string what) {
    ++count;
    check_.faults.notes.push_back(std::move(what));
  }
  // What a search by the vector of `of`, which is there or is not, must give.
  absl::Status CheckSearch(SoakVersion of, bool there);

  const ApiClient& client_;
  SoakCheck check_;
  std::map<int, Found> found_;
};

absl::Status Checker::ListAll() {
  v1::ListItemsRequest request;
  request.set_collection(kSoakCollection);
  request.set_page_size(97);
  do {
    ASSIGN_OR_RETURN(const auto page, client_.Call(request));
    for (const v1::Item& item : page.items()) {
      const std::optional<SoakVersion> version = WhichSoakVersion(item);
      if (!version.has_value()) {
        Note(check_.faults.metadata,
             absl::StrCat(item.id(), " is not as it was put"));
        continue;
      }
      found_[version->id] = {version->version, item.op_id()};
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

void Checker::Settle(SoakWriter& writer) {
  if (!writer.under_way().has_value()) return;
  ++check_.under_way;
  std::map<int, uint64_t> done;
  size_t all = 0;
  for (const auto& [id, change] : writer.under_way()->changes) {
    const SoakSlot& slot =
        writer.slots()[static_cast<size_t>(id - writer.first_id())];
    // Deleting what is not there changes nothing.
    if (change.version == slot.current.version) continue;
    ++all;
    if (FoundVersion(id) != change.version) continue;
    const auto found = found_.find(id);
    done[id] = found != found_.end() ? found->second.op_id : 0;
  }
  if (writer.under_way()->atomic && !done.empty() && done.size() != all) {
    Note(check_.faults.torn,
         absl::StrCat("a request of ", all, " changes happened for ",
                      done.size()));
  }
  check_.happened += done.empty() ? 0 : 1;
  writer.SettleUnderWay(done);
}

void Checker::CheckSlots(const SoakWriter& writer) {
  int id = writer.first_id();
  for (const SoakSlot& slot : writer.slots()) {
    const int64_t version = FoundVersion(id);
    const std::string difference =
        absl::StrCat(SoakId(id), ": version ", version, " instead of ",
                     slot.current.version);
    if (version < slot.current.version) Note(check_.faults.lost, difference);
    if (version > slot.current.version) {
      Note(check_.faults.resurrected, difference);
    }
    ++id;
  }
}

absl::Status Checker::CheckSearches(const SoakWriter& writer) {
  int id = writer.first_id();
  for (const SoakSlot& slot : writer.slots()) {
    if (slot.current.version != 0) {
      RETURN_IF_ERROR(CheckSearch(slot.current, /*there=*/true));
    }
    if (slot.gone != 0) {
      RETURN_IF_ERROR(CheckSearch({id, 0, slot.gone}, /*there=*/false));
    }
    ++id;
  }
  return absl::OkStatus();
}

absl::Status Checker::CheckSearch(SoakVersion of, bool there) {
  for (const v1::Space space : kSoakSpaces) {
    ++check_.searches;
    ASSIGN_OR_RETURN(const auto answer,
                     client_.Call(SoakSearch(space, of, /*k=*/1)));
    const bool found =
        answer.hits_size() == 1 && answer.hits(0).similarity() > kSame;
    if (found && !there) {
      Note(check_.faults.resurrected,
           absl::StrCat(SoakId(of.id), ": the vectors of version ", of.vectors,
                        " are gone and were found"));
    }
    if (there && (!found || answer.hits(0).item().id() != SoakId(of.id))) {
      Note(check_.faults.vectors,
           absl::StrCat(SoakId(of.id), ": version ", of.version,
                        " is not found by its vector"));
    }
  }
  return absl::OkStatus();
}

absl::Status Checker::CheckCounts(const std::vector<SoakWriter>& writers) {
  v1::GetCollectionRequest request;
  request.set_name(kSoakCollection);
  ASSIGN_OR_RETURN(const auto response, client_.Call(request));
  const v1::Collection& collection = response.collection();
  check_.live = found_.size();
  if (static_cast<uint64_t>(collection.item_count()) != found_.size()) {
    Note(check_.faults.counts,
         absl::StrCat(collection.item_count(), " items are counted, ",
                      found_.size(), " are there"));
  }
  std::map<uint64_t, int> by_op_id;
  for (const auto& [id, found] : found_) {
    if (!by_op_id.emplace(found.op_id, id).second) {
      Note(check_.faults.counts,
           absl::StrCat("two items are of operation ", found.op_id));
    }
  }
  for (const SoakWriter& writer : writers) {
    if (writer.newest_op_id() > collection.last_op_id()) {
      Note(check_.faults.lost, absl::StrCat("operation ", writer.newest_op_id(),
                                            " was acknowledged, the newest is ",
                                            collection.last_op_id()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SoakCheck> CheckSoak(const ApiClient& client,
                                    std::vector<SoakWriter>& writers) {
  Checker checker(client);
  RETURN_IF_ERROR(checker.ListAll());
  for (SoakWriter& writer : writers) {
    checker.Settle(writer);
    checker.CheckSlots(writer);
    RETURN_IF_ERROR(checker.CheckSearches(writer));
  }
  RETURN_IF_ERROR(checker.CheckCounts(writers));
  return checker.Take();
}

}  // namespace likeness::testing
