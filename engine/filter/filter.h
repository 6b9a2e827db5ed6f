// Filters: expressions over the metadata of items.
#ifndef LIKENESS_ENGINE_FILTER_FILTER_H_
#define LIKENESS_ENGINE_FILTER_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/metadata.h"
#include "engine/filter/field_types.h"

namespace likeness {

inline constexpr size_t kMaxFilterBytes = 64 << 10;
inline constexpr int kMaxFilterDepth = 64;      // Of parentheses.
inline constexpr int kMaxFilterTerms = 4096;    // Comparisons.
inline constexpr size_t kMaxOrderedText = 256;  // Bytes; FilterValue says why.

enum class Comparator : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kHas,      // Equal, or a member of the list.
  kPresent,  // The item has the field; takes no value.
};

// The right-hand side of a comparison, read in every way that its spelling
// allows; which of them counts depends on the type of the field's value.
struct FilterValue {
  // As written, without quotes and escapes. Texts that are compared by order
  // or as prefixes have kMaxOrderedText bytes at most, so that an index need
  // not keep whole essays.
  std::string text;
  bool is_prefix = false;  // Written with a * behind the text.
  // Only of unquoted text. Without point and exponent a number is an int64_t.
  std::optional<std::variant<int64_t, double>> number;
  std::optional<bool> boolean;
  // Microseconds since 1970 in UTC, of a date or an RFC 3339 time; further
  // digits are cut off, as they are in stored values.
  std::optional<int64_t> unix_micros;
};

struct FilterComparison {
  std::string field;
  Comparator comparator = Comparator::kEqual;
  FilterValue value;
  // Where both stand in the text, in characters from 1, for messages.
  size_t field_column = 0;
  size_t value_column = 0;
};

// A tree: operations have children, leaves are comparisons.
struct FilterNode {
  enum class Kind : uint8_t { kAnd, kOr, kNot, kComparison };
  Kind kind = Kind::kAnd;
  std::vector<FilterNode> children;  // kAnd, kOr: any number; kNot: one.
  FilterComparison comparison;       // kComparison.
};

// A parsed filter. Immutable, cheap to copy and to share between threads.
class Filter {
 public:
  // Matches every item, as the empty expression does.
  Filter();

  // Reads an expression (docs/search.md has the grammar, AIP-160's).
  // INVALID_ARGUMENT for the field "filter" says in which column what was found
  // and what was expected, or which limit was exceeded.
  static absl::StatusOr<Filter> Parse(absl::string_view text);

  const FilterNode& root() const { return *root_; }

  bool matches_all() const {
    return root_->kind == FilterNode::Kind::kAnd && root_->children.empty();
  }

  // The canonical form: Parse(ToString()) is the same filter, and filters that
  // differ only in spelling, quotes or needless parentheses have the same one.
  std::string ToString() const;

 private:
  explicit Filter(FilterNode root);

  std::shared_ptr<const FilterNode> root_;  // Never null.
};

enum class UnknownFields : uint8_t {
  kRefuse,  // A comparison with one is an error.
  kAllow,   // It is like a field that every item lacks.
};

// Checks every comparison against the types that its field has.
// INVALID_ARGUMENT for the field "filter" names the column and the types; for
// an unknown field, close names.
absl::Status CheckTypes(const Filter& filter, const FieldTypes& types,
                        UnknownFields unknown = UnknownFields::kRefuse);

// Whether an item with this metadata (built-in fields included) passes. The
// definition of what a filter means, and as slow as it looks: indexes are
// proven against it.
bool Matches(const Filter& filter, const Metadata& metadata);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_FILTER_H_
