// The distinct strings of a column. Private to engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_STRING_DICTIONARY_H_
#define LIKENESS_ENGINE_FILTER_STRING_DICTIONARY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/filter/filter.h"

namespace likeness {

// What an index keeps of a string: itself, or, of more than kMaxOrderedText
// bytes, the first kMaxOrderedText and the SHA-256 of all. Order and prefixes
// against texts of at most kMaxOrderedText bytes, and equality with any text's
// key, are those of the whole strings.
std::string StringKey(absl::string_view text);

inline constexpr size_t kMaxStringKeyBytes = kMaxOrderedText + 32;

// Strictly rising keys, each stored as what differs from the one before (front
// coding), in blocks of 16 that begin with a whole key. Append-only; many
// threads may read one that nobody adds to.
class StringDictionary {
 public:
  StringDictionary() = default;

  // Reads what bytes() gave. nullopt unless they are `size` well-formed keys in
  // order and nothing else.
  static std::optional<StringDictionary> Parse(std::string bytes, size_t size);

  // Appends `key`, larger than all before it, of at most kMaxStringKeyBytes.
  void Add(absl::string_view key);

  size_t size() const { return size_; }
  const std::string& bytes() const { return bytes_; }

  // The number of keys below `key`, and whether the next one is `key` itself.
  struct Position {
    size_t index = 0;
    bool found = false;
  };
  Position Find(absl::string_view key) const;

  // Key number `index`, which is below size().
  std::string KeyAt(size_t index) const;

  // The number of keys that are below `prefix` or begin with it.
  size_t EndOfPrefix(absl::string_view prefix) const;

  // Walks over the keys in order.
  class Cursor {
   public:
    // Borrows `dictionary`.
    explicit Cursor(const StringDictionary& dictionary)
        : Cursor(dictionary, 0) {}

    bool Valid() const { return index_ < dictionary_->size_; }
    absl::string_view key() const { return key_; }
    size_t index() const { return index_; }
    void Next();

   private:
    friend class StringDictionary;
    Cursor(const StringDictionary& dictionary, size_t block);
    // Reads the key at at_; false, with index_ at the end, when it is damaged.
    bool Read();

    const StringDictionary* dictionary_;
    size_t index_;
    size_t at_ = 0;  // In bytes_, of the key after this one.
    std::string key_;
  };

  // Gives back what only adding needs; nothing can be added any more.
  void ShrinkToFit();
  size_t memory_bytes() const;

 private:
  static constexpr size_t kBlock = 16;

  // The first key of a block.
  absl::string_view Head(size_t block) const;

  // Each key: how many bytes it shares with the key before, how many it has of
  // its own, and those.
  std::string bytes_;
  std::vector<uint64_t> blocks_;  // Where they begin in bytes_.
  size_t size_ = 0;
  std::string last_;  // The key that was added last, until ShrinkToFit.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_STRING_DICTIONARY_H_
