#include "engine/image/sniff.h"

#include <string>

#include "engine/image/decode.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

std::string IsoMedia(const std::string& brands) {
  const std::string size(1, static_cast<char>(8 + brands.size()));
  return std::string(3, '\0') + size + "ftyp" + brands + "        ";
}

TEST(SniffTest, BrandsTellHeicFromAvif) {
  const std::string version(4, '\0');
  EXPECT_EQ(SniffFormat(IsoMedia("avif" + version + "mif1miaf")),
            ImageFormat::kAvif);
  EXPECT_EQ(SniffFormat(IsoMedia("mif1" + version + "avifmiaf")),
            ImageFormat::kAvif);
  EXPECT_EQ(SniffFormat(IsoMedia("heic" + version + "mif1")),
            ImageFormat::kHeic);
  EXPECT_EQ(SniffFormat(IsoMedia("mif1" + version + "heic")),
            ImageFormat::kHeic);
  EXPECT_EQ(SniffFormat(IsoMedia("isom" + version + "mp41")),
            ImageFormat::kUnknown);
}

TEST(SniffTest, SignaturesCutShortAreUnknown) {
  for (const std::string bytes : {"", "B", "BM", "GIF8", "RIFF", "\x89PN"}) {
    EXPECT_EQ(SniffFormat(bytes), ImageFormat::kUnknown) << bytes;
    EXPECT_EQ(NameOfForeignFormat(bytes), "") << bytes;
  }
}

TEST(SniffTest, ATextThatBeginsWithBmIsNoPicture) {
  EXPECT_EQ(SniffFormat("BM is how this text begins, and it goes on"),
            ImageFormat::kUnknown);
}

TEST(SniffTest, ForeignFormatsAreNamed) {
  EXPECT_EQ(NameOfForeignFormat("qoif0123456789"), "QOI");
  EXPECT_EQ(NameOfForeignFormat("P6 1 1 255 abc"), "Netpbm");
  EXPECT_EQ(NameOfForeignFormat("<?xml version='1.0'?><svg/>"), "SVG");
  EXPECT_EQ(NameOfForeignFormat("\xff\x0a and more"), "JPEG XL");
  EXPECT_EQ(NameOfForeignFormat("an ordinary sentence of text"), "");
}

}  // namespace
}  // namespace likeness
