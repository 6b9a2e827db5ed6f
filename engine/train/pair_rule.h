// Which two pictures of a batch are alike. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_PAIR_RULE_H_
#define LIKENESS_ENGINE_TRAIN_PAIR_RULE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

enum class PairKind : uint8_t {
  // "class": two of one class. A picture without a class is alike to other
  // views of itself only, and unlike all else.
  kClass,
  // "instance": two views of one picture.
  kInstance,
};

absl::string_view PairKindName(PairKind kind);
absl::StatusOr<PairKind> ParsePairKind(absl::string_view name);

struct PairRule {
  PairKind positives = PairKind::kClass;
  // By instance: another picture of the same class is no negative either, since
  // it may well show the same thing.
  bool spare_same_class = false;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_PAIR_RULE_H_
