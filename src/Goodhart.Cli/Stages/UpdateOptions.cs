using System.CommandLine;
using System.Globalization;
using Goodhart.Alignment.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Running;
using Goodhart.Studies.Stages.Training;

namespace Goodhart.Cli.Stages;

/// <summary>How a model is updated. The defaults are those of the paper's appendix B, and PyTorch's for what it leaves open.</summary>
/// <param name="checkpointDefault">Fractions of the run.</param>
internal sealed class UpdateOptions(string checkpointDefault)
{
    private const string Constant = "constant";
    private const string Linear = "linear";
    private const string Cosine = "cosine";
    private const string RmsProp = "rmsprop";
    private const string Adam = "adam";
    private const string AdamW = "adamw";

    private readonly Option<int> batchSize = NumberOption.Whole("--batch-size", 1, 128, "Rows per update. An epoch's last partial batch is left out.");
    private readonly Option<double> learningRate = NumberOption.Above0("--learning-rate", 5e-7, "Its highest, after the warm-up.");
    private readonly Option<int> warmup = NumberOption.Whole("--warmup-steps", 0, 150, "Updates over which the learning rate rises linearly.");
    private readonly Option<string> schedule = new Option<string>("--lr-schedule")
    {
        Description = "After the warm-up: constant, linear (falls to zero at the end) or cosine (to a tenth).",
        DefaultValueFactory = _ => Constant,
        HelpName = "NAME",
    }.AcceptOnlyFromAmong(Constant, Linear, Cosine);

    private readonly Option<int> epochs = NumberOption.Whole("--epochs", 1, 1, "Passes over the data, each in its own order.");
    private readonly Option<double> clipNorm = NumberOption.Above0("--clip-norm", 10, "Global gradient norm above which gradients are scaled down.");
    private readonly Option<ulong> seed = CommonOptions.Seed("the data order");
    private readonly Option<int> resumeEvery = NumberOption.Whole(
        "--resume-every", 1, 1000, "An interruption loses at most so many updates. Changing it starts anew.");

    private readonly Option<string> optimizer = new Option<string>("--optimizer")
    {
        Description = "rmsprop (alpha 0.99, eps 1e-8), adam (0.9, 0.999, 1e-8) or adamw (the same, weight decay 0.01).",
        DefaultValueFactory = _ => RmsProp,
        HelpName = "NAME",
    }.AcceptOnlyFromAmong(RmsProp, Adam, AdamW);

    private readonly Option<string> checkpoints = new("--checkpoints")
    {
        Description = "Fractions of the run at which weights are kept; the last one is 1.",
        DefaultValueFactory = _ => checkpointDefault,
        HelpName = "0.5,1",
    };

    public IReadOnlyList<Option> All => [batchSize, learningRate, warmup, schedule, epochs, optimizer, clipNorm, seed, checkpoints, resumeEvery];

    public ulong Seed(ParseResult parse) => parse.GetValue(seed);

    public TrainingSettings Of(ParseResult parse, string model, string data, StageData reading) => new(
        model,
        data,
        reading,
        new TrainingRecipe(
            parse.GetValue(batchSize), OptimizerOf(parse.GetValue(optimizer)!), ScheduleOf(parse), parse.GetValue(clipNorm)),
        parse.GetValue(epochs),
        new CheckpointPlan([.. CommaList.Split(parse.GetValue(checkpoints)!).Select(Fraction)], parse.GetValue(resumeEvery)),
        parse.GetValue(seed));

    /// <summary>What to say of a run so short that its learning rate never got where it should; null otherwise.</summary>
    public string? Remark(ParseResult parse, int updates) => updates <= parse.GetValue(warmup)
        ? FormattableString.Invariant($"The learning rate was still rising: {updates} updates, of {parse.GetValue(warmup)} that warm up. ")
            + "Train longer (--epochs, a smaller --batch-size), or lower --warmup-steps."
        : null;

    private LearningRateSchedule ScheduleOf(ParseResult parse)
    {
        (double peak, int steps) = (parse.GetValue(learningRate), parse.GetValue(warmup));
        return parse.GetValue(schedule) switch
        {
            Constant => new ConstantSchedule { Peak = peak, WarmupSteps = steps },
            Linear => new LinearSchedule { Peak = peak, WarmupSteps = steps },
            _ => new CosineSchedule { Peak = peak, WarmupSteps = steps },
        };
    }

    private static OptimizerDefinition OptimizerOf(string name) => name switch
    {
        RmsProp => new RmsPropDefinition(0.99, 1e-8),
        Adam => new AdamWDefinition(0.9, 0.999, 1e-8, 0),
        _ => new AdamWDefinition(0.9, 0.999, 1e-8, 0.01),
    };

    private static double Fraction(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double fraction)
        ? fraction
        : throw new ArgumentException($"--checkpoints: expected fractions of the run with commas between, found '{text}'.");
}
