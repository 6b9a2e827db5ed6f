#include "engine/evaluate/copy_edits.h"

#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "engine/image/decode.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;

TEST(CopyEditsTest, EveryStatedStrengthIsOneThatItsTransformKnows) {
  for (const auto edits : {MildEdits(), StrongEdits()}) {
    for (const CopyEdit& edit : edits) {
      EXPECT_OK(CheckStrength(edit.transform, edit.low));
      EXPECT_OK(CheckStrength(edit.transform, edit.high));
      if (edit.either_sign) {
        EXPECT_OK(CheckStrength(edit.transform, -edit.high));
      }
    }
  }
}

TEST(CopyEditsTest, EveryMildEditMakesADecodablePicture) {
  const Image picture = testing::PatchworkImage(1);
  for (size_t edit = 0; edit < MildEdits().size(); ++edit) {
    ASSERT_OK_AND_ASSIGN(const EditedCopy copy,
                         MakeMildCopy(picture, edit, {}, 7));
    EXPECT_TRUE(absl::StartsWith(copy.edits,
                                 TransformName(MildEdits()[edit].transform)));
    EXPECT_OK(DecodeImage(copy.jpeg, DecodeLimits()));
  }
  EXPECT_THAT(MakeMildCopy(picture, MildEdits().size(), {}, 7),
              BlamesField("edit"));
}

TEST(CopyEditsTest, StrongCopiesHaveThreeToFiveDifferentEdits) {
  const Image picture = testing::PatchworkImage(1);
  const std::vector<std::shared_ptr<const Image>> others = {
      std::make_shared<const Image>(testing::PatchworkImage(2))};
  std::set<size_t> numbers;
  std::set<std::string> met;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    ASSERT_OK_AND_ASSIGN(const EditedCopy copy,
                         MakeStrongCopy(picture, others, seed));
    const std::vector<std::string> edits = absl::StrSplit(copy.edits, ", ");
    numbers.insert(edits.size());
    std::set<std::string> names;
    for (const std::string& edit : edits) {
      names.insert(edit.substr(0, edit.find(' ')));
    }
    EXPECT_EQ(names.size(), edits.size()) << copy.edits;
    met.merge(names);
    EXPECT_OK(DecodeImage(copy.jpeg, DecodeLimits()));
  }
  EXPECT_EQ(numbers, (std::set<size_t>{3, 4, 5}));
  for (const char* name : {"collage", "cover", "pixelate", "turn", "zoom"}) {
    EXPECT_EQ(met.count(name), 1U) << name;
  }
}

TEST(CopyEditsTest, SameSeedSameBytes) {
  const Image picture = testing::PatchworkImage(1);
  ASSERT_OK_AND_ASSIGN(const EditedCopy a, MakeStrongCopy(picture, {}, 3));
  ASSERT_OK_AND_ASSIGN(const EditedCopy b, MakeStrongCopy(picture, {}, 3));
  ASSERT_OK_AND_ASSIGN(const EditedCopy c, MakeStrongCopy(picture, {}, 4));
  EXPECT_EQ(a.jpeg, b.jpeg);
  EXPECT_NE(a.jpeg, c.jpeg);
}

}  // namespace
}  // namespace likeness
