using System.Security.Cryptography;
using System.Text;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Studies.Stages.Judging;

/// <summary>All that a study's verdicts follow from: what a judging step's key is made of. Never the API key, nor speed, budget or price.</summary>
/// <param name="Template">SHA-256 of its text.</param>
/// <param name="Seed">Of the order in which responses are shown.</param>
public sealed record JudgeIdentity(
    string Kind, string Endpoint, string Model, string Template, PositionOrders Orders, ulong Seed, int ReplyTokens, string? Request)
{
    internal static JudgeIdentity Of(ChatJudgeOptions options) => new(
        "chat",
        options.Endpoint.BaseUrl.AbsoluteUri.TrimEnd('/'),
        options.Endpoint.Model,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Template.Text))),
        options.Orders,
        options.Seed,
        options.Endpoint.ReplyTokens,
        options.Endpoint.Request?.ToJsonString());
}
