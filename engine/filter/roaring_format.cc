#include "engine/filter/roaring_format.h"

#include <roaring/roaring.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

namespace likeness {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the format is read as this machine's integers");

constexpr uint32_t kCookieWithoutRuns = 12346;
constexpr uint32_t kCookieWithRuns = 12347;  // In the low 16 bits.
constexpr size_t kMinContainersWithOffsets = 4;
constexpr uint32_t kMaxArrayValues = 4096;
constexpr size_t kWordsOfContainer = 1024;
constexpr size_t kBytesOfContainer = kWordsOfContainer * sizeof(uint64_t);

template <typename T>
T Load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

// The rows key * 65536 .. key * 65536 + 65535 of a bitmap.
struct Container {
  enum class Kind : uint8_t { kArray, kWords, kRuns };
  Kind kind = Kind::kArray;
  uint32_t key = 0;
  uint32_t cardinality = 0;
  // kArray: `cardinality` values; kWords: 1024 words; kRuns: `runs` pairs of
  // first value and length - 1. Values have 16 bits, nothing is aligned.
  const char* data = nullptr;
  uint32_t runs = 0;

  uint32_t Value(size_t i) const { return Load<uint16_t>(data + 2 * i); }
  uint64_t Word(size_t i) const { return Load<uint64_t>(data + 8 * i); }
  uint32_t RunStart(size_t i) const { return Load<uint16_t>(data + 4 * i); }
  uint32_t RunEnd(size_t i) const {  // Past the last value.
    return RunStart(i) + Load<uint16_t>(data + 4 * i + 2) + 1;
  }
};

// Goes over the containers of a bitmap, never beyond the bytes.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : bytes_(bytes) { ReadHeader(); }

  // False at the end, and where the bytes end too early.
  bool Next(Container& container) {
    if (next_ >= count_) return false;
    container.key = Load<uint16_t>(keys_ + 4 * next_);
    container.cardinality = uint32_t{Load<uint16_t>(keys_ + 4 * next_ + 2)} + 1;
    const bool is_runs =
        run_flags_ != nullptr &&
        (static_cast<uint8_t>(run_flags_[next_ / 8]) >> (next_ % 8) & 1U) != 0;
    size_t size = 0;
    if (is_runs) {
      const char* const runs = Take(2);
      if (runs == nullptr) return false;
      container.kind = Container::Kind::kRuns;
      container.runs = Load<uint16_t>(runs);
      size = size_t{4} * container.runs;
    } else if (container.cardinality <= kMaxArrayValues) {
      container.kind = Container::Kind::kArray;
      size = size_t{2} * container.cardinality;
    } else {
      container.kind = Container::Kind::kWords;
      size = kBytesOfContainer;
    }
    container.data = Take(size);
    if (container.data == nullptr) return false;
    ++next_;
    return true;
  }

  // Every container was read and no byte is left.
  bool Complete() const { return valid_ && next_ == count_ && bytes_.empty(); }

 private:
  // The next `size` bytes; null when there are fewer.
  const char* Take(size_t size) {
    if (bytes_.size() < size) return nullptr;
    const char* const data = bytes_.data();
    bytes_.remove_prefix(size);
    return data;
  }

  void ReadHeader() {
    const char* const cookie = Take(4);
    if (cookie == nullptr) return;
    const auto word = Load<uint32_t>(cookie);
    size_t count = 0;
    bool has_offsets = true;
    if (word == kCookieWithoutRuns) {
      const char* const size = Take(4);
      if (size == nullptr) return;
      count = Load<uint32_t>(size);
    } else if ((word & 0xffffU) == kCookieWithRuns) {
      count = size_t{word >> 16} + 1;
      has_offsets = count >= kMinContainersWithOffsets;
      run_flags_ = Take((count + 7) / 8);
      if (run_flags_ == nullptr) return;
    } else {
      return;
    }
    if (count > size_t{1} << 16) return;
    keys_ = Take(4 * count);
    // The containers come in order, so nothing needs their offsets.
    if (keys_ == nullptr || (has_offsets && Take(4 * count) == nullptr)) return;
    count_ = count;
    valid_ = true;
  }

  absl::string_view bytes_;
  const char* run_flags_ = nullptr;
  const char* keys_ = nullptr;  // Of each container: key, cardinality - 1.
  size_t count_ = 0;
  size_t next_ = 0;
  bool valid_ = false;
};

// Whether the values rise strictly and are as many as they should be; then
// `last` is the largest.
bool CheckContainer(const Container& container, uint32_t& last) {
  uint64_t count = 0;
  switch (container.kind) {
    case Container::Kind::kArray:
      for (size_t i = 1; i < container.cardinality; ++i) {
        if (container.Value(i) <= container.Value(i - 1)) return false;
      }
      last = container.Value(container.cardinality - 1);
      return true;
    case Container::Kind::kWords:
      for (size_t i = 0; i < kWordsOfContainer; ++i) {
        const uint64_t word = container.Word(i);
        if (word == 0) continue;
        count += static_cast<uint64_t>(std::popcount(word));
        last = static_cast<uint32_t>(64 * i) +
               static_cast<uint32_t>(std::bit_width(word)) - 1;
      }
      break;
    case Container::Kind::kRuns:
      for (size_t i = 0; i < container.runs; ++i) {
        if (i > 0 && container.RunStart(i) <= last) return false;
        count += container.RunEnd(i) - container.RunStart(i);
        last = container.RunEnd(i) - 1;
      }
      if (last > 0xffffU) return false;
      break;
  }
  return count == container.cardinality;
}

void OrRun(uint32_t begin, uint32_t end, absl::Span<uint64_t> words) {
  const size_t first = begin / 64;
  const size_t last = (end - 1) / 64;
  const uint64_t from_begin = ~uint64_t{0} << (begin % 64);
  const uint64_t to_end = ~uint64_t{0} >> (63 - (end - 1) % 64);
  if (first == last) {
    words[first] |= from_begin & to_end;
    return;
  }
  words[first] |= from_begin;
  for (size_t i = first + 1; i < last; ++i) words[i] = ~uint64_t{0};
  words[last] |= to_end;
}

}  // namespace

std::string EncodeRoaring(absl::Span<const uint32_t> rows) {
  const std::unique_ptr<roaring_bitmap_t, decltype(&roaring_bitmap_free)>
      bitmap(roaring_bitmap_of_ptr(rows.size(), rows.data()),
             &roaring_bitmap_free);
  roaring_bitmap_run_optimize(bitmap.get());
  std::string bytes(roaring_bitmap_portable_size_in_bytes(bitmap.get()), '\0');
  roaring_bitmap_portable_serialize(bitmap.get(), bytes.data());
  return bytes;
}

std::optional<uint64_t> CheckRoaring(absl::string_view bytes, size_t num_rows) {
  Reader reader(bytes);
  Container container;
  uint64_t count = 0;
  int64_t last_key = -1;
  while (reader.Next(container)) {
    if (container.key <= last_key) return std::nullopt;
    last_key = container.key;
    uint32_t last = 0;
    if (!CheckContainer(container, last)) return std::nullopt;
    if ((uint64_t{container.key} << 16) + last >= num_rows) return std::nullopt;
    count += container.cardinality;
  }
  if (!reader.Complete()) return std::nullopt;
  return count;
}

void OrRoaring(absl::string_view bytes, Bitmap& out) {
  Reader reader(bytes);
  Container container;
  while (reader.Next(container)) {
    const absl::Span<uint64_t> words =
        out.MutableWords().subspan(container.key * kWordsOfContainer);
    switch (container.kind) {
      case Container::Kind::kArray:
        for (size_t i = 0; i < container.cardinality; ++i) {
          const uint32_t value = container.Value(i);
          words[value / 64] |= uint64_t{1} << (value % 64);
        }
        break;
      case Container::Kind::kWords: {
        // The last container may reach beyond the bitmap, with zeros.
        const size_t count = std::min(kWordsOfContainer, words.size());
        for (size_t i = 0; i < count; ++i) words[i] |= container.Word(i);
        break;
      }
      case Container::Kind::kRuns:
        for (size_t i = 0; i < container.runs; ++i) {
          OrRun(container.RunStart(i), container.RunEnd(i), words);
        }
        break;
    }
  }
}

void AppendRoaring(absl::string_view bytes, std::vector<uint32_t>& out) {
  Reader reader(bytes);
  Container container;
  while (reader.Next(container)) {
    const uint32_t base = container.key << 16;
    switch (container.kind) {
      case Container::Kind::kArray:
        for (size_t i = 0; i < container.cardinality; ++i) {
          out.push_back(base + container.Value(i));
        }
        break;
      case Container::Kind::kWords:
        for (size_t i = 0; i < kWordsOfContainer; ++i) {
          for (uint64_t word = container.Word(i); word != 0; word &= word - 1) {
            out.push_back(base + static_cast<uint32_t>(64 * i) +
                          static_cast<uint32_t>(std::countr_zero(word)));
          }
        }
        break;
      case Container::Kind::kRuns:
        for (size_t i = 0; i < container.runs; ++i) {
          for (uint32_t value = container.RunStart(i);
               value < container.RunEnd(i); ++value) {
            out.push_back(base + value);
          }
        }
        break;
    }
  }
}

}  // namespace likeness
