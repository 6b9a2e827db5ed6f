// likeness classify: what is on a picture, by a few examples.
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/dataset/dataset.h"
#include "engine/embed/picture_encoder.h"
#include "server/recognition.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/target.h"

namespace likeness {
namespace {

struct ClassifyFlags {
  std::string support;
  std::vector<std::string> pictures;
  std::string space = "similar";
  std::string rule = "prototype";
  float min_similarity = 0;
  double precision = 0;
  const CLI::Option* min_similarity_option = nullptr;
  const CLI::Option* precision_option = nullptr;
  ModelTargetFlags target;
};

// A request, and the files that its pictures came from.
struct Question {
  v1::ClassifyRequest request;
  std::vector<std::string> support;  // Path of each example.
};

absl::StatusOr<Question> MakeQuestion(const ClassifyFlags& flags) {
  Question question;
  v1::ClassifyRequest& request = question.request;
  ASSIGN_OR_RETURN(const Space space, ParseSpace(flags.space));
  ASSIGN_OR_RETURN(const FewShotRule rule, ParseFewShotRule(flags.rule));
  request.set_space(ToWire(space));
  request.set_rule(rule == FewShotRule::kNearest ? v1::FEW_SHOT_RULE_NEAREST
                                                 : v1::FEW_SHOT_RULE_PROTOTYPE);
  if (flags.min_similarity_option->count() > 0) {
    request.set_min_similarity(flags.min_similarity);
  }
  if (flags.precision_option->count() > 0) {
    request.set_precision(flags.precision);
  }
  ASSIGN_OR_RETURN(const DataSet data, ReadDataSet(flags.support));
  for (const Sample& sample : data.samples) {
    if (sample.label < 0) continue;
    v1::LabelledPicture& example = *request.add_support();
    example.set_label(data.classes[static_cast<size_t>(sample.label)]);
    ASSIGN_OR_RETURN(*example.mutable_picture(),
                     ReadFile(sample.path, DecodeLimits().max_bytes));
    question.support.push_back(sample.path);
  }
  if (question.support.empty()) {
    return InvalidField("--support", absl::StrCat(flags.support,
                                                  " has no folder for a label "
                                                  "with pictures in it"));
  }
  for (const std::string& path : flags.pictures) {
    ASSIGN_OR_RETURN(*request.add_pictures(),
                     ReadFile(path, DecodeLimits().max_bytes));
  }
  return question;
}

// Puts the file's name where the status has a field like "support[3].picture".
absl::Status NameFile(const absl::Status& status, const Question& question,
                      const ClassifyFlags& flags) {
  if (!IsBadPicture(status)) return status;
  const std::string field = FieldOf(status);
  const bool is_support = absl::StartsWith(field, "support");
  const std::vector<std::string>& paths =
      is_support ? question.support : flags.pictures;
  const size_t begin = field.find('[');
  size_t number = 0;
  if (begin == std::string::npos ||
      !absl::SimpleAtoi(field.substr(begin + 1, field.find(']') - begin - 1),
                        &number) ||
      number >= paths.size()) {
    return status;
  }
  return WithContext(WithoutFieldName(status), paths[number]);
}

absl::StatusOr<v1::ClassifyResponse> Ask(const ClassifyFlags& flags,
                                         const Question& question) {
  if (flags.target.remote()) {
    return RemoteClient(flags.target.server).Classify(question.request);
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   LoadModel(flags.target.model));
  const PictureEncoder encoder(*embedder, DecodeLimits(), kThumbnailSide);
  return ClassifyPictures(question.request, encoder,
                          [] { return absl::OkStatus(); });
}

std::string ClassifyText(const ClassifyFlags& flags,
                         const v1::ClassifyResponse& response) {
  std::string text;
  for (size_t i = 0; i < flags.pictures.size(); ++i) {
    const v1::Classification& found =
        response.classifications(static_cast<int>(i));
    absl::StrAppendFormat(&text, "%s\t%s\t%.4f\n", flags.pictures[i],
                          found.label().empty() ? "unknown" : found.label(),
                          found.ranking(0).similarity());
  }
  return text;
}

nlohmann::ordered_json ClassifyJson(const ClassifyFlags& flags,
                                    const Question& question,
                                    const v1::ClassifyResponse& response) {
  using Json = nlohmann::ordered_json;
  Json document = {{"model_id", response.model_id()},
                   {"space", flags.space},
                   {"rule", flags.rule},
                   {"min_similarity", response.has_min_similarity()
                                          ? Json(response.min_similarity())
                                          : Json()},
                   {"pictures", Json::array()}};
  for (size_t i = 0; i < flags.pictures.size(); ++i) {
    const v1::Classification& found =
        response.classifications(static_cast<int>(i));
    Json picture = {
        {"picture", flags.pictures[i]},
        {"label", found.label().empty() ? Json() : Json(found.label())},
        {"ranking", Json::array()}};
    for (const v1::LabelSimilarity& entry : found.ranking()) {
      picture["ranking"].push_back(
          {{"label", entry.label()},
           {"similarity", entry.similarity()},
           {"nearest_example",
            question.support[static_cast<size_t>(entry.nearest_example())]}});
    }
    document["pictures"].push_back(std::move(picture));
  }
  return document;
}

absl::Status RunClassify(const ClassifyFlags& flags,
                         const CommandContext& context) {
  ASSIGN_OR_RETURN(const Question question, MakeQuestion(flags));
  const absl::StatusOr<v1::ClassifyResponse> response = Ask(flags, question);
  if (!response.ok()) return NameFile(response.status(), question, flags);
  if (context.json) {
    PrintJson(ClassifyJson(flags, question, *response));
  } else {
    std::cout << ClassifyText(flags, *response);
  }
  return absl::OkStatus();
}

}  // namespace

void AddClassifyCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<ClassifyFlags>();
  CLI::App* command = AddCommand(
      app, "classify",
      "Recognise pictures by a few examples.\n"
      "The examples lie in a folder for each label. Prints picture, label and "
      "cosine,\nwith tabs between; \"unknown\" where nothing is near enough: "
      "below the threshold for\n--precision, below --min-similarity, or, with "
      "neither, below the loosest threshold\nof a calibrated model. A model "
      "without calibration knows every picture.",
      "  likeness classify --support examples/ photo.jpg\n"
      "  likeness classify --support examples/ --rule nearest --precision 0.95 "
      "\\\n    new/*.jpg --json\n");
  command
      ->add_option("--support", flags->support,
                   "Folder with a folder of examples for each label, or a "
                   "manifest; 1000 examples at most")
      ->required();
  command->add_option("IMAGE", flags->pictures, "Pictures, 100 at most")
      ->required();
  command
      ->add_option(
          "--rule", flags->rule,
          "prototype (mean of a label's examples) or nearest (example)")
      ->capture_default_str();
  command->add_option("--space", flags->space, "similar or copy")
      ->capture_default_str();
  flags->min_similarity_option =
      command
          ->add_option("--min-similarity", flags->min_similarity,
                       "Less alike is unknown")
          ->check(CLI::Range(-1.0, 1.0));
  CLI::Option* precision =
      command->add_option("--precision", flags->precision,
                          "Less alike than this precision takes is unknown");
  precision->excludes(command->get_option("--min-similarity"));
  flags->precision_option = precision;
  AddModelTargetFlags(*command, context, flags->target);
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("classify", RunClassify(*flags, context));
  });
}

}  // namespace likeness
