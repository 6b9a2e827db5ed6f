#include "tests/integration/real_server.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace likeness::testing {

std::unique_ptr<TempDir> RealServerTest::folder_;
std::unique_ptr<ServerProcess> RealServerTest::server_;
std::unique_ptr<ApiClient> RealServerTest::client_;

void RealServerTest::SetUpTestSuite() {
  if (ProgramPath().empty() || TestModelDir().empty()) return;
  folder_ = std::make_unique<TempDir>();
  auto server = ServerProcess::Start(folder_->path());
  ASSERT_OK(server);
  server_ = *std::move(server);
  client_ = std::make_unique<ApiClient>(server_->port());
  ASSERT_TRUE(client_->WaitForHealth(kServing))
      << server_->process().error_output();
}

void RealServerTest::TearDownTestSuite() {
  client_.reset();
  server_.reset();
  folder_.reset();
}

void RealServerTest::SetUp() {
  SKIP_WITHOUT_PROGRAM_AND_MODEL();
  ASSERT_NE(client_, nullptr) << "the suite's server did not start";
}

std::string RealServerTest::MakeCollection() {
  std::string name =
      ::testing::UnitTest::GetInstance()->current_test_info()->name();
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  EXPECT_OK(client().Call(CreateRequest(name)));
  return name;
}

std::string RealServerTest::MakeVectorCollection() {
  v1::CreateCollectionRequest request = CreateRequest(
      std::string(
          ::testing::UnitTest::GetInstance()->current_test_info()->name()) +
      "_vectors");
  std::string& name = *request.mutable_name();
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  v1::SpaceConfig& space = *request.add_vector_spaces();
  space.set_space(v1::SPACE_SIMILAR);
  space.set_dimensions(2);
  EXPECT_OK(client().Call(request));
  return name;
}

v1::UpsertItemRequest VectorUpsert(const std::string& collection,
                                   const std::string& id, float x, float y) {
  v1::UpsertItemRequest request;
  request.set_collection(collection);
  request.mutable_item()->set_id(id);
  v1::Vector& vector = *request.mutable_vectors()->add_vectors();
  vector.set_space(v1::SPACE_SIMILAR);
  vector.add_values(x);
  vector.add_values(y);
  return request;
}

std::vector<std::string> SomePictures(int count) {
  namespace fs = std::filesystem;
  std::vector<std::string> pictures;
  const std::string data = TestDataDir();
  if (!data.empty() && fs::is_directory(data + "/clothing")) {
    std::vector<std::string> paths;
    for (const auto& entry :
         fs::recursive_directory_iterator(data + "/clothing")) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".jpg" || extension == ".jpeg" || extension == ".png") {
        paths.push_back(entry.path().string());
      }
    }
    std::sort(paths.begin(), paths.end());
    // Spread over the folders.
    const size_t step = std::max<size_t>(1, paths.size() / count);
    for (size_t i = 0; i < paths.size() && std::ssize(pictures) < count;
         i += step) {
      pictures.push_back(ReadFileOrFail(paths[i]));
    }
  }
  while (std::ssize(pictures) < count) {
    pictures.push_back(
        PatchworkJpeg(static_cast<uint32_t>(pictures.size()), 256));
  }
  return pictures;
}

}  // namespace likeness::testing
