#include "engine/image/edit.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::MakeQuarters;

const uint8_t* Pixel(const Image& image, int x, int y) {
  return image.data() + 3 * (static_cast<size_t>(y) * image.width() + x);
}

TEST(EditTest, NamesAreDistinctAndEveryEditIsDeterministic) {
  const Image image = MakeQuarters(100, 60);
  std::set<std::string> names;
  for (const Edit edit : AllEdits()) {
    names.insert(std::string(EditName(edit)));
    ASSERT_OK_AND_ASSIGN(const Image once, ApplyEdit(image, edit));
    ASSERT_OK_AND_ASSIGN(const Image again, ApplyEdit(image, edit));
    EXPECT_EQ(once.bytes(), again.bytes());
    EXPECT_NE(once.bytes(), image.bytes());
    EXPECT_THAT(ApplyEdit(Image(), edit), BlamesField("image"));
  }
  EXPECT_EQ(names.size(), 8U);
}

TEST(EditTest, EveryEditTakesOnePixel) {
  for (const Edit edit : AllEdits()) {
    EXPECT_OK(ApplyEdit(MakeQuarters(1, 1), edit));
  }
}

TEST(EditTest, CropKeepsTheMiddle) {
  const Image image = MakeQuarters(100, 60);
  ASSERT_OK_AND_ASSIGN(const Image cropped, ApplyEdit(image, Edit::kCrop));
  EXPECT_EQ(cropped.width(), 80);
  EXPECT_EQ(cropped.height(), 48);
  EXPECT_EQ(Pixel(cropped, 0, 0)[0], Pixel(image, 10, 6)[0]);
  EXPECT_EQ(Pixel(cropped, 79, 47)[2], Pixel(image, 89, 53)[2]);
}

TEST(EditTest, BorderSurroundsThePicture) {
  const Image image = MakeQuarters(100, 60);
  ASSERT_OK_AND_ASSIGN(const Image framed, ApplyEdit(image, Edit::kBorder));
  EXPECT_EQ(framed.width(), 112);
  EXPECT_EQ(framed.height(), 72);
  EXPECT_LT(Pixel(framed, 0, 0)[0], 50);
  EXPECT_EQ(Pixel(framed, 6, 6)[0], Pixel(image, 0, 0)[0]);
  EXPECT_LT(Pixel(framed, 111, 71)[2], 50);
}

TEST(EditTest, MirrorTwiceIsTheOriginal) {
  const Image image = MakeQuarters(31, 17);
  ASSERT_OK_AND_ASSIGN(const Image once, ApplyEdit(image, Edit::kMirror));
  EXPECT_EQ(Pixel(once, 0, 0)[0], Pixel(image, 30, 0)[0]);
  ASSERT_OK_AND_ASSIGN(const Image twice, ApplyEdit(once, Edit::kMirror));
  EXPECT_EQ(twice.bytes(), image.bytes());
}

TEST(EditTest, GreyHasEqualChannelsAndBrightenClips) {
  const Image image = MakeQuarters(40, 40);
  ASSERT_OK_AND_ASSIGN(const Image grey, ApplyEdit(image, Edit::kGrey));
  EXPECT_EQ(Pixel(grey, 3, 3)[0], Pixel(grey, 3, 3)[2]);
  ASSERT_OK_AND_ASSIGN(const Image bright, ApplyEdit(image, Edit::kBrighten));
  EXPECT_EQ(Pixel(bright, 39, 0)[0], (Pixel(image, 39, 0)[0] * 13 + 5) / 10);
  EXPECT_EQ(Pixel(bright, 0, 39)[0], 255);
}

}  // namespace
}  // namespace likeness
