#include "engine/core/safetensors.h"

#include <cmath>
#include <cstring>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using testing::HasCode;
using testing::HasReason;

std::string Bytes(uint64_t header_bytes, const std::string& header,
                  const std::string& data) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &header_bytes, 8);
  return bytes + header + data;
}

std::string Bytes(const std::string& header, const std::string& data) {
  return Bytes(header.size(), header, data);
}

template <typename T>
std::string Raw(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()),
          values.size() * sizeof(T)};
}

TEST(SafeTensorsTest, ReadsTensorsOfEveryFloatType) {
  const std::string header =
      R"({"__metadata__":{"made by":"a test"},)"
      R"("f32":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("f16":{"dtype":"F16","shape":[5],"data_offsets":[8,18]},)"
      R"("bf16":{"dtype":"BF16","shape":[1],"data_offsets":[18,20]}})";
  const std::string data =
      Raw<float>({1.5F, -2.25F}) +
      // 1.0, -2.0, the largest finite, the smallest subnormal, infinity.
      Raw<uint16_t>({0x3C00, 0xC000, 0x7BFF, 0x0001, 0x7C00}) +
      Raw<uint16_t>({0x3FC0});  // 1.5
  ASSERT_OK_AND_ASSIGN(const SafeTensors tensors,
                       SafeTensors::Parse(Bytes(header, data)));
  EXPECT_THAT(tensors.names(), ElementsAre("bf16", "f16", "f32"));
  ASSERT_OK_AND_ASSIGN(const auto f32, tensors.GetFloats("f32", {2, 1}));
  EXPECT_THAT(f32, ElementsAre(1.5F, -2.25F));
  ASSERT_OK_AND_ASSIGN(const auto f16, tensors.GetFloats("f16", {5}));
  EXPECT_THAT(
      f16, ElementsAre(1.0F, -2.0F, 65504.0F, std::ldexp(1.0F, -24), INFINITY));
  ASSERT_OK_AND_ASSIGN(const auto bf16, tensors.GetFloats("bf16", {1}));
  EXPECT_THAT(bf16, ElementsAre(1.5F));
}

TEST(SafeTensorsTest, NamesTheTensorThatIsMissingOrHasAnotherShape) {
  const std::string header =
      R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  ASSERT_OK_AND_ASSIGN(const SafeTensors tensors,
                       SafeTensors::Parse(Bytes(header, Raw<float>({1, 2}))));
  EXPECT_THAT(tensors.Get("bias"),
              Fails(absl::StatusCode::kNotFound, "no tensor \"bias\""));
  EXPECT_THAT(tensors.GetFloats("w", {1, 2}),
              Fails(absl::StatusCode::kInvalidArgument,
                    "\"w\" has shape [2], expected [1, 2]"));
}

TEST(SafeTensorsTest, RefusesWhatDoesNotFitItsBytes) {
  const std::string good =
      R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const std::string data = Raw<float>({1, 2});
  const struct {
    std::string bytes;
    const char* says;
  } cases[] = {
      {"", "shorter than 8 bytes"},
      {Bytes(1U << 30, good, data), "header of"},
      {Bytes(good.size() + data.size() + 1, good, data), "header of"},
      {Bytes("[]", data), "not a JSON object"},
      {Bytes("{", data), "not a JSON object"},
      {Bytes(good, data + "x"), "cover 8 of 9"},
      {Bytes(good, data.substr(1)), "tensor \"w\""},
      {Bytes(R"({"w":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}})", data),
       "dtype F99"},
      {Bytes(R"({"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})",
             data),
       "tensor \"w\""},
      {Bytes(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", data),
       "tensor \"w\""},
      {Bytes(
           R"({"w":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}})",
           data),
       "tensor \"w\""},
      {Bytes(R"({"w":{"dtype":"F32","shape":[2]}})", data), "tensor \"w\""},
      {Bytes(R"({"w":7})", data), "tensor \"w\""},
  };
  for (const auto& test : cases) {
    const auto parsed = SafeTensors::Parse(test.bytes);
    EXPECT_THAT(parsed, Fails(absl::StatusCode::kDataLoss, test.says));
    EXPECT_THAT(parsed, HasReason(kReasonCorruptData));
  }
}

TEST(SafeTensorsTest, RefusesAnOverlapEvenWhenAHoleBalancesIt) {
  const auto file = [](const char* a, const char* b, const char* c) {
    const auto entry = [](const char* name, const char* offsets) {
      return std::string("\"") + name +
             R"(":{"dtype":"F32","shape":[1],"data_offsets":)" + offsets + "}";
    };
    return Bytes(
        "{" + entry("a", a) + "," + entry("b", b) + "," + entry("c", c) + "}",
        Raw<float>({1, 2, 3}));
  };
  // In any order, as long as the bytes are covered once.
  EXPECT_OK(SafeTensors::Parse(file("[8,12]", "[0,4]", "[4,8]")));
  EXPECT_THAT(
      SafeTensors::Parse(file("[0,4]", "[0,4]", "[8,12]")),
      Fails(absl::StatusCode::kDataLoss, "\"b\": overlaps before byte 4"));
  EXPECT_THAT(
      SafeTensors::Parse(file("[0,4]", "[8,12]", "[8,12]")),
      Fails(absl::StatusCode::kDataLoss, "\"b\": leaves a hole before byte 8"));
  EXPECT_THAT(
      SafeTensors::Parse(file("[0,4]", "[2,6]", "[8,12]")),
      Fails(absl::StatusCode::kDataLoss, "\"b\": overlaps before byte 4"));
}

TEST(SafeTensorsTest, AnEmptyTensorMayLieBetweenTwoOthers) {
  const std::string header =
      R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
      R"("none":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},)"
      R"("x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
  EXPECT_OK(SafeTensors::Parse(Bytes(header, Raw<float>({1, 2}))));
}

// Any single damaged header byte gives an error or a table that still lies
// within the bytes; it never reads outside (the address sanitizer watches).
TEST(SafeTensorsTest, SurvivesEveryFlippedHeaderByte) {
  const std::string header =
      R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const std::string bytes = Bytes(header, Raw<float>({1, 2}));
  int refused = 0;
  for (size_t i = 0; i < 8 + header.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto parsed = SafeTensors::Parse(damaged);
      if (!parsed.ok()) {
        EXPECT_THAT(parsed, HasCode(absl::StatusCode::kDataLoss));
        ++refused;
        continue;
      }
      for (const std::string& name : parsed->names()) {
        ASSERT_OK_AND_ASSIGN(const TensorView view, parsed->Get(name));
        EXPECT_LE(view.data.size(), size_t{8});
      }
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace likeness
