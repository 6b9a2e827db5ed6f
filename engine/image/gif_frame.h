#ifndef LIKENESS_ENGINE_IMAGE_GIF_FRAME_H_
#define LIKENESS_ENGINE_IMAGE_GIF_FRAME_H_

#include "absl/strings/string_view.h"

namespace likeness {

// Place of a frame on its canvas, in pixels.
struct GifFrame {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

// Where the first frame of the GIF in `bytes` lies (GIF89a, section 20); all
// zero when the bytes end before it.
GifFrame ReadFirstGifFrame(absl::string_view bytes);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_GIF_FRAME_H_
