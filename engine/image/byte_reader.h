// Integers out of byte strings whose ends are checked by the caller.
#ifndef LIKENESS_ENGINE_IMAGE_BYTE_READER_H_
#define LIKENESS_ENGINE_IMAGE_BYTE_READER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace likeness {

// All require `at` + the width of the result <= bytes.size().
inline uint8_t Byte(absl::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]);
}

inline uint32_t BigEndian16(absl::string_view bytes, size_t at) {
  return uint32_t{Byte(bytes, at)} << 8 | Byte(bytes, at + 1);
}

inline uint32_t BigEndian32(absl::string_view bytes, size_t at) {
  return BigEndian16(bytes, at) << 16 | BigEndian16(bytes, at + 2);
}

inline uint32_t LittleEndian16(absl::string_view bytes, size_t at) {
  return uint32_t{Byte(bytes, at + 1)} << 8 | Byte(bytes, at);
}

inline uint32_t LittleEndian32(absl::string_view bytes, size_t at) {
  return LittleEndian16(bytes, at + 2) << 16 | LittleEndian16(bytes, at);
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_BYTE_READER_H_
