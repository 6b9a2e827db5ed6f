// Classes of drawn shapes, for trainings that need no photographs.
#ifndef LIKENESS_TESTS_SUPPORT_SHAPE_PICTURES_H_
#define LIKENESS_TESTS_SUPPORT_SHAPE_PICTURES_H_

#include <cstdint>
#include <string>

#include "engine/image/image.h"

namespace likeness::testing {

// A dark closed curve on white, 48 x 48 pixels. Its outline is the class's own;
// place, size and a small turn differ from one `number` to the next.
Image ShapeImage(uint64_t shape, uint64_t number);

// Writes FOLDER/shape00/00.jpg and so on: a folder for each class.
void WriteShapes(const std::string& folder, int classes, int pictures);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_SHAPE_PICTURES_H_
