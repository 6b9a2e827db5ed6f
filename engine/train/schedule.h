// How the learning rate goes over a training. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_SCHEDULE_H_
#define LIKENESS_ENGINE_TRAIN_SCHEDULE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/train/best_so_far.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

enum class ScheduleType : uint8_t { kConstant, kCosine, kStep, kPlateau };

// "constant", "cosine", "step", "plateau".
absl::string_view ScheduleTypeName(ScheduleType type);
absl::StatusOr<ScheduleType> ParseScheduleType(absl::string_view name);

// Factors on the learning rate. A recipe may set those its type reads.
struct ScheduleSpec {
  ScheduleType type = ScheduleType::kCosine;
  // All: step i of these, counted from 0, has the factor (i + 1) /
  // warm_up_steps on top of all else.
  int64_t warm_up_steps = 0;
  // cosine: where it ends; plateau: the least it goes down to. 0..1.
  double final_factor = 0;
  // step, plateau: by what it falls each time, above 0 and below 1.
  double drop_factor = 0.1;
  // step: it falls every so many steps, at least 1.
  int64_t drop_every = 1000;
  // plateau: it falls after so many evaluations in a row without improvement,
  // at least 1, and waits as long again.
  int64_t patience = 3;
  // plateau: an improvement is more than this, in the metric's unit, 0 and up.
  double min_improvement = 0;

  // INVALID_ARGUMENT blames a field below `field`.
  absl::Status Validate(absl::string_view field = "schedule") const;
};

// Reads {"type": ..., ...} over the defaults. INVALID_ARGUMENT blames a field
// below `field`; so does a field that the type does not read.
absl::StatusOr<ScheduleSpec> ParseScheduleSpec(
    const nlohmann::json& json, absl::string_view field = "schedule");

// The factor, 0..1, of step `step` of `total_steps`, counted from 0: a pure
// function, for all types but plateau, whose drops it does not know. The cosine
// (Loshchilov, Hutter 2017, without restarts) falls from the end of the warm-up
// to final_factor at `total_steps`, and stays there. `spec` is valid.
double ScheduleFactor(const ScheduleSpec& spec, int64_t step,
                      int64_t total_steps);

// What a plateau has seen, so that it can be saved.
struct PlateauState {
  BestSoFar best;
  int64_t last_drop = 0;  // The evaluation after which it fell; 0: never yet.
  double factor = 1;
};

nlohmann::json ToJson(const PlateauState& state);
absl::StatusOr<PlateauState> ParsePlateauState(const nlohmann::json& json,
                                               absl::string_view field);

// A schedule in use. Not thread-safe.
class Schedule {
 public:
  // `spec` is valid. `state`: that of an interrupted training.
  Schedule(const ScheduleSpec& spec, int64_t total_steps,
           const PlateauState& state = {});

  // The factor of a step, 0..1.
  double FactorAt(int64_t step) const;

  // Tells a validation metric, larger being better. Only plateau listens.
  void Observe(double metric);

  const PlateauState& state() const { return state_; }

 private:
  const ScheduleSpec spec_;
  const int64_t total_steps_;
  PlateauState state_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_SCHEDULE_H_
