using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Report.Text;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Runs;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart reward</c>: reward models from preference pairs.</summary>
internal sealed class RewardVerb : TrainingVerb<RewardResult>
{
    private readonly Argument<string> model = CommonOptions.Model(
        "MODEL", "The SFT model with its tokenizer, whose trunk the reward model takes");

    private readonly Option<string> data = TextOption.Required(
        "--data", "FILE",
        "Preference pairs: JSONL, JSON, CSV or Parquet. A column margin, where there is one, is taken off the difference of "
            + "rewards (Llama 2).").AcceptDataName();

    private readonly Option<string?> heldOut = TextOption.OrNone(
        "--held-out", "FILE", "Pairs for accuracy, calibration and the distribution of rewards, at every checkpoint.")
        .AcceptDataNameOrNone();

    private readonly Option<int> members = NumberOption.Whole(
        "--members", 1, 1, "Reward models of an ensemble; member k has seed + k - 1: its head and data order (Coste et al. 2024).");

    private readonly DataOptions reading = new();
    private readonly UpdateOptions updates = new("1", OptimizerDefaults.Reward, 64);

    public RewardVerb()
        : base(
            "reward",
            "Train a reward model on preference pairs: Bradley-Terry, Eq. (2). Writes DIR/model (a sequence classifier of one label), "
                + "metrics.jsonl, TensorBoard files and, with --held-out, evaluation.json and report.html.") =>
        TakeStage([model, data, heldOut, members, .. reading.All, .. updates.All]);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart reward sft/model --data pairs.jsonl --held-out test.jsonl --out reward",
        "goodhart reward sft/model --data pairs.parquet --out reward --members 4 --columns margin=confidence",
    ];

    protected override Task<RewardResult> TrainAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel) =>
        RewardStage.RunAsync(Settings(parse), environment, cancel);

    protected override StagePlan Plan(ParseResult parse, StageEnvironment environment, DeviceMemory device) =>
        RewardStage.Plan(Settings(parse), environment, device);

    private RewardSettings Settings(ParseResult parse) => new(
        updates.Of(parse, parse.GetValue(model)!, parse.GetValue(data)!, reading.Of(parse)), parse.GetValue(heldOut),
        parse.GetValue(members));

    protected override void Announce(ParseResult parse, RewardResult result)
    {
        foreach (TrainingResult run in result.Runs)
        {
            AnnounceTraining(Out(parse), run, updates.Remark(parse, run.Updates), "loss", "rewards/accuracies", "rewards/margins");
        }

        if (result.HeldOut.Count > 0)
        {
            Table table = Ansi.Table("held out", "accuracy", "loss, nats", "calibration error", "chosen", "rejected");
            foreach (RewardQuality quality in result.HeldOut)
            {
                table.AddText(
                    quality.Model, Numbers.WithError(quality.HeldOut.Accuracy.Mean, quality.HeldOut.Accuracy.StandardError),
                    Text(quality.HeldOut.Loss), Text(quality.HeldOut.ExpectedCalibrationError), Text(quality.Chosen),
                    Text(quality.Rejected));
            }

            Ansi.On(Out(parse)).Write(table);
        }
    }

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Text(RewardDistribution rewards) =>
        string.Create(CultureInfo.InvariantCulture, $"{rewards.Mean:0.000} ± {rewards.StandardDeviation:0.000}");
}
