using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Stages;

/// <summary>Where a run is cut.</summary>
/// <param name="standard">Fractions of the run.</param>
/// <param name="unit">What is counted: updates, collections.</param>
internal sealed class CheckpointOptions(string standard, string unit, int resumeStandard)
{
    private readonly NumberListOption checkpoints = new(
        "--checkpoints", standard, NumberRule.Share(1), "Fractions of the run at which weights are kept; the last one is 1.");

    private readonly Option<int> resumeEvery = NumberOption.Whole(
        "--resume-every", 1, resumeStandard, $"An interruption loses at most so many {unit}. Changing it starts anew.");

    public IReadOnlyList<Option> All => [checkpoints.Option, resumeEvery];

    public CheckpointPlan Of(ParseResult parse) => new(checkpoints.Of(parse), parse.GetValue(resumeEvery));
}
