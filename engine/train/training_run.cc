#include "engine/train/training_run.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/safetensors_writer.h"
#include "engine/core/status_macros.h"
#include "engine/train/bundle_card.h"
#include "engine/train/principal_start.h"
#include "engine/train/run_state.h"

namespace likeness {
namespace {

// Prefixes of a checkpoint's tensors.
constexpr char kNetPrefix[] = "net.";
constexpr char kOptimizerPrefix[] = "optimizer.";
constexpr char kAveragePrefix[] = "average.";
constexpr char kObjectivePrefix[] = "objective.";
constexpr char kBestWeights[] = "best weights";

// Parameters and statistics of norms.
NamedTensors TensorsOf(const torch::nn::Module& module) {
  NamedTensors tensors;
  for (const auto& parameter : module.named_parameters()) {
    tensors[parameter.key()] = parameter.value();
  }
  for (const auto& buffer : module.named_buffers()) {
    tensors[buffer.key()] = buffer.value();
  }
  return tensors;
}

at::Tensor BytesTensor(const std::string& bytes) {
  return at::from_blob(const_cast<char*>(bytes.data()),
                       {static_cast<int64_t>(bytes.size())}, at::kByte)
      .clone();
}

at::Tensor Indices(const std::vector<int64_t>& values) {
  return at::tensor(values, at::kLong);
}

}  // namespace

TrainingRun::TrainingRun(const Recipe& recipe, const TrainOptions& options,
                         TrainingData& data, const Validator& validator)
    : recipe_(recipe), options_(options), data_(data), validator_(validator) {}

PixelScaling TrainingRun::ScalingFor(int side) const {
  return {.side = side,
          .channels = net_->network().channels(),
          .mean = static_cast<float>(recipe_.network.mean),
          .scale = static_cast<float>(recipe_.network.scale)};
}

absl::StatusOr<std::shared_ptr<SiameseNet>> TrainingRun::BuildNetwork() const {
  const NetworkSpec& spec = recipe_.network;
  torch::manual_seed(recipe_.seed);
  ASSIGN_OR_RETURN(const std::shared_ptr<Network> network,
                   MakeNetwork(spec.architecture, spec.side));
  if (!spec.random_start) {
    if (options_.start->architecture != spec.architecture) {
      return InvalidField("network.architecture",
                          absl::StrCat("is ", spec.architecture,
                                       ", the bundle to begin with has ",
                                       options_.start->architecture));
    }
    RETURN_IF_ERROR(network->LoadWeights(options_.start->weights));
  }
  const auto frozen = static_cast<size_t>(spec.frozen_stages);
  if (frozen > network->num_stages()) {
    return InvalidField("network.frozen_stages",
                        absl::StrCat("is ", frozen, ", ", spec.architecture,
                                     " has ", network->num_stages()));
  }
  PerSpace<HeadSpec> heads;
  for (const Space space : kAllSpaces) heads[space] = recipe_.heads[space].spec;
  auto net =
      std::make_shared<SiameseNet>(network, heads, frozen, spec.live_norms);
  net->to(Device());
  return net;
}

at::Device TrainingRun::Device() const {
  return options_.device == TrainDevice::kCuda ? at::Device(at::kCUDA, 0)
                                               : at::Device(at::kCPU);
}

absl::Status TrainingRun::StartHeads() {
  PerSpace<bool> wanted;
  for (const Space space : kAllSpaces) {
    wanted[space] =
        recipe_.heads[space].start == HeadStart::kPrincipalComponents;
  }
  return StartWithPrincipalComponents(
      *net_, wanted, data_, ScalingFor(recipe_.network.side),
      recipe_.network.fit, Device(), options_.threads);
}

absl::StatusOr<std::unique_ptr<TrainingRun>> TrainingRun::Make(
    const Recipe& recipe, const TrainOptions& options, TrainingData& data,
    const Validator& validator) {
  std::unique_ptr<TrainingRun> run(
      new TrainingRun(recipe, options, data, validator));
  ASSIGN_OR_RETURN(run->net_, run->BuildNetwork());
  RETURN_IF_ERROR(run->StartHeads());
  if (recipe.keep.any()) {
    ASSIGN_OR_RETURN(run->reference_, run->BuildNetwork());
    run->reference_->CopyFrom(*run->net_);
  }
  ASSIGN_OR_RETURN(run->objective_,
                   Objective::Make(recipe, data.num_classes()));
  run->passes_ = std::make_unique<ParallelPasses>(
      *run->net_, run->reference_.get(),
      PassOptions{.piece = recipe.network.piece,
                  .threads = options.threads,
                  .live_norms = recipe.network.live_norms,
                  .scaling = run->ScalingFor(recipe.network.train_side),
                  .device = run->Device()});
  const double head_factor = recipe.optimizer.head_factor;
  ASSIGN_OR_RETURN(
      run->optimizer_,
      Optimizer::Make(recipe.optimizer,
                      {{run->net_->TrunkParameters(), 1},
                       {run->net_->HeadParameters(), head_factor},
                       {run->objective_->parameters(), head_factor}}));
  run->average_ = std::make_unique<WeightAverage>(recipe.averaging,
                                                  run->net_->Parameters());
  run->schedule_ = std::make_unique<Schedule>(recipe.schedule, recipe.steps);
  run->stopping_ = std::make_unique<EarlyStopping>(recipe.validation.stopping);
  return run;
}

absl::StatusOr<StepReport> TrainingRun::Step() {
  const absl::Time begin = absl::Now();
  ASSIGN_OR_RETURN(const LoadedBatch batch, data_.Load(step_));
  const double progress =
      static_cast<double>(step_) / static_cast<double>(recipe_.steps);
  optimizer_->ZeroGradients();
  net_->BeginTraining();
  const BatchOutput output = passes_->Forward(batch.views);
  const BatchKeys keys{{Indices({batch.labels.begin(), batch.labels.end()}),
                        Indices(batch.instances)},
                       Indices({batch.streams.begin(), batch.streams.end()})};
  ObjectiveValue value = objective_->Compute(output, keys, progress);
  if (value.total.requires_grad()) value.total.backward();
  passes_->Backward(output);
  net_->EndTraining();

  StepReport report;
  report.learning_rate =
      recipe_.optimizer.learning_rate * schedule_->FactorAt(step_);
  ASSIGN_OR_RETURN(report.gradient_norm,
                   optimizer_->Step(schedule_->FactorAt(step_)));
  ++step_;
  average_->Update(static_cast<double>(step_) /
                   static_cast<double>(recipe_.steps));
  report.step = step_;
  report.pictures = static_cast<int64_t>(batch.views.size());
  report.time = absl::Now() - begin;
  report.losses = std::move(value.parts);
  return report;
}

absl::StatusOr<bool> TrainingRun::Validate() {
  average_->Swap();
  std::string weights = WriteSafeTensors(net_->Export());
  average_->Swap();
  const std::string card = MakeCard(recipe_, data_.Summaries());
  ASSIGN_OR_RETURN(const std::string sealed, SealCard(card, weights));
  ASSIGN_OR_RETURN(const ModelBundle bundle,
                   ModelBundle::Parse(sealed, weights));
  ASSIGN_OR_RETURN(validation_, validator_.Validate(bundle));
  schedule_->Observe(validation_.score);
  const bool best =
      stopping_->Observe(validation_.score) || recipe_.validation.sets.empty();
  if (step_ == 0) result_.first = validation_;
  if (best) {
    result_.best = validation_;
    result_.best_step = step_;
    result_.weights = std::move(weights);
  }
  return best;
}

bool TrainingRun::Done() const {
  return step_ >= recipe_.steps || stopping_->ShouldStop();
}

absl::Status TrainingRun::Save() const {
  if (options_.checkpoint.empty()) return absl::OkStatus();
  Checkpoint checkpoint;
  AddBelow(kNetPrefix, TensorsOf(*net_), checkpoint.tensors);
  AddBelow(kOptimizerPrefix, optimizer_->State(), checkpoint.tensors);
  AddBelow(kAveragePrefix, average_->State(), checkpoint.tensors);
  AddBelow(kObjectivePrefix, objective_->State(), checkpoint.tensors);
  checkpoint.tensors[kBestWeights] = BytesTensor(result_.weights);
  checkpoint.state = RunStateToJson({.recipe = recipe_.text,
                                     .step = step_,
                                     .best_step = result_.best_step,
                                     .first = result_.first,
                                     .best = result_.best,
                                     .plateau = schedule_->state(),
                                     .stopping = stopping_->state()});
  return SaveCheckpoint(options_.checkpoint, checkpoint);
}

absl::Status TrainingRun::Restore() {
  if (options_.checkpoint.empty()) return absl::OkStatus();
  absl::StatusOr<Checkpoint> loaded = LoadCheckpoint(options_.checkpoint);
  if (absl::IsNotFound(loaded.status())) return absl::OkStatus();
  if (!loaded.ok()) return WithContext(loaded.status(), options_.checkpoint);
  ASSIGN_OR_RETURN(const RunState state, RunStateFromJson(loaded->state));
  if (state.recipe != recipe_.text) {
    return absl::FailedPreconditionError(
        absl::StrCat(options_.checkpoint,
                     " is of another recipe: give another output folder, or "
                     "remove it to begin anew"));
  }
  const NamedTensors& saved = loaded->tensors;
  {
    const at::NoGradGuard no_grad;
    for (const auto& [name, tensor] : TensorsOf(*net_)) {
      ASSIGN_OR_RETURN(const at::Tensor value,
                       FindTensor(saved, kNetPrefix + name, tensor));
      tensor.copy_(value);
    }
  }
  RETURN_IF_ERROR(optimizer_->Restore(AllBelow(kOptimizerPrefix, saved)));
  RETURN_IF_ERROR(average_->Restore(AllBelow(kAveragePrefix, saved)));
  RETURN_IF_ERROR(objective_->Restore(AllBelow(kObjectivePrefix, saved)));
  const auto weights = saved.find(kBestWeights);
  if (weights != saved.end()) {
    result_.weights.assign(
        static_cast<const char*>(weights->second.const_data_ptr()),
        weights->second.nbytes());
  }
  step_ = state.step;
  result_.best_step = state.best_step;
  result_.first = state.first;
  result_.best = state.best;
  schedule_ = std::make_unique<Schedule>(recipe_.schedule, recipe_.steps,
                                         state.plateau);
  stopping_ = std::make_unique<EarlyStopping>(recipe_.validation.stopping,
                                              state.stopping);
  return absl::OkStatus();
}

TrainResult TrainingRun::Result() const {
  TrainResult result = result_;
  result.steps = step_;
  result.finished = Done();
  result.card = MakeCard(recipe_, data_.Summaries());
  return result;
}

}  // namespace likeness
