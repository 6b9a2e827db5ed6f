#include "engine/embed/picture_encoder.h"

#include "engine/core/error.h"
#include "engine/image/encode.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::FakeEmbedder;
using testing::HasReason;

std::string SomeJpeg(int width, int height) {
  Image image(width, height);
  for (size_t i = 0; i < image.size_bytes(); ++i) {
    image.data()[i] = static_cast<uint8_t>(i / 97);
  }
  auto jpeg = EncodeJpeg(image, 90);
  EXPECT_OK(jpeg);
  return *std::move(jpeg);
}

TEST(PictureEncoderTest, GivesWhatPreparingAndEmbeddingGive) {
  const FakeEmbedder embedder;
  const PictureEncoder encoder(embedder, DecodeLimits(), 64);
  const std::string jpeg = SomeJpeg(320, 200);
  EncodeTimes times;
  ASSERT_OK_AND_ASSIGN(const EncodedPicture encoded,
                       encoder.Encode(jpeg, /*with_thumbnail=*/true, &times));

  ASSERT_OK_AND_ASSIGN(
      const PreparedPicture prepared,
      PreparePicture(jpeg, {.input_side = embedder.model().input_side,
                            .fit = embedder.model().fit,
                            .limits = {},
                            .thumbnail_side = 64}));
  ASSERT_OK_AND_ASSIGN(const auto expected,
                       embedder.Embed(absl::MakeConstSpan(&prepared.input, 1)));
  EXPECT_EQ(encoded.embedding.vectors, expected[0].vectors);
  EXPECT_EQ(encoded.embedding.hash, prepared.input.hash);
  EXPECT_EQ(encoded.facts.width, 320);
  EXPECT_EQ(encoded.facts.height, 200);
  EXPECT_EQ(encoded.facts.format, ImageFormat::kJpeg);
  EXPECT_EQ(encoded.facts.size_bytes, jpeg.size());
  EXPECT_EQ(encoded.facts.content_hash, Sha256(jpeg));
  EXPECT_EQ(encoded.thumbnail_jpeg, prepared.thumbnail_jpeg);
  EXPECT_GT(times.prepare.decode, absl::ZeroDuration());
  EXPECT_GT(times.embed, absl::ZeroDuration());
}

TEST(PictureEncoderTest, MakesNoThumbnailUnlessAsked) {
  const FakeEmbedder embedder;
  const PictureEncoder encoder(embedder, DecodeLimits(), 64);
  ASSERT_OK_AND_ASSIGN(const EncodedPicture encoded,
                       encoder.Encode(SomeJpeg(100, 100), false));
  EXPECT_EQ(encoded.thumbnail_jpeg, "");
}

TEST(PictureEncoderTest, ABadPictureIsBlamedForIt) {
  const FakeEmbedder embedder;
  const PictureEncoder encoder(embedder, DecodeLimits{.max_pixels = 10'000},
                               64);
  const auto empty = encoder.Encode("", false);
  EXPECT_THAT(empty, HasReason(kReasonEmptyPicture));
  EXPECT_TRUE(IsBadPicture(empty.status()));
  EXPECT_THAT(encoder.Encode(SomeJpeg(200, 200), false),
              HasReason(kReasonLimitExceeded));
}

}  // namespace
}  // namespace likeness
