#include "engine/evaluate/copy_set.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/copy_edits.h"
#include "engine/image/decode.h"

namespace likeness {
namespace {

constexpr size_t kOthers = 16;   // Pictures to cover with and to put beside.
constexpr int kOtherSide = 256;  // At least, of their shorter side.

absl::StatusOr<Image> ReadPicture(const std::string& path, int side) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, DecodeLimits().max_bytes));
  ASSIGN_OR_RETURN(DecodedImage decoded,
                   DecodeImage(bytes, DecodeLimits(), side));
  return std::move(decoded.image);
}

using SharedPictures = std::vector<std::shared_ptr<const Image>>;

// A copy that is made when it is read: the same bytes each time, so that pages
// can show it again without all copies being kept.
PictureSource CopyOf(const std::string& path, std::optional<size_t> mild_edit,
                     const SharedPictures& others, uint64_t seed) {
  const std::string kind =
      mild_edit.has_value()
          ? std::string(TransformName(MildEdits()[*mild_edit].transform))
          : "strong";
  return {absl::StrCat(path, " (", kind, ")"),
          [=]() -> absl::StatusOr<std::string> {
            ASSIGN_OR_RETURN(const Image picture, ReadPicture(path, 0));
            ASSIGN_OR_RETURN(
                EditedCopy copy,
                mild_edit.has_value()
                    ? MakeMildCopy(picture, *mild_edit, others, seed)
                    : MakeStrongCopy(picture, others, seed));
            return std::move(copy.jpeg);
          }};
}

// Mild and strong copies of every original.
void AddCopies(const DataSet& data, const std::vector<size_t>& originals,
               const SharedPictures& others, const CopyTaskOptions& options,
               TaskPictures& pictures, CopySet& set) {
  const auto add = [&](Copies& copies, size_t sample,
                       std::optional<size_t> mild_edit, uint64_t number) {
    copies.pictures.push_back(
        pictures.Add(CopyOf(data.samples[sample].path, mild_edit, others,
                            MixSeed(MixSeed(options.seed, sample), number))));
    copies.originals.push_back(pictures.AddSample(sample));
  };
  for (const size_t sample : originals) {
    for (size_t edit = 0; edit < MildEdits().size(); ++edit) {
      add(set.mild, sample, edit, edit);
    }
    for (int i = 0; i < options.strong_copies; ++i) {
      add(set.strong, sample, std::nullopt,
          MildEdits().size() + static_cast<uint64_t>(i));
    }
  }
}

// Some of the tested pictures, in a random order.
std::vector<size_t> DrawOriginals(absl::Span<const size_t> tested,
                                  const CopyTaskOptions& options) {
  std::vector<size_t> drawn(tested.begin(), tested.end());
  Random(options.seed).Shuffle(drawn);
  if (drawn.size() > options.originals) drawn.resize(options.originals);
  return drawn;
}

// What collages and covers are made of.
struct Others {
  SharedPictures pictures;
  std::set<std::string> paths;
};

// Some of `paths`, at most a tenth: they are then no references, because a copy
// does show them.
Others DrawOthers(std::vector<std::string> paths,
                  const CopyTaskOptions& options) {
  Random(options.seed, 1).Shuffle(paths);
  const size_t wanted =
      std::min(kOthers, std::max<size_t>(1, paths.size() / 10));
  Others others;
  for (const std::string& path : paths) {
    if (others.pictures.size() == wanted) break;
    absl::StatusOr<Image> image = ReadPicture(path, kOtherSide);
    if (!image.ok()) continue;
    others.pictures.push_back(std::make_shared<const Image>(*std::move(image)));
    others.paths.insert(path);
  }
  return others;
}

}  // namespace

CopyReferences Described(const std::vector<size_t>& references,
                         const DescribedPictures& described) {
  CopyReferences kept;
  for (const size_t picture : references) {
    if (!described.row_of[picture].has_value()) continue;
    kept.of_picture[picture] = kept.rows.size();
    kept.pictures.push_back(picture);
    kept.rows.push_back(*described.row_of[picture]);
  }
  return kept;
}

CopyQueries Described(const Copies& copies, const DescribedPictures& described,
                      const CopyReferences& references) {
  CopyQueries queries;
  for (size_t i = 0; i < copies.pictures.size(); ++i) {
    const auto original = references.of_picture.find(copies.originals[i]);
    if (!described.row_of[copies.pictures[i]].has_value() ||
        original == references.of_picture.end()) {
      continue;
    }
    queries.pictures.push_back(copies.pictures[i]);
    queries.rows.push_back(*described.row_of[copies.pictures[i]]);
    queries.originals.push_back(original->second);
  }
  queries.distinct_originals = queries.originals;
  std::sort(queries.distinct_originals.begin(),
            queries.distinct_originals.end());
  queries.distinct_originals.erase(
      std::unique(queries.distinct_originals.begin(),
                  queries.distinct_originals.end()),
      queries.distinct_originals.end());
  return queries;
}

absl::StatusOr<CopySet> MakeCopySet(const DataSet& data,
                                    absl::Span<const size_t> tested,
                                    const CopyTaskOptions& options,
                                    TaskPictures& pictures) {
  if (tested.empty()) {
    return InvalidField("data", "has no tested picture to make copies of");
  }
  const std::vector<size_t> originals = DrawOriginals(tested, options);
  const std::set<size_t> taken(originals.begin(), originals.end());
  std::vector<std::string> rest = options.distractors;
  for (size_t i = 0; i < data.samples.size(); ++i) {
    if (taken.count(i) == 0) rest.push_back(data.samples[i].path);
  }
  const Others others = DrawOthers(std::move(rest), options);
  CopySet set;
  set.mild.name = "mild";
  set.strong.name = "strong";
  for (size_t i = 0; i < data.samples.size(); ++i) {
    if (others.paths.count(data.samples[i].path) > 0) continue;
    set.references.push_back(pictures.AddSample(i));
  }
  for (const std::string& path : options.distractors) {
    if (others.paths.count(path) > 0) continue;
    set.references.push_back(pictures.Add(FileOf(path)));
  }
  AddCopies(data, originals, others.pictures, options, pictures, set);
  return set;
}

}  // namespace likeness
