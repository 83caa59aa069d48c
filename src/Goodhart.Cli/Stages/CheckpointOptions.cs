using System.CommandLine;
using System.Globalization;
using Goodhart.Studies.Stages.Running;

namespace Goodhart.Cli.Stages;

/// <summary>Where a run is cut.</summary>
/// <param name="standard">Fractions of the run.</param>
/// <param name="unit">What is counted: updates, collections.</param>
internal sealed class CheckpointOptions(string standard, string unit, int resumeStandard)
{
    private readonly Option<string> checkpoints = new("--checkpoints")
    {
        Description = "Fractions of the run at which weights are kept; the last one is 1.",
        DefaultValueFactory = _ => standard,
        HelpName = "0.5,1",
    };

    private readonly Option<int> resumeEvery = NumberOption.Whole(
        "--resume-every", 1, resumeStandard, $"An interruption loses at most so many {unit}. Changing it starts anew.");

    public IReadOnlyList<Option> All => [checkpoints, resumeEvery];

    public CheckpointPlan Of(ParseResult parse) =>
        new([.. CommaList.Split(parse.GetValue(checkpoints)!).Select(Fraction)], parse.GetValue(resumeEvery));

    private static double Fraction(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double fraction)
        ? fraction
        : throw new ArgumentException($"--checkpoints: expected fractions of the run with commas between, found '{text}'.");
}
