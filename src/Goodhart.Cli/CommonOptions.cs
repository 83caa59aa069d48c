using System.CommandLine;

namespace Goodhart.Cli;

/// <summary>Options that mean the same in every verb that has them.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json")
    {
        Description = "Print the result as JSON on standard output, and nothing else there.",
    };

    public static Option<ulong> Seed(string what) => new("--seed") { Description = $"Seed of {what}; the same seed gives the same bits." };

    public static Option<int> Threads()
    {
        Option<int> threads = new("--threads")
        {
            Description = "Compute threads; changes the speed and no bit of the result.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        return AtLeast(threads, 1);
    }

    public static Option<int> Rows(string name, int standard, string what)
    {
        Option<int> rows = new(name) { Description = what, DefaultValueFactory = _ => standard };
        return AtLeast(rows, 0);
    }

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress, only the result." };

    /// <summary>A Hugging Face folder.</summary>
    public static Argument<string> Model(string name, string role) => new(name)
    {
        Description = $"{role}: a Hugging Face folder with config.json and model.safetensors.",
    };

    public static Option<int> AtLeast(Option<int> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least)
            {
                result.AddError($"{option.Name}: expected a whole number >= {least}, found {result.GetValueOrDefault<int>()}.");
            }
        });
        return option;
    }
}
