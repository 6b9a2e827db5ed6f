#include "tools/tested_data.h"

#include <filesystem>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/dataset/split.h"

namespace likeness {
namespace {

absl::Status MakeSplit(const TestedDataFlags& flags, DataSet& data) {
  if (!flags.split.empty()) {
    if (flags.split_seed >= 0) {
      return InvalidField("--split-seed", "makes no sense beside --split");
    }
    ASSIGN_OR_RETURN(const ClassSplit split, ReadSplit(flags.split));
    return ApplySplit(split, data);
  }
  if (flags.split_seed >= 0) {
    const SplitUnit unit =
        flags.split_by == "group" ? SplitUnit::kClassGroup : SplitUnit::kClass;
    return SplitByClass(data, SplitFractions(),
                        static_cast<uint64_t>(flags.split_seed), unit)
        .status();
  }
  return CheckSplit(data);  // The data's own, if it has one.
}

// Says where the split is from, without folders that mean nothing elsewhere.
std::string SplitText(const TestedDataFlags& flags) {
  if (!flags.split.empty()) {
    return std::filesystem::path(flags.split).filename().string();
  }
  if (flags.split_seed < 0) return "as the data has it";
  return absl::StrCat("seed ", flags.split_seed, " by ", flags.split_by);
}

std::string ChooseSide(const TestedDataFlags& flags, const DataSet& data) {
  if (!flags.on.empty()) return flags.on;
  return SamplesOf(data, Split::kTest).empty() ? "all" : "test";
}

}  // namespace

void AddTestedDataFlags(CLI::App& command, TestedDataFlags& flags) {
  command
      .add_option("--data", flags.data,
                  "Pictures: a folder for each class, a manifest, or a folder "
                  "with one")
      ->required();
  command.add_option("--split", flags.split,
                     "File with the classes of each side, as training wrote "
                     "it");
  command
      .add_option("--split-seed", flags.split_seed,
                  "Draw a split with this seed: 60 % of the classes train, "
                  "20 % validation, 20 % test")
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()));
  command
      .add_option("--split-by", flags.split_by,
                  "What a drawn split keeps together: class or group")
      ->check(CLI::IsMember({"class", "group"}))
      ->capture_default_str();
  command
      .add_option("--on", flags.on,
                  "Side of the split that is judged: train, validation, test "
                  "or all (default: test where there is one, else all)")
      ->check(CLI::IsMember({"train", "validation", "test", "all"}));
  command
      .add_option("--class-depth", flags.class_depth,
                  "How many folders make a class; 0: the one that holds the "
                  "picture")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
}

absl::StatusOr<TestedData> ReadTestedData(const TestedDataFlags& flags) {
  TestedData tested;
  ASSIGN_OR_RETURN(tested.data, ReadDataSet(flags.data, {flags.class_depth}));
  RETURN_IF_ERROR(MakeSplit(flags, tested.data));
  tested.training = SamplesOf(tested.data, Split::kTrain);
  tested.split = SplitText(flags);
  tested.side = ChooseSide(flags, tested.data);
  if (tested.side == "all") {
    tested.tested = AllSamples(tested.data);
  } else {
    for (const Split split :
         {Split::kTrain, Split::kValidation, Split::kTest}) {
      if (SplitName(split) == tested.side) {
        tested.tested = SamplesOf(tested.data, split);
      }
    }
  }
  if (tested.tested.empty()) {
    return InvalidField("--on", absl::StrCat("no picture of ", flags.data,
                                             " is on the side ", tested.side));
  }
  return tested;
}

}  // namespace likeness
