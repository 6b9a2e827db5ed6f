// likeness compare: two pictures beside each other.
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/image/decode.h"
#include "engine/keypoints/keypoints.h"
#include "engine/keypoints/match.h"
#include "server/recognition.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/target.h"

namespace likeness {
namespace {

struct CompareFlags {
  std::string a;
  std::string b;
  ModelTargetFlags target;
};

absl::StatusOr<Keypoints> KeypointsOf(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, DecodeLimits().max_bytes));
  ASSIGN_OR_RETURN(const DecodedImage decoded,
                   DecodeImage(bytes, DecodeLimits(), kKeypointSide));
  return ExtractKeypoints(decoded.image);
}

absl::StatusOr<KeypointMatch> LookAgain(const CompareFlags& flags) {
  ASSIGN_OR_RETURN(const Keypoints a, KeypointsOf(flags.a));
  ASSIGN_OR_RETURN(const Keypoints b, KeypointsOf(flags.b));
  return MatchKeypoints(a, b);
}

absl::StatusOr<v1::CompareResponse> CompareLocally(const CompareFlags& flags) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   LoadModel(flags.target.model));
  const PictureEncoder encoder(*embedder, DecodeLimits(), kThumbnailSide);
  ASSIGN_OR_RETURN(const EncodedPicture a, EncodeFile(encoder, flags.a));
  ASSIGN_OR_RETURN(const EncodedPicture b, EncodeFile(encoder, flags.b));
  v1::CompareResponse response;
  CompareEmbeddings(a.embedding, b.embedding, embedder->model(), response);
  response.set_identical_bytes(a.facts.content_hash == b.facts.content_hash);
  return response;
}

absl::StatusOr<v1::CompareResponse> CompareRemotely(const CompareFlags& flags) {
  v1::CompareRequest request;
  ASSIGN_OR_RETURN(*request.mutable_picture_a(),
                   ReadFile(flags.a, DecodeLimits().max_bytes));
  ASSIGN_OR_RETURN(*request.mutable_picture_b(),
                   ReadFile(flags.b, DecodeLimits().max_bytes));
  absl::StatusOr<v1::CompareResponse> response =
      RemoteClient(flags.target.server).Compare(request);
  if (response.ok() || !IsBadPicture(response.status())) return response;
  const bool first = FieldOf(response.status()) == "picture_a";
  return WithContext(WithoutFieldName(response.status()),
                     first ? flags.a : flags.b);
}

// "similar product: yes, at a precision of 0.95 (probability 0.982)"
std::string VerdictText(const v1::SpaceComparison& comparison) {
  std::string text = FromWire(comparison.space()) == Space::kSimilar
                         ? "similar product: "
                         : "near-duplicate: ";
  if (!comparison.has_probability()) {
    return absl::StrCat(text, "no verdict, the model is not calibrated\n");
  }
  if (comparison.precision() > 0) {
    absl::StrAppendFormat(&text, "yes, at a precision of %g",
                          comparison.precision());
  } else {
    absl::StrAppend(&text, "not vouched for");
  }
  absl::StrAppendFormat(&text, " (probability %.3f)\n",
                        comparison.probability());
  return text;
}

std::string CompareText(const v1::CompareResponse& response) {
  std::string text = "space     cosine  euclidean  manhattan\n";
  for (const v1::SpaceComparison& comparison : response.comparisons()) {
    absl::StrAppendFormat(&text, "%-7s  %7.4f  %9.4f  %9.3f\n",
                          SpaceName(FromWire(comparison.space())),
                          comparison.similarity(), comparison.euclidean(),
                          comparison.manhattan());
  }
  for (const v1::SpaceComparison& comparison : response.comparisons()) {
    absl::StrAppend(&text, VerdictText(comparison));
  }
  absl::StrAppendFormat(
      &text, "PDQ hashes differ in %d of 256 bits (quality %d and %d of 100)\n",
      response.pdq_distance(), response.pdq_quality_a(),
      response.pdq_quality_b());
  absl::StrAppendFormat(&text, "the files are %s\n",
                        response.identical_bytes() ? "the same, byte for byte"
                                                   : "not the same bytes");
  return text;
}

// "second look: 212 of 240 alike points agree on one mapping (mirrored): ..."
std::string SecondLookText(const KeypointMatch& match) {
  return absl::StrFormat(
      "second look: %d of %d alike points agree on one mapping%s: %s\n",
      match.inliers, match.alike, match.mirrored ? " (mirrored)" : "",
      match.IsProof() ? "both show one thing"
                      : "no proof that both show one thing");
}

nlohmann::ordered_json CompareJson(const v1::CompareResponse& response) {
  nlohmann::ordered_json document = {{"model_id", response.model_id()},
                                     {"spaces", nlohmann::ordered_json()}};
  for (const v1::SpaceComparison& comparison : response.comparisons()) {
    nlohmann::ordered_json space = {{"cosine", comparison.similarity()},
                                    {"euclidean", comparison.euclidean()},
                                    {"manhattan", comparison.manhattan()}};
    if (comparison.has_probability()) {
      space["match"] = comparison.precision() > 0;
      space["precision"] = comparison.precision();
      space["probability"] = comparison.probability();
    }
    document["spaces"][std::string(SpaceName(FromWire(comparison.space())))] =
        std::move(space);
  }
  document["pdq_distance"] = response.pdq_distance();
  document["pdq_quality_a"] = response.pdq_quality_a();
  document["pdq_quality_b"] = response.pdq_quality_b();
  document["identical_bytes"] = response.identical_bytes();
  return document;
}

nlohmann::ordered_json SecondLookJson(const KeypointMatch& match) {
  return {{"alike_points", match.alike},
          {"inliers", match.inliers},
          {"mirrored", match.mirrored},
          {"evidence", match.evidence},
          {"proof", match.IsProof()}};
}

absl::Status RunCompare(const CompareFlags& flags,
                        const CommandContext& context) {
  const bool remote = flags.target.remote();
  ASSIGN_OR_RETURN(const v1::CompareResponse response,
                   remote ? CompareRemotely(flags) : CompareLocally(flags));
  std::optional<KeypointMatch> second_look;  // Made here, where pictures are.
  if (!remote) {
    ASSIGN_OR_RETURN(second_look, LookAgain(flags));
  }
  if (context.json) {
    nlohmann::ordered_json document = CompareJson(response);
    if (second_look.has_value()) {
      document["second_look"] = SecondLookJson(*second_look);
    }
    PrintJson(document);
  } else {
    std::cout << CompareText(response);
    if (second_look.has_value()) std::cout << SecondLookText(*second_look);
  }
  return absl::OkStatus();
}

}  // namespace

void AddCompareCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<CompareFlags>();
  CLI::App* command = AddCommand(
      app, "compare",
      "Compare two pictures.\n"
      "Prints the cosine (-1 to 1, larger is more alike), the Euclidean (0 to "
      "2) and Manhattan distance (smaller is more alike) in each space, "
      "and the bits in\nwhich their PDQ hashes differ (0 to 256). A calibrated "
      "model also gives two\nverdicts, similar product and near-duplicate, "
      "with "
      "the precision that it vouches\nfor and the probability. Here (not on a "
      "server) it also takes a second look: how\nmany points of the one "
      "picture lie in the other as one mapping has it.",
      "  likeness compare a.jpg b.jpg\n"
      "  likeness compare a.jpg b.jpg --server localhost:50051 --json\n");
  command->add_option("A", flags->a, "First picture")->required();
  command->add_option("B", flags->b, "Second picture")->required();
  AddModelTargetFlags(*command, context, flags->target);
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("compare", RunCompare(*flags, context));
  });
}

}  // namespace likeness
