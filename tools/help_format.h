#ifndef LIKENESS_TOOLS_HELP_FORMAT_H_
#define LIKENESS_TOOLS_HELP_FORMAT_H_

#include <string>

#include "CLI/CLI.hpp"

namespace likeness {

// How --help looks: at most 80 columns where words allow it, one line for each
// sub-command in a list of them (the first sentence of its description), and
// the whole description where the sub-command's own help is asked for.
class HelpFormat : public CLI::Formatter {
 public:
  HelpFormat();

  std::string make_description(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* sub) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_HELP_FORMAT_H_
