#include "tools/showcase.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "engine/core/file_source.h"
#include "engine/core/status_macros.h"
#include "tools/showcase_copies.h"
#include "tools/showcase_picture.h"

namespace likeness {
namespace {

// `count` pictures, evenly spread over all files; those that are none are
// passed over.
absl::StatusOr<std::vector<ShowcasePicture>> PickPictures(
    const std::vector<std::string>& roots, int count) {
  std::vector<std::string> paths;
  FileSource source(roots, Repeats::kSkip);
  while (std::optional<FoundFile> found = source.Next()) {
    RETURN_IF_ERROR(found->status);
    paths.push_back(std::move(found->path));
  }
  std::vector<ShowcasePicture> pictures;
  const size_t wanted = static_cast<size_t>(count);
  for (size_t i = 0; i < std::min(wanted, paths.size()); ++i) {
    const size_t end = paths.size() * (i + 1) / wanted;
    // The middle of its share, or the next one that is a picture.
    for (size_t at = paths.size() * (2 * i + 1) / (2 * wanted);
         at < std::max(end, i + 1); ++at) {
      absl::StatusOr<ShowcasePicture> picture = LoadShowcasePicture(paths[at]);
      if (!picture.ok()) continue;
      pictures.push_back(*std::move(picture));
      break;
    }
  }
  if (pictures.empty()) {
    return absl::NotFoundError(absl::StrCat(
        "there is no picture to ask with in ", absl::StrJoin(roots, ", ")));
  }
  return pictures;
}

ReportPicture ToReport(const v1::Hit& hit) {
  ReportPicture picture;
  picture.jpeg = hit.item().thumbnail();
  picture.caption = BaseName(hit.item().id());
  picture.detail = hit.item().id();
  picture.similarities = {{"similar", hit.similarity()}};
  return picture;
}

// One query's row. A neighbour with the query's own bytes is the query itself.
absl::StatusOr<ReportRow> AskForNeighbors(const RemoteClient& client,
                                          const ShowcaseOptions& options,
                                          ShowcasePicture& picture,
                                          absl::Duration* slowest) {
  v1::SearchRequest request;
  request.set_collection(options.collection);
  request.set_picture(picture.bytes);
  request.set_space(v1::SPACE_SIMILAR);
  request.set_k(options.neighbors + 1);
  request.set_with_thumbnails(true);
  const absl::Time begin = absl::Now();
  ASSIGN_OR_RETURN(const v1::SearchResponse response, client.Search(request));
  *slowest = std::max(*slowest, absl::Now() - begin);
  ReportRow row;
  row.query = QueryOf(picture);
  for (const v1::Hit& hit : response.hits()) {
    if (hit.item().picture().sha256() == picture.sha256) {
      picture.item_id = hit.item().id();
    } else if (static_cast<int>(row.answers.size()) < options.neighbors) {
      row.answers.push_back(ToReport(hit));
    }
  }
  return row;
}

std::vector<std::pair<std::string, std::string>> Facts(
    const v1::Collection& collection, const CopiesResult& copies,
    absl::Duration slowest) {
  std::vector<std::string> spaces;
  for (const v1::SpaceConfig& config : collection.spaces()) {
    spaces.push_back(absl::StrCat(SpaceName(FromWire(config.space())), " ",
                                  config.dimensions()));
  }
  return {
      {"Pictures in the collection", absl::StrCat(collection.item_count())},
      {"Edited copies found first",
       absl::StrCat(copies.found_first, " of ", copies.asked)},
      {"Slowest search, with decoding",
       absl::StrFormat("%.0f ms", absl::ToDoubleMilliseconds(slowest))},
      {"Dimensions of the spaces", absl::StrJoin(spaces, ", ")},
      {"Model", collection.model_id().substr(0, 12)},
  };
}

}  // namespace

absl::StatusOr<ReportPage> MakeShowcase(const RemoteClient& client,
                                        const ShowcaseOptions& options) {
  ASSIGN_OR_RETURN(const v1::Collection collection,
                   client.GetCollection(options.collection));
  ASSIGN_OR_RETURN(std::vector<ShowcasePicture> pictures,
                   PickPictures(options.paths, options.queries));
  ReportSection neighbors;
  neighbors.heading = "Which products look like this one?";
  neighbors.text =
      "Left the picture that was sent, right the nearest others in the "
      "\"similar\" space. The bar is the cosine of the two vectors.";
  absl::Duration slowest;
  for (ShowcasePicture& picture : pictures) {
    ASSIGN_OR_RETURN(ReportRow row,
                     AskForNeighbors(client, options, picture, &slowest));
    neighbors.rows.push_back(std::move(row));
  }
  ASSIGN_OR_RETURN(CopiesResult copies,
                   AskForCopies(client, options, pictures));
  ReportPage page;
  page.title = "What looks like this?";
  page.subtitle =
      absl::StrCat("Answers of a Likeness server at ", client.address(),
                   " about the "
                   "collection \"",
                   options.collection, "\", ",
                   absl::FormatTime("%e %B %Y, %H:%M UTC", absl::Now(),
                                    absl::UTCTimeZone()));
  page.facts = Facts(collection, copies, slowest);
  page.sections = {std::move(neighbors), std::move(copies.section)};
  page.footer =
      "Made by likeness showcase. Every figure is an answer of the server; "
      "rest the pointer on a picture for its id.";
  return page;
}

}  // namespace likeness
