#include "tools/remote_sink.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/sha256.h"
#include "engine/core/status_macros.h"
#include "engine/core/utf8.h"
#include "engine/store/item.h"
#include "server/reasons.h"

namespace likeness {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(2);
constexpr absl::Duration kFirstWait = absl::Milliseconds(100);
constexpr absl::Duration kLongestWait = absl::Seconds(2);

// Calls until the answer is another than that the server is overloaded.
template <typename Call>
auto Patiently(const Call& call) {
  const absl::Time give_up = absl::Now() + kPatience;
  absl::Duration wait = kFirstWait;
  auto result = call();
  while (ReasonOf(result.status()) == kReasonOverloaded &&
         absl::Now() < give_up) {
    absl::SleepFor(wait);
    wait = std::min(2 * wait, kLongestWait);
    result = call();
  }
  return result;
}

std::string DigestBytes(absl::string_view bytes) {
  const Sha256Digest digest = Sha256(bytes);
  return std::string(digest.begin(), digest.end());
}

}  // namespace

RemoteSink::RemoteSink(const RemoteClient& client, std::string collection,
                       std::string model_id)
    : client_(client),
      collection_(std::move(collection)),
      model_id_(std::move(model_id)) {}

absl::StatusOr<Held> RemoteSink::Find(const std::string& id,
                                      absl::string_view bytes) const {
  RETURN_IF_ERROR(ValidateItemId(id));
  const absl::StatusOr<v1::Item> item =
      Patiently([&] { return client_.GetItem(collection_, id); });
  if (absl::IsNotFound(item.status())) return Held::kNothing;
  RETURN_IF_ERROR(item.status());
  const bool same = item->model_id() == model_id_ && item->has_picture() &&
                    item->picture().sha256() == DigestBytes(bytes);
  return same ? Held::kSame : Held::kOther;
}

void RemoteSink::Put(PictureFile file, Done done) {
  const absl::Time begin = absl::Now();
  absl::Status status = Send(std::move(file));
  // gRPC's own limit on a message comes without a reason: it is the picture
  // that is too large.
  if (absl::IsResourceExhausted(status) && ReasonOf(status).empty()) {
    status = WithReason(std::move(status), kReasonLimitExceeded);
  }
  {
    absl::MutexLock lock(&mutex_);
    times_.write += absl::Now() - begin;
  }
  done(status);
}

void RemoteSink::Skip(uint64_t /*sequence*/) {}

absl::Status RemoteSink::Finish() { return absl::OkStatus(); }

StageTimes RemoteSink::times() const {
  absl::MutexLock lock(&mutex_);
  return times_;
}

absl::Status RemoteSink::Send(PictureFile file) const {
  if (!IsValidUtf8(file.path)) {
    return InvalidField("source", "is not valid UTF-8");
  }
  v1::UpsertItemRequest request;
  request.set_collection(collection_);
  if (file.held != Held::kNothing) {
    absl::StatusOr<v1::Item> item =
        Patiently([&] { return client_.GetItem(collection_, file.id); });
    // Deleted since it was found: then it is a new one.
    if (!item.ok() && !absl::IsNotFound(item.status())) return item.status();
    if (item.ok()) {
      *request.mutable_item()->mutable_metadata() =
          std::move(*item->mutable_metadata());
    }
  }
  request.mutable_item()->set_id(std::move(file.id));
  request.mutable_item()->set_source(std::move(file.path));
  request.set_picture(std::move(file.bytes));
  return WithoutFieldName(
      Patiently([&] { return client_.UpsertItem(request); }).status());
}

}  // namespace likeness
