#include "engine/train/validator.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/copy_retrieval.h"
#include "engine/evaluate/retrieval.h"
#include "engine/image/prepare.h"

namespace likeness {

// What one ValidationSetSpec compares: pictures by their numbers.
struct Validator::Set {
  ValidationSetSpec spec;
  std::vector<std::string> classes;
  std::vector<size_t> queries;
  std::vector<int> query_labels;
  // Iconic pictures, the originals of copies, or the queries themselves.
  std::vector<size_t> gallery;
  std::vector<int> gallery_labels;

  absl::Status Fill(const DataSet& data, ValidationPictures& pictures);
  double Score(const PerSpace<UnitRows>& rows, int threads,
               std::map<std::string, double>& metrics) const;
  void AddConfusions(const PerSpace<UnitRows>& rows, int threads,
                     const ValidationPictures& pictures,
                     std::vector<Confusion>& confusions) const;

 private:
  std::vector<QueryScore> ScoreQueries(const PerSpace<UnitRows>& rows,
                                       int threads) const;
  double ScoreCopiesOf(const PerSpace<UnitRows>& rows, int threads,
                       std::map<std::string, double>& metrics) const;
};

absl::Status Validator::Set::Fill(const DataSet& data,
                                  ValidationPictures& pictures) {
  classes = data.classes;
  for (const Sample& sample : data.samples) {
    const bool iconic = sample.group == "iconic";
    if (iconic && spec.task == ValidationTask::kIconic) {
      gallery.push_back(pictures.Add(sample.path));
      gallery_labels.push_back(sample.label);
    }
    if (sample.split != Split::kValidation || iconic) continue;
    if (spec.task == ValidationTask::kCopies) {
      queries.push_back(pictures.AddCopy(sample.path));
      gallery.push_back(pictures.Add(sample.path));
    } else if (sample.label >= 0) {
      queries.push_back(pictures.Add(sample.path));
      query_labels.push_back(sample.label);
    }
  }
  if (spec.task == ValidationTask::kRetrieval) {
    gallery = queries;
    gallery_labels = query_labels;
  }
  if (queries.size() < 2 || gallery.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("data \"", spec.data, "\" has ", queries.size(),
                     " pictures of validation classes and ", gallery.size(),
                     " to find: too few to judge by"));
  }
  return absl::OkStatus();
}

std::vector<QueryScore> Validator::Set::ScoreQueries(
    const PerSpace<UnitRows>& rows, int threads) const {
  const UnitRows asked = SelectRows(rows[spec.head], queries);
  const UnitRows found = SelectRows(rows[spec.head], gallery);
  return ScoreRetrieval({asked, query_labels}, {found, gallery_labels},
                        spec.task == ValidationTask::kRetrieval, threads);
}

double Validator::Set::ScoreCopiesOf(
    const PerSpace<UnitRows>& rows, int threads,
    std::map<std::string, double>& metrics) const {
  std::vector<size_t> right(queries.size());
  std::iota(right.begin(), right.end(), size_t{0});
  const CopyMetrics found = SummarizeCopies(
      ScoreCopies(SelectRows(rows[spec.head], queries), right,
                  SelectRows(rows[spec.head], gallery), threads));
  metrics[spec.data + ".copies.recall_at_1"] = found.recall_at_1;
  metrics[spec.data + ".copies.micro_ap"] = found.micro_ap;
  return found.micro_ap;
}

double Validator::Set::Score(const PerSpace<UnitRows>& rows, int threads,
                             std::map<std::string, double>& metrics) const {
  if (spec.task == ValidationTask::kCopies) {
    return ScoreCopiesOf(rows, threads, metrics);
  }
  const std::vector<double> weights(classes.size(), 1.0);
  const RetrievalMetrics found =
      SummarizeRetrieval(ScoreQueries(rows, threads), weights);
  if (spec.task == ValidationTask::kRetrieval) {
    metrics[spec.data + ".retrieval.map_at_r"] = found.map_at_r;
    metrics[spec.data + ".retrieval.recall_at_1"] = found.recall_at_1;
    return found.map_at_r;
  }
  metrics[spec.data + ".iconic.recall_at_1"] = found.recall_at_1;
  metrics[spec.data + ".iconic.recall_at_5"] = found.recall_at_5;
  return (found.recall_at_1 + found.recall_at_5) / 2;
}

void Validator::Set::AddConfusions(const PerSpace<UnitRows>& rows, int threads,
                                   const ValidationPictures& pictures,
                                   std::vector<Confusion>& confusions) const {
  if (spec.task == ValidationTask::kCopies) return;
  const auto shown = [&](size_t number, int label, float similarity) {
    return Confusion::Shown{pictures.path(number),
                            classes[static_cast<size_t>(label)],
                            &pictures.pixels(number), similarity};
  };
  const auto found = [&](size_t i, float similarity) {
    return shown(gallery[i], gallery_labels[i], similarity);
  };
  for (const QueryScore& score : ScoreQueries(rows, threads)) {
    if (score.first_rank == 1) continue;
    confusions.push_back(
        {.query = shown(queries[score.query], score.label, 1),
         .right = found(score.nearest_right, score.right_similarity),
         .wrong = found(score.nearest_wrong, score.wrong_similarity)});
  }
}

Validator::Validator(int threads, EmbedderMaker make_embedder)
    : threads_(threads), make_embedder_(std::move(make_embedder)) {}

Validator::~Validator() = default;

absl::StatusOr<std::unique_ptr<Validator>> Validator::Make(
    const Recipe& recipe, absl::Span<const DataSet> data, int threads,
    EmbedderMaker make_embedder) {
  std::unique_ptr<Validator> validator(
      new Validator(threads, std::move(make_embedder)));
  for (const ValidationSetSpec& spec : recipe.validation.sets) {
    auto set = std::make_unique<Set>();
    set->spec = spec;
    for (size_t i = 0; i < data.size(); ++i) {
      if (recipe.data[i].name == spec.data) {
        RETURN_IF_ERROR(set->Fill(data[i], validator->pictures_));
      }
    }
    validator->sets_.push_back(std::move(set));
  }
  PrepareOptions options;
  options.input_side = recipe.network.side;
  options.fit = recipe.network.fit;
  RETURN_IF_ERROR(validator->pictures_.Read(options, threads));
  return validator;
}

absl::StatusOr<PerSpace<UnitRows>> Validator::Embed(
    const ModelBundle& bundle) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   make_embedder_(bundle));
  return pictures_.Embed(*embedder, threads_);
}

absl::StatusOr<ValidationResult> Validator::Validate(
    const ModelBundle& bundle) const {
  ASSIGN_OR_RETURN(const PerSpace<UnitRows> rows, Embed(bundle));
  ValidationResult result;
  double weights = 0;
  for (const std::unique_ptr<Set>& set : sets_) {
    result.score +=
        set->Score(rows, threads_, result.metrics) * set->spec.weight;
    weights += set->spec.weight;
  }
  if (weights > 0) result.score /= weights;
  return result;
}

absl::StatusOr<std::vector<Confusion>> Validator::FindConfusions(
    const ModelBundle& bundle, size_t limit) const {
  ASSIGN_OR_RETURN(const PerSpace<UnitRows> rows, Embed(bundle));
  std::vector<Confusion> confusions;
  for (const std::unique_ptr<Set>& set : sets_) {
    set->AddConfusions(rows, threads_, pictures_, confusions);
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
