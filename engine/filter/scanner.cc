#include "engine/filter/scanner.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {
namespace {

constexpr absl::string_view kComparatorCharacters = "=!<>:";
constexpr size_t kMaxFoundBytes = 40;

// Unicode's white space, which comes along when people copy from pages.
constexpr std::array<absl::string_view, 4> kWideSpaces = {
    "\xc2\xa0", "\xe2\x80\xaf", "\xe3\x80\x80", "\xef\xbb\xbf"};

bool IsSpace(char c) {
  return absl::ascii_isspace(static_cast<unsigned char>(c));
}

bool IsContinuationByte(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

size_t SpaceBytes(absl::string_view text) {
  if (text.empty()) return 0;
  if (IsSpace(text[0])) return 1;
  for (const absl::string_view space : kWideSpaces) {
    if (absl::StartsWith(text, space)) return space.size();
  }
  return 0;
}

bool IsBareCharacter(char c, FilterScanner::WordKind kind) {
  if (c == ':') return kind == FilterScanner::WordKind::kValue;
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) return true;
  return absl::ascii_isgraph(byte) &&
         absl::string_view("()\",'=!<>\\").find(c) == absl::string_view::npos;
}

bool IsKeyword(absl::string_view word) {
  return word == "AND" || word == "OR" || word == "NOT" || word == "IN";
}

// Quotation marks of word processors, which would silently become part of the
// value.
bool StartsWithCurlyQuote(absl::string_view text) {
  return absl::StartsWith(text, "\xe2\x80\x9c") ||
         absl::StartsWith(text, "\xe2\x80\x9d") ||
         absl::StartsWith(text, "\xe2\x80\x98") ||
         absl::StartsWith(text, "\xe2\x80\x99");
}

}  // namespace

bool IsForeignOperator(absl::string_view word) {
  return word == "and" || word == "or" || word == "not" || word == "in" ||
         word == "&&" || word == "||" || word == "And" || word == "Or" ||
         word == "Not" || word == "In";
}

bool IsBareName(absl::string_view word) {
  if (word.empty() || word[0] == '-' || IsKeyword(word) ||
      IsForeignOperator(word)) {
    return false;
  }
  if (StartsWithCurlyQuote(word)) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (!IsBareCharacter(word[i], FilterScanner::WordKind::kName) ||
        SpaceBytes(word.substr(i)) != 0) {
      return false;
    }
  }
  return true;
}

void FilterScanner::SkipSpace() {
  while (const size_t bytes = SpaceBytes(text_.substr(at_))) at_ += bytes;
}

bool FilterScanner::NextIs(absl::string_view text) const {
  return absl::StartsWith(text_.substr(at_), text);
}

absl::string_view FilterScanner::PeekBareWord(WordKind kind) const {
  size_t end = at_;
  while (end < text_.size() && IsBareCharacter(text_[end], kind) &&
         SpaceBytes(text_.substr(end)) == 0) {
    ++end;
  }
  return text_.substr(at_, end - at_);
}

bool FilterScanner::NextIsWord(absl::string_view word) const {
  if (!NextIs(word)) return false;
  const absl::string_view rest = text_.substr(at_ + word.size());
  return rest.empty() || !IsBareCharacter(rest[0], WordKind::kName) ||
         SpaceBytes(rest) != 0;
}

bool FilterScanner::Consume(absl::string_view text) {
  if (!NextIs(text)) return false;
  at_ += text.size();
  SkipSpace();
  return true;
}

bool FilterScanner::ConsumeWord(absl::string_view word) {
  return NextIsWord(word) && Consume(word);
}

absl::StatusOr<FilterWord> FilterScanner::ReadWord(WordKind kind,
                                                   absl::string_view expected) {
  if (NextIs("\"") || NextIs("'")) return ReadQuoted();
  const absl::string_view bare = PeekBareWord(kind);
  if (bare.empty() || IsKeyword(bare)) return Unexpected(expected);
  if (StartsWithCurlyQuote(bare)) return Unexpected("a straight quote: \"");
  FilterWord word;
  word.offset = at_;
  word.text = std::string(bare);
  word.star_at_end = bare.back() == '*';
  const size_t star = bare.substr(0, bare.size() - 1).find('*');
  if (star != absl::string_view::npos) word.inner_star = at_ + star;
  Consume(bare);
  return word;
}

absl::StatusOr<FilterWord> FilterScanner::ReadQuoted() {
  FilterWord word;
  word.quoted = true;
  word.offset = at_;
  const char quote = text_[at_++];
  size_t star = 0;  // The last one that no backslash stands before.
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] == '\\') {
      const absl::Status status = ReadEscape(word);
      if (!status.ok()) return status;
      continue;
    }
    if (text_[at_] == '*') {
      if (star != 0 && word.inner_star == 0) word.inner_star = star;
      star = at_;
    }
    word.text.push_back(text_[at_++]);
  }
  if (AtEnd()) {
    return ErrorAt(word.offset,
                   absl::StrCat("the text in quotes has no end: expected ",
                                std::string(1, quote)));
  }
  word.star_at_end = star != 0 && star + 1 == at_;
  if (star != 0 && !word.star_at_end && word.inner_star == 0) {
    word.inner_star = star;
  }
  ++at_;
  SkipSpace();
  return word;
}

absl::Status FilterScanner::ReadEscape(FilterWord& word) {
  constexpr std::array<std::pair<char, char>, 7> kEscapes = {{{'"', '"'},
                                                              {'\'', '\''},
                                                              {'\\', '\\'},
                                                              {'*', '*'},
                                                              {'n', '\n'},
                                                              {'r', '\r'},
                                                              {'t', '\t'}}};
  const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  for (const auto& [escape, meaning] : kEscapes) {
    if (c != escape) continue;
    word.text.push_back(meaning);
    at_ += 2;
    return absl::OkStatus();
  }
  return ErrorAt(at_,
                 "found a backslash, expected one of \\\" \\' \\\\ \\* \\n \\r "
                 "\\t; write \\\\ for a backslash");
}

size_t FilterScanner::ColumnOf(size_t offset) {
  // Mostly asked of rising offsets: counted on from the last.
  if (offset < counted_) counted_ = characters_ = 0;
  const absl::string_view before = text_.substr(counted_, offset - counted_);
  characters_ += static_cast<size_t>(
      std::count_if(before.begin(), before.end(),
                    [](char c) { return !IsContinuationByte(c); }));
  counted_ = offset;
  return characters_ + 1;
}

std::string FilterScanner::Found(size_t offset) const {
  if (offset >= text_.size()) return "the end of the filter";
  const absl::string_view rest = text_.substr(offset);
  size_t size = 1;
  if (rest[0] == '"' || rest[0] == '\'') {
    const size_t end = rest.find(rest[0], 1);
    size = end == absl::string_view::npos ? rest.size() : end + 1;
  } else if (IsBareCharacter(rest[0], WordKind::kName)) {
    while (size < rest.size() && IsBareCharacter(rest[size], WordKind::kName)) {
      ++size;
    }
  } else if (absl::StrContains(kComparatorCharacters, rest[0])) {
    size = std::min(rest.find_first_not_of(kComparatorCharacters), rest.size());
  }
  const bool cut = size > kMaxFoundBytes;
  if (cut) size = kMaxFoundBytes;
  while (size < rest.size() && IsContinuationByte(rest[size])) ++size;
  std::string found(rest.substr(0, size));
  for (char& c : found) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return absl::StrCat("`", found, cut ? "..." : "", "`");
}

absl::Status FilterScanner::UnexpectedAt(size_t offset,
                                         absl::string_view expected) {
  return ErrorAt(
      offset, absl::StrCat("found ", Found(offset), ", expected ", expected));
}

absl::Status FilterScanner::ErrorAt(size_t offset, absl::string_view message) {
  return InvalidField("filter",
                      absl::StrCat("column ", ColumnOf(offset), ": ", message));
}

}  // namespace likeness
