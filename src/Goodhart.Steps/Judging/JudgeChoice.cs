using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Judging;

/// <summary>Which judge. A new kind of judge is a new record: one that scores needs an <see cref="IResponseScorer"/> and no more.</summary>
public abstract record JudgeChoice
{
    /// <summary>What the user calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether verdicts cost something, so that they need a folder to be kept in.</summary>
    public virtual bool KeepsReplies => false;

    /// <summary>Whether this machine's kernels decide.</summary>
    public virtual bool Computes => false;

    /// <summary>Null for a judge without positions.</summary>
    public virtual PositionOrders? Orders => null;

    /// <summary>Of the order in which responses are shown; null for a judge without positions.</summary>
    public virtual ulong? Seed => null;

    /// <summary>What is asked at most before there are responses to be judged.</summary>
    /// <param name="checkpoints">Whose samples are judged.</param>
    public virtual JudgeForecast AtMost(TokenizedData prompts, ResponseSampling sampling, int checkpoints)
    {
        int pairs = checkpoints * prompts.Rows * sampling.Samples;
        return new JudgeForecast(pairs, pairs, Identical: 0, Stored: 0, Calls: 0, 0, 0, Cost: 0);
    }

    public abstract IJudge Create(IReplyStore store);
}

/// <summary>The synthetic world's true reward.</summary>
/// <param name="WorldSeed">Of the world that the prompts come from.</param>
public sealed record GoldJudgeChoice(ulong WorldSeed) : JudgeChoice
{
    public override string Name => "gold";

    public override IJudge Create(IReplyStore store) => new ScorerJudge(new GoldScorer(WorldSeed));
}

/// <summary>A reward model: the response that it scores higher wins.</summary>
/// <param name="Folder">Of the model; it stays loaded as long as the judge is used.</param>
/// <param name="Told">As <see cref="Models.ModelFolder.Open"/> has it.</param>
public sealed record RewardJudgeChoice(string Folder, Func<IDevice> CreateDevice, Action<string>? Told) : JudgeChoice
{
    public override string Name => "reward";

    public override bool Computes => true;

    public override IJudge Create(IReplyStore store) => new ScorerJudge(RewardModelScorer.Open(CreateDevice, Folder, Told));
}

/// <summary>A chat model behind an OpenAI-compatible endpoint.</summary>
public sealed record ChatJudgeChoice(ChatJudgeOptions Options) : JudgeChoice
{
    public override string Name => Options.Endpoint.Model;

    public override bool KeepsReplies => true;

    public override PositionOrders? Orders => Options.Orders;

    public override ulong? Seed => Options.Seed;

    public override JudgeForecast AtMost(TokenizedData prompts, ResponseSampling sampling, int checkpoints)
    {
        JudgeNeed each = JudgeNeed.Of(Options, prompts, sampling);
        (int calls, long read, long written) = (checkpoints * each.Calls, checkpoints * each.InputTokens, checkpoints * each.OutputTokens);
        return base.AtMost(prompts, sampling, checkpoints) with
        {
            Asks = calls,
            Calls = calls,
            InputTokens = read,
            OutputTokens = written,
            Cost = Options.Price?.Of(read, written),
        };
    }

    public override IJudge Create(IReplyStore store) => new ChatJudge(Options, store);
}
