using System.CommandLine;
using Goodhart.Cli.Judging;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Runs.Stopping;

namespace Goodhart.Cli.Stages;

/// <summary><c>--stop-at-peak</c> and <c>--alarm</c>, and what their checkpoints are measured on.</summary>
internal sealed class StopOptions
{
    private readonly Option<bool> stop = TextOption.Flag(
        "--stop-at-peak",
        "Judge every checkpoint's samples on held-out prompts, and stop once one is significantly worse than the best so far; "
            + "DIR/model is then the best. Needs --judge.");

    private readonly Option<bool> alarm = TextOption.Flag(
        "--alarm",
        "Tell at every checkpoint without a judge how likely the run is past its peak, from samples on held-out prompts and from "
            + "--held-out pairs (see `goodhart alarm`); written into metrics.jsonl.");

    private readonly Option<double?> alarmStop = NumberOption.OrNone(
        "--alarm-stop", NumberRule.Between(0, 1, 0.8),
        "--alarm: stop at the first checkpoint with this probability or more; DIR/model is then the checkpoint before.");

    private readonly Option<string?> alarmTable = TextOption.OrNone(
        "--alarm-table", "FILE.csv", "--alarm: what to learn from, as `goodhart alarm --collect` writes it. Default: the shipped table.");

    private readonly Option<string?> prompts = TextOption.OrNone(
        "--prompts", "FILE", "--stop-at-peak, --alarm: held-out prompts, for --stop-at-peak with the responses to judge against. Default: "
            + "--held-out, with its chosen ones.").AcceptDataNameOrNone();

    private readonly Option<int?> limit = NumberOption.WholeOrNone(
        "--limit", 1, "--stop-at-peak, --alarm: the first so many prompts. Default: all.");
    private readonly Option<int> samples = NumberOption.Whole("--samples", 1, 1, "--stop-at-peak, --alarm: responses per prompt.");
    private readonly Option<int> maxNewTokens = NumberOption.Whole(
        "--max-new-tokens", 1, 256, "--stop-at-peak, --alarm: longest response, EOS included.");
    private readonly JudgeOptions judge = new(required: false, plans: false);

    public IReadOnlyList<Option> All => [stop, alarm, alarmStop, alarmTable, .. Shared, .. judge.All];

    private Option[] Shared => [prompts, limit, samples, maxNewTokens];

    /// <summary>Null where the run is not watched.</summary>
    /// <param name="heldOut">The file of held-out pairs, where there is one.</param>
    /// <param name="createDevice">Makes what a judge that is a reward model runs on.</param>
    /// <param name="note">Told of such a model, as <see cref="Models.ModelFolder.Open"/> has it.</param>
    /// <exception cref="InvalidDataException">No judge or no prompts to watch with, or options of a watch that nobody
    /// asked for.</exception>
    public PeakSettings? Of(
        ParseResult parse, string? heldOut, ulong seed, bool quiet, Func<IDevice> createDevice, Action<string>? note)
    {
        RequireAsked(parse);
        if (!parse.GetValue(stop))
        {
            return null;
        }

        JudgeChoice choice = judge.Of(parse, seed, createDevice, note) ?? throw new InvalidDataException(
            "--stop-at-peak needs a judge of held-out samples: --judge gold for data of `goodhart world export`, --judge openai with "
            + "--judge-model and --base-url for any OpenAI-compatible endpoint, or --judge paper.");
        string file = parse.GetValue(prompts) ?? heldOut ?? throw new InvalidDataException(
            "--stop-at-peak needs held-out prompts with responses to judge against: --prompts FILE, or --held-out FILE with pairs.");
        TextWriter errors = parse.InvocationConfiguration.Error;
        return new PeakSettings(file, parse.GetValue(limit), Sampling(parse, seed), choice)
        {
            Progress = () => new JudgeCount(errors, quiet),
        };
    }

    /// <summary>Null where no alarm is asked.</summary>
    /// <exception cref="InvalidDataException">No prompts to measure on.</exception>
    public AlarmSettings? Alarm(ParseResult parse, string? heldOut, ulong seed) => !parse.GetValue(alarm) ? null : new AlarmSettings(
        parse.GetValue(prompts) ?? heldOut ?? throw new InvalidDataException(
            "--alarm needs held-out prompts to measure the policy on: --prompts FILE, or --held-out FILE with pairs, from which it learns "
            + "more."),
        parse.GetValue(limit), Sampling(parse, seed), parse.GetValue(alarmTable), parse.GetValue(alarmStop));

    private ResponseSampling Sampling(ParseResult parse, ulong seed) =>
        new(parse.GetValue(samples), 1, parse.GetValue(maxNewTokens), seed);

    /// <summary>Options of what nobody asked for would be ignored.</summary>
    private void RequireAsked(ParseResult parse)
    {
        bool watches = parse.GetValue(stop);
        bool alarms = parse.GetValue(alarm);
        if (watches && alarms)
        {
            throw new InvalidDataException(
                "--stop-at-peak and --alarm: a run is ended by one of the two; leave --alarm out where there is a judge.");
        }

        Refuse(parse, watches || alarms, Shared, "--stop-at-peak or --alarm, and neither is given.");
        Refuse(parse, watches, judge.All, "--stop-at-peak, which is not given.");
        Refuse(parse, alarms, [alarmStop, alarmTable], "--alarm, which is not given.");
    }

    private static void Refuse(ParseResult parse, bool asked, IEnumerable<Option> options, string owner)
    {
        if (!asked && options.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } stray)
        {
            throw new InvalidDataException($"{stray.Name} belongs to {owner}");
        }
    }
}
