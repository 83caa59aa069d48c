using System.Security.Cryptography;
using System.Text;
using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;

namespace Goodhart.Steps.Judging;

/// <summary>All that a study's verdicts follow from: what a judging step's key is made of. A variant is a type.</summary>
public abstract record JudgeIdentity
{
    /// <summary>Whether this machine's kernels decide.</summary>
    public virtual bool DependsOnNumerics => false;

    public abstract Task<Verdicts> JudgeAsync(
        StepContext context, JudgedSamples samples, IProgress<JudgeProgress> progress, CancellationToken cancel);

    /// <summary>Files for people.</summary>
    public virtual void Write(string directory, Verdicts verdicts) => VerdictFile.Write(directory, verdicts.Judgements);
}

/// <summary>What a judge says of a checkpoint's samples, in their order.</summary>
public sealed record Verdicts(IReadOnlyList<PairJudgement> Judgements)
{
    /// <summary>Of the judge that knows the true reward; null for others.</summary>
    public GoldMeasures? Gold { get; init; }
}

/// <summary>A chat model. Never the API key, nor speed, budget or price.</summary>
/// <param name="Template">SHA-256 of its text.</param>
/// <param name="Seed">Of the order in which responses are shown.</param>
public sealed record ChatJudgeIdentity(
    string Kind, string Endpoint, string Model, string Template, PositionOrders Orders, ulong Seed, int ReplyTokens,
    string? Request) : JudgeIdentity
{
    public static ChatJudgeIdentity Of(ChatJudgeOptions options) => new(
        "chat",
        options.Endpoint.BaseUrl.AbsoluteUri.TrimEnd('/'),
        options.Endpoint.Model,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Template.Text))),
        options.Orders,
        options.Seed,
        options.Endpoint.ReplyTokens,
        options.Endpoint.Request?.ToJsonString());

    public override async Task<Verdicts> JudgeAsync(
        StepContext context, JudgedSamples samples, IProgress<JudgeProgress> progress, CancellationToken cancel) =>
        new(await context.Service<JudgeSession>().JudgeAsync(samples.Pairs, progress, cancel).ConfigureAwait(false));
}

/// <summary>A reward model: the files of its folder.</summary>
public sealed record RewardModelIdentity(NamedFolder Model) : JudgeIdentity
{
    public override bool DependsOnNumerics => true;

    /// <inheritdoc cref="RewardModelScorer.Reading"/>
    public int Reading { get; } = RewardModelScorer.Reading;

    public override async Task<Verdicts> JudgeAsync(
        StepContext context, JudgedSamples samples, IProgress<JudgeProgress> progress, CancellationToken cancel)
    {
        using RewardModelScorer scorer = new(context.Service<IDevice>(), Model.PathIn(context), told: null);   // told when the study began
        return new Verdicts(await new ScorerJudge(scorer).JudgeAsync(samples.Pairs, progress, cancel).ConfigureAwait(false));
    }
}
