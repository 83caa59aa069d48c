using System.CommandLine;
using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart align</c>: direct alignment of a model folder.</summary>
internal sealed class AlignVerb : TrainingVerb<TrainingResult>
{
    private readonly Argument<string> model = CommonOptions.Model("MODEL", "The SFT model, with its tokenizer");
    private readonly Argument<string> data = TextArgument.Of(
        "DATA", "Preference pairs (prompt, chosen, rejected; texts or conversations); for --loss kto also responses with labels "
            + "(prompt, completion, label). JSONL, JSON, CSV or Parquet, or OWNER/NAME:SPLIT of the hub's cache.").AcceptDataName();

    private readonly LossOptions loss = new();
    private readonly RemedyOption remedies = new();
    private readonly Option<string?> reference = TextOption.OrNone(
        "--reference", "MODEL", "The model that the policy is held to. Default: MODEL.").AcceptHubNameOrNone();

    private readonly Option<string?> heldOut = TextOption.OrNone(
        "--held-out", "FILE",
        "Pairs on which every checkpoint's loss, accuracy, margin and forward KL are measured; for --loss kto responses with "
            + "labels too, which have no accuracy.").AcceptDataNameOrNone();

    private readonly DataOptions reading = new();
    private readonly UpdateOptions updates = new("0.25,0.5,0.75,1");
    private readonly StopOptions stop = new();

    public AlignVerb()
        : base(
            "align",
            "Align a model with preference pairs: DPO, IPO, SLiC or any of `goodhart losses`, with any of `goodhart remedies`; with kto "
                + "also on unpaired responses. Writes DIR/model, checkpoints, metrics.jsonl and TensorBoard files.") =>
        TakeStage([model, data, .. loss.All, remedies.Option, reference, heldOut, .. reading.All, .. updates.All, .. stop.All]);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart align sft/model pairs.jsonl --out dpo --loss dpo --beta 0.1",
        "goodhart align sft/model pairs.jsonl --out r-dpo --loss r-dpo --beta 0.1 --loss-parameter alpha=0.02 --nll-weight 0.1",
        "goodhart align sft/model pairs.jsonl --out cured --loss dpo --beta 0.1 --remedy is-daa:epsilon=0.5 --remedy tr-dpo:every=100",
        "goodhart align sft/model feedback.csv --out kto --loss kto --beta 0.1 --loss-parameter undesirable-weight=0.5",
        "goodhart align sft/model pairs.parquet --out ipo --loss ipo --beta 0.05 --held-out test.parquet --checkpoints 0.2,0.4,0.6,0.8,1",
        "goodhart align sft/model pairs.jsonl --out dpo --stop-at-peak --judge openai --judge-model NAME --base-url "
            + "http://localhost:8000/v1 --prompts test.jsonl --limit 256",
        "goodhart align sft/model pairs.jsonl --out dpo --held-out test.jsonl --alarm --alarm-stop 0.8 --checkpoints 0.1,0.25,0.5,1",
    ];

    protected override Task<TrainingResult> TrainAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel) =>
        AlignStage.RunAsync(Settings(parse, environment), environment, cancel);

    protected override StagePlan Plan(ParseResult parse, StageEnvironment environment, DeviceMemory device) =>
        AlignStage.Plan(Settings(parse, environment), environment, device);

    private AlignSettings Settings(ParseResult parse, StageEnvironment environment)
    {
        string start = parse.GetValue(model)!;
        AlignmentLoss chosen = loss.Of(parse);
        return new AlignSettings(
            updates.Of(parse, start, parse.GetValue(data)!, reading.Of(parse)), chosen, parse.GetValue(reference) ?? start,
            parse.GetValue(heldOut))
        {
            Remedies = remedies.Of(parse),
            Peak = stop.Of(
                parse, parse.GetValue(heldOut), updates.Seed(parse), IsQuiet(parse),
                () => environment.CreateDevice(environment.Threads), environment.Note),
            Alarm = stop.Alarm(parse, parse.GetValue(heldOut), updates.Seed(parse)),
        };
    }

    protected override void Announce(ParseResult parse, TrainingResult result)
    {
        AnnounceTraining(
            Out(parse), result, updates.Remark(parse, result.Updates), "loss", "kl", "rewards/accuracies", "rewards/margins");
        if (result.Labels is { } labels && loss.Of(parse) is KtoLoss kto)
        {
            Out(parse).WriteLine(LabelText.Of(labels, kto));
        }

        if (result.Stop is { } peak)
        {
            Out(parse).WriteLine($"{(peak.Stopped ? "stopped" : "ran to the end")}: {peak.Reason}");
            Out(parse).WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"best: {peak.Best.Checkpoint}, win rate {peak.Best.WinRate:0.000}, KL {peak.Best.Kl:G4} nats"));
        }

        if (result.Alarm is { } alarm)
        {
            Out(parse).WriteLine($"{(alarm.Stopped ? "stopped" : "ran to the end")}: {alarm.Reason}; {alarm.Kept} is kept");
            Out(parse).WriteLine("alarm: " + string.Join(", ", alarm.Measured.Select(checkpoint => string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * checkpoint.Probability:0} % at {100 * checkpoint.Fraction:0} %{(checkpoint.Raised ? " (raised)" : "")}"))));
            Out(parse).WriteLine(alarm.Worth);
            if (alarm.Missing.Count > 0)
            {
                Out(parse).WriteLine($"not measured here, so not seen: {string.Join(", ", alarm.Missing)}");
            }
        }

        if (result.LastHeldOut is { Values: { } values })
        {
            (string Name, string Key, string Unit)[] shown =
            [
                ("loss", "eval/loss", ""), ("accuracy", "eval/rewards/accuracies", ""), ("margin", "eval/rewards/margins", " nats"),
            ];
            Out(parse).WriteLine("held out: " + string.Join(", ", shown.Where(metric => values.ContainsKey(metric.Key)).Select(
                metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {values[metric.Key]:G4}{metric.Unit}"))));
        }
    }
}
