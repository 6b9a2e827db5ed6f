#include "engine/image/pdq.h"

#include <cstdlib>
#include <string>

#include "engine/core/picture.h"
#include "engine/image/decode.h"
#include "engine/image/edit.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::FromHex;

// Hashes by the publishers' own code (tools/golden/make_pdq_golden.py). Both
// sides decode with other libraries, and one picture has an ICC profile that
// only ours applies: hence the few bits.
TEST(PdqTest, AgreesWithTheReferenceOnItsOwnPictures) {
  if (testing::TestDataDir().empty()) {
    GTEST_SKIP() << "the reference's pictures are not there";
  }
  constexpr int kMostBits = 4;
  const std::string root = testing::TestDataDir() + "/near-duplicates/pdq/";
  int exact = 0;
  const auto golden = testing::ReadGolden("pdq_golden.json");
  for (const auto& row : golden) {
    SCOPED_TRACE(row.dump());
    const std::string path = root + row.at("path").get<std::string>();
    ASSERT_OK_AND_ASSIGN(const DecodedImage decoded,
                         DecodeImage(testing::ReadFileOrFail(path), {}));
    ASSERT_OK_AND_ASSIGN(const PdqHash hash, ComputePdq(decoded.image));
    PdqHash expected;
    const auto bits = FromHex(row.at("hash").get<std::string>());
    ASSERT_EQ(bits.size(), expected.bits.size());
    std::copy(bits.begin(), bits.end(), expected.bits.begin());
    const int distance = HammingDistance(hash, expected);
    EXPECT_LE(distance, kMostBits);
    exact += distance == 0 ? 1 : 0;
    EXPECT_LE(std::abs(hash.quality - row.at("quality").get<int>()), 1);
  }
  EXPECT_GE(exact, static_cast<int>(golden.size()) * 9 / 10);
}

TEST(PdqTest, FlatAndTinyPicturesHaveNoQuality) {
  Image flat(100, 80);
  std::fill_n(flat.data(), flat.size_bytes(), uint8_t{90});
  ASSERT_OK_AND_ASSIGN(const PdqHash hash, ComputePdq(flat));
  EXPECT_EQ(hash.quality, 0);
  ASSERT_OK_AND_ASSIGN(const PdqHash tiny,
                       ComputePdq(testing::MakeNoise(4, 100)));
  EXPECT_EQ(tiny, PdqHash{});
  EXPECT_FALSE(ComputePdq(Image()).ok());
}

TEST(PdqTest, HalfTheBitsAreSetInAPictureWithStructure) {
  ASSERT_OK_AND_ASSIGN(const PdqHash hash,
                       ComputePdq(testing::MakeNoise(300, 200)));
  EXPECT_EQ(HammingDistance(hash, PdqHash{}), 128);
}

TEST(PdqTest, ShrinkingAndRecompressingMoveFewBits) {
  const Image image = testing::MakeScene(500, 400);
  ASSERT_OK_AND_ASSIGN(const PdqHash hash, ComputePdq(image));
  for (const Edit edit : {Edit::kShrink, Edit::kRecompress, Edit::kGrey}) {
    SCOPED_TRACE(std::string(EditName(edit)));
    ASSERT_OK_AND_ASSIGN(const Image edited, ApplyEdit(image, edit));
    ASSERT_OK_AND_ASSIGN(const PdqHash other, ComputePdq(edited));
    EXPECT_LE(HammingDistance(hash, other), 31);
  }
}

TEST(HammingDistanceTest, IsAMetric) {
  ASSERT_OK_AND_ASSIGN(const PdqHash a, ComputePdq(testing::MakeNoise(90, 80)));
  ASSERT_OK_AND_ASSIGN(const PdqHash b, ComputePdq(testing::MakeNoise(80, 90)));
  ASSERT_OK_AND_ASSIGN(const PdqHash c,
                       ComputePdq(testing::MakeQuarters(90, 80)));
  EXPECT_EQ(HammingDistance(a, a), 0);
  EXPECT_EQ(HammingDistance(a, b), HammingDistance(b, a));
  EXPECT_LE(HammingDistance(a, c),
            HammingDistance(a, b) + HammingDistance(b, c));
  PdqHash opposite = a;
  for (uint8_t& byte : opposite.bits) byte = static_cast<uint8_t>(~byte);
  EXPECT_EQ(HammingDistance(a, opposite), 256);
}

}  // namespace
}  // namespace likeness
