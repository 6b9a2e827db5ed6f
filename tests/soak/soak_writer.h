#ifndef LIKENESS_TESTS_SOAK_SOAK_WRITER_H_
#define LIKENESS_TESTS_SOAK_SOAK_WRITER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "engine/core/random.h"
#include "tests/soak/soak_item.h"
#include "tests/soak/soak_meter.h"
#include "tests/support/api_client.h"

namespace likeness::testing {

// What a writer was told about one of its ids.
struct SoakSlot {
  SoakVersion current;  // The one acknowledged last.
  uint64_t op_id = 0;   // That acknowledged it; 0: never written.
  int64_t gone = 0;     // The newest vectors that the item has no more.
};

// A request that was sent and not answered: it may have happened.
struct SoakRequest {
  std::map<int, SoakVersion> changes;  // By id; version 0: deleted.
  bool atomic = true;                  // As a whole or not at all.
};

// Whether `status` is what a client gets from a server that dies or stops, so
// that a write may have happened or not.
bool IsServerGone(const absl::Status& status);

// One client that writes ids of its own, and remembers what was acknowledged:
// the model that the server is compared with. Used by one thread at a time.
class SoakWriter {
 public:
  // Owns the ids `first_id` to `first_id + ids - 1`.
  SoakWriter(int first_id, int ids, uint64_t seed);

  // Puts, replaces, changes, deletes and looks for its items, one by one and in
  // batches, with conditions that hold and with some that don't, until the
  // server is gone (OK) or answers what it must not (DATA_LOSS).
  absl::Status Run(const ApiClient& client, SoakMeter& meter);

  int first_id() const { return first_id_; }
  const std::vector<SoakSlot>& slots() const { return slots_; }
  const std::optional<SoakRequest>& under_way() const { return under_way_; }
  // Of the operations that were acknowledged; 0: none was.
  uint64_t newest_op_id() const { return newest_op_id_; }

  // Decides what became of the request that was under way: these ids changed,
  // by these operations (0: unknown), the others did not.
  void SettleUnderWay(const std::map<int, uint64_t>& happened);

 private:
  SoakSlot& SlotOf(int id) {
    return slots_[static_cast<size_t>(id - first_id_)];
  }
  SoakVersion NextVersion(int id) {
    const int64_t version = next_version_++;
    return {id, version, version};
  }
  int RandomId() {
    return first_id_ + static_cast<int>(random_.Below(slots_.size()));
  }
  absl::Status Step(const ApiClient& client);
  absl::Status Change(const ApiClient& client, int id);
  absl::Status Put(const ApiClient& client, int id);
  absl::Status PutSeveral(const ApiClient& client);
  absl::Status Patch(const ApiClient& client, int id);
  absl::Status Delete(const ApiClient& client, int id);
  absl::Status DeleteSeveral(const ApiClient& client);
  // Writes whose condition does not hold.
  absl::Status BeRefused(const ApiClient& client, int id);
  absl::Status Look(const ApiClient& client, int id);
  // Remembers that these operations made what was under way true.
  absl::Status Acknowledge(const std::map<int, uint64_t>& op_ids);

  const int first_id_;
  std::vector<SoakSlot> slots_;
  std::optional<SoakRequest> under_way_;
  int64_t next_version_ = 1;
  uint64_t newest_op_id_ = 0;
  Random random_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SOAK_SOAK_WRITER_H_
