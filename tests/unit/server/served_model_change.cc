#include "tests/unit/server/served_model_change.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/file.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/fakes/turned_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness::testing {
namespace {

constexpr double kEqual = 0.9999;

template <typename Response>
absl::StatusOr<v1::ModelChange> ChangeIn(
    const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return response->change();
}

template <typename Request>
Request Of(const std::string& collection) {
  Request request;
  request.set_collection(collection);
  return request;
}

}  // namespace

void ServedModelChange::Serve(bool with_next) {
  Serve(std::make_unique<FakeEmbedder>(old_id_),
        with_next ? std::make_unique<TurnedEmbedder>(next_id_) : nullptr);
}

void ServedModelChange::Serve(std::unique_ptr<Embedder> model,
                              std::unique_ptr<Embedder> next,
                              std::unique_ptr<Embedder> background) {
  client_.reset();
  server_.reset();
  // std::function copies; the loader runs once.
  auto backend = std::make_shared<Backend>();
  backend->embedder = std::move(model);
  backend->next_embedder = std::move(next);
  if (backend->next_embedder != nullptr) {
    backend->background.push_back(std::make_unique<FakeEmbedder>(old_id_));
    if (background == nullptr) {
      background = std::make_unique<TurnedEmbedder>(next_id_);
    }
    backend->background.push_back(std::move(background));
  }
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.picture_folder = pictures_.path();
  auto server =
      Server::Start(options, [this, backend]() -> absl::StatusOr<Backend> {
        auto collections = CollectionSet::Open(data_.path(), true);
        if (!collections.ok()) return collections.status();
        backend->collections = *std::move(collections);
        return std::move(*backend);
      });
  ASSERT_OK(server);
  server_ = *std::move(server);
  ASSERT_OK(server_->WaitUntilReady());
  client_ = std::make_unique<ApiClient>(server_->port());
}

std::string ServedModelChange::Picture(int i) {
  return PatchworkJpeg(static_cast<uint32_t>(i));
}

std::string ServedModelChange::Path(int i) const {
  return pictures_.File(absl::StrCat(i, ".jpg"));
}

v1::UpsertItemRequest ServedModelChange::UpsertOf(const std::string& id,
                                                  int picture) const {
  v1::UpsertItemRequest request = UpsertRequest("c", id, Picture(picture));
  // Relative to the server's folder of pictures.
  request.mutable_item()->set_source(absl::StrCat(picture, ".jpg"));
  return request;
}

void ServedModelChange::Fill() {
  ASSERT_OK(client().Call(CreateRequest("c")));
  for (int i = 0; i < kPictures; ++i) {
    ASSERT_OK(WriteFileDurably(Path(i), Picture(i)));
    ASSERT_OK(client().Call(UpsertOf(absl::StrCat(i), i)));
  }
}

absl::StatusOr<v1::ModelChange> ServedModelChange::Start(bool retry) const {
  auto request = Of<v1::StartModelChangeRequest>("c");
  request.set_retry_unembedded(retry);
  return ChangeIn(client().Call(request));
}

absl::StatusOr<v1::ModelChange> ServedModelChange::State() const {
  return ChangeIn(client().Call(Of<v1::GetModelChangeRequest>("c")));
}

v1::ModelChange ServedModelChange::AwaitCaughtUp() const {
  while (true) {
    const auto change = State();
    EXPECT_OK(change);
    if (!change.ok()) return {};
    if (change->operations_left() == 0) return *change;
    absl::SleepFor(absl::Milliseconds(5));
  }
}

absl::StatusOr<v1::ModelChange> ServedModelChange::Switch(
    int64_t unembedded) const {
  auto request = Of<v1::SwitchModelRequest>("c");
  request.set_unembedded_count(unembedded);
  return ChangeIn(client().Call(request));
}

absl::StatusOr<v1::ModelChange> ServedModelChange::RollBack(
    int64_t unembedded) const {
  auto request = Of<v1::RollBackModelRequest>("c");
  request.set_unembedded_count(unembedded);
  return ChangeIn(client().Call(request));
}

absl::Status ServedModelChange::Finish() const {
  return client().Call(Of<v1::FinishModelChangeRequest>("c")).status();
}

absl::Status ServedModelChange::Cancel() const {
  return client().Call(Of<v1::CancelModelChangeRequest>("c")).status();
}

absl::StatusOr<v1::ListUnembeddedItemsResponse>
ServedModelChange::ListUnembedded(int page_size,
                                  const std::string& page_token) const {
  auto request = Of<v1::ListUnembeddedItemsRequest>("c");
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  return client().Call(request);
}

v1::Collection ServedModelChange::Described() const {
  v1::GetCollectionRequest request;
  request.set_name("c");
  const auto response = client().Call(request);
  EXPECT_OK(response);
  return response.ok() ? response->collection() : v1::Collection();
}

void ServedModelChange::ExpectFindsAll(const std::string& model_id) const {
  for (int i = 0; i < kPictures; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto found,
                         client().Call(PictureSearch("c", Picture(i), 1)));
    EXPECT_EQ(found.model_id(), model_id);
    ASSERT_EQ(found.hits_size(), 1);
    EXPECT_EQ(found.hits(0).item().id(), absl::StrCat(i));
    EXPECT_GT(found.hits(0).similarity(), kEqual);
  }
}

}  // namespace likeness::testing
