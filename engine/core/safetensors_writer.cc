#include "engine/core/safetensors_writer.h"

#include <bit>
#include <cstring>

#include "nlohmann/json.hpp"

namespace likeness {

static_assert(std::endian::native == std::endian::little);

std::string WriteSafeTensors(
    const std::map<std::string, TensorBytes>& tensors) {
  nlohmann::json header = nlohmann::json::object();
  uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", tensor.dtype},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, offset + tensor.data.size()}}};
    offset += tensor.data.size();
  }
  std::string text = header.dump();
  // The format allows spaces behind the header.
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  std::string file(sizeof(length), '\0');
  std::memcpy(file.data(), &length, sizeof(length));
  file.reserve(file.size() + text.size() + offset);
  file += text;
  for (const auto& [name, tensor] : tensors) file += tensor.data;
  return file;
}

}  // namespace likeness
