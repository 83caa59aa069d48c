using System.CommandLine;
using System.Globalization;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Report.Text;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Training;
using Goodhart.Text;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart ppo</c>: classical RLHF of a model folder against reward models.</summary>
internal sealed class PpoVerb : TrainingVerb<TrainingResult>
{
    private readonly Argument<string> model = CommonOptions.Model(
        "MODEL", "The SFT model with its tokenizer, where the policy starts and which it is held to");

    private readonly RewardUseOptions reward = new();
    private readonly PolicyMethodOptions method = new();
    private readonly OptimizerOptions optimizer = new(OptimizerDefaults.PolicyGradient);
    private readonly CheckpointOptions checkpoints = new("0.25,0.5,0.75,1", "collections", 50);
    private readonly Rollouts rollouts = new();
    private readonly LoraOption lora = new();

    public PpoVerb()
        : base(
            "ppo",
            "Align a model with reward models, Eq. (3): PPO, or RLOO. Writes DIR/model, checkpoints, metrics.jsonl (TRL's names) and "
                + "TensorBoard files.") =>
        TakeStage([model, .. reward.All, .. rollouts.All, .. method.All, .. optimizer.All, lora.Option, .. checkpoints.All]);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart ppo sft/model --reward reward/model --prompts prompts.jsonl --out ppo --beta 0.05",
        "goodhart ppo sft/model --reward reward/model --gold gold/model --prompts prompts.jsonl --out ppo --beta 0.01",
        "goodhart ppo sft/model --reward rewards --ensemble worst-case --prompts prompts.jsonl --out ppo --value-warmup 5 "
            + "--missing-eos-penalty 1",
        "goodhart ppo sft/model --reward reward/model --prompts prompts.jsonl --out rloo --method rloo --samples 4 --beta 0.02",
    ];

    protected override Task<TrainingResult> TrainAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel) =>
        PolicyStage.RunAsync(Settings(parse), environment, cancel);

    protected override StagePlan Plan(ParseResult parse, StageEnvironment environment, DeviceMemory device) =>
        PolicyStage.Plan(Settings(parse), environment, device);

    private PolicySettings Settings(ParseResult parse)
    {
        TrainingOptions training = optimizer.Training(
            parse, Math.Max(1, parse.GetValue(rollouts.PerCollection) * parse.GetValue(rollouts.Samples) / method.MiniBatches(parse)));
        return new PolicySettings(
            parse.GetValue(model)!,
            reward.Models(parse),
            reward.Gold(parse),
            parse.GetValue(rollouts.Prompts)!,
            rollouts.Rows.Of(parse),
            parse.GetValue(rollouts.MaxPromptTokens),
            parse.GetValue(rollouts.MaxNewTokens),
            method.Of(parse, training),
            reward.Ensemble(parse),
            reward.Normalization(parse),
            training,
            parse.GetValue(rollouts.Collections),
            parse.GetValue(rollouts.PerCollection),
            parse.GetValue(rollouts.Samples),
            checkpoints.Of(parse),
            parse.GetValue(rollouts.Seed))
        {
            Chat = rollouts.Chat.Of(parse),
            Lora = lora.Of(parse),
        };
    }

    protected override void Announce(ParseResult parse, TrainingResult result)
    {
        IReadOnlyDictionary<string, double> last = result.Last.Values;
        Out(parse).WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Quantity.Of(result.Updates, "collection")}, {Quantity.Of((long)last["episode"], "episode")} on "
                + $"{Quantity.Of(result.Data.Rows, "prompt")}; last collection: score {last["objective/scores"]:G4}, KL "
                + $"{last["objective/kl"]:G4} nats, β {last["objective/kl_coef"]:G4}"));
        AnnounceRows(Out(parse), result.Data);
        Out(parse).WriteLine(result.Model);
        if (last.ContainsKey("objective/gold"))
        {
            Table table = Ansi.Table("checkpoint", "√KL", "score", "gold");
            foreach (MetricRow row in result.AtCheckpoints)
            {
                table.AddText(
                    Numbers.Count(row.Step), Numbers.Fixed(Math.Sqrt(Math.Max(0, row.Values["objective/kl"])), 2),
                    Numbers.Fixed(row.Values["objective/scores"], 3),
                    Numbers.WithError(
                        row.Values["objective/gold"], row.Values.TryGetValue("objective/gold_se", out double error) ? error : null));
            }

            Ansi.On(Out(parse)).Write(table);
        }
    }

    /// <summary>What is sampled.</summary>
    private sealed class Rollouts
    {
        public Option<string> Prompts { get; } = CommonOptions.Prompts();

        public RowOptions Rows { get; } = new();

        public ChatOptions Chat { get; } = new();

        public Option<int?> MaxPromptTokens { get; } = NumberOption.WholeOrNone(
            "--max-prompt-tokens", 1, "A longer prompt keeps its end. Default: what the models' positions leave.");

        public Option<int> Collections { get; } = NumberOption.Whole("--collections", 1, 200, "Each is sampled, scored and learnt from.");

        public Option<int> PerCollection { get; } = NumberOption.Whole(
            "--prompts-per-collection", 1, 64, "Prompts of a collection, each once.");

        public Option<int> Samples { get; } = NumberOption.Whole(
            "--samples", 1, 2, "Responses per prompt, at temperature 1; rloo needs 2 or more.");

        public Option<int> MaxNewTokens { get; } = NumberOption.Whole("--max-new-tokens", 1, 128, "Longest response, EOS included.");

        public Option<ulong> Seed { get; } = CommonOptions.Seed("prompts, samples and mini-batches");

        public IReadOnlyList<Option> All =>
            [Prompts, .. Rows.All, .. Chat.All, MaxPromptTokens, Collections, PerCollection, Samples, MaxNewTokens, Seed];
    }
}
