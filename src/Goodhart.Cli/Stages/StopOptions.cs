using System.CommandLine;
using Goodhart.Cli.Judging;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Runs.Stopping;

namespace Goodhart.Cli.Stages;

/// <summary><c>--stop-at-peak</c>, and what its checkpoints are judged on.</summary>
internal sealed class StopOptions
{
    private readonly Option<bool> stop = new("--stop-at-peak")
    {
        Description =
            "Judge every checkpoint's samples on held-out prompts, and stop once one is significantly worse than the best so far; "
                + "DIR/model is then the best. Needs --judge.",
    };

    private readonly Option<string?> prompts = new Option<string?>("--prompts")
    {
        Description = "--stop-at-peak: held-out prompts with the responses to judge against. Default: --held-out with its chosen ones.",
        HelpName = "FILE",
    }.AcceptDataNameOrNone();

    private readonly Option<int?> limit = NumberOption.WholeOrNone(
        "--limit", 1, "--stop-at-peak: the first so many prompts. Default: all.");
    private readonly Option<int> samples = NumberOption.Whole("--samples", 1, 1, "--stop-at-peak: responses per prompt.");
    private readonly Option<int> maxNewTokens = NumberOption.Whole(
        "--max-new-tokens", 1, 256, "--stop-at-peak: longest response, EOS included.");
    private readonly JudgeOptions judge = new(required: false, plans: false);

    public IReadOnlyList<Option> All => [stop, prompts, limit, samples, maxNewTokens, .. judge.All];

    /// <summary>Null where the run is not watched.</summary>
    /// <param name="heldOut">The file of held-out pairs, where there is one.</param>
    /// <param name="createDevice">Makes what a judge that is a reward model runs on.</param>
    /// <param name="note">Told of such a model, as <see cref="Models.ModelFolder.Open"/> has it.</param>
    /// <exception cref="InvalidDataException">No judge or no prompts to watch with, or options of a watch that nobody
    /// asked for.</exception>
    public PeakSettings? Of(
        ParseResult parse, string? heldOut, ulong seed, bool quiet, Func<IDevice> createDevice, Action<string>? note)
    {
        if (!parse.GetValue(stop))
        {
            return All.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } stray
                ? throw new InvalidDataException($"{stray.Name} belongs to --stop-at-peak, which is not given.")
                : null;
        }

        JudgeChoice choice = judge.Of(parse, seed, createDevice, note) ?? throw new InvalidDataException(
            "--stop-at-peak needs a judge of held-out samples: --judge gold for data of `goodhart world export`, --judge openai with "
            + "--judge-model and --base-url for any OpenAI-compatible endpoint, or --judge paper.");
        string file = parse.GetValue(prompts) ?? heldOut ?? throw new InvalidDataException(
            "--stop-at-peak needs held-out prompts with responses to judge against: --prompts FILE, or --held-out FILE with pairs.");
        TextWriter errors = parse.InvocationConfiguration.Error;
        return new PeakSettings(
            file, parse.GetValue(limit), new ResponseSampling(parse.GetValue(samples), 1, parse.GetValue(maxNewTokens), seed), choice)
        {
            Progress = () => new JudgeCount(errors, quiet),
        };
    }
}
