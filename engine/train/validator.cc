#include "engine/train/validator.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/augment/view.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/embed/torch_embedder.h"
#include "engine/evaluate/copy_retrieval.h"
#include "engine/evaluate/retrieval.h"
#include "engine/image/decode.h"
#include "engine/image/prepare.h"

namespace likeness {
namespace {

// Every embedding of one chunk is computed by one thread.
constexpr size_t kChunk = 4;
// Stream of the random numbers that edits are made with: no other is like it,
// so that training never sees these very edits.
constexpr uint64_t kEditSeed = 0x7661'6c69'6461'7465;

using Pictures = std::vector<NetworkInput>;

// Runs `make` for each of `count` results; the first error in their order wins.
template <typename T, typename Function>
absl::StatusOr<std::vector<T>> MakeAll(size_t count, int threads,
                                       const Function& make) {
  std::vector<absl::StatusOr<T>> made(count);
  ParallelFor(count, threads, [&](size_t i) { made[i] = make(i); });
  std::vector<T> all;
  all.reserve(count);
  for (absl::StatusOr<T>& one : made) {
    if (!one.ok()) return one.status();
    all.push_back(*std::move(one));
  }
  return all;
}

absl::StatusOr<NetworkInput> ReadPicture(const std::string& path,
                                         const PrepareOptions& options) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, options.limits.max_bytes));
  absl::StatusOr<PreparedPicture> picture = PreparePicture(bytes, options);
  if (!picture.ok()) return WithContext(picture.status(), path);
  return std::move(picture->input);
}

// A strongly edited copy of the picture at `path`.
absl::StatusOr<NetworkInput> EditPicture(const std::string& path,
                                         const PrepareOptions& options,
                                         uint64_t number) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, options.limits.max_bytes));
  absl::StatusOr<DecodedImage> decoded =
      DecodeImage(bytes, options.limits, options.input_side);
  if (!decoded.ok()) return WithContext(decoded.status(), path);
  Random random(kEditSeed, number);
  NetworkInput input;
  ASSIGN_OR_RETURN(input.pixels,
                   MakeView(decoded->image, /*others=*/{}, CopyViews(),
                            options.input_side, options.fit, random));
  return input;
}

absl::StatusOr<UnitRows> EmbedAll(const Embedder& embedder, Space space,
                                  absl::Span<const NetworkInput> pictures,
                                  int threads) {
  const size_t chunks = (pictures.size() + kChunk - 1) / kChunk;
  ASSIGN_OR_RETURN(
      const std::vector<std::vector<Embedding>> embedded,
      MakeAll<std::vector<Embedding>>(chunks, threads, [&](size_t i) {
        return embedder.Embed(pictures.subspan(i * kChunk, kChunk));
      }));
  UnitRows rows;
  rows.dimensions = embedder.model().dimensions[space];
  for (const std::vector<Embedding>& chunk : embedded) {
    for (const Embedding& embedding : chunk) {
      rows.Append(embedding.vectors[space]);
    }
  }
  return rows;
}

}  // namespace

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
  const auto read = [&](const std::vector<std::string>& paths) {
    return MakeAll<NetworkInput>(paths.size(), threads, [&](size_t i) {
      return ReadPicture(paths[i], options);
    });
  };
  ASSIGN_OR_RETURN(gallery, read(gallery_paths));
  if (spec.task != ValidationTask::kCopies) {
    ASSIGN_OR_RETURN(queries, read(query_paths));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      queries,
      MakeAll<NetworkInput>(query_paths.size(), threads, [&](size_t i) {
        return EditPicture(query_paths[i], options, i);
      }));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<QueryScore>> Validator::Set::ScoreQueries(
    const Embedder& embedder, int threads) const {
  ASSIGN_OR_RETURN(const UnitRows asked,
                   EmbedAll(embedder, spec.head, queries, threads));
  const LabelledRows labelled{asked, query_labels};
  if (spec.task == ValidationTask::kRetrieval) {
    return ScoreRetrieval(labelled, labelled, /*same_set=*/true, threads);
  }
  ASSIGN_OR_RETURN(const UnitRows icons,
                   EmbedAll(embedder, spec.head, gallery, threads));
  return ScoreRetrieval(labelled, {icons, gallery_labels}, /*same_set=*/false,
                        threads);
}

absl::StatusOr<double> Validator::Set::ScoreCopiesOf(
    const Embedder& embedder, int threads,
    std::map<std::string, double>& metrics) const {
  ASSIGN_OR_RETURN(const UnitRows copies,
                   EmbedAll(embedder, spec.head, queries, threads));
  ASSIGN_OR_RETURN(const UnitRows originals,
                   EmbedAll(embedder, spec.head, gallery, threads));
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
  const auto worse = [](const Confusion& a, const Confusion& b) {
    return a.wrong.similarity - a.right.similarity >
           b.wrong.similarity - b.right.similarity;
  };
  std::stable_sort(confusions.begin(), confusions.end(), worse);
  if (confusions.size() > limit) {
    confusions.erase(confusions.begin() + static_cast<std::ptrdiff_t>(limit),
                     confusions.end());
  }
  return confusions;
}

}  // namespace likeness
