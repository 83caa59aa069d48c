using System.CommandLine;

namespace Goodhart.Cli.Parsing;

/// <summary>Options that mean the same in every verb that has them.</summary>
internal static class CommonOptions
{
    private const int MostThreads = 4096;

    public static Option<bool> Json() => TextOption.Flag("--json", "Print the result as JSON on standard output, and nothing else there.");

    public static Option<ulong> Seed(string what) =>
        NumberOption.Of("--seed", NumberRule.Seed, 0UL, $"Seed of {what}; the same seed gives the same bits.");

    public static Option<int> Threads() => NumberOption.Of(
        "--threads", NumberRule.Whole(1, MostThreads, 4), Environment.ProcessorCount,
        "Compute threads; on the cpu they change the speed and no bit of the result.");

    public static Option<bool> Quiet() => TextOption.Flag("--quiet", "No progress, only the result.");

    public static Option<string> Prompts() => TextOption.Required(
        "--prompts", "FILE", "A file with prompts: a column of them, or preference or SFT data.").AcceptDataName();

    /// <summary>A Hugging Face folder.</summary>
    public static Argument<string> Model(string name, string role) => TextArgument.Of(
        name,
        $"{role}: a Hugging Face folder with config.json and model.safetensors, or a name that `goodhart pull` fetched.").AcceptHubName();
}
