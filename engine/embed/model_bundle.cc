#include "engine/embed/model_bundle.h"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/sha256.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr uint64_t kMaxCardBytes = uint64_t{1} << 20;
constexpr uint64_t kMaxWeightBytes = uint64_t{2} << 30;
constexpr int kMaxInputSide = 512;  // What PreparePicture can make.
constexpr int kMaxDimensions = 4096;

absl::Status Corrupt(absl::string_view message) {
  return WithReason(
      absl::DataLossError(absl::StrCat("model bundle: ", message)),
      kReasonCorruptData);
}

// Member `key` of `object` as a T. Json's own conversions throw, so the type is
// checked first.
absl::StatusOr<std::string> GetString(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    return Corrupt(absl::StrCat("card.json has no text \"", key, "\""));
  }
  return found->get<std::string>();
}

absl::StatusOr<double> GetNumber(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) {
    return Corrupt(absl::StrCat("card.json has no number \"", key, "\""));
  }
  return found->get<double>();
}

absl::StatusOr<int> GetInt(const Json& object, const char* key, int min,
                           int max) {
  ASSIGN_OR_RETURN(const double value, GetNumber(object, key));
  if (!(value >= min && value <= max) || value != std::floor(value)) {
    return Corrupt(absl::StrCat("card.json: \"", key, "\" is ", value,
                                ", not an integer of ", min, "..", max));
  }
  return static_cast<int>(value);
}

absl::StatusOr<Json> GetObject(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object()) {
    return Corrupt(absl::StrCat("card.json has no object \"", key, "\""));
  }
  return *found;
}

absl::StatusOr<Fit> ParseFit(absl::string_view name) {
  if (name == "stretch") return Fit::kStretch;
  if (name == "pad") return Fit::kPad;
  return Corrupt(absl::StrCat("card.json: there is no fit \"", name,
                              "\"; use stretch or pad"));
}

absl::StatusOr<HeadSpec> ParseHead(const Json& json) {
  HeadSpec head;
  ASSIGN_OR_RETURN(head.pooling, GetString(json, "pooling"));
  ASSIGN_OR_RETURN(head.dimensions,
                   GetInt(json, "dimensions", 1, kMaxDimensions));
  if (head.pooling == "gem") {
    ASSIGN_OR_RETURN(const double p, GetNumber(json, "gem_p"));
    if (!(p >= 1 && p <= 100)) {
      return Corrupt(
          absl::StrCat("card.json: \"gem_p\" is ", p, ", not in 1..100"));
    }
    head.gem_p = static_cast<float>(p);
  }
  if (json.contains("projection")) {
    ASSIGN_OR_RETURN(head.projection, GetString(json, "projection"));
  }
  if (json.contains("normalize_pooled")) {
    if (!json["normalize_pooled"].is_boolean()) {
      return Corrupt("card.json: \"normalize_pooled\" is not true or false");
    }
    head.normalize_pooled = json["normalize_pooled"].get<bool>();
  }
  return head;
}

absl::Status ParsePreprocessing(const Json& json, ModelBundle& bundle) {
  ASSIGN_OR_RETURN(bundle.preprocessing_version,
                   GetInt(json, "version", 1, 1'000'000));
  ASSIGN_OR_RETURN(bundle.input_side,
                   GetInt(json, "input_side", 1, kMaxInputSide));
  ASSIGN_OR_RETURN(const std::string fit, GetString(json, "fit"));
  ASSIGN_OR_RETURN(bundle.fit, ParseFit(fit));
  ASSIGN_OR_RETURN(const double mean, GetNumber(json, "mean"));
  ASSIGN_OR_RETURN(const double scale, GetNumber(json, "scale"));
  if (!std::isfinite(mean) || !std::isfinite(scale) || scale <= 0) {
    return Corrupt(absl::StrCat("card.json: mean ", mean, " or scale ", scale,
                                " makes no sense"));
  }
  bundle.pixel_mean = static_cast<float>(mean);
  bundle.pixel_scale = static_cast<float>(scale);
  return absl::OkStatus();
}

// What a bundle is known by: the SHA-256 of the compact JSON text, keys sorted,
// of {"architecture", "heads", "preprocessing", "weights"}. The first three are
// the card's members as they stand, "weights" is the SHA-256 of
// weights.safetensors in hexadecimal. Name, source, licence, notes, calibration
// and metrics decide no vector and are left out, so they may be corrected
// without making a new model.
std::string ContentId(const Json& card, absl::string_view weights) {
  Json decides;
  for (const char* key : {"architecture", "heads", "preprocessing"}) {
    decides[key] = card[key];
  }
  decides["weights"] = ToHex(Sha256(weights));
  // Json::object_t is a std::map: its keys come out sorted. A text that is not
  // UTF-8 cannot come from parsing.
  return ToHex(Sha256(decides.dump()));
}

absl::StatusOr<Json> ParseCard(absl::string_view text) {
  Json card = Json::parse(text.begin(), text.end(), /*cb=*/nullptr,
                          /*allow_exceptions=*/false);
  if (!card.is_object()) return Corrupt("card.json is not a JSON object");
  ASSIGN_OR_RETURN(const int format, GetInt(card, "format", 0, 1'000'000));
  if (format != kFormat) {
    return Corrupt(absl::StrCat("card.json has format ", format,
                                ", this program reads ", kFormat));
  }
  return card;
}

absl::Status ParseCalibration(const Json& card, ModelBundle& bundle) {
  if (!card.contains("calibration")) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Json spaces, GetObject(card, "calibration"));
  ASSIGN_OR_RETURN(const std::string model_id, GetString(spaces, "model_id"));
  if (model_id != bundle.id) {
    return Corrupt(
        absl::StrCat("card.json: calibration is that of the model ", model_id));
  }
  for (const auto& [name, json] : spaces.items()) {
    if (name == "model_id") continue;
    const absl::StatusOr<Space> space = ParseSpace(name);
    if (!space.ok()) {
      return Corrupt(absl::StrCat("card.json: calibration of a space \"", name,
                                  "\", which there is not"));
    }
    absl::StatusOr<Calibration> calibration =
        CalibrationFromJson(json, absl::StrCat("calibration.", name));
    if (!calibration.ok()) {
      return Corrupt(
          absl::StrCat("card.json: ", calibration.status().message()));
    }
    bundle.calibration[*space] = *std::move(calibration);
  }
  return absl::OkStatus();
}

// Figures are for people: all that is checked is whose they are.
absl::Status CheckMetrics(const Json& card, const std::string& id) {
  if (!card.contains("metrics")) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Json metrics, GetObject(card, "metrics"));
  ASSIGN_OR_RETURN(const std::string model_id, GetString(metrics, "model_id"));
  if (model_id == id) return absl::OkStatus();
  return Corrupt(
      absl::StrCat("card.json: metrics are those of the model ", model_id));
}

// Lets `edit` change the card of the bundle in `folder`. Keeps the order of its
// members, which people read.
absl::Status EditCard(
    const std::string& folder,
    const std::function<void(nlohmann::ordered_json& card)>& edit) {
  const std::string path = absl::StrCat(folder, "/card.json");
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxCardBytes));
  RETURN_IF_ERROR(ParseCard(text).status());
  nlohmann::ordered_json card = nlohmann::ordered_json::parse(text);
  edit(card);
  return WriteFileDurably(path, card.dump(2) + "\n");
}

}  // namespace

absl::StatusOr<ModelBundle> ModelBundle::Load(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::string card_text,
                   ReadFile(absl::StrCat(folder, "/card.json"), kMaxCardBytes));
  ASSIGN_OR_RETURN(
      std::string weights,
      ReadFile(absl::StrCat(folder, "/weights.safetensors"), kMaxWeightBytes));
  return Parse(card_text, std::move(weights));
}

absl::StatusOr<ModelBundle> ModelBundle::Parse(absl::string_view card_text,
                                               std::string weights) {
  ASSIGN_OR_RETURN(const Json card, ParseCard(card_text));

  ModelBundle bundle;
  ASSIGN_OR_RETURN(bundle.name, GetString(card, "name"));
  ASSIGN_OR_RETURN(bundle.id, GetString(card, "content_id"));
  ASSIGN_OR_RETURN(bundle.architecture, GetString(card, "architecture"));
  ASSIGN_OR_RETURN(const Json preprocessing, GetObject(card, "preprocessing"));
  ASSIGN_OR_RETURN(const Json heads, GetObject(card, "heads"));
  // Before anything else is believed: damage shows here.
  if (const std::string id = ContentId(card, weights); id != bundle.id) {
    return Corrupt(
        absl::StrCat("card.json and weights.safetensors have the content id ",
                     id, ", the card states ", bundle.id));
  }
  RETURN_IF_ERROR(ParsePreprocessing(preprocessing, bundle));
  for (const Space space : kAllSpaces) {
    const std::string name(SpaceName(space));
    ASSIGN_OR_RETURN(const Json head, GetObject(heads, name.c_str()));
    ASSIGN_OR_RETURN(bundle.heads[space], ParseHead(head));
  }
  RETURN_IF_ERROR(ParseCalibration(card, bundle));
  RETURN_IF_ERROR(CheckMetrics(card, bundle.id));
  ASSIGN_OR_RETURN(bundle.weights, SafeTensors::Parse(std::move(weights)));
  return bundle;
}

absl::StatusOr<std::string> SealCard(absl::string_view card_text,
                                     absl::string_view weights) {
  Json card = Json::parse(card_text.begin(), card_text.end(), /*cb=*/nullptr,
                          /*allow_exceptions=*/false);
  for (const char* key : {"architecture", "heads", "preprocessing"}) {
    if (!card.is_object() || !card.contains(key)) {
      return absl::InvalidArgumentError(
          absl::StrCat("the card has no \"", key, "\""));
    }
  }
  card["content_id"] = ContentId(card, weights);
  return card.dump(2) + "\n";
}

absl::Status SaveModelBundle(const std::string& folder,
                             absl::string_view sealed_card,
                             absl::string_view weights) {
  const std::string card_path = absl::StrCat(folder, "/card.json");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::remove(card_path, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        "can't make way for a bundle in ", folder, ": ", error.message()));
  }
  RETURN_IF_ERROR(
      WriteFileDurably(absl::StrCat(folder, "/weights.safetensors"), weights));
  return WriteFileDurably(card_path, sealed_card);
}

absl::Status StoreCalibration(
    const std::string& folder,
    const PerSpace<std::optional<Calibration>>& fits) {
  return EditCard(folder, [&](nlohmann::ordered_json& card) {
    card["calibration"]["model_id"] = card["content_id"];
    for (const Space space : kAllSpaces) {
      if (!fits[space].has_value()) continue;
      card["calibration"][std::string(SpaceName(space))] =
          CalibrationToJson(*fits[space]);
    }
  });
}

absl::Status StoreMetrics(const std::string& folder, const std::string& name,
                          const nlohmann::ordered_json& figures) {
  if (name.empty()) return InvalidField("name", "is empty");
  return EditCard(folder, [&](nlohmann::ordered_json& card) {
    card["metrics"]["model_id"] = card["content_id"];
    card["metrics"]["evaluations"][name] = figures;
  });
}

}  // namespace likeness
