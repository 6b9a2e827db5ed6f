// Splits filter expressions into words. Private to engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_SCANNER_H_
#define LIKENESS_ENGINE_FILTER_SCANNER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

// A bare word or a quoted text.
struct FilterWord {
  std::string text;  // Without quotes and escapes; stars are in it.
  bool quoted = false;
  bool star_at_end = false;  // One that no backslash stands before.
  size_t offset = 0;         // In the expression, bytes.
  size_t inner_star = 0;     // Offset of one before the end; 0: none. (Values
                             // have a name before them.)
};

// Walks over an expression. Offsets are bytes; messages count characters from
// 1. Not thread-safe.
class FilterScanner {
 public:
  // Borrows `text`, which is valid UTF-8.
  explicit FilterScanner(absl::string_view text) : text_(text) {}

  // Skips white space. The other calls begin where the next word does.
  void SkipSpace();

  bool AtEnd() const { return at_ == text_.size(); }
  size_t offset() const { return at_; }

  // True when `text` comes next (for words: and ends there).
  bool NextIs(absl::string_view text) const;
  bool NextIsWord(absl::string_view word) const;

  // Steps over it and the white space behind, if it comes next.
  bool Consume(absl::string_view text);
  bool ConsumeWord(absl::string_view word);

  // What a word is for: values may have colons in them, as times do, names end
  // there. Fails with `expected` when no word comes next.
  enum class WordKind { kName, kValue };
  absl::StatusOr<FilterWord> ReadWord(WordKind kind,
                                      absl::string_view expected);

  // The bare word that comes next; empty when none does.
  absl::string_view PeekBareWord(WordKind kind = WordKind::kName) const;

  // Column of the character at a byte, from 1.
  size_t ColumnOf(size_t offset);

  // INVALID_ARGUMENT "column 7: found `x`, expected ...".
  absl::Status Unexpected(absl::string_view expected) {
    return UnexpectedAt(at_, expected);
  }
  absl::Status UnexpectedAt(size_t offset, absl::string_view expected);
  // The same with free words behind the column.
  absl::Status ErrorAt(size_t offset, absl::string_view message);

 private:
  absl::StatusOr<FilterWord> ReadQuoted();
  absl::Status ReadEscape(FilterWord& word);
  std::string Found(size_t offset) const;

  absl::string_view text_;
  size_t at_ = 0;
  size_t counted_ = 0;     // An offset, ...
  size_t characters_ = 0;  // ... and the characters before it.
};

// What people write who come from other languages: no field's name without
// quotes.
bool IsForeignOperator(absl::string_view word);

// Whether `word` can be written without quotes where a name is expected.
bool IsBareName(absl::string_view word);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_SCANNER_H_
