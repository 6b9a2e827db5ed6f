#include "engine/index/index_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

static_assert(std::endian::native == std::endian::little,
              "numbers are stored as they lie in memory");

constexpr uint64_t kMagic = 0x58444e494b494cULL;  // "LIKINDX", a zero.
constexpr uint32_t kVersion = 1;
constexpr uint64_t kPage = 4096;

struct StoredPlace {
  uint64_t offset;
  uint64_t bytes;
  uint64_t checksum;
};

// The first page of the file; zeros follow it to the end of the page.
struct Header {
  uint64_t magic;
  uint32_t version;
  uint32_t sections;
  IndexFileInfo info;
  StoredPlace places[kNumIndexSections];
  uint64_t checksum;  // Of everything before it.
};
static_assert(std::is_trivially_copyable_v<Header>);
static_assert(sizeof(IndexFileInfo) == 40);
static_assert(sizeof(Header) == 16 + 40 + 24 * kNumIndexSections + 8,
              "no padding");

absl::string_view Bytes(const Header& header) {
  return {reinterpret_cast<const char*>(&header), sizeof(header)};
}

uint64_t ChecksumOf(const Header& header) {
  return Checksum64(Bytes(header).substr(0, offsetof(Header, checksum)));
}

uint64_t NextPage(uint64_t offset) {
  return (offset + kPage - 1) & ~(kPage - 1);
}

}  // namespace

absl::string_view IndexSectionName(IndexSection section) {
  constexpr absl::string_view kNames[] = {"rows",   "codes", "links",
                                          "levels", "twins", "tuning"};
  return kNames[static_cast<size_t>(section)];
}

IndexFileWriter::IndexFileWriter(std::unique_ptr<AsideFile> file)
    : file_(std::move(file)), end_(kPage) {}

absl::StatusOr<std::unique_ptr<IndexFileWriter>> IndexFileWriter::Create(
    const std::string& path) {
  ASSIGN_OR_RETURN(auto file, AsideFile::Create(path));
  RETURN_IF_ERROR(file->Append(std::string(kPage, '\0')));
  return std::unique_ptr<IndexFileWriter>(new IndexFileWriter(std::move(file)));
}

absl::Status IndexFileWriter::Append(IndexSection section,
                                     absl::string_view bytes) {
  places_[static_cast<size_t>(section)] = {end_, bytes.size(),
                                           Checksum64(bytes)};
  // In pieces, for the file copies what it is given.
  constexpr size_t kPiece = size_t{4} << 20;
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    RETURN_IF_ERROR(file_->Append(bytes.substr(at, kPiece)));
  }
  const uint64_t end = end_ + bytes.size();
  end_ = NextPage(end);
  return file_->Append(std::string(end_ - end, '\0'));
}

absl::Status IndexFileWriter::Commit(const IndexFileInfo& info) {
  Header header{};
  header.magic = kMagic;
  header.version = kVersion;
  header.sections = kNumIndexSections;
  header.info = info;
  for (size_t i = 0; i < kNumIndexSections; ++i) {
    header.places[i] = {places_[i].offset, places_[i].bytes,
                        places_[i].checksum};
  }
  header.checksum = ChecksumOf(header);
  RETURN_IF_ERROR(file_->Overwrite(Bytes(header)));
  return file_->Commit();
}

absl::StatusOr<std::unique_ptr<IndexFile>> IndexFile::Open(
    const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  }
  std::unique_ptr<IndexFile> file(new IndexFile(path, descriptor));
  RETURN_IF_ERROR(file->ReadHeader());
  RETURN_IF_ERROR(file->CheckPlaces());
  return file;
}

IndexFile::~IndexFile() { close(descriptor_); }

absl::Status IndexFile::ReadHeader() {
  Header header;
  RETURN_IF_ERROR(Read(0, sizeof(header), reinterpret_cast<char*>(&header)));
  if (header.magic != kMagic) return Damaged("it is no index file");
  if (header.version > kVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, ": has format version ", header.version,
                     ", this program knows ", kVersion));
  }
  if (header.checksum != ChecksumOf(header) ||
      header.sections != kNumIndexSections) {
    return Damaged("its header does not match its checksum");
  }
  info_ = header.info;
  for (size_t i = 0; i < kNumIndexSections; ++i) {
    places_[i] = {header.places[i].offset, header.places[i].bytes,
                  header.places[i].checksum};
  }
  return absl::OkStatus();
}

absl::Status IndexFile::CheckPlaces() const {
  struct stat info{};
  if (fstat(descriptor_, &info) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot stat ", path_));
  }
  const auto length = static_cast<uint64_t>(info.st_size);
  uint64_t end = kPage;
  for (const Place& place : places_) {
    if (place.offset % kPage != 0 || place.offset > length ||
        place.bytes > length - place.offset) {
      return Damaged(absl::StrCat("it was cut off: it has ", length, " bytes"));
    }
    end = std::max(end, NextPage(place.offset + place.bytes));
  }
  if (length == end) return absl::OkStatus();
  return Damaged(absl::StrCat("it has ", length, " bytes instead of ", end));
}

absl::StatusOr<MemoryRegion> IndexFile::Load(IndexSection section,
                                             uint64_t bytes) const {
  ASSIGN_OR_RETURN(const Place place, Find(section, bytes));
  ASSIGN_OR_RETURN(MemoryRegion region, MemoryRegion::Allocate(bytes));
  RETURN_IF_ERROR(Read(place.offset, bytes, region.data()));
  if (Checksum64(region.bytes()) != place.checksum) {
    return Damaged(section, "does not match its checksum");
  }
  return region;
}

absl::StatusOr<MemoryRegion> IndexFile::Map(IndexSection section,
                                            uint64_t bytes, bool verify) const {
  ASSIGN_OR_RETURN(const Place place, Find(section, bytes));
  ASSIGN_OR_RETURN(MemoryRegion region,
                   MemoryRegion::Map(descriptor_, place.offset, bytes));
  if (verify) {
    region.ExpectSequentialReads();
    if (Checksum64(region.bytes()) != place.checksum) {
      return Damaged(section, "does not match its checksum");
    }
  }
  region.ExpectRandomReads();
  return region;
}

uint64_t IndexFile::SizeOf(IndexSection section) const {
  return places_[static_cast<size_t>(section)].bytes;
}

absl::StatusOr<IndexFile::Place> IndexFile::Find(IndexSection section,
                                                 uint64_t bytes) const {
  const Place& place = places_[static_cast<size_t>(section)];
  if (place.bytes == bytes) return place;
  return Damaged(
      section, absl::StrCat("has ", place.bytes, " bytes instead of ", bytes));
}

absl::Status IndexFile::Read(uint64_t offset, size_t bytes, char* out) const {
  while (bytes > 0) {
    const ssize_t got =
        pread(descriptor_, out, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path_));
    }
    if (got == 0) return Damaged("it was cut off");
    offset += static_cast<uint64_t>(got);
    out += got;
    bytes -= static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

absl::Status IndexFile::Damaged(absl::string_view what) const {
  return WithReason(absl::DataLossError(absl::StrCat(path_, ": ", what)),
                    kReasonCorruptData);
}

absl::Status IndexFile::Damaged(IndexSection section,
                                absl::string_view what) const {
  return Damaged(
      absl::StrCat("section ", IndexSectionName(section), " ", what));
}

}  // namespace likeness
