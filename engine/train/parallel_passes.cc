#include "engine/train/parallel_passes.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <exception>
#include <functional>

#include "absl/synchronization/mutex.h"
#include "engine/core/parallel.h"
#include "engine/embed/one_thread.h"

namespace likeness {
namespace {

std::vector<at::Tensor> ParametersOf(const SiameseNet& net) {
  std::vector<at::Tensor> parameters;
  for (const NamedParameter& parameter : net.Parameters()) {
    parameters.push_back(parameter.tensor);
  }
  return parameters;
}

// ParallelFor for work that LibTorch may throw from.
void RunAll(size_t count, int threads,
            const std::function<void(size_t)>& work) {
  absl::Mutex mutex;
  std::exception_ptr thrown;
  ParallelFor(count, threads, [&](size_t i) {
    try {
      const ScopedOneThread one_thread;
      work(i);
    } catch (...) {
      const absl::MutexLock lock(&mutex);
      thrown = std::current_exception();
    }
  });
  if (thrown != nullptr) std::rethrow_exception(thrown);
}

}  // namespace

ParallelPasses::ParallelPasses(SiameseNet& net, SiameseNet* reference,
                               const PassOptions& options)
    : net_(net),
      reference_(reference),
      options_(options),
      parameters_(ParametersOf(net)) {}

void ParallelPasses::RunPiece(absl::Span<const Image> pictures, Piece& piece) {
  const PixelScaling& scaling = options_.scaling;
  at::Tensor pixels =
      at::empty({static_cast<int64_t>(pictures.size()), scaling.channels,
                 scaling.side, scaling.side},
                at::TensorOptions()
                    .dtype(at::kFloat)
                    .memory_format(at::MemoryFormat::ChannelsLast));
  float* out = pixels.mutable_data_ptr<float>();
  for (const Image& picture : pictures) {
    WritePixels(picture, scaling, PixelOrder::kUpright, out);
    out += scaling.channels * scaling.side * scaling.side;
  }
  const at::Tensor frozen = net_.RunFrozen(pixels.to(options_.device));
  if (reference_ != nullptr) {
    const at::NoGradGuard no_grad;
    piece.reference = reference_->Run(frozen);
  }
  piece.output = net_.Run(frozen);
}

BatchOutput ParallelPasses::Forward(absl::Span<const Image> pictures) {
  const auto size = static_cast<size_t>(options_.piece);
  pieces_.assign((pictures.size() + size - 1) / size, Piece());
  RunAll(pieces_.size(), options_.live_norms ? 1 : options_.threads,
         [&](size_t i) {
           RunPiece(pictures.subspan(i * size, size), pieces_[i]);
         });
  const auto gather = [&](auto part) {
    std::vector<at::Tensor> parts;
    parts.reserve(pieces_.size());
    for (const Piece& piece : pieces_) parts.push_back(part(piece).detach());
    return at::cat(parts).to(at::kCPU);
  };
  BatchOutput output;
  for (const Space space : kAllSpaces) {
    output.vectors[space] = gather([&](const Piece& piece) {
                              return piece.output.vectors[space];
                            }).requires_grad_();
  }
  output.features = gather([](const Piece& piece) {
                      return piece.output.features;
                    }).requires_grad_();
  if (reference_ == nullptr) return output;
  for (const Space space : kAllSpaces) {
    output.reference.vectors[space] = gather(
        [&](const Piece& piece) { return piece.reference.vectors[space]; });
  }
  output.reference.features =
      gather([](const Piece& piece) { return piece.reference.features; });
  return output;
}

std::vector<at::Tensor> ParallelPasses::GradientsOf(const Piece& piece,
                                                    const BatchOutput& output,
                                                    int64_t begin) const {
  std::vector<at::Tensor> roots;
  std::vector<at::Tensor> gradients;
  const auto add = [&](const at::Tensor& root, const at::Tensor& leaf) {
    // Nothing in the loss depends on it.
    if (!leaf.grad().defined()) return;
    roots.push_back(root);
    gradients.push_back(
        leaf.grad().slice(0, begin, begin + root.size(0)).to(root.device()));
  };
  for (const Space space : kAllSpaces) {
    add(piece.output.vectors[space], output.vectors[space]);
  }
  add(piece.output.features, output.features);
  if (roots.empty()) return std::vector<at::Tensor>(parameters_.size());
  return torch::autograd::grad(roots, parameters_, gradients,
                               /*retain_graph=*/false, /*create_graph=*/false,
                               /*allow_unused=*/true);
}

void ParallelPasses::Backward(const BatchOutput& output) {
  std::vector<std::vector<at::Tensor>> gradients(pieces_.size());
  RunAll(pieces_.size(), options_.threads, [&](size_t i) {
    gradients[i] = GradientsOf(pieces_[i], output,
                               static_cast<int64_t>(i) * options_.piece);
    pieces_[i] = Piece();
  });
  pieces_.clear();
  for (const std::vector<at::Tensor>& of_piece : gradients) {
    for (size_t i = 0; i < parameters_.size(); ++i) {
      if (!of_piece[i].defined()) continue;
      at::Tensor& sum = parameters_[i].mutable_grad();
      if (sum.defined()) {
        sum += of_piece[i];
      } else {
        // A gradient may be a view of something larger.
        sum = of_piece[i].clone();
      }
    }
  }
}

}  // namespace likeness
