// Fixture: one real server, `likeness serve`, for all tests of a suite; each
// test works in collections of its own.
#ifndef LIKENESS_TESTS_INTEGRATION_REAL_SERVER_H_
#define LIKENESS_TESTS_INTEGRATION_REAL_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/api_client.h"
#include "tests/support/server_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness::testing {

inline constexpr auto kServing = grpc::health::v1::HealthCheckResponse::SERVING;
inline constexpr auto kNotServing =
    grpc::health::v1::HealthCheckResponse::NOT_SERVING;

// Skips the test that calls it when the program or a model is not there.
#define SKIP_WITHOUT_PROGRAM_AND_MODEL()                                    \
  if (::likeness::testing::ProgramPath().empty()) {                         \
    GTEST_SKIP() << "LIKENESS_PROGRAM names no program; run through ctest"; \
  }                                                                         \
  if (::likeness::testing::TestModelDir().empty()) {                        \
    GTEST_SKIP() << "no model bundle; see TestModelDir()";                  \
  }

class RealServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;

  ApiClient& client() { return *client_; }
  ServerProcess& server() { return *server_; }

  // A new collection, named after the test, for the server's model.
  std::string MakeCollection();
  // The same for vectors of two dimensions in SPACE_SIMILAR.
  std::string MakeVectorCollection();

 private:
  static std::unique_ptr<TempDir> folder_;
  static std::unique_ptr<ServerProcess> server_;
  static std::unique_ptr<ApiClient> client_;
};

// An item of a collection made by MakeVectorCollection.
v1::UpsertItemRequest VectorUpsert(const std::string& collection,
                                   const std::string& id, float x, float y);

// `count` different pictures: photographs where the test data are there, else
// made on the spot.
std::vector<std::string> SomePictures(int count);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_INTEGRATION_REAL_SERVER_H_
