using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Text;

namespace Goodhart.Cli.Stages;

/// <summary>How a model is updated on a file's rows.</summary>
/// <param name="checkpointDefault">Fractions of the run.</param>
internal sealed class UpdateOptions(string checkpointDefault, OptimizerDefaults defaults, int batchStandard = 128)
{
    private readonly Option<int> batchSize = NumberOption.Whole(
        "--batch-size", 1, batchStandard, "Rows per update. An epoch's last partial batch is left out.");

    private readonly OptimizerOptions optimizer = new(defaults);
    private readonly Option<int> epochs = NumberOption.Whole("--epochs", 1, 1, "Passes over the data, each in its own order.");
    private readonly Option<ulong> seed = CommonOptions.Seed("the data order");
    private readonly LoraOption lora = new();
    private readonly CheckpointOptions checkpoints = new(checkpointDefault, "updates", 1000);

    public UpdateOptions(string checkpointDefault)
        : this(checkpointDefault, OptimizerDefaults.Paper)
    {
    }

    public IReadOnlyList<Option> All => [batchSize, .. optimizer.All, epochs, lora.Option, seed, .. checkpoints.All];

    public ulong Seed(ParseResult parse) => parse.GetValue(seed);

    public TrainingSettings Of(ParseResult parse, string model, string data, StageData reading) => new(
        model,
        data,
        reading,
        optimizer.Training(parse, parse.GetValue(batchSize)),
        parse.GetValue(epochs),
        checkpoints.Of(parse),
        parse.GetValue(seed))
    {
        Lora = lora.Of(parse),
    };

    /// <summary>What to say of a run so short that its learning rate never got where it should; null otherwise.</summary>
    public string? Remark(ParseResult parse, int updates) => updates <= optimizer.WarmupSteps(parse)
        ? FormattableString.Invariant($"The learning rate was still rising: {Quantity.Of(updates, "update")}, of ")
            + FormattableString.Invariant($"{optimizer.WarmupSteps(parse)} that warm up. ")
            + "Train longer (--epochs, a smaller --batch-size), or lower --warmup-steps."
        : null;
}
