#include "tools/help_format.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace likeness {
namespace {

constexpr size_t kColumns = 80;
constexpr size_t kFlagColumns = 30;     // Flags and their types.
constexpr size_t kCommandColumns = 13;  // Names of sub-commands.

// Breaks `text` into lines of at most `columns` characters. Line breaks in it
// count as spaces; a longer word gets a line of its own.
std::string Fill(absl::string_view text, size_t columns) {
  std::string filled;
  size_t column = 0;
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  for (const absl::string_view word : words) {
    if (column > 0 && column + 1 + word.size() > columns) {
      absl::StrAppend(&filled, "\n");
      column = 0;
    }
    absl::StrAppend(&filled, column > 0 ? " " : "", word);
    column += word.size() + (column > 0 ? 1 : 0);
  }
  return filled;
}

// Where the first sentence of `text` ends.
size_t FirstSentence(absl::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '.' && absl::ascii_isspace(text[i + 1])) return i + 1;
  }
  return text.size();
}

}  // namespace

HelpFormat::HelpFormat() { column_width(kFlagColumns); }

std::string HelpFormat::make_description(const CLI::App* app) const {
  const std::string text = app->get_description();
  const size_t first = FirstSentence(text);
  const std::string rest = Fill(text.substr(first), kColumns);
  return absl::StrCat(Fill(text.substr(0, first), kColumns), "\n", rest,
                      rest.empty() ? "" : "\n");
}

std::string HelpFormat::make_subcommand(const CLI::App* sub) const {
  const std::string text = sub->get_description();
  std::string line = absl::StrCat("  ", sub->get_name());
  line.resize(std::max(line.size() + 1, kCommandColumns), ' ');
  return absl::StrCat(line, text.substr(0, FirstSentence(text)), "\n");
}

std::string HelpFormat::make_option_opts(const CLI::Option* option) const {
  const std::string text = CLI::Formatter::make_option_opts(option);
  // "INT" says enough; what a check adds to it ("INT:INT in [0 - 1024]") is in
  // the message when a value is refused.
  const std::string type = option->get_type_name();
  const size_t colon = type.find(':');
  if (colon == std::string::npos) return text;
  return absl::StrReplaceAll(text, {{type, type.substr(0, colon)}});
}

std::string HelpFormat::make_option_desc(const CLI::Option* option) const {
  return Fill(option->get_description(), kColumns - kFlagColumns);
}

}  // namespace likeness
