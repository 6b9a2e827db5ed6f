#include "engine/store/fingerprint.h"

#include <bit>
#include <string>

#include "absl/strings/string_view.h"

namespace likeness {
namespace {

static_assert(std::endian::native == std::endian::little,
              "numbers are hashed as this machine's bytes");

// Appends values so that no two sequences of them give the same bytes: numbers
// in fixed size, texts and lists with their length before them.
class Encoder {
 public:
  template <typename T>
  void Number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void Text(absl::string_view text) {
    Number(uint64_t{text.size()});
    bytes_.append(text.data(), text.size());
  }
  void Floats(const std::vector<float>& values) {
    Text({reinterpret_cast<const char*>(values.data()),
          values.size() * sizeof(float)});
  }
  void Time(absl::Time time) { Number(absl::ToUnixMicros(time)); }
  void Fields(const Metadata& metadata);

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

struct ValueEncoder {
  Encoder& out;

  void operator()(const std::string& value) const { out.Text(value); }
  void operator()(int64_t value) const { out.Number(value); }
  void operator()(double value) const { out.Number(value); }
  void operator()(bool value) const {
    out.Number(static_cast<uint8_t>(value ? 1 : 0));
  }
  void operator()(absl::Time value) const { out.Time(value); }
  void operator()(const std::vector<std::string>& values) const {
    out.Number(uint64_t{values.size()});
    for (const std::string& value : values) out.Text(value);
  }
};

void Encoder::Fields(const Metadata& metadata) {
  Number(uint64_t{metadata.size()});
  for (const auto& [name, value] : metadata) {
    Text(name);
    Number(static_cast<uint8_t>(value.index()));
    std::visit(ValueEncoder{*this}, value);
  }
}

void EncodeItem(const Item& item, Encoder& out) {
  out.Text(item.id);
  out.Fields(item.metadata);
  out.Text(item.source);
  out.Text(item.model_id);
  out.Number(static_cast<uint8_t>(item.expires.has_value() ? 1 : 0));
  if (item.expires.has_value()) out.Time(*item.expires);
}

void EncodeContent(const Mutation& mutation, Encoder& out) {
  const bool has_picture = mutation.item.picture.has_value();
  out.Number(static_cast<uint8_t>(has_picture ? 1 : 0));
  if (has_picture) {
    for (const uint8_t byte : mutation.item.picture->content_hash) {
      out.Number(byte);
    }
    return;
  }
  for (const Space space : kAllSpaces) out.Floats(mutation.vectors[space]);
}

void EncodeMutation(const Mutation& mutation, Encoder& out) {
  out.Number(static_cast<uint8_t>(mutation.kind));
  EncodeItem(mutation.item, out);
  EncodeContent(mutation, out);
  out.Fields(mutation.patch.set);
  out.Number(uint64_t{mutation.patch.remove.size()});
  for (const std::string& name : mutation.patch.remove) out.Text(name);
  out.Number(static_cast<uint8_t>(mutation.patch.set_expiry ? 1 : 0));
  out.Number(static_cast<uint8_t>(mutation.condition.kind));
  out.Number(mutation.condition.op_id);
  out.Number(
      absl::ToInt64Microseconds(mutation.ttl.value_or(absl::ZeroDuration())));
}

}  // namespace

Sha256Digest Fingerprint(const AtomicWrite& write) {
  Encoder encoder;
  encoder.Number(uint64_t{write.mutations.size()});
  for (const Mutation& mutation : write.mutations) {
    EncodeMutation(mutation, encoder);
  }
  return Sha256(encoder.bytes());
}

}  // namespace likeness
