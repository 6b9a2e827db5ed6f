// The steps of `likeness model`.
#ifndef LIKENESS_TOOLS_MODEL_STEPS_H_
#define LIKENESS_TOOLS_MODEL_STEPS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "engine/collection/overlap.h"
#include "indexer/change_model.h"
#include "tools/command.h"
#include "tools/model_target.h"
#include "tools/target.h"

namespace likeness {

// What the steps are told; each heeds its own.
struct ModelFlags {
  TargetFlags target;
  ReembedFlags reembed;
  std::string list;
  uint64_t unembedded = 0;
  OverlapOptions overlap;
};

// Each takes its step on the data directory, or by the server, and prints what
// came of it.
absl::Status RunReembed(const ModelFlags& flags, const CommandContext& context);
absl::Status RunStatus(const ModelFlags& flags, const CommandContext& context);
absl::Status RunUnembedded(const ModelFlags& flags,
                           const CommandContext& context);
absl::Status RunCompare(const ModelFlags& flags, const CommandContext& context);
absl::Status RunSwitch(const ModelFlags& flags, const CommandContext& context);
absl::Status RunRollback(const ModelFlags& flags,
                         const CommandContext& context);
absl::Status RunEnd(const ModelFlags& flags, const CommandContext& context,
                    EndStep step);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_MODEL_STEPS_H_
