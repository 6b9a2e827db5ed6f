// A server with two models, and a collection whose pictures lie in files.
#ifndef LIKENESS_TESTS_UNIT_SERVER_SERVED_MODEL_CHANGE_H_
#define LIKENESS_TESTS_UNIT_SERVER_SERVED_MODEL_CHANGE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "server/server.h"
#include "tests/support/api_client.h"
#include "tests/support/test_files.h"

namespace likeness::testing {

class ServedModelChange : public ::testing::Test {
 protected:
  static constexpr int kPictures = 8;

  // (Re)starts the server, with a next model or without one.
  void Serve(bool with_next);
  // The same over models of the test's own. `background`: the next one as it
  // embeds in the background; null: a TurnedEmbedder.
  void Serve(std::unique_ptr<Embedder> model, std::unique_ptr<Embedder> next,
             std::unique_ptr<Embedder> background = nullptr);
  // Makes the collection "c" with the items "0", "1", ...
  void Fill();

  // A picture, which lies in a file, and the item made of it.
  static std::string Picture(int i);
  std::string Path(int i) const;
  v1::UpsertItemRequest UpsertOf(const std::string& id, int picture) const;

  absl::StatusOr<v1::ModelChange> Start(bool retry = false) const;
  absl::StatusOr<v1::ModelChange> State() const;
  // Returns when the other generation has all operations.
  v1::ModelChange AwaitCaughtUp() const;
  absl::StatusOr<v1::ModelChange> Switch(int64_t unembedded = 0) const;
  absl::StatusOr<v1::ModelChange> RollBack(int64_t unembedded = 0) const;
  absl::Status Finish() const;
  absl::Status Cancel() const;
  absl::StatusOr<v1::ListUnembeddedItemsResponse> ListUnembedded(
      int page_size = 0, const std::string& page_token = "") const;

  v1::Collection Described() const;
  // Each of the pictures finds its item, by the vectors of `model_id`.
  void ExpectFindsAll(const std::string& model_id) const;

  const ApiClient& client() const { return *client_; }

  const std::string old_id_ = std::string(64, 'f');
  const std::string next_id_ = std::string(64, '2');
  const TempDir data_;
  const TempDir pictures_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<ApiClient> client_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_SERVER_SERVED_MODEL_CHANGE_H_
