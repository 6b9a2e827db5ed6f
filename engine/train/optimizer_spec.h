// What a recipe says about the optimizer. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_OPTIMIZER_SPEC_H_
#define LIKENESS_ENGINE_TRAIN_OPTIMIZER_SPEC_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

enum class OptimizerType : uint8_t {
  kAdamW,  // "adamw" (Loshchilov, Hutter 2019)
  kSgd,    // "sgd", with momentum
};

absl::string_view OptimizerTypeName(OptimizerType type);
absl::StatusOr<OptimizerType> ParseOptimizerType(absl::string_view name);

struct OptimizerSpec {
  OptimizerType type = OptimizerType::kAdamW;
  double learning_rate = 1e-4;  // Above 0; a schedule's factor comes on top.
  // Of the parameters of a head: factor on learning_rate, above 0.
  double head_factor = 1;
  // 0 and up. Not of biases and norms: nothing with one dimension decays.
  double weight_decay = 0.01;
  // The gradients' norm over all parameters is cut down to this; 0: never.
  double clip_norm = 0;
  // adamw: above 0 and below 1.
  double beta1 = 0.9;
  double beta2 = 0.999;
  // sgd: 0 and up, below 1; nesterov wants it above 0.
  double momentum = 0.9;
  bool nesterov = false;

  // INVALID_ARGUMENT blames a field below `field`.
  absl::Status Validate(absl::string_view field = "optimizer") const;
};

// Reads {"type": ..., ...} over the defaults. INVALID_ARGUMENT blames a field
// below `field`; so does a field that the type does not read.
absl::StatusOr<OptimizerSpec> ParseOptimizerSpec(
    const nlohmann::json& json, absl::string_view field = "optimizer");

enum class AveragingType : uint8_t {
  kNone,  // "none"
  kEma,   // "ema": exponential, the newest weights count most.
  kSwa,   // "swa": every one counts the same (Izmailov et al. 2018).
};

absl::string_view AveragingTypeName(AveragingType type);
absl::StatusOr<AveragingType> ParseAveragingType(absl::string_view name);

// The averaging of weights over the steps of a training, and with those that it
// began with.
struct AveragingSpec {
  AveragingType type = AveragingType::kNone;
  double decay = 0.999;  // ema: a step, above 0 and below 1.
  double start = 0;      // ema, swa: from this share of the training on, 0..1.
  int64_t every = 1;     // ema, swa: once in so many steps, at least 1.
  // Share of the starting weights in the result, 0..1: what a fine-tuned
  // network forgot comes back along the straight way to its start sooner than
  // what it learnt goes (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
  // models").
  double start_share = 0;

  // INVALID_ARGUMENT blames a field below `field`.
  absl::Status Validate(absl::string_view field = "averaging") const;
};

absl::StatusOr<AveragingSpec> ParseAveragingSpec(
    const nlohmann::json& json, absl::string_view field = "averaging");

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_OPTIMIZER_SPEC_H_
