#ifndef LIKENESS_ENGINE_COLLECTION_SEALED_SEGMENT_H_
#define LIKENESS_ENGINE_COLLECTION_SEALED_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/collection/segment.h"
#include "engine/collection/segment_options.h"
#include "engine/core/space.h"

namespace likeness {

// An immutable segment in files of its own: NUMBER.rows, NUMBER.fields, and
// NUMBER.SPACE.index for each space with a vector. docs/storage_format.md
// describes them. Thread-safe.
class SealedSegment final : public Segment {
 public:
  // Opens segment `number` of `folder`, of vectors of `dimensions`. NOT_FOUND
  // when a file is missing; DATA_LOSS (reason CORRUPT_DATA) names the file that
  // is not what was written.
  static absl::StatusOr<std::shared_ptr<const SealedSegment>> Open(
      const std::string& folder, uint64_t number,
      const PerSpace<int>& dimensions);

  const FieldRuns& fields() const { return fields_; }

  size_t size() const override { return op_ids_.size(); }
  uint64_t OpIdOf(size_t row) const override { return op_ids_[row]; }
  const SpaceRows* space(Space space) const override {
    return spaces_[space].has_value() ? &*spaces_[space] : nullptr;
  }
  std::optional<uint64_t> number() const override { return number_; }
  bool IsBuiltBy(const SegmentOptions& options) const override;

 private:
  explicit SealedSegment(uint64_t number) : number_(number) {}

  const uint64_t number_;
  std::vector<uint64_t> op_ids_;
  PerSpace<std::optional<SpaceRows>> spaces_;
  PerSpace<IndexBuildParams> built_;  // Of the spaces there are.
  FieldRuns fields_;
};

// Writes the live rows of `parts`, in order, as segment `number` of `folder`.
// At least one row must be live. CANCELLED when `pace` says so.
absl::Status WriteSegment(const std::string& folder, uint64_t number,
                          absl::Span<const SegmentView> parts,
                          const SegmentOptions& options, const BuildPace& pace);

// Removes the files of segment `number`, as far as there are any.
void RemoveSegment(const std::string& folder, uint64_t number);

// Whether `name` is that of a whole file of a segment, and of which.
std::optional<uint64_t> SegmentOfFile(absl::string_view name);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEALED_SEGMENT_H_
