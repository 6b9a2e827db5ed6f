#include "engine/core/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(Utf8Test, AcceptsEveryCodePointThatMayBeEncoded) {
  for (uint32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    std::string text;
    if (code < 0x80) {
      text = {static_cast<char>(code)};
    } else if (code < 0x800) {
      text = {static_cast<char>(0xC0 | (code >> 6)),
              static_cast<char>(0x80 | (code & 0x3F))};
    } else if (code < 0x10000) {
      text = {static_cast<char>(0xE0 | (code >> 12)),
              static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
              static_cast<char>(0x80 | (code & 0x3F))};
    } else {
      text = {static_cast<char>(0xF0 | (code >> 18)),
              static_cast<char>(0x80 | ((code >> 12) & 0x3F)),
              static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
              static_cast<char>(0x80 | (code & 0x3F))};
    }
    ASSERT_TRUE(IsValidUtf8(text)) << std::hex << code;
    ASSERT_TRUE(text.size() == 1 ||
                !IsValidUtf8(text.substr(0, text.size() - 1)))
        << std::hex << code;
  }
}

TEST(Utf8Test, RejectsOverlongSurrogateOutOfRangeAndStrayBytes) {
  for (const char* text :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\x80", "a\xBF", "\xFF", "ab\xC3"}) {
    EXPECT_FALSE(IsValidUtf8(text)) << text;
  }
}

}  // namespace
}  // namespace likeness
