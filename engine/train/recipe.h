// A training, written down. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_RECIPE_H_
#define LIKENESS_ENGINE_TRAIN_RECIPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/space.h"
#include "engine/embed/model_bundle.h"
#include "engine/image/prepare.h"
#include "engine/train/early_stopping.h"
#include "engine/train/loss_spec.h"
#include "engine/train/optimizer_spec.h"
#include "engine/train/pair_rule.h"
#include "engine/train/schedule.h"
#include "engine/train/stream_spec.h"

namespace likeness {

// Of any seed: JSON keeps no larger integer exactly.
inline constexpr int64_t kMaxSeed = int64_t{1} << 53;

struct NetworkSpec {
  std::string architecture = "efficientnet_lite0";
  // Not the weights of the bundle that training begins with.
  bool random_start = false;
  int frozen_stages = 0;  // The first that never change; 0 and up.
  bool live_norms = false;
  int side = 224;        // Of the finished network's input, in pixels.
  int train_side = 224;  // Of a view in training.
  Fit fit = Fit::kPad;
  double mean = 127;  // Input = (pixel - mean) / scale.
  double scale = 128;
  int piece = 12;  // Pictures that go through the network together, 1..1024.
};

enum class HeadStart : uint8_t {
  kRandom,
  kPrincipalComponents,  // Of the first network's pooled features.
};

struct HeadRecipe {
  HeadSpec spec;
  HeadStart start = HeadStart::kRandom;
};

struct LossTermSpec {
  LossSpec loss;
  Space head = Space::kSimilar;
  std::vector<std::string> streams;  // Empty: all.
  PairRule pairs;
  double weight = 1;
  int64_t memory = 0;          // Rows of earlier batches, 0..1'000'000.
  int64_t memory_warm_up = 0;  // Batches that are not remembered.
};

// Ties to the network that training began with.
struct KeepSpec {
  double features = 0;  // Weight of 1 - cosine of the maps' means.
  // Weight of the squared differences of cosines, by head, to the pictures of
  // `streams` (empty: all).
  PerSpace<double> similarities;
  std::vector<std::string> streams;

  bool any() const {
    return features > 0 || similarities != PerSpace<double>();
  }
};

enum class ValidationTask : uint8_t {
  kRetrieval,  // Do pictures of one class find each other?
  kIconic,     // Do they find their class's iconic picture among all classes'?
  kCopies,     // Do strongly edited copies find their originals?
};

struct ValidationSetSpec {
  std::string data;  // Its validation classes.
  ValidationTask task = ValidationTask::kRetrieval;
  Space head = Space::kSimilar;
  double weight = 1;  // In the score that the best weights are chosen by.
};

struct ValidationSpec {
  int64_t every = 100;  // Steps.
  // Empty: nothing is judged, and the last weights are kept. For a training
  // whose settings were chosen with validation classes, and which learns from
  // those as well.
  std::vector<ValidationSetSpec> sets;
  EarlyStoppingSpec stopping;
};

// What a finished bundle's card says that no machine can know.
struct CardSpec {
  std::string license;              // Of the weights.
  std::vector<std::string> limits;  // What the model can't do, a sentence each.
};

struct Recipe {
  std::string text;  // The JSON that it was read from, with the seeds.
  std::string name;
  uint64_t seed = 1;
  NetworkSpec network;
  PerSpace<HeadRecipe> heads;
  std::vector<DataSpec> data;
  std::vector<StreamSpec> streams;
  std::vector<LossTermSpec> losses;
  KeepSpec keep;
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  ValidationSpec validation;
  int64_t steps = 1000;
  AveragingSpec averaging;
  CardSpec card;

  // Indices into `streams`; all of them for an empty list.
  std::vector<int64_t> StreamIndices(absl::Span<const std::string> names) const;
};

// What is set apart from the recipe's text: several runs share one.
struct RecipeSeeds {
  std::optional<uint64_t> run;    // Recipe::seed.
  std::optional<uint64_t> split;  // DataSpec::seed of every set.
};

// Reads a recipe. INVALID_ARGUMENT blames the field ("losses[1].streams").
absl::StatusOr<Recipe> ParseRecipe(absl::string_view text,
                                   const RecipeSeeds& seeds = {});

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_RECIPE_H_
