using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Studies.Judging;

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
public sealed record RewardJudgeChoice(string Folder, Func<IDevice> CreateDevice) : JudgeChoice
{
    public override string Name => "reward";

    public override bool Computes => true;

    public override IJudge Create(IReplyStore store) => new ScorerJudge(RewardModelScorer.Open(CreateDevice, Folder));
}

/// <summary>A chat model behind an OpenAI-compatible endpoint.</summary>
public sealed record ChatJudgeChoice(ChatJudgeOptions Options) : JudgeChoice
{
    public override string Name => Options.Endpoint.Model;

    public override bool KeepsReplies => true;

    public override PositionOrders? Orders => Options.Orders;

    public override IJudge Create(IReplyStore store) => new ChatJudge(Options, store);
}
