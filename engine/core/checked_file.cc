#include "engine/core/checked_file.h"

#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/aside_file.h"
#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// What follows the magic, as it lies in the file.
struct Seal {
  uint64_t size;
  uint64_t checksum;
};
static_assert(std::endian::native == std::endian::little);

constexpr size_t kHeaderBytes = kMagicBytes + sizeof(Seal);

}  // namespace

absl::Status WriteCheckedFile(const std::string& path, absl::string_view magic,
                              absl::string_view contents) {
  const Seal seal{contents.size(), Checksum64(contents)};
  std::array<char, sizeof(Seal)> sealed;
  std::memcpy(sealed.data(), &seal, sizeof(Seal));
  ASSIGN_OR_RETURN(const std::unique_ptr<AsideFile> file,
                   AsideFile::Create(path));
  RETURN_IF_ERROR(file->Append(magic));
  RETURN_IF_ERROR(file->Append({sealed.data(), sealed.size()}));
  RETURN_IF_ERROR(file->Append(contents));
  return file->Commit();
}

absl::StatusOr<std::string> ReadCheckedFile(const std::string& path,
                                            absl::string_view magic,
                                            uint64_t max_bytes) {
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, max_bytes));
  if (bytes.size() < kHeaderBytes || !absl::StartsWith(bytes, magic)) {
    return DamagedFile(path, "it does not begin as such a file does");
  }
  Seal seal;
  std::memcpy(&seal, bytes.data() + kMagicBytes, sizeof(Seal));
  bytes.erase(0, kHeaderBytes);
  if (bytes.size() != seal.size) {
    return DamagedFile(
        path, absl::StrCat("it has ", bytes.size(),
                           " bytes of contents and should have ", seal.size));
  }
  if (Checksum64(bytes) != seal.checksum) {
    return DamagedFile(path, "its checksum is wrong");
  }
  return bytes;
}

absl::Status DamagedFile(const std::string& path, absl::string_view why) {
  return WithReason(absl::DataLossError(absl::StrCat(path, ": ", why)),
                    kReasonCorruptData);
}

}  // namespace likeness
