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
constexpr uint32_t kVersion = 3;
// Of versions 0 to kVersion.
constexpr uint32_t kSectionsOf[] = {0, 6, 8, kNumIndexSections};
constexpr uint64_t kPage = 4096;

struct StoredPlace {
  uint64_t offset;
  uint64_t bytes;
  uint64_t checksum;
};

// How the file begins. `sections` places follow, then the checksum of
// everything before it, then zeros to the end of the page.
struct Header {
  uint64_t magic;
  uint32_t version;
  uint32_t sections;
  IndexFileInfo info;
};
static_assert(std::is_trivially_copyable_v<Header>);
static_assert(sizeof(IndexFileInfo) == 40);
static_assert(sizeof(Header) == 16 + 40, "no padding");
static_assert(sizeof(StoredPlace) == 24, "no padding");

constexpr size_t kMaxHeaderBytes =
    sizeof(Header) + kNumIndexSections * sizeof(StoredPlace) + sizeof(uint64_t);

template <typename T>
absl::string_view BytesOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

uint64_t NextPage(uint64_t offset) {
  return (offset + kPage - 1) & ~(kPage - 1);
}

}  // namespace

absl::string_view IndexSectionName(IndexSection section) {
  constexpr absl::string_view kNames[] = {"rows",   "codes",     "links",
                                          "levels", "twins",     "tuning",
                                          "lists",  "centroids", "reach"};
  return kNames[static_cast<size_t>(section)];
}

IndexFileWriter::IndexFileWriter(std::unique_ptr<AsideFile> file)
    : file_(std::move(file)) {}

absl::StatusOr<std::unique_ptr<IndexFileWriter>> IndexFileWriter::Create(
    const std::string& path) {
  ASSIGN_OR_RETURN(auto file, AsideFile::Create(path));
  std::unique_ptr<IndexFileWriter> writer(new IndexFileWriter(std::move(file)));
  // The header's page.
  RETURN_IF_ERROR(writer->file_->Append(std::string(kPage, '\0')));
  writer->end_ = kPage;
  return writer;
}

absl::Status IndexFileWriter::Append(IndexSection section,
                                     absl::string_view bytes) {
  RETURN_IF_ERROR(Start(section));
  return Add(bytes);
}

// The current section ends here.
absl::Status IndexFileWriter::Finish() {
  current().checksum = checksum_.value();
  const uint64_t end = std::exchange(end_, NextPage(end_));
  return file_->Append(std::string(end_ - end, '\0'));
}

absl::Status IndexFileWriter::Start(IndexSection section) {
  RETURN_IF_ERROR(Finish());
  section_ = section;
  checksum_ = RunningChecksum();
  current() = {.offset = end_};
  return absl::OkStatus();
}

absl::Status IndexFileWriter::Add(absl::string_view bytes) {
  checksum_.Add(bytes);
  current().bytes += bytes.size();
  end_ += bytes.size();
  // In pieces, for the file copies what it is given.
  constexpr size_t kPiece = size_t{4} << 20;
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    RETURN_IF_ERROR(file_->Append(bytes.substr(at, kPiece)));
  }
  return absl::OkStatus();
}

absl::StatusOr<MemoryRegion> IndexFileWriter::Map(IndexSection section) {
  const Place& place = places_[static_cast<size_t>(section)];
  ASSIGN_OR_RETURN(const int descriptor, file_->OpenForReading());
  auto region = MemoryRegion::Map(descriptor, place.offset, place.bytes);
  close(descriptor);
  return region;
}

absl::Status IndexFileWriter::Commit(const IndexFileInfo& info) {
  RETURN_IF_ERROR(Finish());
  const Header start{kMagic, kVersion, kNumIndexSections, info};
  std::string header(BytesOf(start));
  for (const Place& place : places_) {
    const StoredPlace stored{place.offset, place.bytes, place.checksum};
    absl::StrAppend(&header, BytesOf(stored));
  }
  const uint64_t checksum = Checksum64(header);
  absl::StrAppend(&header, BytesOf(checksum));
  RETURN_IF_ERROR(file_->Overwrite(header));
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
  std::array<char, kMaxHeaderBytes> bytes;
  RETURN_IF_ERROR(Read(0, bytes.size(), bytes.data()));
  Header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != kMagic) return Damaged("it is no index file");
  if (header.version > kVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, ": has format version ", header.version,
                     ", this program knows ", kVersion));
  }
  const uint32_t sections = kSectionsOf[header.version];
  const size_t end = sizeof(header) + sections * sizeof(StoredPlace);
  uint64_t checksum = 0;
  std::memcpy(&checksum, &bytes[end], sizeof(checksum));
  if (header.version < 1 || header.sections != sections ||
      checksum != Checksum64({bytes.data(), end})) {
    return Damaged("its header does not match its checksum");
  }
  info_ = header.info;
  // Sections that older versions don't have are empty.
  places_.fill({.checksum = Checksum64("")});
  for (size_t i = 0; i < sections; ++i) {
    StoredPlace place;
    std::memcpy(&place, &bytes[sizeof(header) + i * sizeof(place)],
                sizeof(place));
    places_[i] = {place.offset, place.bytes, place.checksum};
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
