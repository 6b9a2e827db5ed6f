#ifndef LIKENESS_ENGINE_STORE_DATA_FOLDER_H_
#define LIKENESS_ENGINE_STORE_DATA_FOLDER_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace likeness {

// The files of a data directory outside RocksDB: LOCK, held as long as the
// object lives, and FORMAT. docs/storage_format.md describes them. Immutable
// but for MarkReady.
class DataFolder {
 public:
  // Locks `folder` (made first when it is missing and `create` is set) and
  // checks its format. NOT_FOUND when it is missing or empty and `create` is
  // not set; FAILED_PRECONDITION as Database::Open says; DATA_LOSS (reason
  // CORRUPT_DATA) when FORMAT can't be understood.
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(
      const std::string& folder, bool create);

  // A snapshot, to be read where it lies: nothing is locked or written.
  static std::unique_ptr<DataFolder> OfSnapshot(const std::string& folder);

  // Writes the FORMAT of a data directory that is whole.
  static absl::Status WriteReady(const std::string& folder);

  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  // True until MarkReady: the database has never been opened, so it may be
  // made.
  bool fresh() const { return fresh_; }
  // True until MarkReady: the database is of an older format, so parts of it
  // that are new may be made. Programs of that format already refuse it.
  bool upgrading() const { return upgrading_; }
  absl::Status MarkReady();

  std::string database_path() const;

  // Above what is derived from the collections.
  std::string segments_path() const;

  // Of what is derived from collection `number`.
  std::string derived_path(uint32_t number) const;

  // Removes what is derived from other collections than those of `numbers`.
  // What can't be removed is left to the next call.
  void KeepDerived(const std::set<uint32_t>& numbers) const;

 private:
  DataFolder(std::string folder, int lock_fd)
      : folder_(std::move(folder)), lock_fd_(lock_fd) {}

  absl::Status CheckFormat(bool create);

  const std::string folder_;
  const int lock_fd_;
  bool fresh_ = false;
  bool upgrading_ = false;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_DATA_FOLDER_H_
