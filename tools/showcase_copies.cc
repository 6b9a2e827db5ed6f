#include "tools/showcase_copies.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/status_macros.h"
#include "engine/image/edit.h"
#include "engine/image/encode.h"

namespace likeness {
namespace {

constexpr int kDepth = 10;        // Ranks that are looked at.
constexpr int kCopyQuality = 90;  // Of the JPEG that is sent.

// What the server said about one edited copy.
struct CopyAnswer {
  PerSpace<int> rank;          // Of the original, from 1; 0: not in kDepth.
  PerSpace<float> similarity;  // To the original.
};

struct EditTally {
  int asked = 0;
  PerSpace<int> first;
  PerSpace<double> similarity;  // Sum.
};

absl::StatusOr<CopyAnswer> Ask(const RemoteClient& client,
                               const std::string& collection,
                               const ShowcasePicture& original,
                               const std::string& copy) {
  CopyAnswer answer;
  v1::SearchRequest request;
  request.set_collection(collection);
  request.set_picture(copy);
  request.set_k(kDepth);
  for (const Space space : kAllSpaces) {
    request.set_space(ToWire(space));
    ASSIGN_OR_RETURN(const v1::SearchResponse response, client.Search(request));
    for (int i = response.hits_size(); i > 0; --i) {
      const v1::Item& item = response.hits(i - 1).item();
      if (item.picture().sha256() == original.sha256) answer.rank[space] = i;
    }
  }
  v1::CompareRequest compare;
  compare.set_picture_a(original.bytes);
  compare.set_picture_b(copy);
  ASSIGN_OR_RETURN(const v1::CompareResponse response, client.Compare(compare));
  for (const v1::SpaceComparison& comparison : response.comparisons()) {
    answer.similarity[FromWire(comparison.space())] = comparison.similarity();
  }
  return answer;
}

ReportPicture ToReport(const Image& copy, Edit edit, const CopyAnswer& answer) {
  ReportPicture picture;
  picture.jpeg = PageThumbnail(copy);
  picture.caption = std::string(EditName(edit));
  const int rank = answer.rank[Space::kCopy];
  picture.badge =
      rank == 0 ? absl::StrCat("not in ", kDepth) : absl::StrCat("rank ", rank);
  picture.good = rank == 1;
  picture.detail = absl::StrCat(
      EditName(edit), ": the original is on rank ", rank,
      " in the copy space, on rank ", answer.rank[Space::kSimilar],
      " in the similar space (0: not among the first ", kDepth, ")");
  for (const Space space : {Space::kCopy, Space::kSimilar}) {
    picture.similarities.emplace_back(std::string(SpaceName(space)),
                                      answer.similarity[space]);
  }
  return picture;
}

absl::StatusOr<ReportRow> AskForEdits(const RemoteClient& client,
                                      const ShowcaseOptions& options,
                                      const ShowcasePicture& original,
                                      std::map<Edit, EditTally>* tallies) {
  ReportRow row;
  row.query = QueryOf(original);
  for (const Edit edit : AllEdits()) {
    ASSIGN_OR_RETURN(const Image copy, ApplyEdit(original.pixels, edit));
    ASSIGN_OR_RETURN(const std::string jpeg, EncodeJpeg(copy, kCopyQuality));
    ASSIGN_OR_RETURN(const CopyAnswer answer,
                     Ask(client, options.collection, original, jpeg));
    row.answers.push_back(ToReport(copy, edit, answer));
    EditTally& tally = (*tallies)[edit];
    ++tally.asked;
    for (const Space space : kAllSpaces) {
      tally.first[space] += answer.rank[space] == 1 ? 1 : 0;
      tally.similarity[space] += answer.similarity[space];
    }
  }
  return row;
}

std::vector<std::vector<std::string>> Table(
    const std::map<Edit, EditTally>& tallies) {
  std::vector<std::vector<std::string>> table = {
      {"Edit", "Found first (copy)", "Found first (similar)",
       "Mean cosine (copy)", "Mean cosine (similar)"}};
  for (const auto& [edit, tally] : tallies) {
    std::vector<std::string> line = {std::string(EditName(edit))};
    for (const Space space : {Space::kCopy, Space::kSimilar}) {
      line.push_back(absl::StrCat(tally.first[space], " of ", tally.asked));
    }
    for (const Space space : {Space::kCopy, Space::kSimilar}) {
      line.push_back(
          absl::StrFormat("%.3f", tally.similarity[space] / tally.asked));
    }
    table.push_back(std::move(line));
  }
  return table;
}

}  // namespace

absl::StatusOr<CopiesResult> AskForCopies(
    const RemoteClient& client, const ShowcaseOptions& options,
    const std::vector<ShowcasePicture>& pictures) {
  CopiesResult result;
  result.section.heading = "Do we have this photograph already?";
  std::map<Edit, EditTally> tallies;
  for (const ShowcasePicture& picture : pictures) {
    if (static_cast<int>(result.section.rows.size()) == options.copies) break;
    // What the collection does not hold can't be found in it.
    if (picture.item_id.empty()) continue;
    ASSIGN_OR_RETURN(ReportRow row,
                     AskForEdits(client, options, picture, &tallies));
    result.section.rows.push_back(std::move(row));
  }
  for (const auto& [edit, tally] : tallies) {
    result.asked += tally.asked;
    result.found_first += tally.first[Space::kCopy];
  }
  result.section.text =
      tallies.empty()
          ? "None of the pictures above is in the collection, so there is "
            "nothing to make copies of."
          : "Left the original, right edited copies that were made on the spot "
            "and sent. The badge is the rank of the original in the answer, "
            "in the \"copy\" space; the bars compare copy and original.";
  if (!tallies.empty()) result.section.table = Table(tallies);
  return result;
}

}  // namespace likeness
