#include "engine/core/safetensors_writer.h"

#include <cstring>
#include <string>
#include <vector>

#include "engine/core/safetensors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::testing::ElementsAre;

std::string Bytes(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()),
          values.size() * sizeof(float)};
}

TEST(WriteSafeTensorsTest, TheReaderGetsBackEveryTensor) {
  const std::string file =
      WriteSafeTensors({{"b.weight", {"F32", {2, 2}, Bytes({1, 2, 3, 4})}},
                        {"a \"quoted\" name", {"U8", {3}, "xyz"}},
                        {"scalar", {"F32", {}, Bytes({7})}},
                        {"empty", {"F32", {0, 4}, ""}}});
  ASSERT_OK_AND_ASSIGN(const SafeTensors read, SafeTensors::Parse(file));
  EXPECT_THAT(read.names(),
              ElementsAre("a \"quoted\" name", "b.weight", "empty", "scalar"));
  EXPECT_EQ(read.GetFloats("b.weight", {2, 2}).value(),
            (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(read.GetFloats("scalar", {}).value(), std::vector<float>{7});
  EXPECT_EQ(read.Get("a \"quoted\" name")->data, "xyz");
  EXPECT_TRUE(read.Get("empty")->data.empty());
}

TEST(WriteSafeTensorsTest, TheDataBeginAtAMultipleOfEightBytes) {
  for (int length = 1; length < 20; ++length) {
    const std::string file = WriteSafeTensors(
        {{std::string(static_cast<size_t>(length), 'n'), {"U8", {1}, "x"}}});
    uint64_t header = 0;
    std::memcpy(&header, file.data(), sizeof(header));
    EXPECT_EQ(header % 8, 0);
    EXPECT_EQ(file.size(), 8 + header + 1);
  }
}

TEST(WriteSafeTensorsTest, NoTensorsMakeAFileToo) {
  ASSERT_OK_AND_ASSIGN(const SafeTensors read,
                       SafeTensors::Parse(WriteSafeTensors({})));
  EXPECT_TRUE(read.names().empty());
}

}  // namespace
}  // namespace likeness
