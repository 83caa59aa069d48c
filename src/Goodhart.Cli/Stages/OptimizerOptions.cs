using System.CommandLine;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Parsing;
using Goodhart.Engine.Optimizers;

namespace Goodhart.Cli.Stages;

/// <summary>What a verb's optimizer does unless told otherwise.</summary>
internal sealed record OptimizerDefaults(
    string Optimizer, double LearningRate, int WarmupSteps, string Schedule, double ClipNorm, double Epsilon)
{
    public const string Constant = "constant";
    public const string Linear = "linear";
    public const string Cosine = "cosine";
    public const string RmsProp = "rmsprop";
    public const string Adam = "adam";
    public const string AdamW = "adamw";

    /// <summary>The paper's appendix B, and PyTorch's for what it leaves open.</summary>
    public static readonly OptimizerDefaults Paper = new(RmsProp, 5e-7, 150, Constant, 10, 1e-8);

    /// <summary>Reward models (Stiennon et al. 2020, appendix B.1: Adam, 1.5e-5 falling on a cosine).</summary>
    public static readonly OptimizerDefaults Reward = new(Adam, 1.5e-5, 0, Cosine, 10, 1e-8);

    /// <summary>TRL's PPO and RLOO: 3e-6; Adam's ε 1e-5 and linear annealing as in Huang et al. 2024.</summary>
    public static readonly OptimizerDefaults PolicyGradient = new(Adam, 3e-6, 0, Linear, 1, 1e-5);
}

/// <summary>Optimizer, learning rate and its course, gradient clipping.</summary>
internal sealed class OptimizerOptions(OptimizerDefaults defaults)
{
    private readonly Option<double> learningRate = NumberOption.Above0(
        "--learning-rate", defaults.LearningRate, "Its highest, after the warm-up.");
    private readonly Option<int> warmup = NumberOption.Whole(
        "--warmup-steps", 0, defaults.WarmupSteps, "Updates over which the learning rate rises linearly.");

    private readonly Option<string> schedule = TextOption.Of(
        "--lr-schedule", "NAME", defaults.Schedule,
        "After the warm-up: constant, linear (falls to zero at the end) or cosine (to a tenth).")
        .AcceptOnlyFromAmong(OptimizerDefaults.Constant, OptimizerDefaults.Linear, OptimizerDefaults.Cosine);

    private readonly Option<double> clipNorm = NumberOption.Above0(
        "--clip-norm", defaults.ClipNorm, "Global gradient norm above which gradients are scaled down.");

    private readonly Option<string> optimizer = TextOption.Of(
        "--optimizer", "NAME", defaults.Optimizer,
        "rmsprop (alpha 0.99), adam (0.9, 0.999) or adamw (the same, weight decay 0.01).")
        .AcceptOnlyFromAmong(OptimizerDefaults.RmsProp, OptimizerDefaults.Adam, OptimizerDefaults.AdamW);

    private readonly Option<double> epsilon = NumberOption.Above0(
        "--optimizer-epsilon", defaults.Epsilon, "ε of the optimizer's denominator.");

    public IReadOnlyList<Option> All => [learningRate, warmup, schedule, optimizer, epsilon, clipNorm];

    public int WarmupSteps(ParseResult parse) => parse.GetValue(warmup);

    private LearningRateSchedule Schedule(ParseResult parse)
    {
        (double peak, int steps) = (parse.GetValue(learningRate), parse.GetValue(warmup));
        return parse.GetValue(schedule) switch
        {
            OptimizerDefaults.Constant => new ConstantSchedule { Peak = peak, WarmupSteps = steps },
            OptimizerDefaults.Linear => new LinearSchedule { Peak = peak, WarmupSteps = steps },
            _ => new CosineSchedule { Peak = peak, WarmupSteps = steps },
        };
    }

    public TrainingOptions Training(ParseResult parse, int batchSize) => new()
    {
        Optimizer = Optimizer(parse),
        LearningRate = Schedule(parse),
        BatchSize = batchSize,
        ClipNorm = parse.GetValue(clipNorm),
    };

    private Optimizer Optimizer(ParseResult parse)
    {
        double eps = parse.GetValue(epsilon);
        return parse.GetValue(optimizer) switch
        {
            OptimizerDefaults.RmsProp => new RmsProp { Alpha = 0.99, Eps = eps },
            OptimizerDefaults.Adam => new AdamW { Beta1 = 0.9, Beta2 = 0.999, Eps = eps, WeightDecay = 0 },
            _ => new AdamW { Beta1 = 0.9, Beta2 = 0.999, Eps = eps, WeightDecay = 0.01 },
        };
    }
}
