#include "engine/train/pair_rule.h"

#include "engine/core/enum_names.h"

namespace likeness {
namespace {

constexpr EnumName<PairKind> kKinds[] = {{PairKind::kClass, "class"},
                                         {PairKind::kInstance, "instance"}};

}  // namespace

absl::string_view PairKindName(PairKind kind) { return NameOf(kKinds, kind); }

absl::StatusOr<PairKind> ParsePairKind(absl::string_view name) {
  return ParseName(kKinds, "kind of pairs", name);
}

}  // namespace likeness
