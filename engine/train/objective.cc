#include "engine/train/objective.h"

#include <ATen/ATen.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/train/forgetting.h"

namespace likeness {
namespace {

// bool [N]: the rows of the streams that are listed.
at::Tensor InStreams(const at::Tensor& streams,
                     const std::vector<int64_t>& listed) {
  return at::isin(streams, at::tensor(listed, at::kLong));
}

std::string MemoryPrefix(const std::string& term) {
  return absl::StrCat("memory.", term, ".");
}

std::string LossKey(const std::string& term, const std::string& name) {
  return absl::StrCat("loss.", term, ".", name);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Objective>> Objective::Make(const Recipe& recipe,
                                                           int num_classes) {
  std::unique_ptr<Objective> objective(new Objective);
  for (size_t i = 0; i < recipe.losses.size(); ++i) {
    const LossTermSpec& spec = recipe.losses[i];
    Term term;
    term.spec = spec;
    term.name = absl::StrCat(i, "_", LossTypeName(spec.loss.type), "_",
                             SpaceName(spec.head));
    term.streams = recipe.StreamIndices(spec.streams);
    ASSIGN_OR_RETURN(term.loss,
                     MakeLoss(spec.loss, num_classes,
                              recipe.heads[spec.head].spec.dimensions));
    term.memory =
        std::make_unique<CrossBatchMemory>(spec.memory, spec.memory_warm_up);
    objective->terms_.push_back(std::move(term));
  }
  objective->keep_ = recipe.keep;
  objective->keep_columns_ = recipe.StreamIndices(recipe.keep.streams);
  return objective;
}

at::Tensor Objective::ComputeTerm(Term& term, const BatchOutput& output,
                                  const BatchKeys& keys, double progress,
                                  std::map<std::string, double>& parts) {
  const at::Tensor rows =
      at::nonzero(InStreams(keys.streams, term.streams)).squeeze(1);
  const at::Tensor anchors =
      output.vectors[term.spec.head].index_select(0, rows);
  const PairKeys of_rows{keys.pairs.labels.index_select(0, rows),
                         keys.pairs.instances.index_select(0, rows)};
  const PairMasks masks =
      MakePairMasks(term.spec.pairs, of_rows, term.memory->keys());
  const at::Tensor value =
      term.loss->Compute({.anchors = anchors,
                          .references = term.memory->ReferencesFor(anchors),
                          .positive = masks.positive,
                          .negative = masks.negative,
                          .labels = of_rows.labels,
                          .progress = progress});
  term.memory->Add(anchors, of_rows);
  parts[term.name] = value.item<double>();
  for (const LossStatistic& statistic : term.loss->Statistics()) {
    parts[absl::StrCat(term.name, ".", statistic.name)] = statistic.value;
  }
  return value * term.spec.weight;
}

at::Tensor Objective::ComputeKeep(const BatchOutput& output,
                                  const BatchKeys& keys,
                                  std::map<std::string, double>& parts) const {
  at::Tensor total = at::zeros({});
  if (keep_.features > 0) {
    const at::Tensor value =
        FeatureAnchor(output.features, output.reference.features);
    parts["keep_features"] = value.item<double>();
    total = total + value * keep_.features;
  }
  for (const Space space : kAllSpaces) {
    if (keep_.similarities[space] <= 0) continue;
    const at::Tensor value =
        SimilarityAnchor(output.vectors[space], output.reference.vectors[space],
                         InStreams(keys.streams, keep_columns_));
    parts[absl::StrCat("keep_similarities_", SpaceName(space))] =
        value.item<double>();
    total = total + value * keep_.similarities[space];
  }
  return total;
}

ObjectiveValue Objective::Compute(const BatchOutput& output,
                                  const BatchKeys& keys, double progress) {
  ObjectiveValue value;
  value.total = ComputeKeep(output, keys, value.parts);
  for (Term& term : terms_) {
    value.total =
        value.total + ComputeTerm(term, output, keys, progress, value.parts);
  }
  value.parts["total"] = value.total.item<double>();
  return value;
}

std::vector<NamedParameter> Objective::parameters() const {
  std::vector<NamedParameter> parameters;
  for (const Term& term : terms_) {
    for (const auto& parameter : term.loss->named_parameters()) {
      parameters.push_back(
          {LossKey(term.name, parameter.key()), parameter.value()});
    }
  }
  return parameters;
}

NamedTensors Objective::State() const {
  NamedTensors state;
  for (const Term& term : terms_) {
    AddBelow(MemoryPrefix(term.name), term.memory->State(), state);
    for (const auto& parameter : term.loss->named_parameters()) {
      state[LossKey(term.name, parameter.key())] = parameter.value();
    }
  }
  return state;
}

absl::Status Objective::Restore(const NamedTensors& state) {
  const at::NoGradGuard no_grad;
  for (Term& term : terms_) {
    RETURN_IF_ERROR(
        term.memory->Restore(AllBelow(MemoryPrefix(term.name), state)));
    for (auto& parameter : term.loss->named_parameters()) {
      ASSIGN_OR_RETURN(const at::Tensor saved,
                       FindTensor(state, LossKey(term.name, parameter.key()),
                                  parameter.value()));
      parameter.value().copy_(saved);
    }
  }
  return absl::OkStatus();
}

}  // namespace likeness
