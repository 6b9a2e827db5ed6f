// likeness bench: figures that a README or a note may quote.
#include <iostream>
#include <memory>
#include <string>

#include "engine/core/status_macros.h"
#include "tools/bench.h"
#include "tools/bench_collection.h"
#include "tools/bench_filter.h"
#include "tools/bench_index.h"
#include "tools/bench_ingest.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/model_path.h"

namespace likeness {
namespace {

absl::Status RunFlat(const BenchFlatOptions& options) {
  return BenchFlat(options, std::cout);
}

absl::Status RunEmbed(const std::string& model,
                      const BenchEmbedOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   LoadModel(model, options.workers));
  return BenchEmbed(*embedder, options, std::cout);
}

absl::Status RunStart(BenchCollectionOptions options) {
  ASSIGN_OR_RETURN(options.model, FindModel(options.model));
  return BenchCollection(options, std::cout);
}

template <typename Seed>
void AddSeed(CLI::App& command, Seed& seed) {
  command.add_option("--seed", seed, "Of the data")->capture_default_str();
}

void AddSeconds(CLI::App& command, double& seconds) {
  command.add_option("--seconds", seconds, "Of each measurement")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void AddDimensions(CLI::App& command, int& dimensions) {
  command.add_option("--dimensions", dimensions, "Of each vector")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
}

void AddBenchFlat(CLI::App& bench, CommandContext& context) {
  auto options = std::make_shared<BenchFlatOptions>();
  CLI::App* command =
      AddCommand(bench, "flat",
                 "Queries a second of the exact index.\n"
                 "In batches and one by one, over seeded, clustered vectors.",
                 "  likeness bench flat --vectors 100000 --batch 256\n");
  command->add_option("--vectors", options->vectors, "How many")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  AddDimensions(*command, options->dimensions);
  command->add_option("--batch", options->batch, "Queries in a batch")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("-k,--k", options->k, "Neighbours")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  AddSeconds(*command, options->seconds);
  AddSeed(*command, options->seed);
  AddJsonFlag(*command, context);
  command->callback(
      [options, &context] { context.Finish("bench flat", RunFlat(*options)); });
}

void AddBenchIndex(CLI::App& bench, CommandContext& context) {
  auto options = std::make_shared<BenchIndexOptions>();
  CLI::App* command = AddCommand(
      bench, "index",
      "Recall and queries a second of sealed indexes.\n"
      "Graphs (HNSW) of float32 vectors and of 8-bit codes, lists (IVF) of "
      "8-bit codes,\nover seeded, clustered vectors.",
      "  likeness bench index --vectors 200000 --plot index.html\n"
      "  tools/compare_index_peers.py build/release/bin/likeness FOLDER\n");
  command->add_option("--vectors", options->vectors, "How many")
      ->check(CLI::Range(1000, 100'000'000))
      ->capture_default_str();
  AddDimensions(*command, options->dimensions);
  command->add_option("--m", options->m, "Links of a node")
      ->check(CLI::Range(2, 128))
      ->capture_default_str();
  command
      ->add_option("--ef-construction", options->ef_construction,
                   "Candidates that an insertion keeps")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Of the build")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  AddSeconds(*command, options->seconds);
  AddSeed(*command, options->seed);
  command->add_option(
      "--folder", options->folder,
      "Keeps vectors, answers and indexes here for another run");
  command->add_option("--plot", options->plot,
                      "Writes recall against speed as an HTML page");
  AddJsonFlag(*command, context);
  command->callback([options, &context] {
    context.Finish("bench index", BenchIndex(*options, std::cout));
  });
}

void AddBenchEmbed(CLI::App& bench, CommandContext& context) {
  struct Flags {
    BenchEmbedOptions options;
    std::string model;
  };
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      AddCommand(bench, "embed",
                 "Milliseconds that the network takes for a picture.\n"
                 "Alone and in batches.",
                 "  likeness bench embed --workers 1\n");
  AddSetting(*command, context, "--model", flags->model,
             "Folder of the model bundle");
  AddSetting(*command, context, "--workers", flags->options.workers,
             "Threads that run the network (0: one for each core)");
  AddSeconds(*command, flags->options.seconds);
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("bench embed", RunEmbed(flags->model, flags->options));
  });
}

void AddBenchFilter(CLI::App& bench, CommandContext& context) {
  auto options = std::make_shared<BenchFilterOptions>();
  CLI::App* command = AddCommand(
      bench, "filter",
      "Microseconds that filters take over the fields of one segment.\n"
      "From half of its rows down to one; and what its field index takes.",
      "  likeness bench filter --rows 1000000\n");
  command->add_option("--rows", options->rows, "How many")
      ->check(CLI::Range(1000, 100'000'000))
      ->capture_default_str();
  AddSeconds(*command, options->seconds);
  AddSeed(*command, options->seed);
  AddJsonFlag(*command, context);
  command->callback([options, &context] {
    context.Finish("bench filter", BenchFilter(*options, std::cout));
  });
}

void AddBenchStart(CLI::App& bench, CommandContext& context) {
  auto options = std::make_shared<BenchCollectionOptions>();
  CLI::App* command = AddCommand(
      bench, "start",
      "The life of a collection of ready vectors.\n"
      "Writing, building, searching, starting, also as a server with a model,\n"
      "deleting half, compacting.",
      "  likeness bench start --items 100000\n");
  command->add_option("--items", options->items, "How many")
      ->check(CLI::Range(1000, 100'000'000))
      ->capture_default_str();
  AddDimensions(*command, options->dimensions);
  command->add_option("--batch", options->batch, "Items a write")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_option(
      "--folder", options->folder,
      "New data directory, which stays; a temporary one without");
  AddSetting(*command, context, "--model", options->model,
             "Folder of the model bundle");
  AddSeed(*command, options->seed);
  AddJsonFlag(*command, context);
  command->callback([options, &context] {
    context.Finish("bench start", RunStart(*options));
  });
}

void AddBenchIngest(CLI::App& bench, CommandContext& context) {
  auto options = std::make_shared<BenchIngestOptions>();
  CLI::App* command =
      AddCommand(bench, "ingest",
                 "Items a second that a collection takes.\n"
                 "Ready vectors, each batch synced before the next; then the "
                 "metadata of ten\nitems beside a search for ten.",
                 "  likeness bench ingest --vectors 100000 --folder .\n");
  command->add_option("--vectors", options->vectors, "How many")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  AddDimensions(*command, options->dimensions);
  command->add_option("--batch", options->batch, "Items a call")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  AddSeconds(*command, options->seconds);
  AddSeed(*command, options->seed);
  command
      ->add_option("--folder", options->folder,
                   "On the disk that is measured; left as it was")
      ->capture_default_str();
  AddJsonFlag(*command, context);
  command->callback([options, &context] {
    context.Finish("bench ingest", BenchIngest(*options, std::cout));
  });
}

}  // namespace

void AddBenchCommand(CLI::App& app, CommandContext& context) {
  CLI::App* bench = AddCommand(app, "bench",
                               "Measure; prints one JSON object a line.\n"
                               "So it does with --json and without.",
                               "  likeness bench flat\n  likeness bench index\n"
                               "  likeness bench embed\n"
                               "  likeness bench filter\n"
                               "  likeness bench ingest\n"
                               "  likeness bench start\n");
  bench->require_subcommand(1);
  AddBenchFlat(*bench, context);
  AddBenchIndex(*bench, context);
  AddBenchEmbed(*bench, context);
  AddBenchFilter(*bench, context);
  AddBenchIngest(*bench, context);
  AddBenchStart(*bench, context);
}

}  // namespace likeness
