using System.CommandLine;

namespace Goodhart.Cli.Parsing;

/// <summary><c>--config FILE.yaml</c>: the verb's other options and arguments from a file, each by its name in camel case.</summary>
internal sealed class ConfigOption : Option<string?>
{
    public ConfigOption()
        : base("--config")
    {
        Description = "A YAML file with options of this command: learningRate: 1e-6 is --learning-rate 1e-6. The command line wins.";
        HelpName = "FILE.yaml";
    }
}
