// The bundles that the repository ships, in models/.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/embed/model_bundle.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kMegabyte = 1'000'000;

// Sorted by name.
std::vector<std::string> Folders() {
  std::vector<std::string> folders;
  for (const auto& entry :
       std::filesystem::directory_iterator(testing::SourceDir() + "/models")) {
    folders.push_back(entry.path().string());
  }
  return folders;
}

Json Card(const std::string& folder) {
  return Json::parse(testing::ReadFileOrFail(folder + "/card.json"));
}

class ShippedBundleTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedBundleTest, IsWhole) {
  ASSERT_OK_AND_ASSIGN(const ModelBundle bundle, ModelBundle::Load(GetParam()));
  for (const std::string& name : bundle.weights.names()) {
    // 16 bits, but for the statistics of norms.
    const bool statistics = name.find(".running_") != std::string::npos;
    EXPECT_EQ(bundle.weights.Get(name)->dtype, statistics ? "F32" : "F16")
        << name;
  }
}

TEST_P(ShippedBundleTest, IsSmall) {
  const bool omniglot = GetParam().ends_with("/omniglot");
  EXPECT_LE(std::filesystem::file_size(GetParam() + "/weights.safetensors"),
            (omniglot ? 2 : 12) * kMegabyte);
}

TEST_P(ShippedBundleTest, WasMadeByARecipeOfTheRepository) {
  const Json card = Card(GetParam());
  const std::string path = testing::SourceDir() + "/recipes/" +
                           card["name"].get<std::string>() + ".json";
  const Json recipe =
      Json::parse(testing::ReadFileOrFail(path), /*cb=*/nullptr,
                  /*allow_exceptions=*/true, /*ignore_comments=*/true);
  EXPECT_EQ(card["recipe"], recipe);
}

TEST_P(ShippedBundleTest, IsBetterThanARandomNetwork) {
  const Json card = Card(GetParam());
  const std::string name = card["name"];
  for (const Json& evaluation : card["metrics"]["evaluations"]) {
    for (const Json& table : evaluation["tables"]) {
      const Json& random = table["descriptors"]["random network"];
      for (const auto& [column, figure] : table["descriptors"][name].items()) {
        // Of errors less is better; what could not be measured is null.
        if (!figure.is_array() || column == "eer") continue;
        EXPECT_GE(figure[0], random[column][0])
            << table["heading"] << " " << column;
      }
    }
  }
}

TEST_P(ShippedBundleTest, SaysWhereItComesFromAndWhatItIsWorth) {
  const Json card = Card(GetParam());
  for (const char* member :
       {"recipe", "seed", "license", "limits", "data", "metrics"}) {
    ASSERT_TRUE(card.contains(member)) << member;
  }
  for (const Json& set : card["data"]) {
    EXPECT_NE(set["licence"], "") << set["name"];
    EXPECT_GT(set["classes"], 0) << set["name"];
  }
  EXPECT_FALSE(card["metrics"]["evaluations"].empty());
  for (const auto& [name, evaluation] :
       card["metrics"]["evaluations"].items()) {
    for (const auto& [table, contents] : evaluation["tables"].items()) {
      // Never alone.
      EXPECT_GT(contents["descriptors"].size(), 1U) << name << " " << table;
    }
  }
}

std::string TestName(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::path(info.param).filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedBundleTest, ::testing::ValuesIn(Folders()),
                         TestName);

}  // namespace
}  // namespace likeness
