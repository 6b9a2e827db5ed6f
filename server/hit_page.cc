#include "server/hit_page.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/core/space.h"
#include "engine/core/status_macros.h"
#include "server/page_token.h"

namespace likeness {
namespace {

static_assert(std::endian::native == std::endian::little);

// What must stay the same from page to page.
enum Part : size_t {
  kQuery,
  kSpace,
  kMinimum,
  kPrecision,
  kFilter,
  kExcluded,
  kEffort,
  kNumParts
};
constexpr std::array<absl::string_view, kNumParts> kPartNames = {
    "picture, item_id, vector or examples",
    "space",
    "min_similarity",
    "min_precision",
    "filter",
    "exclude_item_ids",
    "exact, recall_target, ef_search or nprobe"};

using Prints = std::array<uint32_t, kNumParts>;

// How a token begins; its queries follow, `queries` of `dimensions` floats.
struct Head {
  uint64_t as_of = 0;
  uint64_t op_id = 0;
  uint64_t depth = 0;
  float similarity = 0;
  uint32_t queries = 0;
  uint32_t dimensions = 0;
  Prints prints = {};
};
static_assert(sizeof(Head) == 64);

uint32_t Print(absl::string_view bytes) {
  return static_cast<uint32_t>(Checksum64(bytes));
}

uint32_t PrintOfQuery(const v1::SearchRequest& request) {
  switch (request.query_case()) {
    case v1::SearchRequest::kPicture:
      return Print(request.picture());
    case v1::SearchRequest::kItemId:
      return Print(absl::StrCat("item/", request.item_id()));
    case v1::SearchRequest::kVector:
      return Print(absl::StrCat("v/", request.vector().SerializeAsString()));
    case v1::SearchRequest::kExamples:
      return Print(absl::StrCat("e/", request.examples().SerializeAsString()));
    case v1::SearchRequest::QUERY_NOT_SET:
      break;
  }
  return 0;
}

Prints PrintsOf(const v1::SearchRequest& request) {
  Prints prints = {};
  prints[kQuery] = PrintOfQuery(request);
  prints[kSpace] = static_cast<uint32_t>(request.space());
  prints[kMinimum] = Print(
      absl::StrCat(request.has_min_similarity(), request.min_similarity()));
  prints[kPrecision] =
      Print(absl::StrCat(request.has_min_precision(), request.min_precision()));
  prints[kFilter] = Print(request.filter());
  // No id has a control character.
  prints[kExcluded] = Print(absl::StrJoin(request.exclude_item_ids(), "\n"));
  prints[kEffort] =
      Print(absl::StrCat(request.exact(), " ", request.has_recall_target(), " ",
                         request.recall_target(), " ", request.ef_search(), " ",
                         request.nprobe()));
  return prints;
}

absl::Status NotOurs() {
  return InvalidField("page_token", "not a page token of this server");
}

}  // namespace

std::string MakeHitPageToken(const CollectionSpec& collection,
                             const v1::SearchRequest& request,
                             const SearchCursor& next) {
  const Head head{
      .as_of = next.as_of,
      .op_id = next.op_id,
      .depth = next.depth,
      .similarity = next.similarity,
      .queries = static_cast<uint32_t>(next.queries.size()),
      .dimensions = static_cast<uint32_t>(next.queries.front().size()),
      .prints = PrintsOf(request)};
  std::string start(reinterpret_cast<const char*>(&head), sizeof(head));
  for (const std::vector<float>& query : next.queries) {
    start.append(reinterpret_cast<const char*>(query.data()),
                 query.size() * sizeof(float));
  }
  return MakePageToken(PageKind::kHits, collection, start);
}

absl::StatusOr<SearchCursor> ParseHitPageToken(
    const CollectionSpec& collection, const v1::SearchRequest& request) {
  int most = 0;
  for (const Space space : kAllSpaces) {
    most = std::max(most, collection.dimensions[space]);
  }
  const size_t max_query_bytes = static_cast<size_t>(most) * sizeof(float);
  ASSIGN_OR_RETURN(
      const std::string start,
      ParsePageToken(PageKind::kHits, collection, request.page_token(),
                     sizeof(Head) + kMaxQueryVectors * max_query_bytes));
  Head head;
  if (start.size() < sizeof(head)) return NotOurs();
  std::memcpy(&head, start.data(), sizeof(head));
  const size_t query_bytes = size_t{head.dimensions} * sizeof(float);
  if (query_bytes > max_query_bytes || head.queries > kMaxQueryVectors ||
      start.size() != sizeof(head) + head.queries * query_bytes) {
    return NotOurs();
  }
  const Prints prints = PrintsOf(request);
  for (size_t i = 0; i < kNumParts; ++i) {
    if (prints[i] == head.prints[i]) continue;
    return InvalidField("page_token",
                        absl::StrCat("is of a request with another ",
                                     kPartNames[i], "; repeat that one"));
  }
  SearchCursor cursor{.similarity = head.similarity,
                      .op_id = head.op_id,
                      .as_of = head.as_of,
                      .depth = head.depth};
  const char* at = start.data() + sizeof(head);
  for (uint32_t i = 0; i < head.queries; ++i, at += query_bytes) {
    std::vector<float> query(head.dimensions);
    std::memcpy(query.data(), at, query_bytes);
    cursor.queries.push_back(std::move(query));
  }
  return cursor;
}

}  // namespace likeness
