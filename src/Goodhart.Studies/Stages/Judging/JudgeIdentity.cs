using System.Security.Cryptography;
using System.Text;
using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Pipeline;
using Goodhart.Studies.Judging;
using Goodhart.Studies.Stages.Training;

namespace Goodhart.Studies.Stages.Judging;

/// <summary>All that a study's verdicts follow from: what a judging step's key is made of. A variant is a type.</summary>
public abstract record JudgeIdentity
{
    /// <summary>Whether this machine's kernels decide.</summary>
    internal virtual bool DependsOnNumerics => false;

    internal abstract Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        StepContext context, IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress> progress, CancellationToken cancel);
}

/// <summary>A chat model. Never the API key, nor speed, budget or price.</summary>
/// <param name="Template">SHA-256 of its text.</param>
/// <param name="Seed">Of the order in which responses are shown.</param>
public sealed record ChatJudgeIdentity(
    string Kind, string Endpoint, string Model, string Template, PositionOrders Orders, ulong Seed, int ReplyTokens, string? Request) : JudgeIdentity
{
    internal static ChatJudgeIdentity Of(ChatJudgeOptions options) => new(
        "chat",
        options.Endpoint.BaseUrl.AbsoluteUri.TrimEnd('/'),
        options.Endpoint.Model,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Template.Text))),
        options.Orders,
        options.Seed,
        options.Endpoint.ReplyTokens,
        options.Endpoint.Request?.ToJsonString());

    internal override Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        StepContext context, IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress> progress, CancellationToken cancel) =>
        context.Service<StudyJudge>().JudgeAsync(pairs, progress, cancel);
}

/// <summary>A reward model: the files of its folder.</summary>
public sealed record RewardModelIdentity(NamedFolder Model) : JudgeIdentity
{
    internal override bool DependsOnNumerics => true;

    internal override async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        StepContext context, IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress> progress, CancellationToken cancel)
    {
        using RewardModelScorer scorer = new(context.Service<IDevice>(), Model.PathIn(context));
        return await new ScorerJudge(scorer).JudgeAsync(pairs, progress, cancel).ConfigureAwait(false);
    }
}
