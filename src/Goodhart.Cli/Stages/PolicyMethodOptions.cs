using System.CommandLine;
using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Parsing;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Training;

namespace Goodhart.Cli.Stages;

/// <summary>PPO or RLOO, with the details that published implementations differ in. docs/guides/rlhf-options.md has the sources.</summary>
internal sealed class PolicyMethodOptions
{
    private const string Ppo = "ppo";
    private const string Rloo = "rloo";
    private const string Sft = "sft";
    private const string RewardModel = "reward";
    private const string K1 = "k1";
    private const string K3 = "k3";

    private readonly Option<string> method = TextOption.Of(
        "--method", "ppo|rloo", Ppo,
        "ppo (Schulman et al. 2017, with a value model) or rloo (Ahmadian et al. 2024: the baseline is a prompt's other samples).")
        .AcceptOnlyFromAmong(Ppo, Rloo);

    private readonly Option<double> beta = NumberOption.AtLeast0(
        "--beta", 0.05, "Coefficient of the per-token KL penalty, reward per nat: Eq. (3). TRL's kl_coef.");
    private readonly Option<double?> adaptiveTarget = NumberOption.Above0OrNone(
        "--adaptive-target", "Nats per response: β follows the measured KL (Ziegler et al. 2019, 2.2). Default: β stays.");

    private readonly Option<double?> adaptiveHorizon = NumberOption.Above0OrNone(
        "--adaptive-horizon", "Episodes over which the adaptive β may change by a fifth (Ziegler et al. 2019). Default 10000.");

    private readonly Option<int> epochs = NumberOption.Whole("--epochs", 1, 4, "Passes over a collection (TRL: num_ppo_epochs 4).");
    private readonly Option<int> miniBatches = NumberOption.Whole(
        "--mini-batches", 1, 1, "Updates per pass, of whole prompts (TRL: num_mini_batches 1).");
    private readonly Option<double> clipRange = NumberOption.Above0("--clip-range", 0.2, "ε of the clipped ratio (Schulman et al. 2017).");
    private readonly Option<string> estimator = TextOption.Of(
        "--kl-estimator", "k1|k3", K1,
        "Of the KL penalty: k1, log π/π_ref, or k3 (TRL's kl_estimator), whose gradient as a reward is not that of the KL.")
        .AcceptOnlyFromAmong(K1, K3);

    private readonly Option<double?> scoreClip = NumberOption.Above0OrNone(
        "--score-clip", "Scores beyond ± this count as this (OpenRLHF's reward_clip_range, there 10). Default: none is cut.");

    private readonly Option<double?> missingEosPenalty = NumberOption.Above0OrNone(
        "--missing-eos-penalty", "Taken from the score of a response that ran into the length limit (TRL's missing_eos_penalty).");

    private readonly Option<double?> missingEosScore = NumberOption.FiniteOrNone(
        "--missing-eos-score", "Or the score of such a response, whatever the reward model says: the EOS trick (Huang et al. 2024: -1).");

    private readonly Option<bool> whitenAdvantages = TextOption.Flag(
        "--whiten-advantages",
        "Advantages to mean 0 and variance 1 over a collection. ppo does so already (Ziegler et al. 2019); for rloo it is TRL's "
            + "normalize_advantages.");

    private readonly Option<bool> plainAdvantages = TextOption.Flag("--no-whiten-advantages", "Advantages as they are.");
    private readonly Option<string> valueStart = TextOption.Of(
        "--value-start", "reward|sft", RewardModel,
        "ppo: the value model begins as the first reward model (Stiennon et al. 2020), or as MODEL's trunk with a new head.")
        .AcceptOnlyFromAmong(RewardModel, Sft);

    private readonly Option<double?> valueRate = NumberOption.Above0OrNone(
        "--value-learning-rate", "ppo: of the value model. Default: --learning-rate.");
    private readonly Option<int> valueWarmup = NumberOption.Whole(
        "--value-warmup", 0, 0, "ppo: collections that train the value model alone, before the policy moves.");

    private readonly Option<double> valueClip = NumberOption.Above0(
        "--value-clip-range", 0.2, "ppo: the value's change within a collection is clipped too (OpenAI's PPO2).");

    private readonly Option<double> discount = NumberOption.Of("--discount", NumberRule.Share(1), 1, "ppo: γ (Ziegler et al. 2019: 1).");
    private readonly Option<double> lambda = NumberOption.Of(
        "--lambda", NumberRule.Share(0.95), 0.95, "ppo: λ of the advantage estimate (Schulman et al. 2016).");
    private readonly Option<bool> whitenRewards = TextOption.Flag(
        "--whiten-rewards", "ppo: token rewards to variance 1 over a collection, their mean kept (TRL's whiten_rewards).");

    private IReadOnlyList<Option> PpoAlone => [valueStart, valueRate, valueWarmup, valueClip, discount, lambda, whitenRewards];

    public IReadOnlyList<Option> All =>
    [
        method, beta, estimator, adaptiveTarget, adaptiveHorizon, epochs, miniBatches, clipRange, scoreClip, missingEosPenalty,
        missingEosScore,
        whitenAdvantages, plainAdvantages, .. PpoAlone,
    ];

    public int MiniBatches(ParseResult parse) => parse.GetValue(miniBatches);

    /// <param name="recipe">Of the policy.</param>
    /// <exception cref="ArgumentException">Options that do not belong together.</exception>
    public Func<NamedFolder, PolicyMethod> Of(ParseResult parse, TrainingOptions recipe)
    {
        KlController kl = Kl(parse);
        KlEstimator kn = parse.GetValue(estimator) == K3 ? new K3Estimator() : new K1Estimator();
        double? clip = parse.GetValue(scoreClip);
        MissingEos eos = Eos(parse);
        bool ppo = parse.GetValue(method) == Ppo;
        if (!ppo && PpoAlone.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } stray)
        {
            throw new ArgumentException($"{stray.Name} is of ppo; --method rloo has no value model and no per-token reward.");
        }

        if (parse.GetValue(whitenAdvantages) && parse.GetValue(plainAdvantages))
        {
            throw new ArgumentException("--whiten-advantages and --no-whiten-advantages: give one.");
        }

        bool whiten = ppo ? !parse.GetValue(plainAdvantages) : parse.GetValue(whitenAdvantages);
        if (!ppo)
        {
            RlooMethod rloo = new(new RlooOptions
            {
                Policy = recipe,
                Kl = kl,
                Epochs = parse.GetValue(epochs),
                MiniBatches = parse.GetValue(miniBatches),
                ClipRange = parse.GetValue(clipRange),
                Estimator = kn,
                ScoreClip = clip,
                MissingEos = eos,
                WhitenAdvantages = whiten,
            });
            return _ => rloo;
        }

        PpoOptions options = new()
        {
            Policy = recipe,
            Value = recipe with
            {
                LearningRate = recipe.LearningRate with { Peak = parse.GetValue(valueRate) ?? recipe.LearningRate.Peak },
            },
            Kl = kl,
            Epochs = parse.GetValue(epochs),
            MiniBatches = parse.GetValue(miniBatches),
            ClipRange = parse.GetValue(clipRange),
            Estimator = kn,
            ScoreClip = clip,
            MissingEos = eos,
            WhitenAdvantages = whiten,
            ValueWarmup = parse.GetValue(valueWarmup),
            ValueClipRange = parse.GetValue(valueClip),
            Discount = parse.GetValue(discount),
            Trace = parse.GetValue(lambda),
            WhitenRewards = parse.GetValue(whitenRewards),
        };
        return reward => new PpoMethod(options) { ValueStart = parse.GetValue(valueStart) == Sft ? null : reward };
    }

    private MissingEos Eos(ParseResult parse) => (parse.GetValue(missingEosPenalty), parse.GetValue(missingEosScore)) switch
    {
        (not null, not null) => throw new ArgumentException("--missing-eos-penalty and --missing-eos-score: give one."),
        (null, { } score) => new MissingEosScore(score),
        var (penalty, _) => new MissingEosPenalty(penalty ?? 0),
    };

    private KlController Kl(ParseResult parse) => (parse.GetValue(adaptiveTarget), parse.GetValue(adaptiveHorizon)) switch
    {
        ({ } target, var horizon) => new AdaptiveKl { Initial = parse.GetValue(beta), Target = target, Horizon = horizon ?? 10_000 },
        (null, not null) => throw new ArgumentException("--adaptive-horizon belongs to --adaptive-target, which is not given."),
        _ => new FixedKl { Initial = parse.GetValue(beta) },
    };
}
