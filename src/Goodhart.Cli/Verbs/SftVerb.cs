using System.CommandLine;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart sft</c>: supervised fine-tuning of a model folder.</summary>
internal sealed class SftVerb : TrainingVerb<TrainingResult>
{
    private const string MeanOverTokens = "tokenMean";

    private readonly Argument<string> model = CommonOptions.Model("MODEL", "The model to start from, with its tokenizer");
    private readonly Argument<string> data = TextArgument.Of(
        "DATA", "Examples (text, prompt and completion, or messages) or preference pairs, of which the chosen response is used: "
            + "JSONL, JSON, CSV or Parquet, or OWNER/NAME:SPLIT of the hub's cache.").AcceptDataName();

    private readonly DataOptions reading = new();
    private readonly UpdateOptions updates = new("1");
    private readonly Option<string> reduction = TextOption.Of(
        "--reduction", "NAME", MeanOverTokens,
        "What is minimised: the mean over tokens, or the mean over sequences of their sums, as in the paper's code.")
        .AcceptOnlyFromAmong(MeanOverTokens, "sequenceMean");

    public SftVerb()
        : base("sft", "Fine-tune a model on examples. Writes DIR/model, checkpoints, metrics.jsonl and TensorBoard files.") =>
        TakeStage([model, data, .. reading.All, .. updates.All, reduction]);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart sft pythia-160m sft.jsonl --out sft",
        "goodhart sft pythia-160m tldr.parquet --out sft --columns prompt=post,completion=summary --optimizer adamw --learning-rate 1e-5",
    ];

    protected override Task<TrainingResult> TrainAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel) =>
        SftStage.RunAsync(Settings(parse), Loss(parse), environment, cancel);

    protected override StagePlan Plan(ParseResult parse, StageEnvironment environment, DeviceMemory device) =>
        SftStage.Plan(Settings(parse), Loss(parse), environment, device);

    private TrainingSettings Settings(ParseResult parse) =>
        updates.Of(parse, parse.GetValue(model)!, parse.GetValue(data)!, reading.Of(parse));

    private SupervisedLoss Loss(ParseResult parse) =>
        parse.GetValue(reduction) == MeanOverTokens ? new TokenMean() : new SequenceMean();

    protected override void Announce(ParseResult parse, TrainingResult result) => AnnounceTraining(
        Out(parse), result, updates.Remark(parse, result.Updates), "loss", "nll");
}
