// Pictures made on the spot, and their encodings by the libraries themselves.
#ifndef LIKENESS_TESTS_UNIT_IMAGE_TEST_PICTURES_H_
#define LIKENESS_TESTS_UNIT_IMAGE_TEST_PICTURES_H_

#include <string>
#include <vector>

#include "engine/image/image.h"
#include "nlohmann/json.hpp"

namespace likeness::testing {

// Four quarters of different colours (red, green, blue, white, clockwise from
// the top left) under a slow gradient: no two corners alike, so that any wrong
// turn shows, and smooth, so that lossy codecs keep it.
Image MakeQuarters(int width, int height);

// Grey waves of many frequencies, the lower the stronger, as photographs have
// them. The same scene at every size.
Image MakeScene(int width, int height);

// The picture of tools/golden/make_resize_golden.py.
Image MakeNoise(int width, int height);

// `image` in the format of `suffix` (".png", ".jpg[Q=95]", ".tif", ...), by
// libvips, with EXIF orientation `orientation`.
std::string Encode(const Image& image, const std::string& suffix,
                   int orientation = 1);

// 8 x 8 cells of mean colours, as tools/golden/make_decode_golden.py has them.
std::vector<uint8_t> GridOf(const Image& image);

// The largest difference between two equally long vectors of samples.
int LargestDifference(const std::vector<uint8_t>& a,
                      const std::vector<uint8_t>& b);

// A golden file of tests/unit/image.
nlohmann::json ReadGolden(const std::string& name);

// Bytes of hexadecimal digits.
std::vector<uint8_t> FromHex(const std::string& digits);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_IMAGE_TEST_PICTURES_H_
