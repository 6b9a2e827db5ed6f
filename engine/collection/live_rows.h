#ifndef LIKENESS_ENGINE_COLLECTION_LIVE_ROWS_H_
#define LIKENESS_ENGINE_COLLECTION_LIVE_ROWS_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/collection/space_rows.h"
#include "engine/collection/view.h"
#include "engine/core/bitmap.h"
#include "engine/core/space.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// The writer's side of a collection's indexes: takes what was committed and
// says which rows are live. Not thread-safe; what Spaces() hands out may be
// read by any thread.
class LiveRows {
 public:
  // Empty rows for every space with dimensions.
  static absl::StatusOr<LiveRows> Make(const PerSpace<int>& dimensions,
                                       const IndexFactory& make_index);

  // Adds all that is in `store`, in batches of bounded size.
  absl::Status Load(const StoreReader& store);

  // Adds the vectors of `mutations`, and buries the rows that they replaced.
  // After an error the rows no longer agree with the store.
  absl::Status Take(absl::Span<const Mutation> mutations,
                    absl::Span<const Applied> applied);

  // The rows and which of them are live, now and for good.
  PerSpace<SpaceView> Spaces() const;

 private:
  struct LiveSpace {
    std::shared_ptr<SpaceRows> rows;
    // Shared with views, so never changed: replaced.
    std::shared_ptr<const Bitmap> live;
  };

  absl::Status TakeSpace(Space space, absl::Span<const Mutation> mutations,
                         absl::Span<const Applied> applied);

  PerSpace<LiveSpace> spaces_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_LIVE_ROWS_H_
