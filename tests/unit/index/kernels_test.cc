#include "engine/index/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "engine/core/half.h"
#include "engine/index/vector_code.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

// Row counts around the blocks that kernels work in.
constexpr size_t kCounts[] = {1, 2, 3, 4, 5, 7, 8, 31, 64};
constexpr size_t kMaxCount = 64;

std::vector<float> Random(size_t count, std::mt19937& random) {
  std::normal_distribution<float> normal(0, 0.1F);
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

// Addresses of `count` of the rows of `width`, in an order of their own.
template <typename Row>
std::vector<const Row*> Pick(const std::vector<Row>& rows, size_t width,
                             size_t count, std::mt19937& random) {
  std::vector<const Row*> picked(count);
  for (const Row*& row : picked) {
    row = rows.data() + random() % (rows.size() / width) * width;
  }
  return picked;
}

using Encode = void (*)(absl::Span<const float> vector,
                        absl::Span<uint16_t> code);

double FromBfloat16(uint16_t code) {
  return std::bit_cast<float>(uint32_t{code} << 16);
}

double FromFloat16(uint16_t code) { return HalfToFloat(code); }

class KernelsTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (const Kernels* each : RunnableKernels()) {
      if (each->name == GetParam()) kernels_ = each;
    }
    if (kernels_ == nullptr) {
      GTEST_SKIP() << "this processor can't run the " << GetParam()
                   << " kernels";
    }
  }

  // Holds the products of `query` and of every number of `rows` against double
  // precision.
  template <typename Row>
  void ExpectProducts(Kernel<float, Row> kernel,
                      const std::vector<float>& query,
                      const std::vector<Row>& rows, double (*value_of)(Row)) {
    const size_t width = query.size();
    for (const size_t count : kCounts) {
      const auto picked = Pick(rows, width, count, random_);
      std::vector<float> products(count + 1, 1234.5F);
      kernel(query.data(), picked.data(), count, width, products.data());
      for (size_t i = 0; i < count; ++i) {
        double product = 0;
        double sizes = 0;
        for (size_t j = 0; j < width; ++j) {
          const double term = double{query[j]} * value_of(picked[i][j]);
          product += term;
          sizes += std::fabs(term);
        }
        const auto terms = static_cast<double>(width);
        ASSERT_NEAR(products[i], product, sizes * terms * 0x1p-24)
            << width << " wide, row " << i << " of " << count;
      }
      ASSERT_EQ(products[count], 1234.5F) << "wrote behind the end";
    }
  }

  void ExpectAgree(Kernel<float, uint16_t> kernel, Encode encode,
                   double (*value_of)(uint16_t)) {
    for (const size_t width : {32U, 64U, 96U, 256U, 1280U}) {
      const std::vector<float> query = Random(width, random_);
      std::vector<uint16_t> rows(width * kMaxCount);
      encode(Random(rows.size(), random_), absl::MakeSpan(rows));
      ASSERT_NO_FATAL_FAILURE(ExpectProducts(kernel, query, rows, value_of));
    }
  }

  const Kernels* kernels_ = nullptr;
  std::mt19937 random_{17};
};

TEST_P(KernelsTest, Float32AgreesWithDoublePrecision) {
  for (const size_t width : {1U, 2U, 3U, 7U, 8U, 9U, 15U, 16U, 17U, 24U, 31U,
                             33U, 100U, 128U, 250U, 256U, 1280U, 4096U}) {
    const std::vector<float> query = Random(width, random_);
    const std::vector<float> rows = Random(width * kMaxCount, random_);
    ASSERT_NO_FATAL_FAILURE(
        ExpectProducts<float>(kernels_->float32, query, rows,
                              [](float value) { return double{value}; }));
  }
}

TEST_P(KernelsTest, EqualRowsHaveEqualProductsInAnyCompany) {
  for (const size_t width : {5U, 17U, 256U}) {
    const std::vector<float> query = Random(width, random_);
    const std::vector<float> rows = Random(width * kMaxCount, random_);
    const std::vector<float> copy(rows.begin(), rows.begin() + width);
    const float* alone = copy.data();
    float expected = 0;
    kernels_->float32(query.data(), &alone, 1, width, &expected);
    for (const size_t count : kCounts) {
      for (size_t at = 0; at < count; ++at) {
        auto picked = Pick(rows, width, count, random_);
        picked[at] = rows.data();
        std::vector<float> products(count);
        kernels_->float32(query.data(), picked.data(), count, width,
                          products.data());
        ASSERT_EQ(products[at], expected) << width;
      }
    }
  }
}

TEST_P(KernelsTest, Bfloat16AgreesWithDoublePrecision) {
  ExpectAgree(kernels_->bfloat16, EncodeBfloat16, FromBfloat16);
}

TEST_P(KernelsTest, Float16AgreesWithDoublePrecision) {
  ExpectAgree(kernels_->float16, EncodeFloat16, FromFloat16);
}

TEST_P(KernelsTest, EveryFiniteFloat16IsTakenAtItsValue) {
  std::vector<float> query(kTwoByteWidth);
  query[5] = 1;
  std::vector<uint16_t> row(kTwoByteWidth);
  const uint16_t* const address = row.data();
  for (uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    if ((bits & 0x7C00U) == 0x7C00U) continue;
    row[5] = static_cast<uint16_t>(bits);
    float product = 0;
    kernels_->float16(query.data(), &address, 1, kTwoByteWidth, &product);
    ASSERT_EQ(product, HalfToFloat(row[5])) << bits;
  }
}

TEST_P(KernelsTest, Int8IsExactUpToTheLargestCodes) {
  std::uniform_int_distribution<int> any(-127, 127);
  for (const size_t width : {64U, 128U, 192U, 256U, 1024U}) {
    std::vector<int8_t> query(width);
    std::vector<int8_t> rows(width * kMaxCount);
    for (int8_t& value : query) value = static_cast<int8_t>(any(random_));
    for (int8_t& value : rows) value = static_cast<int8_t>(any(random_));
    // All signs of the largest products.
    for (size_t j = 0; j < width; ++j) {
      query[j] = j % 5 == 0 ? query[j] : (j % 2 == 0 ? 127 : -127);
      rows[j] = j % 4 < 2 ? 127 : -127;
      rows[width + j] = query[j];
      rows[2 * width + j] = static_cast<int8_t>(-query[j]);
    }
    for (const size_t count : kCounts) {
      auto picked = Pick(rows, width, count, random_);
      for (size_t i = 0; i < std::min<size_t>(3, count); ++i) {
        picked[i] = rows.data() + i * width;
      }
      std::vector<float> products(count);
      kernels_->int8(query.data(), picked.data(), count, width,
                     products.data());
      for (size_t i = 0; i < count; ++i) {
        int32_t product = 0;
        for (size_t j = 0; j < width; ++j) product += query[j] * picked[i][j];
        ASSERT_EQ(products[i], static_cast<float>(product)) << width;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, KernelsTest,
                         ::testing::Values("plain", "avx2", "avx512"),
                         [](const auto& test) { return test.param; });

TEST(BestKernelsTest, AreTheLastThatThisProcessorCanRun) {
  EXPECT_EQ(&BestKernels(), RunnableKernels().back());
  EXPECT_EQ(RunnableKernels().front()->name, "plain");
}

TEST(VectorCodeTest, TheLargestValueBecomesTheLargestCode) {
  const std::vector<float> values = {0.5F, -0.25F, 0.125F, 0};
  const float step = Int8Step(values);
  std::vector<int8_t> code(6, 9);
  EncodeInt8(values, step, absl::MakeSpan(code));
  // 127 steps make 0.5: -63.5 goes to the even neighbour, 31.75 to the nearest.
  EXPECT_EQ(code, (std::vector<int8_t>{127, -64, 32, 0, 0, 0}));
  EncodeInt8({0.6F, -5.0F}, step, absl::MakeSpan(code));
  EXPECT_EQ(code, (std::vector<int8_t>{127, -127, 0, 0, 0, 0}));
}

TEST(VectorCodeTest, ZerosAreZerosAtAnyStep) {
  const std::vector<float> zeros(4);
  EXPECT_EQ(Int8Step(zeros), 0);
  std::vector<int8_t> code(4, 9);
  EncodeInt8(zeros, 0, absl::MakeSpan(code));
  EXPECT_EQ(code, std::vector<int8_t>(4));
}

TEST(VectorCodeTest, Bfloat16RoundsToTheNearestAndTiesToEven) {
  // 1 + 2^-8 lies between 1 and 1 + 2^-7, whose last bits are 0 and 1.
  std::vector<uint16_t> code(5, 9);
  EncodeBfloat16({1.0F, 1.00390625F, 1.01171875F, -2.5F}, absl::MakeSpan(code));
  EXPECT_EQ(code, (std::vector<uint16_t>{0x3f80, 0x3f80, 0x3f82, 0xc020, 0}));
}

TEST(VectorCodeTest, Float16RoundsToTheNearestAndTiesToEven) {
  // 1 + 2^-11 lies between 1 and 1 + 2^-10, whose last bits are 0 and 1;
  // 2^-25 between 0 and the smallest.
  std::vector<uint16_t> code(8, 9);
  EncodeFloat16({1.0F, 0x1.002p0F, 0x1.006p0F, -0.1F, 0x1p-25F, 0x1.8p-24F},
                absl::MakeSpan(code));
  EXPECT_EQ(code, (std::vector<uint16_t>{0x3c00, 0x3c00, 0x3c02, 0xae66, 0, 2,
                                         0, 0}));
}

// No vector of an item has such values; that of a damaged file must not bring
// infinity into a search.
TEST(VectorCodeTest, Float16IsCutAtTheLargestThatIsFinite) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<uint16_t> code(5, 9);
  EncodeFloat16({65504.0F, 65520.0F, -1e30F, kInfinity, -kInfinity},
                absl::MakeSpan(code));
  EXPECT_EQ(code,
            (std::vector<uint16_t>{0x7bff, 0x7bff, 0xfbff, 0x7bff, 0xfbff}));
}

TEST(VectorCodeTest, WidthsAreWhatTheKernelsTake) {
  EXPECT_EQ(Int8CodeWidth(1), 64U);
  EXPECT_EQ(Int8CodeWidth(256), 256U);
  EXPECT_EQ(TwoByteCodeWidth(33), 64U);
}

}  // namespace
}  // namespace likeness
