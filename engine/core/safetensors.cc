#include "engine/core/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/base/casts.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/core/error.h"
#include "engine/core/half.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = uint64_t{16} << 20;

absl::Status Corrupt(absl::string_view what) {
  return WithReason(
      absl::DataLossError(absl::StrCat("not a valid safetensors file: ", what)),
      kReasonCorruptData);
}

absl::Status CorruptTensor(absl::string_view name, absl::string_view what) {
  return Corrupt(absl::StrCat("tensor \"", name, "\": ", what));
}

// Bytes an element; 0 for a dtype that is not known.
uint64_t ElementSize(absl::string_view dtype) {
  if (dtype == "F64" || dtype == "I64" || dtype == "U64") return 8;
  if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16") {
    return 2;
  }
  if (dtype == "I8" || dtype == "U8" || dtype == "BOOL") return 1;
  return 0;
}

// The product of `shape`, unless a side is negative or the product overflows.
std::optional<uint64_t> NumElements(const std::vector<int64_t>& shape) {
  uint64_t count = 1;
  for (const int64_t side : shape) {
    if (side < 0) return std::nullopt;
    const auto factor = static_cast<uint64_t>(side);
    if (factor != 0 && count > (uint64_t{1} << 40) / factor) {
      return std::nullopt;
    }
    count *= factor;
  }
  return count;
}

std::vector<float> ToFloats(const TensorView& tensor) {
  if (tensor.dtype == "F32") {
    std::vector<float> floats(tensor.data.size() / 4);
    std::memcpy(floats.data(), tensor.data.data(), tensor.data.size());
    return floats;
  }
  std::vector<uint16_t> halves(tensor.data.size() / 2);
  std::memcpy(halves.data(), tensor.data.data(), tensor.data.size());
  std::vector<float> floats(halves.size());
  if (tensor.dtype == "F16") {
    std::transform(halves.begin(), halves.end(), floats.begin(), HalfToFloat);
  } else {
    std::transform(
        halves.begin(), halves.end(), floats.begin(), [](uint16_t bits) {
          return absl::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
        });
  }
  return floats;
}

// Where a tensor lies, in bytes from the start of the data.
struct Range {
  uint64_t begin;
  uint64_t end;
  std::string name;
};

// The format allows neither holes nor overlaps: in rising order each range must
// begin where the one before ended, and the last one end with the data. A
// truncated or padded file shows here at the latest.
absl::Status CheckTiling(std::vector<Range> ranges, uint64_t data_bytes) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  uint64_t covered = 0;
  for (const Range& range : ranges) {
    if (range.begin != covered) {
      return CorruptTensor(
          range.name,
          absl::StrCat(range.begin < covered ? "overlaps" : "leaves a hole",
                       " before byte ", std::max(range.begin, covered),
                       " of the data"));
    }
    covered = range.end;
  }
  if (covered == data_bytes) return absl::OkStatus();
  return Corrupt(absl::StrCat("tensors cover ", covered, " of ", data_bytes,
                              " data bytes"));
}

}  // namespace

absl::StatusOr<SafeTensors> SafeTensors::Parse(std::string contents) {
  static_assert(std::endian::native == std::endian::little);
  if (contents.size() < kLengthBytes) return Corrupt("shorter than 8 bytes");
  uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, contents.data(), kLengthBytes);
  if (header_bytes > kMaxHeaderBytes ||
      header_bytes > contents.size() - kLengthBytes) {
    return Corrupt(absl::StrCat("header of ", header_bytes, " bytes"));
  }
  const uint64_t data_begin = kLengthBytes + header_bytes;
  const uint64_t data_bytes = contents.size() - data_begin;
  const Json header =
      Json::parse(contents.data() + kLengthBytes, contents.data() + data_begin,
                  /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) return Corrupt("the header is not a JSON object");

  SafeTensors parsed;
  std::vector<Range> ranges;
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__") continue;
    const auto dtype = value.find("dtype");
    const auto shape = value.find("shape");
    const auto offsets = value.find("data_offsets");
    if (!value.is_object() || dtype == value.end() || !dtype->is_string() ||
        shape == value.end() || !shape->is_array() || offsets == value.end() ||
        !offsets->is_array() || offsets->size() != 2) {
      return CorruptTensor(name, "needs dtype, shape and two data_offsets");
    }
    Entry entry;
    entry.dtype = dtype->get<std::string>();
    for (const Json& side : *shape) {
      if (!side.is_number_integer()) {
        return CorruptTensor(name, "shape holds something not an integer");
      }
      entry.shape.push_back(side.get<int64_t>());
    }
    const Json& first = (*offsets)[0];
    const Json& last = (*offsets)[1];
    if (!first.is_number_unsigned() || !last.is_number_unsigned()) {
      return CorruptTensor(name, "data_offsets are not unsigned integers");
    }
    const auto begin = first.get<uint64_t>();
    const auto end = last.get<uint64_t>();
    const uint64_t element_size = ElementSize(entry.dtype);
    const std::optional<uint64_t> count = NumElements(entry.shape);
    if (element_size == 0) {
      return CorruptTensor(name, absl::StrCat("dtype ", entry.dtype));
    }
    if (begin > end || end > data_bytes || !count.has_value() ||
        *count * element_size != end - begin) {
      return CorruptTensor(
          name, absl::StrCat("bytes [", begin, ", ", end, ") of ", data_bytes,
                             " don't fit shape [",
                             absl::StrJoin(entry.shape, ", "), "]"));
    }
    ranges.push_back({begin, end, name});
    entry.begin = data_begin + begin;
    entry.end = data_begin + end;
    parsed.entries_.emplace(name, std::move(entry));
  }
  RETURN_IF_ERROR(CheckTiling(std::move(ranges), data_bytes));
  parsed.contents_ = std::move(contents);
  return parsed;
}

absl::StatusOr<TensorView> SafeTensors::Get(absl::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    return absl::NotFoundError(absl::StrCat("no tensor \"", name, "\""));
  }
  const Entry& entry = found->second;
  return TensorView{entry.dtype, entry.shape,
                    absl::string_view(contents_).substr(
                        entry.begin, entry.end - entry.begin)};
}

absl::StatusOr<std::vector<float>> SafeTensors::GetFloats(
    absl::string_view name, const std::vector<int64_t>& shape) const {
  ASSIGN_OR_RETURN(const TensorView tensor, Get(name));
  if (tensor.shape != shape) {
    return absl::InvalidArgumentError(absl::StrCat(
        "tensor \"", name, "\" has shape [", absl::StrJoin(tensor.shape, ", "),
        "], expected [", absl::StrJoin(shape, ", "), "]"));
  }
  if (tensor.dtype != "F32" && tensor.dtype != "F16" &&
      tensor.dtype != "BF16") {
    return absl::InvalidArgumentError(absl::StrCat(
        "tensor \"", name, "\" is ", tensor.dtype, ", not F32, F16 or BF16"));
  }
  return ToFloats(tensor);
}

std::vector<std::string> SafeTensors::names() const {
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

}  // namespace likeness
