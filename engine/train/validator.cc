#include "engine/train/validator.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/embed/torch_embedder.h"
#include "engine/evaluate/copy_retrieval.h"
#include "engine/evaluate/retrieval.h"
#include "engine/image/prepare.h"
#include "engine/train/validation_pictures.h"

namespace likeness {

using Pictures = std::vector<NetworkInput>;

// What one ValidationSetSpec compares.
struct Validator::Set {
  ValidationSetSpec spec;
  std::vector<std::string> classes;
  Pictures queries;
  std::vector<std::string> query_paths;
  std::vector<int> query_labels;
  // Iconic pictures, or the originals of copies; none: the queries themselves.
  Pictures gallery;
  std::vector<std::string> gallery_paths;
  std::vector<int> gallery_labels;

  absl::Status Fill(const DataSet& data, const PrepareOptions& options,
                    int threads);
  absl::StatusOr<double> Score(const Embedder& embedder, int threads,
                               std::map<std::string, double>& metrics) const;
  absl::Status AddConfusions(const Embedder& embedder, int threads,
                             std::vector<Confusion>& confusions) const;

 private:
  absl::StatusOr<std::vector<QueryScore>> ScoreQueries(const Embedder& embedder,
                                                       int threads) const;
  absl::StatusOr<double> ScoreCopiesOf(
      const Embedder& embedder, int threads,
      std::map<std::string, double>& metrics) const;
};

absl::Status Validator::Set::Fill(const DataSet& data,
                                  const PrepareOptions& options, int threads) {
  classes = data.classes;
  for (const Sample& sample : data.samples) {
    const bool iconic = sample.group == "iconic";
    if (iconic && spec.task == ValidationTask::kIconic) {
      gallery_paths.push_back(sample.path);
      gallery_labels.push_back(sample.label);
    }
    if (sample.split != Split::kValidation || iconic) continue;
    if (sample.label < 0 && spec.task != ValidationTask::kCopies) continue;
    query_paths.push_back(sample.path);
    query_labels.push_back(sample.label);
  }
  if (spec.task == ValidationTask::kCopies) gallery_paths = query_paths;
  if (query_paths.size() < 2 ||
      (spec.task == ValidationTask::kIconic && gallery_paths.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("data \"", spec.data, "\" has ", query_paths.size(),
                     " pictures of validation classes and ",
                     gallery_paths.size(), " to find: too few to judge by"));
  }
  ASSIGN_OR_RETURN(gallery, ReadPictures(gallery_paths, options, threads));
  if (spec.task == ValidationTask::kCopies) {
    ASSIGN_OR_RETURN(queries, EditPictures(query_paths, options, threads));
  } else {
    ASSIGN_OR_RETURN(queries, ReadPictures(query_paths, options, threads));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<QueryScore>> Validator::Set::ScoreQueries(
    const Embedder& embedder, int threads) const {
  ASSIGN_OR_RETURN(const UnitRows asked,
                   EmbedPictures(embedder, spec.head, queries, threads));
  const LabelledRows labelled{asked, query_labels};
  if (spec.task == ValidationTask::kRetrieval) {
    return ScoreRetrieval(labelled, labelled, /*same_set=*/true, threads);
  }
  ASSIGN_OR_RETURN(const UnitRows icons,
                   EmbedPictures(embedder, spec.head, gallery, threads));
  return ScoreRetrieval(labelled, {icons, gallery_labels}, /*same_set=*/false,
                        threads);
}

absl::StatusOr<double> Validator::Set::ScoreCopiesOf(
    const Embedder& embedder, int threads,
    std::map<std::string, double>& metrics) const {
  ASSIGN_OR_RETURN(const UnitRows copies,
                   EmbedPictures(embedder, spec.head, queries, threads));
  ASSIGN_OR_RETURN(const UnitRows originals,
                   EmbedPictures(embedder, spec.head, gallery, threads));
  std::vector<size_t> right(queries.size());
  std::iota(right.begin(), right.end(), size_t{0});
  const CopyMetrics found =
      SummarizeCopies(ScoreCopies(copies, right, originals, threads));
  metrics[spec.data + ".copies.recall_at_1"] = found.recall_at_1;
  metrics[spec.data + ".copies.micro_ap"] = found.micro_ap;
  return found.micro_ap;
}

absl::StatusOr<double> Validator::Set::Score(
    const Embedder& embedder, int threads,
    std::map<std::string, double>& metrics) const {
  if (spec.task == ValidationTask::kCopies) {
    return ScoreCopiesOf(embedder, threads, metrics);
  }
  ASSIGN_OR_RETURN(const std::vector<QueryScore> scores,
                   ScoreQueries(embedder, threads));
  const std::vector<double> weights(classes.size(), 1.0);
  const RetrievalMetrics found = SummarizeRetrieval(scores, weights);
  if (spec.task == ValidationTask::kRetrieval) {
    metrics[spec.data + ".retrieval.map_at_r"] = found.map_at_r;
    metrics[spec.data + ".retrieval.recall_at_1"] = found.recall_at_1;
    return found.map_at_r;
  }
  metrics[spec.data + ".iconic.recall_at_1"] = found.recall_at_1;
  metrics[spec.data + ".iconic.recall_at_5"] = found.recall_at_5;
  return (found.recall_at_1 + found.recall_at_5) / 2;
}

absl::Status Validator::Set::AddConfusions(
    const Embedder& embedder, int threads,
    std::vector<Confusion>& confusions) const {
  if (spec.task == ValidationTask::kCopies) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<QueryScore> scores,
                   ScoreQueries(embedder, threads));
  const bool same_set = spec.task == ValidationTask::kRetrieval;
  const Pictures& pictures = same_set ? queries : gallery;
  const std::vector<std::string>& paths =
      same_set ? query_paths : gallery_paths;
  const std::vector<int>& labels = same_set ? query_labels : gallery_labels;
  const auto name = [&](int label) {
    return classes[static_cast<size_t>(label)];
  };
  const auto shown = [&](size_t i, float similarity) {
    return Confusion::Shown{paths[i], name(labels[i]), &pictures[i].pixels,
                            similarity};
  };
  for (const QueryScore& score : scores) {
    if (score.first_rank == 1) continue;
    confusions.push_back(
        {.query = {query_paths[score.query], name(score.label),
                   &queries[score.query].pixels, 1},
         .right = shown(score.nearest_right, score.right_similarity),
         .wrong = shown(score.nearest_wrong, score.wrong_similarity)});
  }
  return absl::OkStatus();
}

Validator::Validator(const ValidationSpec& spec, int threads)
    : spec_(spec), threads_(threads) {}

Validator::~Validator() = default;

absl::StatusOr<std::unique_ptr<Validator>> Validator::Make(
    const Recipe& recipe, absl::Span<const DataSet> data, int threads) {
  std::unique_ptr<Validator> validator(
      new Validator(recipe.validation, threads));
  PrepareOptions options;
  options.input_side = recipe.network.side;
  options.fit = recipe.network.fit;
  for (const ValidationSetSpec& spec : recipe.validation.sets) {
    auto set = std::make_unique<Set>();
    set->spec = spec;
    for (size_t i = 0; i < data.size(); ++i) {
      if (recipe.data[i].name == spec.data) {
        RETURN_IF_ERROR(set->Fill(data[i], options, threads));
      }
    }
    validator->sets_.push_back(std::move(set));
  }
  return validator;
}

absl::StatusOr<ValidationResult> Validator::Validate(
    const ModelBundle& bundle) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   MakeTorchEmbedder(bundle, TorchEmbedderOptions()));
  ValidationResult result;
  double weights = 0;
  for (const std::unique_ptr<Set>& set : sets_) {
    ASSIGN_OR_RETURN(const double score,
                     set->Score(*embedder, threads_, result.metrics));
    result.score += score * set->spec.weight;
    weights += set->spec.weight;
  }
  if (weights > 0) result.score /= weights;
  return result;
}

absl::StatusOr<std::vector<Confusion>> Validator::FindConfusions(
    const ModelBundle& bundle, size_t limit) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   MakeTorchEmbedder(bundle, TorchEmbedderOptions()));
  std::vector<Confusion> confusions;
  for (const std::unique_ptr<Set>& set : sets_) {
    RETURN_IF_ERROR(set->AddConfusions(*embedder, threads_, confusions));
  }
  const auto margin = [](const Confusion& confusion) {
    return confusion.wrong.similarity - confusion.right.similarity;
  };
  std::sort(confusions.begin(), confusions.end(),
            [&](const Confusion& a, const Confusion& b) {
              if (margin(a) != margin(b)) return margin(a) > margin(b);
              return a.query.path < b.query.path;
            });
  if (confusions.size() > limit) {
    confusions.erase(confusions.begin() + static_cast<std::ptrdiff_t>(limit),
                     confusions.end());
  }
  return confusions;
}

}  // namespace likeness
