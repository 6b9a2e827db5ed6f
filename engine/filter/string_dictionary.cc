#include "engine/filter/string_dictionary.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/sha256.h"

namespace likeness {
namespace {

constexpr size_t kLengthBytes = 2;

// Lengths are at most kMaxStringKeyBytes: below 128 they take one byte, else
// two, the first with its top bit set (LEB128).
void AppendLength(size_t length, std::string& out) {
  if (length >= 128) {
    out.push_back(static_cast<char>(128 + length % 128));
    length /= 128;
  }
  out.push_back(static_cast<char>(length));
}

// Reads a length at `at` and steps over it; false beyond the end.
bool ReadLength(absl::string_view bytes, size_t& at, size_t& length) {
  length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) {
    if (at >= bytes.size()) return false;
    const auto byte = static_cast<uint8_t>(bytes[at++]);
    length |= size_t{byte % 128U} << (7 * i);
    if (byte < 128) return true;
  }
  return false;
}

}  // namespace

std::string StringKey(absl::string_view text) {
  if (text.size() <= kMaxOrderedText) return std::string(text);
  const Sha256Digest digest = Sha256(text);
  return absl::StrCat(
      text.substr(0, kMaxOrderedText),
      absl::string_view(reinterpret_cast<const char*>(digest.data()),
                        digest.size()));
}

StringDictionary::Cursor::Cursor(const StringDictionary& dictionary,
                                 size_t block)
    : dictionary_(&dictionary), index_(block * kBlock) {
  if (!Valid()) return;
  at_ = dictionary.blocks_[block];
  Read();
}

bool StringDictionary::Cursor::Read() {
  const absl::string_view bytes = dictionary_->bytes_;
  size_t shared = 0;
  size_t own = 0;
  if (!ReadLength(bytes, at_, shared) || !ReadLength(bytes, at_, own) ||
      shared > key_.size() || own > bytes.size() - at_) {
    index_ = dictionary_->size_;
    return false;
  }
  key_.resize(shared);
  key_.append(bytes.data() + at_, own);
  at_ += own;
  return true;
}

void StringDictionary::Cursor::Next() {
  if (++index_ < dictionary_->size_) Read();
}

std::optional<StringDictionary> StringDictionary::Parse(std::string bytes,
                                                        size_t size) {
  StringDictionary dictionary;
  dictionary.bytes_ = std::move(bytes);
  dictionary.size_ = size;
  if (size == 0) {
    if (!dictionary.bytes_.empty()) return std::nullopt;
    return dictionary;
  }
  dictionary.blocks_.push_back(0);
  Cursor cursor(dictionary);
  std::string last;
  size_t begin = 0;
  for (size_t i = 0; i < size; ++i) {
    if (!cursor.Valid() || cursor.key().size() > kMaxStringKeyBytes ||
        (i > 0 && cursor.key() <= last)) {
      return std::nullopt;
    }
    // A block begins with a key that shares nothing.
    if (i % kBlock == 0) {
      if (dictionary.bytes_[begin] != 0) return std::nullopt;
      if (i > 0) dictionary.blocks_.push_back(begin);
    }
    last = std::string(cursor.key());
    begin = cursor.at_;
    cursor.Next();
  }
  if (begin != dictionary.bytes_.size()) return std::nullopt;
  dictionary.ShrinkToFit();
  return dictionary;
}

void StringDictionary::Add(absl::string_view key) {
  size_t shared = 0;
  if (size_ % kBlock == 0) {
    blocks_.push_back(bytes_.size());
  } else {
    const size_t limit = std::min(key.size(), last_.size());
    while (shared < limit && key[shared] == last_[shared]) ++shared;
  }
  AppendLength(shared, bytes_);
  AppendLength(key.size() - shared, bytes_);
  absl::StrAppend(&bytes_, key.substr(shared));
  last_ = std::string(key);
  ++size_;
}

absl::string_view StringDictionary::Head(size_t block) const {
  size_t at = blocks_[block];
  size_t shared = 0;
  size_t own = 0;
  ReadLength(bytes_, at, shared);
  ReadLength(bytes_, at, own);
  return absl::string_view(bytes_).substr(at, own);
}

StringDictionary::Position StringDictionary::Find(absl::string_view key) const {
  // The first block whose head is above the key: the one before may have it.
  size_t low = 0;
  size_t high = blocks_.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (Head(middle) > key) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  if (low == 0) return {0, false};
  Cursor cursor(*this, low - 1);
  const size_t end = std::min(size_, low * kBlock);
  while (cursor.index() < end && cursor.key() < key) cursor.Next();
  return {cursor.index(), cursor.index() < end && cursor.key() == key};
}

std::string StringDictionary::KeyAt(size_t index) const {
  Cursor cursor(*this, index / kBlock);
  while (cursor.index() < index) cursor.Next();
  return std::string(cursor.key());
}

size_t StringDictionary::EndOfPrefix(absl::string_view prefix) const {
  // The smallest key above all that begin with the prefix.
  std::string above(prefix);
  while (!above.empty() && above.back() == '\xff') above.pop_back();
  if (above.empty()) return size_;
  above.back() = static_cast<char>(above.back() + 1);
  return Find(above).index;
}

void StringDictionary::ShrinkToFit() {
  bytes_.shrink_to_fit();
  blocks_.shrink_to_fit();
  last_ = std::string();
}

size_t StringDictionary::memory_bytes() const {
  return bytes_.capacity() + blocks_.capacity() * sizeof(uint64_t);
}

}  // namespace likeness
